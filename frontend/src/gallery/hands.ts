// What people do in a gallery, fetched when its first screen stands.
import type { Photo } from "./photo";
import { state } from "./state";
import { type View, hooks } from "./view";

export function lend(view: View): void {
  const open = (photo: Photo, pushed = true): void => {
    void import("./lightbox/lightbox").then(({ open: show }) => show(view, photo, pushed));
  };
  hooks.open = (photo) => open(photo);
  void state;
}
