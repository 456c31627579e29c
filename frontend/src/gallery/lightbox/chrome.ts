// What lies around the photo: place, tools within the thumb's reach, keys; it fades while nothing moves.
import { button, el, sign } from "../el";
import type { Photo } from "../photo";
import { may, number, said, state } from "../state";
import { marks } from "../tile";
import { lendWhisper, whisper } from "../whisper";
import { act } from "../actions";
import type { Lightbox } from "./lightbox";
import { Panel } from "./panel";
import { Slideshow } from "./slideshow";
import { Strip } from "./strip";

const STILL_MS = 2800;
const PAPER = "fanlight-paper";
const FLAGS = ["red", "yellow", "green", "blue"] as const; // keys 6 to 9

function typing(event: Event): boolean {
  return event.target instanceof Element && event.target.closest("input, textarea, select") !== null;
}

export class Chrome {
  private readonly root = el("div", { class: "around" });
  private readonly place = el("p", { class: "around-place" });
  private readonly heart: HTMLButtonElement;
  private readonly panel: Panel;
  private readonly strip: Strip;
  private readonly show: Slideshow;
  private readonly playing: HTMLButtonElement;
  private readonly paper: HTMLButtonElement;
  private readonly previous: HTMLButtonElement;
  private readonly next: HTMLButtonElement;
  private readonly download: HTMLButtonElement;
  private readonly life = new AbortController();
  /** The photo has the room that the panel leaves, which grows with what is said. */
  private readonly room = new ResizeObserver(() => this.box.swipe.updateSize(true));
  private idle = 0;

  constructor(private readonly box: Lightbox) {
    const { swipe } = box;
    this.panel = new Panel(box, () => this.panelMoved());
    this.strip = new Strip(box);
    this.show = new Slideshow(box, () => this.paint());
    this.previous = button("around-side before", said("previous"), () => swipe.prev(), "back");
    this.next = button("around-side after", said("next"), () => swipe.next(), "on");
    this.playing = button("around-tool roomy-only", said("slideshow"), () => this.show.toggle(), "play");
    this.paper = button("around-tool roomy-only", said("paper"), () => this.turn(), "paper");
    this.download = button("around-tool", said("download"), () => this.save(), "download");
    this.heart = el("button", { type: "button", class: "around-tool around-heart" }, sign("heart"));
    this.heart.addEventListener("click", () => this.pick());
    this.build();
    swipe.on("firstUpdate", () => this.enter());
    swipe.on("keydown", (event) => {
      if (typing(event.originalEvent)) event.preventDefault();
    });
  }

  get panelOpen(): boolean {
    return this.panel.isOpen;
  }

  /** How much of the foot of a small window the panel takes. */
  get panelHeight(): number {
    return this.panel.isOpen ? this.panel.el.offsetHeight : 0;
  }

  private build(): void {
    const info = button("around-tool", said("info"), () => this.panel.toggle(), "info");
    const talk = button("around-tool", said("comments"), () => this.panel.toggle("comments"), "say");
    this.panel.opener = info;
    const close = button("around-tool", said("close"), () => this.box.close(), "close");
    this.root.append(
      el("div", { class: "around-top" }, this.place, this.playing, this.paper, close),
      this.previous,
      this.next,
      el(
        "div",
        { class: "around-foot" },
        may("pick") && this.heart,
        may("comment") && talk,
        info,
        (may("original") || may("web")) && this.download,
      ),
      this.strip.el,
      this.panel.el,
    );
  }

  private enter(): void {
    const host = this.box.swipe.element!;
    host.setAttribute("aria-modal", "true");
    host.setAttribute("aria-label", state.title);
    host.append(this.root);
    lendWhisper(host);
    this.light(this.stored());
    const { signal } = this.life;
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    host.addEventListener("pointermove", () => this.stir(), { signal });
    host.addEventListener("pointerdown", () => this.stir(), { signal });
    host.addEventListener("focusin", () => this.stir(), { signal });
    document.addEventListener("picked", () => this.paint(), { signal });
    this.stir();
    this.changed();
  }

  // --- what is seen ------------------------------------------------------------------------------------

  changed(): void {
    const { swipe, count } = this.box;
    this.place.textContent = `${number(swipe.currIndex + 1)} / ${number(count)}`;
    this.previous.disabled = swipe.currIndex === 0;
    this.next.disabled = swipe.currIndex >= count - 1;
    this.panel.changed();
    this.strip.changed();
    this.show.changed();
    this.paint();
    const { photo } = this.box;
    const host = swipe.element;
    if (photo && host) host.setAttribute("aria-label", `${this.place.textContent}: ${photo.data.caption || photo.name}`);
  }

  paint(): void {
    const { photo } = this.box;
    if (!photo) return;
    const on = marks.picked(photo.id);
    this.heart.setAttribute("aria-pressed", String(on));
    this.heart.setAttribute("aria-label", said("pick", { name: photo.name }));
    this.heart.title = said(on ? "picked_this" : "pick_this");
    this.heart.disabled = marks.locked();
    this.download.hidden = !photo.data.download;
    this.playing.replaceChildren(sign(this.show.running ? "pause" : "play"));
    this.playing.setAttribute("aria-label", said(this.show.running ? "pause" : "slideshow"));
    this.panel.paint();
  }

  /** Something moved: all is here again, until nothing does for a while. */
  private stir(): void {
    const host = this.box.swipe.element;
    host?.classList.remove("idle");
    clearTimeout(this.idle);
    this.idle = window.setTimeout(() => {
      const busy = this.panel.isOpen || this.root.querySelector(":focus-visible") !== null;
      if (!busy || this.show.running) host?.classList.add("idle");
    }, STILL_MS);
  }

  private stored(): boolean {
    try {
      return localStorage.getItem(PAPER) === "1";
    } catch {
      return false;
    }
  }

  private turn(): void {
    const paper = !this.box.swipe.element!.classList.contains("paper");
    this.light(paper);
    try {
      localStorage.setItem(PAPER, paper ? "1" : "");
    } catch {
      // for this time alone, then
    }
  }

  private light(paper: boolean): void {
    this.box.swipe.element!.classList.toggle("paper", paper);
    const name = said(paper ? "night" : "paper");
    this.paper.setAttribute("aria-label", name);
    this.paper.title = name;
  }

  private panelMoved(): void {
    this.box.swipe.element?.classList.toggle("paneled", this.panel.isOpen);
    if (this.panel.isOpen) this.room.observe(this.panel.el);
    else {
      this.room.disconnect();
      this.box.swipe.updateSize(true);
    }
    this.stir();
  }

  gone(): void {
    this.life.abort();
    this.show.stop();
    this.room.disconnect();
    clearTimeout(this.idle);
  }

  // --- what is done ------------------------------------------------------------------------------------

  private pick(): void {
    if (this.box.photo && may("pick")) marks.toggle(this.box.photo);
  }

  private save(): void {
    if (this.box.photo?.data.download) act.download(this.box.photo);
  }

  private zoom(factor: number): void {
    const slide = this.box.swipe.currSlide;
    if (!slide?.isZoomable()) return;
    const { min, max } = slide.zoomLevels;
    const to = Math.min(max, Math.max(min, slide.currZoomLevel * factor));
    slide.zoomTo(to, undefined, this.box.swipe.options.zoomAnimationDuration || false);
  }

  private async jump(n: number): Promise<void> {
    this.box.swipe.goTo(Math.max(0, n));
    if (!this.box.photoAt(n)) whisper(said("loading"));
    return Promise.resolve();
  }

  private key(event: KeyboardEvent): void {
    if (typing(event)) {
      if (event.key === "Escape") (event.target as HTMLElement).blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const onButton = event.target instanceof Element && event.target.closest("button, a, summary, video") !== null;
    const { photo } = this.box;
    const key = event.key.toLowerCase();
    if (key === "home") void this.jump(0);
    else if (key === "end") void this.jump(this.box.count - 1);
    else if (key === "+" || key === "=") this.zoom(1.5);
    else if (key === "-") this.zoom(1 / 1.5);
    else if (key === "f" || (key === " " && !onButton)) this.pick();
    else if (key === "i") this.panel.toggle();
    else if (key === "c" && may("comment")) this.panel.toggle("comments");
    else if (key === "d") this.save();
    else if (key === "s") this.show.toggle();
    else if (photo && this.rated(photo, key)) return event.preventDefault();
    else return;
    event.preventDefault();
    this.stir();
  }

  private rated(photo: Photo, key: string): boolean {
    if (!may("pick") || !/^\d$/.test(key)) return false;
    const n = Number(key);
    if (n <= 5 && state.proofing.stars) act.rate(photo, n);
    else if (n >= 6 && state.proofing.flags) act.flag(photo, FLAGS[n - 6]!);
    else return false;
    return true;
  }
}
