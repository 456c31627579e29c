// Where somebody was: kept for this tab, so that coming back finds the same place at once.
import type { Kept } from "./sheets";

export interface Place {
  readonly sheets: readonly Kept[];
  readonly next: string | null;
  /** The width and mode that heights were measured with. */
  readonly width: number;
  readonly mode: string;
  /** The item at the top of the window, its page's number and place there, and how far it is scrolled. */
  readonly sheet: number;
  readonly id: string;
  readonly offset: number;
  /** How far below its page's top the item stands: its page may have to be fetched first. */
  readonly within?: number;
}

const KEPT = 12; // places of one tab

export function keep(key: string, place: Place): void {
  try {
    const known = JSON.parse(sessionStorage.getItem("places") ?? "[]") as string[];
    const order = [key, ...known.filter((each) => each !== key)];
    for (const old of order.splice(KEPT)) sessionStorage.removeItem(`place ${old}`);
    sessionStorage.setItem("places", JSON.stringify(order));
    sessionStorage.setItem(`place ${key}`, JSON.stringify(place));
  } catch {
    // no room, or not allowed: coming back begins at the top
  }
}

export function recall(key: string): Place | null {
  try {
    return JSON.parse(sessionStorage.getItem(`place ${key}`) ?? "null") as Place | null;
  } catch {
    return null;
  }
}
