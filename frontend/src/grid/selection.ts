// Which items are selected, and from where a range reaches. It knows their order only by being told.
import type { Item } from "./item";

export class Selection {
  private chosen = new Map<string, Item>();
  /** Where the next range begins. */
  private anchor: Item | null = null;
  /** What was selected before the range that is being drawn. */
  private base: ReadonlyMap<string, Item> = new Map();

  constructor(private readonly changed: (selection: Selection) => void) {}

  get size(): number {
    return this.chosen.size;
  }

  get items(): readonly Item[] {
    return [...this.chosen.values()];
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.chosen.keys());
  }

  get from(): Item | null {
    return this.anchor;
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  toggle(item: Item): void {
    if (!this.chosen.delete(item.id)) this.chosen.set(item.id, item);
    this.begin(item);
    this.changed(this);
  }

  /** From here on a range is drawn from an item, beside what is selected now. */
  begin(item: Item): void {
    this.anchor = item;
    this.base = new Map(this.chosen);
  }

  /** Draw the range: everything it covers now, beside what was there before. */
  stretch(covered: Iterable<Item>): void {
    const next = new Map(this.base);
    for (const item of covered) next.set(item.id, item);
    this.chosen = next;
    this.changed(this);
  }

  /** Select exactly these. */
  only(items: Iterable<Item>): void {
    this.chosen = new Map([...items].map((item) => [item.id, item]));
    this.base = new Map();
    this.changed(this);
  }

  clear(): void {
    if (this.chosen.size === 0) return;
    this.only([]);
    this.anchor = null;
  }

  /** Items are gone. */
  forget(ids: ReadonlySet<string>): void {
    const kept = this.items.filter((item) => !ids.has(item.id));
    if (this.anchor && ids.has(this.anchor.id)) this.anchor = null;
    if (kept.length !== this.size) this.only(kept);
  }

  /** An item has become another one. */
  replace(item: Item): void {
    if (this.chosen.has(item.id)) this.chosen.set(item.id, item);
  }
}
