// One asset beside the grid. Opening one changes the address to the asset's own, so that a link, a
// reload and the back button do what they say; the grid stays where it is.
import { enhanceCopying } from "../copying";
import type { Item } from "../grid/item";
import { paint } from "../grid/thumbhash";
import htmx from "../htmx";
import { enhanceTimes } from "../times";
import type { Asset } from "./asset";
import { say } from "./said";
import { enhanceTags } from "./tags";
import type { Tray } from "./tray";
import type { View } from "./view";

const FOLLOW_MS = 130; // arrows held down show only where they stop
const KEPT = 8;
const SWIPE = 48;
const covering = matchMedia("(max-width: 47.99rem)");

/** The blurred picture behind one that is on its way. */
export function enhanceGhosts(root: ParentNode): void {
  for (const frame of root.querySelectorAll<HTMLElement>(".detail-photo[data-hash]")) {
    const canvas = document.createElement("canvas");
    canvas.className = "tile-ghost";
    if (!frame.dataset["hash"] || !paint(canvas, frame.dataset["hash"])) continue;
    const photo = frame.querySelector("img");
    if (!photo || photo.complete) continue;
    photo.parentElement?.prepend(canvas);
    for (const type of ["load", "error"]) photo.addEventListener(type, () => canvas.remove(), { once: true });
  }
}

export class Panel {
  private readonly el = document.querySelector<HTMLElement>("#panel");
  private readonly pages = new Map<string, Promise<string>>();
  private shown: string | null = null;
  private timer = 0;
  private pushed = false;

  constructor(
    private readonly view: View,
    private readonly tray: Tray,
  ) {
    if (!this.el) return;
    view.hooks.open = (item) => this.open(item);
    view.hooks.focus = (item) => {
      if (!this.shown) return;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.turn(item), FOLLOW_MS);
    };
    this.el.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.key(event));
    this.el.addEventListener("htmx:after:swap", () => this.dress());
    this.el.addEventListener("htmx:error", () => say("The server does not answer. Nothing was changed."));
    for (const [name, heard] of Object.entries(this.heard)) {
      document.body.addEventListener(name, (event) => heard((event as CustomEvent<Asset>).detail));
    }
    this.swipes();
  }

  private readonly heard: Record<string, (asset: Asset) => void> = {
    "asset-changed": (asset) => {
      this.pages.delete(asset.id);
      this.view.grid?.replace(asset);
      say("Saved");
    },
    "asset-trashed": (asset) => {
      const back = this.leave(asset);
      say("Moved to the trash", { label: "Undo", take: () => void this.tray.bringBack([asset], back) });
    },
    "asset-restored": (asset) => {
      this.leave(asset);
      say("Restored. Its links work again.");
    },
    "asset-purged": (asset) => {
      this.leave(asset);
      say("Deleted for good");
    },
  };

  /** An asset has left the grid: go on to its neighbour, or close. */
  private leave(asset: Asset): (() => void) | undefined {
    this.pages.delete(asset.id);
    const back = this.view.grid?.remove(new Set([asset.id]));
    const next = this.view.grid?.current;
    if (next && this.shown) this.turn(next);
    else this.close();
    return back;
  }

  // --- opening and closing --------------------------------------------------------------------------

  open(item: Item): void {
    if (!this.shown) {
      this.view.grid?.keepPlace();
      history.pushState({ panel: item.id }, "", item.href);
      this.pushed = true;
      this.show(item.id, true);
    } else this.turn(item);
  }

  /** Show another one in the open panel. */
  private turn(item: Item): void {
    if (item.id === this.shown) return;
    history.replaceState({ panel: item.id }, "", item.href);
    this.show(item.id, false);
  }

  /** Go where the address says, after the back or forward button. True if it was the panel's. */
  follow(): boolean {
    const state = history.state as { panel?: string } | null;
    if (state?.panel && this.view.grid) {
      this.pushed = true;
      this.show(state.panel, true);
      return true;
    }
    if (!this.shown) return false;
    this.hide();
    return location.search === this.view.url.search;
  }

  close(): void {
    if (!this.shown) return;
    if (this.pushed) history.back();
    else {
      history.replaceState(null, "", this.view.url);
      this.hide();
    }
  }

  private hide(): void {
    const { el, shown } = this;
    if (!el) return;
    this.shown = null;
    this.pushed = false;
    el.hidden = true;
    el.replaceChildren();
    this.cover(false);
    this.view.grid?.mark(null);
    const spot = shown ? this.view.grid?.sheets.find(shown) : null;
    if (spot) requestAnimationFrame(() => this.view.grid?.focus(spot, true));
  }

  private cover(on: boolean): void {
    for (const other of document.querySelectorAll<HTMLElement>(".rail, .drawer, #main")) {
      other.inert = on && covering.matches;
    }
    document.documentElement.classList.toggle("covered", on && covering.matches);
  }

  // --- what it shows ----------------------------------------------------------------------------------

  private show(id: string, first: boolean): void {
    const { el } = this;
    if (!el) return;
    this.shown = id;
    const was = el.hidden;
    el.hidden = false;
    if (was) el.replaceChildren(this.wait());
    this.cover(true);
    this.view.grid?.mark(id);
    void this.page(id).then(
      (text) => {
        if (this.shown !== id) return;
        const had = el.contains(document.activeElement);
        el.innerHTML = text;
        el.scrollTop = 0;
        htmx.process(el);
        this.dress();
        if (first || had) el.querySelector<HTMLElement>("#panel-title")?.focus({ preventScroll: true });
        this.near();
      },
      () => this.shown === id && el.replaceChildren(this.away(id)),
    );
  }

  private page(id: string): Promise<string> {
    const known = this.pages.get(id);
    if (known) {
      this.pages.delete(id); // it may have changed by the next time
      return known;
    }
    return this.fetch(id);
  }

  private async fetch(id: string): Promise<string> {
    const answer = await fetch(`/studio/assets/${id}`, { headers: { "HX-Request": "true" } });
    if (answer.redirected) location.assign(answer.url);
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  /** Have the neighbours at hand. */
  private near(): void {
    const { grid } = this.view;
    const spot = this.shown ? grid?.sheets.find(this.shown) : null;
    if (!spot || !grid) return;
    for (const by of [1, -1]) {
      const id = grid.sheets.nth(spot.sheet.first + spot.at + by)?.item.id;
      if (!id || this.pages.has(id)) continue;
      const page = this.fetch(id);
      page.catch(() => this.pages.delete(id));
      this.pages.set(id, page);
    }
    for (const old of [...this.pages.keys()].slice(0, -KEPT)) this.pages.delete(old);
  }

  private wait(): HTMLElement {
    const holder = document.createElement("div");
    holder.className = "panel-wait soft";
    holder.textContent = "One moment";
    return holder;
  }

  private away(id: string): HTMLElement {
    const holder = this.wait();
    holder.textContent = "The server does not answer. The grid still works.";
    for (const [label, act] of [
      ["Try again", () => this.show(id, true)],
      ["Close", () => this.close()],
    ] as const) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = label;
      button.addEventListener("click", act);
      holder.append(button);
    }
    return holder;
  }

  private dress(): void {
    const { el } = this;
    if (!el) return;
    enhanceCopying(el);
    enhanceTimes(el);
    enhanceTags(el);
    enhanceGhosts(el);
    const { grid } = this.view;
    const place = this.shown ? grid?.placeOf(this.shown) : null;
    const said = el.querySelector<HTMLElement>("[data-place]");
    if (said && place && grid) {
      const more = grid.sheets.next && grid.options.total === null ? "+" : "";
      said.textContent = `${place.toLocaleString("en")} of ${grid.total.toLocaleString("en")}${more}`;
    }
  }

  // --- hands --------------------------------------------------------------------------------------------

  private step(by: number): void {
    const item = this.view.grid?.step(by);
    if (item) this.turn(item);
  }

  private clicked(event: Event): void {
    const target = event.target as Element;
    const step = target.closest<HTMLElement>("[data-step]");
    if (step) this.step(Number(step.dataset["step"]));
    else if (target.closest("[data-close]")) this.close();
  }

  private key(event: KeyboardEvent): void {
    if (!this.shown || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("dialog")) return;
    const typing = target?.closest("input, textarea, select, video") !== null;
    if (event.key === "Escape") this.close();
    else if (!typing && event.key === "ArrowLeft") this.step(-1);
    else if (!typing && event.key === "ArrowRight") this.step(1);
    else return;
    event.preventDefault();
  }

  /** By thumb: the photo is swiped to its neighbour. */
  private swipes(): void {
    let from: PointerEvent | null = null;
    this.el?.addEventListener("pointerdown", (event) => {
      const onPhoto = (event.target as Element).closest(".detail-photo") !== null;
      from = onPhoto && event.pointerType !== "mouse" ? event : null;
    });
    const end = (event: PointerEvent): void => {
      if (!from) return;
      const across = event.clientX - from.clientX;
      if (Math.abs(across) > SWIPE && Math.abs(event.clientY - from.clientY) < Math.abs(across) / 2) {
        this.step(across > 0 ? -1 : 1);
      }
      from = null;
    };
    this.el?.addEventListener("pointerup", end);
    this.el?.addEventListener("pointercancel", end);
  }
}
