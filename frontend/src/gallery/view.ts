// What of the gallery is looked at: all of it, a part, what has a name, or what was picked.
import { Grid, type State as Foot } from "../grid/grid";
import { type Item, type Page, type Sketch, ratioOf } from "../grid/item";
import { atLeisure, whenShown } from "../leisure";
import { button, el } from "./el";
import { type Data, type Photo, photoOf } from "./photo";
import { said, state } from "./state";
import { PhotoTile } from "./tile";

interface Answer {
  readonly items: readonly Data[];
  readonly next: string | null;
  readonly total: number;
}

/** Pages: the cursor, and by part the ratios of width to height, in thousandths. */
interface Outline {
  readonly pages: readonly (readonly [string | null, readonly (readonly [string, readonly number[]])[]])[];
}

/** What others do when something happens in the grid. Until they are there, a tile is a link. */
export const hooks = {
  open: (photo: Photo): void => location.assign(photo.href),
  key: (_photo: Photo, _event: KeyboardEvent): boolean => false,
  /** Other items are looked at, or more are here. */
  changed: (): void => undefined,
};

const MODES = { rows: "grid", masonry: "masonry", square: "square" } as const;

export class View {
  grid!: Grid;
  total = state.total;
  section = state.section;
  search = state.search;
  mine = state.mine;
  private readonly root = document.querySelector<HTMLElement>("#grid")!;
  private readonly empty = document.querySelector<HTMLElement>("#empty")!;
  private asked = new AbortController();
  /** When all places are known, if that is ever to be. */
  private surveyed: Promise<void> = Promise.resolve();
  /** In which part the last photo before a page stands, by that page's cursor. */
  private readonly ends = new Map<string, string>();

  /** Take over the page's own tiles. */
  mount(returning: boolean): void {
    const key = this.place();
    if (returning) this.recall(key);
    const page = this.pageOf({ items: state.items, next: state.next, total: state.total }, state.after);
    this.root.querySelector("noscript")?.remove();
    this.begin(page, key, returning, state.after);
    window.addEventListener("pagehide", () => this.remember());
  }

  private begin(page: Page, key: string, returning: boolean, after: string | null = null): void {
    this.grid = new Grid(
      this.root,
      {
        load: (cursor, signal) => this.load(cursor, signal),
        mode: MODES[state.layout],
        total: this.total,
        key,
        choosing: false,
        tile: (tile) => new PhotoTile(tile),
        onOpen: (item) => hooks.open(item as Photo),
        onSelect: () => undefined,
        onKey: (item, event) => hooks.key(item as Photo, event),
        onState: (foot, retry) => this.foot(foot, retry),
      },
      page,
      after,
      returning,
    );
    this.empty.hidden = page.items.length > 0;
    this.surveyed = page.next && after === null ? this.survey() : Promise.resolve();
  }

  /** Learn where everything stands, so that one may go anywhere without all that comes before. */
  private async survey(): Promise<void> {
    const { grid } = this;
    const { signal } = this.asked;
    await whenShown(); // or the first photo would be the later, the more there are
    await new Promise<void>(atLeisure);
    try {
      if (!signal.aborted) grid.foresee(this.sketches(await this.ask<Outline>("outline", this.query(), signal)));
    } catch {
      // then one page after another, as they are reached
    }
  }

  /** The item at a place, fetched if need be; null where there is none. */
  async reach(n: number): Promise<Item | null> {
    if (!this.grid.sheets.nth(n)) await this.surveyed;
    return this.grid.reach(n);
  }

  /** Go to the item at a place, wherever it is. */
  async jump(n: number): Promise<void> {
    if (!this.grid.sheets.nth(n)) await this.surveyed;
    await this.grid.jump(n);
  }

  // --- other things to look at ------------------------------------------------------------------------

  /** Look at something else, from its beginning. `top`: bring the beginning into the window. */
  async show(what: { section?: string; search?: string; mine?: boolean }, top = true): Promise<void> {
    this.section = what.section ?? this.section;
    this.search = what.search ?? this.search;
    this.mine = what.mine ?? this.mine;
    this.asked.abort();
    this.asked = new AbortController();
    const { signal } = this.asked;
    history.replaceState(history.state, "", this.address());
    this.root.classList.add("stale");
    try {
      const answer = await this.fetch(null, signal);
      this.total = answer.total;
      this.grid.destroy();
      this.root.replaceChildren();
      this.root.removeAttribute("style");
      this.say(answer);
      this.begin(this.pageOf(answer, null), this.place(true), false);
      if (top) this.toTop();
      hooks.changed();
    } catch {
      if (!signal.aborted) this.foot("away", () => void this.show({}));
    } finally {
      if (!signal.aborted) this.root.classList.remove("stale");
    }
  }

  /** The address of what is looked at. */
  address(): string {
    const query = this.query();
    return query.size ? `${state.base}?${query.toString()}` : state.base;
  }

  private query(): URLSearchParams {
    const query = new URLSearchParams();
    if (this.section) query.set("section", this.section);
    if (this.search) query.set("search", this.search);
    if (this.mine) query.set("only", "mine");
    return query;
  }

  private toTop(): void {
    const bar = document.querySelector<HTMLElement>("#bar");
    const top = document.querySelector<HTMLElement>("#photos")?.offsetTop ?? 0;
    const at = top - (bar?.offsetHeight ?? 0);
    if (window.scrollY > at) window.scrollTo({ top: at, behavior: "instant" });
  }

  private say(answer: Answer): void {
    if (answer.items.length > 0) return;
    const about = this.mine ? "nothing_mine" : this.search ? "nothing_found" : "nothing";
    const all = button("button", said("show_all"), () => void this.show({ section: "", search: "", mine: false }));
    this.empty.replaceChildren(
      el("h2", {}, said(about)),
      el("p", { class: "soft" }, said(`${about}_lede`)),
      ...(about === "nothing" ? [] : [all]),
    );
  }

  // --- more -------------------------------------------------------------------------------------------

  private async load(after: string | null, signal: AbortSignal): Promise<Page> {
    return this.pageOf(await this.fetch(after, signal), after);
  }

  private async fetch(after: string | null, signal: AbortSignal): Promise<Answer> {
    const query = this.query();
    if (after) query.set("after", after);
    return this.ask<Answer>("items", query, signal);
  }

  private async ask<T>(what: string, query: URLSearchParams, signal: AbortSignal): Promise<T> {
    const answer = await fetch(`${state.base}/${what}?${query.toString()}`, {
      signal,
      headers: { Accept: "application/json" },
    });
    if (answer.status === 401 || answer.status === 403 || answer.status === 410) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as T;
  }

  /** Where all parts are looked at, each says its name where it begins. */
  private head(part: string, last: string | undefined): string {
    const { sections } = state;
    const whole = !this.section && !this.search && !this.mine && sections.length > 1;
    if (!whole || last === undefined || part === last) return "";
    return sections.find(([id]) => id === part)?.[1] ?? "";
  }

  private sketches({ pages }: Outline): Sketch[] {
    let last = "";
    return pages.map(([after, parts]) => {
      if (after !== null) this.ends.set(after, last);
      const shapes = parts.flatMap(([part, ratios]) => {
        const begins = this.head(part, last) !== "";
        last = part;
        return ratios.map((ratio, at) => ({ ratio: ratioOf(ratio), head: begins && at === 0 }));
      });
      return { after, shapes };
    });
  }

  /** The page as the grid has it. */
  private pageOf(answer: Answer, after: string | null): Page {
    let last = after === null ? "" : this.ends.get(after);
    const items = answer.items.map((data) => {
      const part = data.section ?? "";
      const head = this.head(part, last);
      last = part;
      return photoOf(state.base, data, head);
    });
    if (answer.next && last !== undefined) this.ends.set(answer.next, last);
    return { items, next: answer.next };
  }

  // --- places -----------------------------------------------------------------------------------------

  /** The name of this entry of the history, under which its place is kept. */
  private place(anew = false): string {
    const known = history.state as { place?: string } | null;
    if (known?.place && !anew) return known.place;
    const place = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    history.replaceState({ ...known, place }, "");
    return place;
  }

  private remember(): void {
    try {
      sessionStorage.setItem("parts", JSON.stringify([this.place(), ...this.ends]));
    } catch {
      // no room: heads are missing until all is read again
    }
  }

  private recall(key: string): void {
    try {
      const [of, ...ends] = JSON.parse(sessionStorage.getItem("parts") ?? "[]") as [string, ...[string, string][]];
      if (of === key) for (const [cursor, part] of ends) this.ends.set(cursor, part);
    } catch {
      // not ours
    }
  }

  private foot(now: Foot, retry: () => void): void {
    const foot = document.querySelector<HTMLElement>("#grid-foot")!;
    const grid = this.grid as Grid | undefined; // the first page may not do, before there is one
    const growing = now === "loading" && grid?.sheets.next !== null;
    foot.hidden = !growing && now !== "away";
    if (now === "idle") hooks.changed();
    if (now === "loading") foot.textContent = said("loading");
    else if (now === "away") {
      foot.replaceChildren(said("away"), button("button small", said("try_now"), retry));
    }
  }
}
