// One photo over everything, by PhotoSwipe: which photo has which place, its address, and the way back to
// the tile it came from.
import PhotoSwipe, { type SlideData } from "photoswipe";
import "photoswipe/style.css";
import { type Photo, type Preset, address, photoOf, widths } from "../photo";
import { said, state } from "../state";
import { lendWhisper } from "../whisper";
import type { View } from "../view";
import { Chrome } from "./chrome";
import { play } from "./video";

const LARGE: readonly Preset[] = ["small", "medium", "large", "large@2x"];
const still = matchMedia("(prefers-reduced-motion: reduce)");
const wide = matchMedia("(min-width: 64rem)");

export interface Slide extends SlideData {
  readonly photo?: Photo;
}

export class Lightbox {
  readonly swipe: PhotoSwipe;
  private readonly chrome: Chrome;
  private readonly known = new Map<number, Photo>();
  private leaving = false;

  constructor(
    readonly view: View,
    private readonly first: Photo,
    index: number,
    private readonly pushed: boolean,
  ) {
    this.known.set(index, first);
    this.swipe = new PhotoSwipe({
      index,
      loop: false,
      bgOpacity: 1,
      mainClass: "lightbox",
      showHideAnimationType: still.matches ? "none" : "zoom",
      showAnimationDuration: 260,
      hideAnimationDuration: 220,
      zoomAnimationDuration: still.matches ? 0 : 260,
      wheelToZoom: true,
      preload: [1, 1],
      returnFocus: false,
      bgClickAction: "close",
      tapAction: "toggle-controls",
      maxZoomLevel: 4,
      arrowPrev: false,
      arrowNext: false,
      zoom: false,
      close: false,
      counter: false,
      errorMsg: said("unseen"),
      paddingFn: (size) => this.padding(size.x),
    });
    this.chrome = new Chrome(this);
    this.teach();
    this.swipe.init();
  }

  get count(): number {
    return Math.max(this.view.total, this.view.grid.sheets.count);
  }

  photoAt(n: number): Photo | null {
    return (this.view.grid.sheets.nth(n)?.item as Photo | undefined) ?? this.known.get(n) ?? null;
  }

  get photo(): Photo | null {
    return this.photoAt(this.swipe.currIndex);
  }

  /** The panel takes its room from the photo, where there is room. */
  private padding(across: number): { top: number; bottom: number; left: number; right: number } {
    const panel = this.chrome.panelOpen && wide.matches ? 352 : 0;
    if (across < 768) return { top: 0, bottom: this.chrome.panelHeight, left: 0, right: 0 };
    return { top: 60, bottom: wide.matches ? 104 : 76, left: 24, right: 24 + panel };
  }

  private teach(): void {
    const { swipe } = this;
    swipe.addFilter("numItems", () => this.count);
    swipe.addFilter("itemData", (_, n) => this.slide(n));
    swipe.addFilter("thumbEl", (_, data) => this.tilePhoto((data as Slide).photo) ?? undefined!);
    swipe.addFilter("placeholderSrc", (_, content) => {
      const photo = (content.data as Slide).photo;
      const shown = photo && this.tilePhoto(photo)?.currentSrc;
      return shown || (photo && photo.src ? photo.src : false);
    });
    play(swipe);
    swipe.on("contentLoad", (event) => {
      if (event.content.type !== "pending") return;
      event.preventDefault();
      event.content.element = document.createElement("div");
      event.content.state = "loaded";
    });
    swipe.on("change", () => this.changed());
    swipe.on("openingAnimationEnd", () => swipe.element?.setAttribute("data-open", ""));
    swipe.on("close", () => this.closing());
    swipe.on("destroy", () => this.gone());
    window.addEventListener("popstate", this.back);
  }

  private tilePhoto(photo: Photo | undefined): HTMLImageElement | null {
    const img = photo && this.view.grid.tileElement(photo.id)?.querySelector<HTMLImageElement>(".tile-photo");
    return img?.naturalWidth ? img : null;
  }

  private slide(n: number): Slide {
    const photo = this.photoAt(n);
    if (!photo) {
      void this.reach(n);
      return { type: "pending", width: 1500, height: 1000 };
    }
    const { data } = photo;
    const [width, height] = [data.w || 1500, data.h || 1000];
    const common = { photo, width, height, alt: data.caption || data.name, thumbCropped: true };
    if (data.video) {
      const large = Math.max(1, 1920 / width); // a player may be larger than its film
      return { ...common, type: "video", width: width * large, height: height * large };
    }
    if (data.bare) {
      const note = document.createElement("p");
      note.className = "unseen";
      note.textContent = said("unseen");
      return { ...common, type: "html", html: note.outerHTML };
    }
    return {
      ...common,
      src: address(state.base, data, "large"),
      srcset: widths(state.base, data, LARGE),
    };
  }

  /** What is not here yet is fetched, then shown in its place. */
  private async reach(n: number): Promise<void> {
    const found = await this.view.reach(n);
    if (!found || this.leaving) return;
    this.swipe.refreshSlideContent(n);
    if (n === this.swipe.currIndex) this.changed();
  }

  private changed(): void {
    const { photo } = this;
    this.chrome.changed();
    const next = this.swipe.currIndex + 12;
    if (next < this.count && !this.photoAt(next)) void this.view.reach(next);
    if (!photo) return;
    history.replaceState(history.state, "", photo.href);
    document.title = `${photo.data.caption || photo.name} · ${state.title}`;
  }

  // --- leaving ----------------------------------------------------------------------------------------

  private readonly back = (): void => {
    if (this.leaving) return;
    this.leaving = true;
    this.close();
  };

  /** Close it; what is still opening, once it is open. */
  close(): void {
    if (this.swipe.opener.isOpen) this.swipe.close();
    else this.swipe.on("openingAnimationEnd", () => this.swipe.close());
  }

  private closing(): void {
    const spot = this.photo && this.view.grid.sheets.find(this.photo.id);
    if (spot) {
      // who comes back to where they left finds all as it was
      if (this.photo?.id !== this.first.id || !this.pushed) this.view.grid.reveal(spot);
      this.view.grid.rest(spot);
      this.view.grid.schedule();
    } else void this.view.jump(this.swipe.currIndex); // it was opened by its address, far from the beginning
    if (this.leaving) return;
    this.leaving = true;
    if (this.pushed) history.back();
    else history.replaceState(history.state, "", this.view.address());
  }

  private gone(): void {
    window.removeEventListener("popstate", this.back);
    this.chrome.gone();
    lendWhisper(null);
    document.title = state.title;
    if (this.photo) this.view.grid.tileLink(this.photo.id)?.focus({ preventScroll: true });
    open_ = null;
  }
}

let open_: Lightbox | null = null;

/** Open a photo. `pushed`: as a step of the history, which Back takes back. */
export function open(view: View, photo: Photo, pushed: boolean): Lightbox {
  if (open_) return open_;
  const place = view.grid.placeOf(photo.id);
  const index = place === null ? (state.opened?.number ?? 1) - 1 : place - 1;
  if (pushed) history.pushState({ ...(history.state as object | null), lightbox: true }, "", photo.href);
  open_ = new Lightbox(view, photo, index, pushed);
  return open_;
}

/** The photo that the page was opened at. */
export function openedPhoto(): Photo | null {
  return state.opened && photoOf(state.base, state.opened);
}

/** The lightbox, while one is open. */
export function current(): Lightbox | null {
  return open_;
}
