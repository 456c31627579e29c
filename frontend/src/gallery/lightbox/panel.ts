// What is known and said about the photo, beside it: facts, a note, comments.
import { el } from "../el";
import type { Lightbox } from "./lightbox";

export class Panel {
  readonly el = el("aside", { class: "panel", hidden: true });
  opener: HTMLElement | null = null;
  isOpen = false;
  constructor(readonly box: Lightbox, readonly moved: () => void) {}
  toggle(_part?: string): void {}
  changed(): void {}
  paint(): void {}
}
