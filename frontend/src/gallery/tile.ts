// A tile of the gallery: a link, and the heart beside it.
import { Tile } from "../grid/tile";
import { el, sign } from "./el";
import type { Photo } from "./photo";
import { may, said } from "./state";

/** What is known about a photo beside what the server said of it; whoever knows it puts it in here. */
export interface Marks {
  picked: (id: string) => boolean;
  /** Whether there may be hearts now. */
  locked: () => boolean;
  toggle: (photo: Photo) => void;
  stars: (id: string) => number;
  flag: (id: string) => string;
  hidden: (photo: Photo) => boolean;
}

export const marks: Marks = {
  picked: () => false,
  locked: () => false,
  toggle: () => undefined,
  stars: () => 0,
  flag: () => "",
  hidden: (photo) => photo.data.kept ?? false,
};

function blank(): HTMLElement {
  return el("div", {}, el("a", { class: "tile-open" }));
}

export class PhotoTile extends Tile {
  private readonly heart: HTMLButtonElement | null;
  private readonly head: HTMLElement;
  private readonly rating: HTMLElement;

  constructor(element?: HTMLElement) {
    super(element ?? blank());
    this.head = this.el.querySelector(".tile-head") ?? el("h2", { class: "tile-head" });
    this.el.prepend(this.head);
    this.rating = this.el.appendChild(el("span", { class: "tile-rating" }));
    this.heart = may("pick") ? this.el.appendChild(el("button", { type: "button", class: "heart" })) : null;
    this.heart?.append(sign("heart"));
    this.heart?.addEventListener("click", () => marks.toggle(this.item as Photo));
  }

  protected override tell(item: Photo): void {
    this.head.textContent = item.head ?? "";
    this.head.hidden = !item.head;
    this.heart?.setAttribute("aria-label", said("pick", { name: item.name }));
    this.repaint();
  }

  override repaint(): void {
    const item = this.item as Photo | null;
    if (!item) return;
    const on = marks.picked(item.id);
    this.heart?.setAttribute("aria-pressed", String(on));
    if (this.heart) this.heart.disabled = marks.locked();
    this.el.classList.toggle("picked", on);
    this.el.classList.toggle("kept", marks.hidden(item));
    const stars = marks.stars(item.id);
    this.rating.textContent = "★".repeat(stars);
    this.rating.dataset["flag"] = marks.flag(item.id);
  }

  override state(selected: boolean, focusable: boolean, place: number, total: number): boolean {
    if (!super.state(selected, focusable, place, total)) return false;
    if (this.heart) this.heart.tabIndex = focusable ? 0 : -1;
    const item = this.item as Photo;
    const { caption, plays, video } = item.data;
    const spoken = caption ? `${caption}, ${item.name}` : said(video ? "video_of" : "photo_of", { n: place, name: item.name });
    this.link.setAttribute("aria-label", plays ? `${spoken}, ${plays}` : spoken);
    return true;
  }
}
