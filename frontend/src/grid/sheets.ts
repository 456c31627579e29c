// The pages that a grid knows of, in their order: those that are here, and those of which only the
// shapes are known, or how many there were and how high they stood, to be fetched when they are seen.
import { type Box, type Frame, type Laid, columns, justify, parted, squares, stack } from "./layout";
import { type Item, type Mode, type Page, type Shape, type Sketch, shapeOf } from "./item";

export interface Sheet {
  /** The cursor it is fetched with; null for the very first. */
  readonly after: string | null;
  items: Item[] | null;
  /** What is known of its items before they are here. */
  shapes: readonly Shape[] | null;
  boxes: readonly Box[];
  count: number;
  top: number;
  height: number;
  /** How many items stand before it. */
  first: number;
}

/** What is kept of a sheet to know its place again. */
export type Kept = readonly [after: string | null, count: number, height: number];

/** An item where it stands. */
export interface Spot {
  readonly sheet: Sheet;
  readonly at: number;
  readonly item: Item;
}

function blank(after: string | null): Sheet {
  return { after, items: null, shapes: null, boxes: [], count: 0, top: 0, height: 0, first: 0 };
}

export class Sheets {
  list: Sheet[] = [];
  /** The cursor of what follows; null at the end. */
  next: string | null = null;
  height = 0;
  count = 0;
  private readonly homes = new Map<string, Sheet>();

  constructor(
    private frame: Frame,
    private mode: Mode,
  ) {}

  /** Begin anew with the places of pages, none of them here yet. */
  remember(kept: readonly Kept[], next: string | null): void {
    this.homes.clear();
    this.next = next;
    this.list = kept.map(([after, count, height]) => ({ ...blank(after), count, height }));
    this.stand();
  }

  /** All pages are known by their shapes, in their order; those that are here stay. */
  foresee(sketches: readonly Sketch[]): void {
    const known = new Map(this.list.map((sheet) => [sheet.after, sheet]));
    this.next = null;
    this.list = sketches.map(({ after, shapes }) => {
      const sheet = known.get(after) ?? blank(after);
      known.delete(after);
      return Object.assign(sheet, { shapes });
    });
    for (const gone of known.values()) for (const item of gone.items ?? []) this.homes.delete(item.id);
    for (const sheet of this.list) if (!sheet.items || sheet === this.list.at(-1)) this.lay(sheet);
    this.stand();
  }

  keep(): Kept[] {
    return this.list.map(({ after, count, height }) => [after, count, Math.round(height)]);
  }

  /** A page has come: in its place, or as what follows. */
  put(after: string | null, page: Page): Sheet {
    let sheet = this.list.find((each) => each.after === after);
    if (!sheet) {
      sheet = blank(after);
      this.list.push(sheet);
    }
    // what was added above since the last page came may push items into this one a second time
    sheet.items = page.items.filter((item) => (this.homes.get(item.id) ?? sheet) === sheet);
    for (const item of sheet.items) this.homes.set(item.id, sheet);
    if (sheet === this.list.at(-1)) this.next = page.next;
    this.lay(sheet);
    this.stand();
    return sheet;
  }

  /** Change how all is laid out. */
  shape(frame: Frame, mode: Mode): void {
    const same = mode === this.mode && frame.row === this.frame.row;
    const narrower = same ? this.frame.width / frame.width : 1;
    this.frame = frame;
    this.mode = mode;
    for (const sheet of this.list) {
      if (sheet.items ?? sheet.shapes) this.lay(sheet);
      else if (mode === "list") sheet.height = sheet.count * frame.row;
      else sheet.height *= narrower;
    }
    this.stand();
  }

  private lay(sheet: Sheet): void {
    const shapes = sheet.items?.map(shapeOf) ?? sheet.shapes ?? [];
    const ratios = shapes.map((shape) => shape.ratio);
    const open = sheet === this.list.at(-1) && this.next === null;
    const laid = parted(
      shapes.map((shape) => shape.head),
      this.frame,
      open,
      (from, to, last) => this.part(ratios.slice(from, to), last),
    );
    sheet.boxes = laid.boxes;
    sheet.height = laid.height;
    sheet.count = shapes.length;
  }

  private part(ratios: readonly number[], open: boolean): Laid {
    switch (this.mode) {
      case "list":
        return stack(ratios.length, this.frame);
      case "square":
        return squares(ratios.length, this.frame);
      case "masonry":
        return columns(ratios, this.frame, open);
      case "grid":
        return justify(ratios, this.frame, open);
    }
  }

  private stand(): void {
    const gap = this.mode === "list" ? 0 : this.frame.gap;
    let top = 0;
    let first = 0;
    for (const sheet of this.list) {
      sheet.top = top;
      sheet.first = first;
      first += sheet.count;
      if (sheet.count) top += sheet.height + gap;
    }
    this.count = first;
    this.height = Math.max(0, top - gap);
  }

  // --- finding ------------------------------------------------------------------------------------

  find(id: string): Spot | null {
    const sheet = this.homes.get(id);
    const at = sheet?.items?.findIndex((item) => item.id === id) ?? -1;
    return sheet && at >= 0 ? { sheet, at, item: sheet.items![at]! } : null;
  }

  /** The item that so many stand before; null if there is none, or it is not here. */
  nth(n: number): Spot | null {
    const sheet = this.list[this.search((each) => each.first + each.count > n)];
    const item = sheet?.items?.[n - sheet.first];
    return sheet && item ? { sheet, at: n - sheet.first, item } : null;
  }

  box(spot: Spot): Box {
    const box = spot.sheet.boxes[spot.at]!;
    return { ...box, y: box.y + spot.sheet.top };
  }

  /** Where the item stands that so many stand before, here or not; null while that is not known. */
  boxAt(n: number): Box | null {
    const sheet = this.list[this.search((each) => each.first + each.count > n)];
    const box = sheet?.boxes[n - sheet.first];
    return sheet && box ? { ...box, y: box.y + sheet.top } : null;
  }

  /** The sheets that reach into a stretch. */
  within(top: number, bottom: number): Sheet[] {
    const found: Sheet[] = [];
    for (let at = this.search((each) => each.top + each.height > top); at < this.list.length; at++) {
      const sheet = this.list[at]!;
      if (sheet.top >= bottom) break;
      found.push(sheet);
    }
    return found;
  }

  /** The items that reach into a stretch, in their order. */
  *between(top: number, bottom: number): Generator<Spot> {
    for (const sheet of this.within(top, bottom)) {
      const items = sheet.items ?? [];
      for (let at = 0; at < items.length; at++) {
        const box = sheet.boxes[at]!;
        if (box.y + sheet.top >= bottom) break;
        if (box.y + sheet.top + box.height > top) yield { sheet, at, item: items[at]! };
      }
    }
  }

  /** How many items are here; whether those are all there are. */
  get loaded(): readonly [count: number, all: boolean] {
    const here = this.list.filter((sheet) => sheet.items !== null);
    const all = this.next === null && here.length === this.list.length && this.list[0]?.after === null;
    return [here.reduce((sum, sheet) => sum + sheet.count, 0), all];
  }

  *here(): Generator<Item> {
    for (const sheet of this.list) yield* sheet.items ?? [];
  }

  private search(good: (sheet: Sheet) => boolean): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (good(this.list[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  // --- changing -----------------------------------------------------------------------------------

  /** An item has become another one. */
  replace(item: Item): void {
    const spot = this.find(item.id);
    if (!spot) return;
    spot.sheet.items![spot.at] = item;
    this.lay(spot.sheet);
    this.stand();
  }

  /** Take items out; what is given back puts them where they were. */
  remove(ids: ReadonlySet<string>): () => void {
    const before = new Map<Sheet, Item[]>();
    for (const id of ids) {
      const sheet = this.homes.get(id);
      if (sheet?.items && !before.has(sheet)) before.set(sheet, sheet.items);
      this.homes.delete(id);
    }
    for (const [sheet, items] of before) {
      sheet.items = items.filter((item) => !ids.has(item.id));
      this.lay(sheet);
    }
    this.stand();
    return () => {
      for (const [sheet, items] of before) {
        if (!this.list.includes(sheet)) continue;
        const now = new Map((sheet.items ?? []).map((item) => [item.id, item]));
        sheet.items = items.filter((item) => ids.has(item.id) || now.has(item.id));
        sheet.items = sheet.items.map((item) => now.get(item.id) ?? item);
        for (const item of sheet.items) this.homes.set(item.id, sheet);
        this.lay(sheet);
      }
      this.stand();
    };
  }
}
