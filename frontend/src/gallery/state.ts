// What the page says of itself, and its words: one JSON block that the server writes (`VisitPage.state`
// in web/visit/page.py).
import type { Data } from "./photo";

export type Section = readonly [id: string, title: string, count: number, download: boolean];

export interface Limits {
  readonly stars: boolean;
  readonly flags: boolean;
  readonly least: number;
  readonly most: number;
  readonly most_in_section: number;
  readonly lists: boolean;
}

export interface State {
  readonly base: string;
  readonly title: string;
  readonly layout: "rows" | "masonry" | "square";
  readonly names: boolean;
  readonly language: string;
  readonly words: Readonly<Record<string, string>>;
  readonly total: number;
  readonly sections: readonly Section[];
  readonly items: readonly Data[];
  readonly next: string | null;
  readonly after: string | null;
  readonly section: string;
  readonly search: string;
  readonly mine: boolean;
  readonly opened: (Data & { readonly number: number }) | null;
  readonly rights: readonly string[];
  readonly proofing: Limits;
  readonly pin: boolean;
  readonly studio: string;
}

export const state = JSON.parse(document.querySelector("#state")?.textContent ?? "{}") as State;

/** The address below which a frame keeps the base (see first.ts); elsewhere there is none. */
const door = document.documentElement.dataset["door"] ?? "";

/** Go on by another base: one that says who somebody is, where no cookie may. */
export function moveTo(base: string): void {
  const before = state.base;
  (state as { base: string }).base = base;
  try {
    if (door) localStorage.setItem(door, base);
  } catch {
    // a frame that may keep nothing: for as long as the page is open, then
  }
  const { pathname, search } = location;
  if (pathname.startsWith(before)) history.replaceState(history.state, "", base + pathname.slice(before.length) + search);
}

export function may(right: "pick" | "comment" | "web" | "original" | "hide"): boolean {
  return state.rights.includes(right);
}

/** Headers of what a frame asks for: the server cannot know it from the request alone. */
export const FROM_HERE: Readonly<Record<string, string>> = {
  Accept: "application/json",
  ...(window.top === window ? {} : { "Fanlight-Framed": "1" }),
};

/** The tag for dates and numbers: a day before its month, as on the cover. */
export const locale = state.language === "en" ? "en-GB" : state.language;

/** All of our languages write what has no thousands in the same signs. */
export function number(count: number): string {
  return count < 1000 ? String(count) : count.toLocaleString(locale);
}

// made by the first word that needs it: a browser takes a while over its tables of languages
let plural: Intl.PluralRules | undefined;

function isOne(n: number): boolean {
  plural ??= new Intl.PluralRules(locale);
  return plural.select(n) === "one";
}

/** A word of the page's language; `n` chooses between one and many. */
export function said(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const [one = key, many] = (state.words[key] ?? key).split("|");
  const { n } = values;
  const form = many !== undefined && typeof n === "number" && !isOne(n) ? many : one;
  return form.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? number(value) : value;
  });
}

/** Bytes as a person reads them. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [amount, unit] = [bytes, 0];
  for (; amount >= 999.5 && unit < units.length - 1; unit++) amount /= 1000;
  const digits = unit > 0 && amount < 99.5 ? 1 : 0;
  const plain = amount.toLocaleString(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${plain} ${units[unit]!}`;
}
