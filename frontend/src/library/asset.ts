// An asset as the server describes it to the grid (web/studio/tiles.py).
import type { Item, Page } from "../grid/item";

export interface Asset extends Item {
  readonly folder: string;
  readonly media_type: string;
  /** The address that never changes, without scheme and host. */
  readonly link: string;
}

export interface Assets extends Page {
  readonly items: readonly Asset[];
}
