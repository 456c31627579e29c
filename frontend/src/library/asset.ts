// An asset as the server describes it to the grid (web/studio/tiles.py).
import type { Item, Page } from "../grid/item";

export interface Asset extends Item {
  /** The address that never changes, without scheme and host. */
  readonly link: string;
  /** Whether it is shown where its link is pasted, and not only linked to. */
  readonly picture: boolean;
}

export interface Assets extends Page {
  readonly items: readonly Asset[];
}
