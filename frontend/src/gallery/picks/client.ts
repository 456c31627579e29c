// The one place that speaks with the server about picks. A change shows at once, is sent one after another,
// waits where there is no connection, and gives way where the server says no.
import { FROM_HERE, moveTo, state } from "../state";

export interface Pick {
  readonly asset: string;
  readonly heart: boolean;
  readonly stars: number;
  readonly flag: string | null;
  readonly note: string;
}

export interface List {
  readonly id: string;
  readonly name: string;
  readonly state: "open" | "submitted";
  readonly version: number;
}

interface Told extends List {
  readonly picks: readonly Pick[];
}

export interface Viewer {
  readonly name: string;
  readonly email: string;
  /** The address by which they go on elsewhere. */
  readonly link: string;
}

interface Answer {
  readonly viewer: Viewer | null;
  readonly lists: readonly Told[];
}

/** The server said no, and why. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What a sender of requests may be told. */
export interface Heard {
  /** Something is different: these photos, or all. */
  changed: (ids?: ReadonlySet<string>) => void;
  refused: (why: Refused, asset: string) => void;
  /** No connection; what was done is kept until there is one. */
  waiting: (waits: boolean) => void;
  merged: () => void;
}

const NONE: Pick = { asset: "", heart: false, stars: 0, flag: null, note: "" };
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 30_000;
const KEY = `fanlight-picks ${state.base}`;

/** Ask, as JSON. Raises Refused, and TypeError without a connection. */
export async function ask<T>(method: string, path: string, body?: unknown, headers = {}): Promise<T> {
  const answer = await fetch(`${state.base}/${path}`, {
    method,
    headers: {
      ...FROM_HERE,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (answer.ok) {
    const { base } = (said ?? {}) as { base?: string };
    if (base && base !== state.base) moveTo(base);
    return said as T;
  }
  const problem = said as { code?: string; title?: string; remedy?: string } | null;
  if (answer.status >= 500 && !problem?.code) throw new TypeError(String(answer.status));
  const words = [problem?.title, problem?.remedy].filter(Boolean).join(" ");
  throw new Refused(answer.status, problem?.code ?? "", words);
}

export class Picks {
  lists: List[] = [];
  viewer: Viewer | null = null;
  /** The list that hearts go into; empty before there is one. */
  private chosen = "";
  private readonly kept = new Map<string, Map<string, Pick>>();
  /** Changes that the server has not confirmed, oldest first: by list, then by photo. */
  private readonly waits = new Map<string, { list: string; pick: Pick }>();
  private sending = false;
  private wait = FIRST_RETRY_MS;
  private timer = 0;

  constructor(private readonly heard: Heard) {
    window.addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.refresh().catch(() => undefined);
    });
    this.recall();
  }

  // --- what is known -----------------------------------------------------------------------------------

  get list(): List | null {
    return this.lists.find((each) => each.id === this.chosen) ?? this.lists[0] ?? null;
  }

  get locked(): boolean {
    return this.list?.state === "submitted";
  }

  private key(list: string, asset: string): string {
    return `${list} ${asset}`;
  }

  /** What was said about a photo in the list that is open. */
  of(asset: string): Pick {
    const list = this.list?.id ?? "";
    const waiting = this.waits.get(this.key(list, asset))?.pick;
    return waiting ?? this.kept.get(list)?.get(asset) ?? { ...NONE, asset };
  }

  /** All that is in the list that is open. */
  all(): Pick[] {
    const list = this.list?.id ?? "";
    const all = new Map(this.kept.get(list));
    for (const each of this.waits.values()) if (each.list === list) all.set(each.pick.asset, each.pick);
    return [...all.values()];
  }

  get hearts(): number {
    return this.all().filter((pick) => pick.heart).length;
  }

  choose(list: string): void {
    this.chosen = list;
    this.remember();
    this.heard.changed();
  }

  // --- reading -----------------------------------------------------------------------------------------

  async refresh(): Promise<void> {
    this.take(await ask<Answer>("GET", "picks"));
    this.retry();
  }

  private take(answer: Answer): void {
    this.viewer = answer.viewer;
    this.lists = answer.lists.map(({ id, name, state: now, version }) => ({ id, name, state: now, version }));
    this.kept.clear();
    for (const list of answer.lists) {
      this.kept.set(list.id, new Map(list.picks.map((pick) => [pick.asset, pick])));
    }
    this.adopt();
    this.heard.changed();
  }

  /** What was picked before there was a list belongs to the first one. */
  private adopt(): void {
    const first = this.list?.id;
    if (!first) return;
    for (const [key, each] of [...this.waits]) {
      if (each.list) continue;
      this.waits.delete(key);
      this.waits.set(this.key(first, each.pick.asset), { list: first, pick: each.pick });
    }
  }

  // --- changing ----------------------------------------------------------------------------------------

  set(asset: string, change: Partial<Pick>): void {
    const list = this.list?.id ?? "";
    const pick = { ...this.of(asset), ...change };
    const key = this.key(list, asset);
    this.waits.delete(key);
    this.waits.set(key, { list, pick });
    this.remember();
    this.heard.changed(new Set([asset]));
    void this.send();
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (;;) {
        const [first] = this.waits;
        if (!first) break;
        await this.one(...first);
      }
      this.calm();
    } catch {
      this.later();
    } finally {
      this.sending = false;
    }
  }

  private async one(key: string, { list, pick }: { list: string; pick: Pick }): Promise<void> {
    const known = this.lists.find((each) => each.id === list);
    const { heart, stars, flag, note } = pick;
    const headers = known ? { "If-Match": `"${known.version}"` } : {};
    try {
      const answer = await ask<{ list?: List; viewer?: Viewer } & Partial<List>>(
        "PUT",
        `picks/${list || "-"}/${pick.asset}`,
        { heart, stars, flag, note },
        headers,
      );
      this.confirmed(key, list, pick);
      const now = answer.list ?? (answer as List);
      if (!known || !now.version || now.version > known.version + 1) {
        await this.refresh();
        if (known && now.version) this.heard.merged();
      } else {
        this.lists = this.lists.map((each) => (each.id === list ? { ...each, version: now.version } : each));
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code.startsWith("conflict.version") || error.status === 412) {
        await this.refreshOnly(); // another device was here: take its changes, then say ours again
        this.heard.merged();
        return;
      }
      if (this.waits.get(key)?.pick === pick) this.waits.delete(key);
      this.remember();
      this.heard.refused(error, pick.asset);
      this.heard.changed(new Set([pick.asset]));
      if (error.code !== "conflict.limit") await this.refreshOnly().catch(() => undefined);
    }
  }

  private async refreshOnly(): Promise<void> {
    this.take(await ask<Answer>("GET", "picks"));
  }

  private confirmed(key: string, list: string, pick: Pick): void {
    if (this.waits.get(key)?.pick === pick) this.waits.delete(key);
    const picks = this.kept.get(list) ?? new Map<string, Pick>();
    if (pick.heart || pick.stars || pick.flag || pick.note) picks.set(pick.asset, pick);
    else picks.delete(pick.asset);
    this.kept.set(list, picks);
    this.remember();
  }

  private calm(): void {
    this.wait = FIRST_RETRY_MS;
    this.heard.waiting(false);
  }

  private later(): void {
    clearTimeout(this.timer);
    this.heard.waiting(true);
    this.timer = window.setTimeout(() => this.retry(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_RETRY_MS);
  }

  private retry(): void {
    clearTimeout(this.timer);
    if (this.waits.size) void this.send();
  }

  // --- lists -------------------------------------------------------------------------------------------

  async make(name: string): Promise<void> {
    const made = await ask<List>("POST", "lists", { name });
    await this.refresh();
    this.choose(made.id);
  }

  async submit(name: string, email: string, message: string): Promise<void> {
    const { list } = this;
    if (!list || this.waits.size) throw new TypeError("not all is saved");
    await ask("POST", `lists/${list.id}/submit`, { version: list.version, name, email, message });
    await this.refresh();
  }

  // --- what outlives the page --------------------------------------------------------------------------

  private remember(): void {
    try {
      const waits = [...this.waits.values()];
      if (waits.length || this.chosen) localStorage.setItem(KEY, JSON.stringify({ chosen: this.chosen, waits }));
      else localStorage.removeItem(KEY);
    } catch {
      // no room, or not allowed: then for as long as the page is open
    }
  }

  private recall(): void {
    try {
      const known = JSON.parse(localStorage.getItem(KEY) ?? "{}") as {
        chosen?: string;
        waits?: { list: string; pick: Pick }[];
      };
      this.chosen = known.chosen ?? "";
      for (const each of known.waits ?? []) this.waits.set(this.key(each.list, each.pick.asset), each);
    } catch {
      // not ours
    }
  }
}
