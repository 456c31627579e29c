// A grid of pictures of any number: rows that fill the width, only what is near the window in the
// page, more fetched before it is reached. It knows pages by cursors and items by their ids; what an
// item is, and what opening one means, is its owner's business.
import type { Item, Mode, Page, Sketch } from "./item";
import { type Box, frameFor } from "./layout";
import * as keys from "./keys";
import { type Place, keep, recall } from "./place";
import * as pointer from "./pointer";
import { Selection } from "./selection";
import { type Sheet, Sheets, type Spot } from "./sheets";
import { Tile } from "./tile";
import { eachAtLeisure } from "../leisure";

export type Load = (after: string | null, signal: AbortSignal) => Promise<Page>;

/** What the grid is doing about what follows. */
export type State = "idle" | "loading" | "away" | "ended";

export interface Options {
  readonly load: Load;
  readonly mode: Mode;
  /** How many there are in all, if that is known. */
  readonly total: number | null;
  /** Under which name the place is kept. */
  readonly key: string;
  /** How tiles are made, around an element that came with the page if there is one. */
  readonly tile?: (el?: HTMLElement) => Tile;
  /** Whether items are chosen here, as in a list box; else they are links and what stands on them. */
  readonly choosing?: boolean;
  /** Keys beside those that move, of the item that has the focus. True where it was one. */
  readonly onKey?: (item: Item, event: KeyboardEvent) => boolean;
  /** Where a band may begin; the grid itself if left out. */
  readonly ground?: HTMLElement;
  readonly onOpen: (item: Item) => void;
  readonly onSelect: (selection: Selection) => void;
  /** The focus went to another item, by key. */
  readonly onFocus?: (item: Item) => void;
  readonly onDelete?: (item: Item) => void;
  /** Some were taken out, or are back. */
  readonly onCount?: (total: number) => void;
  readonly onState?: (state: State, retry: () => void) => void;
  /** Somebody is back in a place that is known, with all that came before it. */
  readonly onReturn?: () => void;
  /** The window rests on a page; null at the first. */
  readonly onRest?: (after: string | null) => void;
}

interface Stretch {
  readonly top: number;
  readonly bottom: number;
}

const AHEAD = 3; // windows of what follows that are fetched before they are reached
const NEAR = 1; // windows above and below that have tiles
const FAST = 2.5; // windows a second, beyond which pictures wait
const FRESH = 8; // tiles out of sight that one frame has time for
const SETTLE_MS = 140;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 30_000;

export class Grid {
  readonly selection: Selection;
  readonly sheets: Sheets;
  private readonly tiles = new Map<string, Tile>();
  private readonly spare: Tile[] = [];
  private readonly loading = new Map<string, Promise<void>>();
  private readonly life = new AbortController();
  private readonly sizes: ResizeObserver;
  private active: Item | null = null;
  private marked: string | null = null;
  /** What was opened first: until another one is, the place to come back to is where that was done. */
  private openedAt: string | null = null;
  private scheduled = 0;
  private width = 0;
  private moved = { y: 0, at: 0, fast: false };
  private settling = 0;
  private retrying = 0;
  private wait = FIRST_RETRY_MS;
  private state: State = "idle";

  /** `first` is the page that came with the document, its tiles in `root`. */
  constructor(
    readonly root: HTMLElement,
    readonly options: Options,
    first: Page,
    after: string | null,
    returning: boolean,
  ) {
    this.mode = options.mode;
    this.width = root.clientWidth;
    this.selection = new Selection(() => this.selected());
    this.sheets = new Sheets(frameFor(this.width, this.mode), this.mode);
    const place = returning ? recall(options.key) : null;
    const known = place?.sheets.some(([each]) => each === after) ? place : null;
    if (known) {
      this.sheets.remember(known.sheets, known.next);
      options.onReturn?.();
    }
    this.sheets.put(after, first);
    if (known) this.return(known);
    const view = this.view();
    this.active = this.topSpot(view)?.item ?? null;
    this.dress(); // from here on nothing is measured, so that all is laid out once, by the next frame
    this.adopt(first.items, view);
    this.render(view);
    this.paintAll();
    this.sizes = new ResizeObserver(() => this.resized());
    this.sizes.observe(root);
    const { signal } = this.life;
    window.addEventListener("scroll", () => this.scrolled(), { passive: true, signal });
    window.addEventListener("resize", () => this.schedule(), { signal });
    window.addEventListener("online", () => this.retry(), { signal });
    window.addEventListener("pagehide", () => this.keepPlace(), { signal });
    keys.listen(this);
    if (this.choosing) pointer.listen(this);
    else pointer.follow(this);
    root.addEventListener("focusin", (event) => this.focused(event), { signal });
    this.settling = window.setTimeout(() => this.settle(), SETTLE_MS);
  }

  mode: Mode;

  get choosing(): boolean {
    return this.options.choosing ?? true;
  }

  private make(el?: HTMLElement): Tile {
    return this.options.tile?.(el) ?? new Tile(el);
  }

  private dress(): void {
    this.root.classList.add("laid", "live");
    this.root.classList.toggle("list", this.mode === "list");
    this.root.setAttribute("role", this.choosing ? "listbox" : "list");
    if (this.choosing) this.root.setAttribute("aria-multiselectable", "true");
  }

  /** Take over the tiles that came with the document, of those that are near the window. */
  private adopt(items: readonly Item[], view: Stretch): void {
    const near = new Set(this.near(view, Infinity).map((spot) => spot.item));
    const elements = [...this.root.querySelectorAll<HTMLElement>(":scope > .tile")];
    elements.forEach((el, at) => {
      const item = items[at];
      if (!item || !near.has(item)) {
        el.remove();
        return;
      }
      const tile = this.make(el);
      tile.adopt(item);
      this.tiles.set(item.id, tile);
    });
  }

  destroy(): void {
    this.keepPlace();
    this.life.abort();
    this.sizes.disconnect();
    cancelAnimationFrame(this.scheduled);
    clearTimeout(this.settling);
    clearTimeout(this.retrying);
  }

  get total(): number {
    return Math.max((this.options.total ?? -1) - this.gone, this.sheets.count);
  }

  /** How many were taken out since the page came. */
  private gone = 0;

  private go(count: number): void {
    this.gone += count;
    this.options.onCount?.(this.total);
  }

  // --- where the window is --------------------------------------------------------------------------

  private get offset(): number {
    return this.root.getBoundingClientRect().top;
  }

  /** The stretch of the grid that the window shows. */
  private view(): Stretch {
    const top = -this.offset;
    return { top, bottom: top + window.innerHeight };
  }

  private topSpot({ top, bottom } = this.view()): Spot | null {
    for (const spot of this.sheets.between(Math.max(0, top), bottom)) return spot;
    return this.sheets.nth(0);
  }

  /** The first item that the window shows all of, below what stays at its top. */
  topItem(below = 0): Item | null {
    const { top, bottom } = this.view();
    for (const spot of this.sheets.between(Math.max(0, top + below), bottom)) return spot.item;
    return null;
  }

  private scrolled(): void {
    const now = performance.now();
    const far = Math.abs(window.scrollY - this.moved.y) / window.innerHeight;
    const seconds = Math.max(0.008, (now - this.moved.at) / 1000);
    this.moved = { y: window.scrollY, at: now, fast: far / seconds > FAST };
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.settle(), SETTLE_MS);
    this.schedule();
  }

  private settle(): void {
    this.moved.fast = false;
    this.render();
    this.keepPlace();
    const sheet = this.view().top > 0 ? this.topSpot()?.sheet : this.sheets.list[0];
    if (sheet) this.options.onRest?.(sheet.after);
  }

  schedule(): void {
    if (this.scheduled) return;
    this.scheduled = requestAnimationFrame(() => {
      this.scheduled = 0;
      this.render();
    });
  }

  private resized(): void {
    const width = this.root.clientWidth;
    if (width === this.width || width === 0) return;
    this.width = width;
    this.hold(() => this.sheets.shape(frameFor(width, this.mode), this.mode));
  }

  setMode(mode: Mode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.root.classList.toggle("list", mode === "list");
    this.hold(() => this.sheets.shape(frameFor(this.width, mode), mode));
  }

  /** Change the layout, and keep what is looked at where it is on the screen. */
  private hold(change: () => void): void {
    const active = this.activeSpot();
    const { top, bottom } = this.view();
    const near = (spot: Spot): boolean => {
      const box = this.sheets.box(spot);
      return box.y + box.height > top && box.y < bottom;
    };
    const held = top <= 0 ? null : active && near(active) ? active : this.topSpot();
    const before = held && this.sheets.box(held).y;
    change();
    this.root.style.height = `${this.sheets.height}px`;
    const after = held && this.sheets.find(held.item.id);
    if (after && before !== null) {
      window.scrollBy({ top: this.sheets.box(after).y - before, behavior: "instant" });
    }
    this.render();
  }

  // --- what is in the page --------------------------------------------------------------------------

  /** Have tiles for what is near the window, and for nothing else but what has the focus. */
  private render(view = this.view()): void {
    const { top, bottom } = view;
    const wanted = this.near(view);
    const focus = this.root.contains(document.activeElement) ? this.activeSpot() : null;
    if (focus && !wanted.some((spot) => spot.item.id === focus.item.id)) {
      if (this.sheets.box(focus).y < top) wanted.unshift(focus);
      else wanted.push(focus);
    }
    const ids = new Set(wanted.map((spot) => spot.item.id));
    for (const [id, tile] of this.tiles) if (!ids.has(id)) this.drop(id, tile);
    this.root.style.height = `${this.sheets.height}px`;
    let next = this.root.firstElementChild;
    for (const spot of wanted) {
      const tile = this.tileOf(spot);
      if (tile.el === next) next = next.nextElementSibling;
      else this.root.insertBefore(tile.el, next);
    }
    this.loadPictures(wanted, top, bottom);
    this.fetch(top, bottom);
  }

  /** What is in the window, and a little above and below it: of that, no more new ones than `fresh`. */
  private near({ top, bottom }: Stretch, fresh = FRESH): Spot[] {
    const beyond = NEAR * (bottom - top);
    const near: Spot[] = [];
    for (const spot of this.sheets.between(top - beyond, bottom + beyond)) {
      const { y, height } = this.sheets.box(spot);
      const known = this.tiles.has(spot.item.id) || (y < bottom && y + height > top);
      if (known || fresh-- > 0) near.push(spot);
      else this.schedule(); // the others with the next frame
    }
    return near;
  }

  private tileOf(spot: Spot): Tile {
    const { item } = spot;
    const tile = this.tiles.get(item.id) ?? this.spare.pop() ?? this.make();
    if (tile.item !== item) tile.fill(item);
    this.tiles.set(item.id, tile);
    tile.place(this.sheets.box(spot));
    if (this.mode === "list") tile.detail();
    this.paint(tile, spot);
    return tile;
  }

  private paint(tile: Tile, spot: Spot): void {
    const { id } = spot.item;
    tile.state(
      this.selection.has(id),
      id === this.active?.id,
      spot.sheet.first + spot.at + 1,
      this.total,
    );
    tile.el.classList.toggle("opened", id === this.marked);
  }

  /** Show which item is open elsewhere. */
  mark(id: string | null): void {
    if (this.marked === null) this.openedAt = id;
    this.marked = id;
    this.paintAll();
  }

  private paintAll(): void {
    for (const [id, tile] of this.tiles) {
      const spot = this.sheets.find(id);
      if (spot) this.paint(tile, spot);
    }
  }

  private drop(id: string, tile: Tile): void {
    this.tiles.delete(id);
    tile.empty();
    tile.el.remove();
    if (this.spare.length < 80) this.spare.push(tile);
  }

  /** What is seen first; what is near when that is on its way; no pictures while all flies past. */
  private loadPictures(wanted: readonly Spot[], top: number, bottom: number): void {
    const { fast } = this.moved;
    const later: Tile[] = [];
    for (const spot of wanted) {
      const tile = this.tiles.get(spot.item.id)!;
      const box = this.sheets.box(spot);
      if (box.y >= bottom || box.y + box.height <= top) {
        later.push(tile);
        continue;
      }
      tile.haunt();
      if (!fast) tile.load(true);
    }
    if (fast) return;
    for (const tile of later) tile.load(false);
    eachAtLeisure(this.tiles.values(), (tile) => tile.haunt());
  }

  // --- more -----------------------------------------------------------------------------------------

  private fetch(top: number, bottom: number): void {
    const high = bottom - top;
    const missing = this.missing(top, bottom) ?? this.missing(top - high, bottom + AHEAD * high);
    if (missing) {
      // one after another: of pages that fly past, few are asked for, and the last is not kept waiting
      if (this.loading.size === 0) void this.load(missing.after);
    } else if (this.sheets.next && bottom + AHEAD * high > this.sheets.height) {
      void this.load(this.sheets.next);
    } else if (!this.sheets.next && this.loading.size === 0) this.say("ended");
  }

  /** The first page in a stretch that is not here. */
  private missing(top: number, bottom: number): Sheet | undefined {
    return this.sheets.within(top, bottom).find((sheet) => !sheet.items);
  }

  /** Have a page here; what is on its way already is waited for. */
  private load(after: string | null): Promise<void> {
    const name = after ?? "";
    const known = this.loading.get(name);
    if (known) return known;
    if (this.retrying) return Promise.resolve();
    const coming = this.bring(after, () => this.loading.delete(name));
    this.loading.set(name, coming);
    return coming;
  }

  private async bring(after: string | null, here: () => void): Promise<void> {
    this.say("loading");
    let page: Page;
    try {
      page = await this.options.load(after, this.life.signal);
    } catch {
      here();
      if (!this.life.signal.aborted) this.away();
      return;
    }
    here();
    if (this.life.signal.aborted) return;
    this.wait = FIRST_RETRY_MS;
    this.say("idle");
    if (after === this.sheets.next) {
      this.sheets.put(after, page);
      this.render();
    } else this.hold(() => this.sheets.put(after, page));
  }

  /** All pages are known by their shapes: from now on any place can be gone to. */
  foresee(sketches: readonly Sketch[]): void {
    if (this.life.signal.aborted) return;
    this.hold(() => this.sheets.foresee(sketches));
  }

  private away(): void {
    if (this.retrying) return;
    this.retrying = window.setTimeout(() => this.retry(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_RETRY_MS);
    this.say("away");
  }

  private retry(): void {
    if (!this.retrying) return;
    clearTimeout(this.retrying);
    this.retrying = 0;
    this.render();
  }

  private say(state: State): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState?.(state, () => this.retry());
  }

  // --- focus and selection --------------------------------------------------------------------------

  activeSpot(): Spot | null {
    return this.active && this.sheets.find(this.active.id);
  }

  /** The item that has, or would get, the focus. */
  get current(): Item | null {
    return this.active;
  }

  /** Let an item have the place in the order of focus, without moving the focus. */
  rest(spot: Spot): void {
    this.active = spot.item;
    this.paintAll();
  }

  focus(spot: Spot, quiet = false): void {
    this.rest(spot);
    this.reveal(spot);
    this.render();
    this.tiles.get(spot.item.id)?.link.focus({ preventScroll: true });
    if (!quiet) this.options.onFocus?.(spot.item);
  }

  private focused(event: FocusEvent): void {
    const el = event.target instanceof Element ? event.target.closest(".tile") : null;
    const spot = el && this.sheets.find(el.id.slice("tile-".length));
    if (spot && spot.item.id !== this.active?.id) this.rest(spot);
  }

  /** Go to the item before or after; null where there is none. */
  step(by: number): Item | null {
    const from = this.activeSpot();
    const to = from && this.sheets.nth(from.sheet.first + from.at + by);
    if (!to) return null;
    this.rest(to);
    this.reveal(to);
    this.render();
    return to.item;
  }

  /** Have the item at a place fetched: by its page where that is known, else by all before it. */
  async reach(n: number): Promise<Item | null> {
    for (;;) {
      const found = this.sheets.nth(n);
      if (found) return found.item;
      const missing = this.sheets.list.find((each) => each.first + each.count > n && !each.items);
      const after = missing ? missing.after : this.sheets.next;
      if ((!missing && !after) || this.retrying || this.life.signal.aborted) return null;
      await this.load(after);
    }
  }

  /** Go to the item at a place, wherever it is; the focus follows when it is here. */
  async jump(n: number): Promise<void> {
    const box = this.sheets.boxAt(n);
    if (box) this.uncover(box);
    await this.reach(n);
    const spot = this.sheets.nth(n);
    const elsewhere = document.activeElement !== document.body && !this.root.contains(document.activeElement);
    if (spot && !elsewhere) this.focus(spot);
  }

  /** Paint again what is on an item's tile. */
  repaint(ids?: ReadonlySet<string>): void {
    for (const [id, tile] of this.tiles) if (!ids || ids.has(id)) tile.repaint();
  }

  /** What leads to an item, if it is in the page. */
  tileLink(id: string): HTMLElement | null {
    return this.tiles.get(id)?.link ?? null;
  }

  /** The element that shows an item, if it is in the page. */
  tileElement(id: string): HTMLElement | null {
    return this.tiles.get(id)?.el ?? null;
  }

  /** Which item of how many. */
  placeOf(id: string): number | null {
    const spot = this.sheets.find(id);
    return spot && spot.sheet.first + spot.at + 1;
  }

  /** Scroll no more than is needed to see all of an item. */
  reveal(spot: Spot): void {
    this.uncover(this.sheets.box(spot));
  }

  private uncover(box: Box): void {
    const { top, bottom } = this.view();
    const styles = getComputedStyle(this.root);
    const above = Number.parseFloat(styles.scrollMarginTop) || 8;
    const below = Number.parseFloat(styles.scrollMarginBottom) || 8;
    if (box.y < top + above) window.scrollBy({ top: box.y - top - above, behavior: "instant" });
    else if (box.y + box.height > bottom - below) {
      window.scrollBy({ top: box.y + box.height - bottom + below, behavior: "instant" });
    }
  }

  open(spot: Spot): void {
    this.rest(spot);
    this.options.onOpen(spot.item);
  }

  /** Select all between where the range begins and here. */
  stretchTo(to: Spot): void {
    const start = this.selection.from ?? this.active;
    const from = start && this.sheets.find(start.id);
    if (!from) {
      this.selection.toggle(to.item);
      return;
    }
    if (!this.selection.from) this.selection.begin(from.item);
    const ends = [from, to].map((spot) => spot.sheet.first + spot.at).sort((a, b) => a - b);
    const covered: Item[] = [];
    for (let n = ends[0]!; n <= ends[1]!; n++) {
      const spot = this.sheets.nth(n);
      if (spot) covered.push(spot.item);
    }
    this.selection.stretch(covered);
  }

  selectAll(): void {
    this.selection.only(this.sheets.here());
  }

  private selected(): void {
    this.root.classList.toggle("selecting", this.selection.size > 0);
    this.paintAll();
    this.options.onSelect(this.selection);
  }

  // --- changes --------------------------------------------------------------------------------------

  replace(item: Item): void {
    this.selection.replace(item);
    if (this.active?.id === item.id) this.active = item;
    this.hold(() => this.sheets.replace(item));
  }

  /** Take items out; what is given back puts them where they were. */
  remove(ids: ReadonlySet<string>): () => void {
    const from = this.activeSpot();
    const had = this.root.contains(document.activeElement);
    let after = from;
    for (let n = from ? from.sheet.first + from.at : 0; after && ids.has(after.item.id); n++) {
      after = this.sheets.nth(n + 1);
    }
    const heir = after?.item ?? null;
    this.selection.forget(ids);
    let undo = (): void => undefined;
    this.hold(() => {
      undo = this.sheets.remove(ids);
    });
    this.go(ids.size);
    this.active = heir ?? this.sheets.nth(this.sheets.count - 1)?.item ?? null;
    const spot = this.activeSpot();
    if (had && spot) this.focus(spot, true);
    else this.paintAll();
    return () => {
      this.hold(undo);
      this.go(-ids.size);
    };
  }

  // --- coming back ----------------------------------------------------------------------------------

  private return(place: Place): void {
    this.root.style.height = `${this.sheets.height}px`;
    const sheet = this.sheets.list[place.sheet];
    const spot = this.sheets.find(place.id);
    const same = place.width === this.width && place.mode === this.mode;
    const y = spot ? this.sheets.box(spot).y : (sheet?.top ?? 0) + (same ? (place.within ?? 0) : 0);
    const top = this.offset + window.scrollY + y;
    window.scrollTo({ top: top + (same || place.offset < 0 ? place.offset : 0), behavior: "instant" });
  }

  keepPlace(): void {
    if (this.life.signal.aborted || this.width === 0) return;
    if (this.marked !== null && this.marked === this.openedAt) return;
    const spot = this.topSpot();
    const { top } = this.view();
    if (!spot) return;
    keep(this.options.key, {
      sheets: this.sheets.keep(),
      next: this.sheets.next,
      width: this.width,
      mode: this.mode,
      sheet: this.sheets.list.indexOf(spot.sheet),
      id: spot.item.id,
      offset: Math.round(top - this.sheets.box(spot).y),
      within: Math.round(this.sheets.box(spot).y - spot.sheet.top),
    });
  }
}
