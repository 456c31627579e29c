// What a grid shows. It knows nothing of where items come from or what opening one means.

export interface Item {
  readonly id: string;
  readonly name: string;
  /** Where it leads, also without a script. */
  readonly href: string;
  /** The picture, and the same in several widths (`srcset`); empty where there is none. */
  readonly src: string;
  readonly srcset: string;
  /** Pixels, 0 where unknown. */
  readonly width: number;
  readonly height: number;
  /** ThumbHash in base64, or empty. */
  readonly hash: string;
  /** A few letters that stand for it where no picture can: `PDF`. */
  readonly sign: string;
  /** A word that lies on it: how long it plays, or who may see it. */
  readonly mark: string;
  /** What else is known, for the list. */
  readonly facts: readonly string[];
  /** What begins with it, said above it; nothing in most. */
  readonly head?: string;
}

/** What laying out an item needs to know of it. */
export interface Shape {
  /** Width to height, as `ratioOf` has it. */
  readonly ratio: number;
  /** Whether something begins with it, said above it. */
  readonly head: boolean;
}

/** A page of which only the shapes are known. */
export interface Sketch {
  readonly after: string | null;
  readonly shapes: readonly Shape[];
}

export interface Page {
  readonly items: readonly Item[];
  /** The cursor of the next page, null on the last. */
  readonly next: string | null;
}

/** Rows that fill the width, one a line, columns of one width, or squares. */
export type Mode = "grid" | "list" | "masonry" | "square";

const PAPER = 0.85; // what is no picture stands upright, like a sheet
const UNKNOWN = 1.5;

/** Width to height in thousandths, 0 while unknown, within what a row can bear. */
export function ratioOf(thousandths: number): number {
  return thousandths ? Math.min(4, Math.max(0.4, thousandths / 1000)) : UNKNOWN;
}

export function shapeOf(item: Item): Shape {
  const paper = !item.src && !item.hash;
  const { width, height } = item;
  const ratio = paper ? PAPER : ratioOf(width && height && Math.round((1000 * width) / height));
  return { ratio, head: Boolean(item.head) };
}
