// The answer was lost: whether it is stored after all is looked up before it is sent again.
import type { Item, Stored } from "./items";

const LARGEST = 256 << 20; // what may be held in memory to be compared

type Found = Stored & { sha256: string };

async function checksum(file: File): Promise<string | null> {
  // browsers have it on https and localhost only; without it nothing is taken for what was sent
  if (!("subtle" in crypto) || file.size > LARGEST) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The asset that it became after all; `null` if there is none, or nobody can tell. */
export async function lookUp(item: Item, known: ReadonlySet<string>): Promise<Stored | null> {
  try {
    const sha256 = await checksum(item.file);
    if (sha256 === null) return null;
    const { folder, channel } = item.place;
    const query = new URLSearchParams({ q: item.name, folder, limit: "100" });
    const answer = await fetch(`/api/v1/assets?${query}`);
    const said = (await answer.json()) as { items: Found[] };
    const same = said.items.find((one) => one.sha256 === sha256 && !known.has(one.id));
    return same ? { ...same, channel_id: channel, linked: false } : null;
  } catch {
    return null; // sent again: better twice than not at all
  }
}
