// What people do in a gallery, fetched when its first screen stands.
import { downloadable } from "./downloads";
import type { Photo } from "./photo";
import { pickable } from "./picks/picks";
import { may, state } from "./state";
import { marks } from "./tile";
import { type View, hooks } from "./view";

function openBy(view: View): (photo: Photo, pushed: boolean) => void {
  return (photo, pushed) => {
    void import("./lightbox/lightbox").then(({ open }) => open(view, photo, pushed));
  };
}

export function lend(view: View): void {
  const open = openBy(view);
  hooks.open = (photo) => open(photo, true);
  hooks.key = (photo, event) => {
    const onLink = event.target instanceof Element && event.target.closest(".tile-open") !== null;
    const heart = event.key.toLowerCase() === "f" || event.key === " ";
    if (!heart || !onLink || !may("pick") || event.ctrlKey || event.metaKey) return false;
    marks.toggle(photo);
    return true;
  };
  if (may("pick")) pickable(view);
  if (may("web") || may("original")) downloadable(view);
  document.body.dataset["hands"] = ""; // from now on buttons do what they say without leaving the page
  const { opened } = state;
  if (opened) void import("./lightbox/lightbox").then((box) => box.open(view, box.openedPhoto()!, false));
}
