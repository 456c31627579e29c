// Picking, put together: hearts on tiles and in the lightbox, the tray, only what is mine.
import { act } from "../actions";
import { button, el, sign } from "../el";
import type { Photo } from "../photo";
import { said, state } from "../state";
import { marks } from "../tile";
import type { View } from "../view";
import { whisper } from "../whisper";
import { Picks, type Refused } from "./client";
import { Tray } from "./tray";

export let picks: Picks | null = null;

function kindly(why: Refused): string {
  const { most, most_in_section: part } = state.proofing;
  if (why.code !== "conflict.limit") return why.message || said("failed");
  const full = most > 0 && (picks?.hearts ?? 0) >= most;
  return full ? said("limit", { of: most }) : part ? said("limit_section", { of: part }) : why.message;
}

function onlyMine(view: View, current: Picks): HTMLButtonElement {
  const only = button("tool tool-mine", "", () => {
    void view.show({ mine: !view.mine, search: "" }).then(paint);
  });
  only.append(el("span", { class: "tool-word" }, said("only_mine")), sign("heart"));
  only.title = said("only_mine");
  const paint = (): void => {
    only.setAttribute("aria-pressed", String(view.mine));
    only.hidden = current.hearts === 0 && !view.mine;
  };
  document.addEventListener("picked", paint);
  document.addEventListener("looked", paint);
  document.querySelector("#tools")?.prepend(only);
  paint();
  return only;
}

export function pickable(view: View): void {
  let tray: Tray | null = null;
  const current = new Picks({
    changed: (ids) => {
      view.grid.repaint(ids);
      tray?.paint();
      document.dispatchEvent(new Event("picked"));
    },
    refused: (why) => whisper(kindly(why)),
    waiting: (waits) => tray?.note(waits ? said("waiting") : ""),
    merged: () => whisper(said("merged")),
  });
  picks = current;
  tray = new Tray(current, () => {
    if (view.mine) void view.show({});
  });
  marks.picked = (id) => current.of(id).heart;
  marks.locked = () => current.locked;
  marks.stars = (id) => current.of(id).stars;
  marks.flag = (id) => current.of(id).flag ?? "";
  marks.toggle = (photo) => toggle(current, photo);
  act.rate = (photo, stars) => change(current, photo, { stars });
  act.flag = (photo, flag) => change(current, photo, { flag: current.of(photo.id).flag === flag ? null : flag });
  onlyMine(view, current);
  view.grid.repaint();
  tray.paint();
  void current.refresh().catch(() => tray?.note(said("waiting")));
}

function change(current: Picks, photo: Photo, what: { stars?: number; flag?: string | null }): void {
  if (current.locked) whisper(said("locked"));
  else current.set(photo.id, what);
}

function toggle(current: Picks, photo: Photo): void {
  if (current.locked) {
    whisper(said("locked"));
    return;
  }
  const heart = !current.of(photo.id).heart;
  const { most } = state.proofing;
  if (heart && most && current.hearts >= most) {
    whisper(said("limit", { of: most }));
    return;
  }
  current.set(photo.id, { heart });
  navigator.vibrate?.(6);
  speak(said(heart ? "said_picked" : "said_unpicked", { name: photo.name }));
}

/** For ears alone: eyes see the heart. */
function speak(words: string): void {
  let region = document.querySelector<HTMLElement>("#spoken");
  const host = document.querySelector(".pswp") ?? document.body;
  region ??= el("div", { id: "spoken", class: "spoken", "aria-live": "polite" });
  if (region.parentElement !== host) host.append(region);
  region.textContent = words;
}
