// What of the library is looked at: the grid over the page's own tiles, and the rest of them by cursor.
import { Grid, type State } from "../grid/grid";
import type { Item, Mode } from "../grid/item";
import type { Selection } from "../grid/selection";
import type { Assets } from "./asset";

/** What others do when something happens in the grid. Until they are there, a tile is a link. */
export interface Hooks {
  open: (item: Item) => void;
  select: (selection: Selection) => void;
  focus: (item: Item) => void;
  remove: (item: Item) => void;
}

const VIEW_COOKIE = "fanlight_view";
const YEAR = 31_536_000;
const EMPTY = "Nothing is left here.";

export class View {
  grid: Grid | null = null;
  readonly hooks: Hooks = {
    open: (item) => location.assign(item.href),
    select: () => undefined,
    focus: () => undefined,
    remove: () => undefined,
  };
  /** The address of what is looked at, whatever the address bar says. */
  url = new URL(location.href);

  /** Take over the grid that is in the page, if there is one. */
  mount(returning: boolean): void {
    const root = document.querySelector<HTMLElement>("#grid");
    const first = root?.dataset["first"];
    if (!root || !first) return;
    delete root.dataset["first"];
    const total = root.dataset["total"];
    this.grid = new Grid(
      root,
      {
        load: (after, signal) => this.load(after, signal),
        mode: root.classList.contains("list") ? "list" : "grid",
        total: total ? Number(total) : null,
        key: this.key,
        ground: document.querySelector<HTMLElement>("#main") ?? root,
        onOpen: (item) => this.hooks.open(item),
        onSelect: (selection) => this.hooks.select(selection),
        onFocus: (item) => this.hooks.focus(item),
        onDelete: (item) => this.hooks.remove(item),
        onCount: (count) => this.count(root, count),
        onState: (state, retry) => this.foot(state, retry),
        onRest: (after) => this.rest(after),
        onReturn: () => document.querySelector(".earlier")?.remove(),
      },
      JSON.parse(first) as Assets,
      this.url.searchParams.get("after"),
      returning,
    );
  }

  unmount(): void {
    this.grid?.destroy();
    this.grid = null;
  }

  /** The name of this entry of the history, under which its place is kept. */
  private get key(): string {
    const state = history.state as { place?: string } | null;
    if (state?.place) return state.place;
    const place = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    history.replaceState({ ...state, place }, "");
    return place;
  }

  private async load(after: string | null, signal: AbortSignal): Promise<Assets> {
    const url = new URL("/studio/library/tiles", location.origin);
    url.search = this.url.search;
    if (after) url.searchParams.set("after", after);
    else url.searchParams.delete("after");
    const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (answer.redirected) location.assign(answer.url); // signed out meanwhile
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as Assets;
  }

  /** The address follows, so that a reload or a link begins here. */
  private rest(after: string | null): void {
    const { pathname, search } = this.url;
    if (after) this.url.searchParams.set("after", after);
    else this.url.searchParams.delete("after");
    const here = location.pathname === pathname && location.search === search; // not what is being gone to
    if (here && location.href !== this.url.href) {
      history.replaceState(history.state, "", this.url);
    }
  }

  /** How many there are now, where the page says it. */
  private count(root: HTMLElement, count: number): void {
    const foot = document.querySelector<HTMLElement>("#grid-foot");
    const { sheets } = this.grid ?? {};
    if (foot && sheets?.count === 0 && !sheets.next) {
      foot.textContent = EMPTY;
      foot.hidden = false;
    } else if (foot?.textContent === EMPTY) foot.hidden = true;
    if (!root.dataset["total"]) return; // nobody counted them
    root.dataset["total"] = String(count);
    const said = document.querySelector("#head .count");
    if (said) said.textContent = count.toLocaleString("en");
  }

  private foot(state: State, retry: () => void): void {
    const foot = document.querySelector<HTMLElement>("#grid-foot");
    if (!foot) return;
    foot.hidden = state === "idle" || (state === "ended" && (this.grid?.sheets.list.length ?? 0) < 2);
    foot.setAttribute("role", "status");
    if (state === "loading") foot.textContent = "Loading more";
    else if (state === "ended") foot.textContent = "That is all.";
    else if (state === "away") {
      const again = document.createElement("button");
      again.type = "button";
      again.className = "button small";
      again.textContent = "Try now";
      again.addEventListener("click", retry);
      foot.replaceChildren("The server does not answer. What you see is still here; trying again by itself. ", again);
    }
  }

  setMode(mode: Mode): void {
    this.grid?.setMode(mode);
    document.cookie = `${VIEW_COOKIE}=${mode}; path=/studio; max-age=${YEAR}; samesite=lax`;
    for (const choice of document.querySelectorAll<HTMLElement>("[data-view]")) {
      if (choice.dataset["view"] === mode) choice.setAttribute("aria-current", "true");
      else choice.removeAttribute("aria-current");
    }
  }
}
