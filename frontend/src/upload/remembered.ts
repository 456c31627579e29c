// What was chosen last, kept in this browser. Where that is not allowed, nothing is kept, and nothing
// breaks.

const KEY = "fanlight.upload";

export interface Remembered {
  channel?: string;
  folder?: string;
  naming?: string;
  format?: string;
  preset?: string;
  template?: string;
}

export function recall(): Remembered {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Remembered) : {};
  } catch {
    return {};
  }
}

export function remember(more: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...recall(), ...more }));
  } catch {
    // private windows may keep nothing
  }
}
