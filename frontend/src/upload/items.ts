// One original on its way, and every state it can be in.

/** Where it shall go; chosen when it was added, so that a later choice does not move it. */
export interface Place {
  channel: string;
  folder: string;
  naming: string;
}

/** What the API answers for a stored asset; the part that is needed here. */
export interface Stored {
  id: string;
  name: string;
  folder: string;
  kind: string;
  media_type: string;
  size: number;
  width: number | null;
  height: number | null;
  link: string;
  linked: boolean;
  channel_id: string;
}

export type State =
  | { is: "waiting" }
  | { is: "sending"; sent: number; rate: number }
  | { is: "storing" }
  | { is: "pausing"; until: number; why: string | null } // null: its channel asked for it
  | { is: "done"; stored: Stored }
  | { is: "failed"; what: string; next: string }
  | { is: "cancelled" };

export interface Item {
  readonly id: number;
  readonly file: File;
  readonly name: string;
  readonly place: Place;
  state: State;
  /** How often it was tried in vain for a reason that may pass. */
  tries: number;
  /** A try ended without an answer: it may be stored. */
  unclear: boolean;
}

export function isOver(item: Item): boolean {
  return ["done", "failed", "cancelled"].includes(item.state.is);
}

/** Bytes of it that have left this computer. */
export function sentOf(item: Item): number {
  const { state, file } = item;
  if (state.is === "done" || state.is === "storing") return file.size;
  return state.is === "sending" ? Math.min(state.sent, file.size) : 0;
}
