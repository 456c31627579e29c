// All that is looked at, also what was never scrolled to: fetched in large pages when it is asked for.
import type { Asset, Assets } from "./asset";

/** `went` is told how many have come. Rejects when it is broken off or the server does not answer. */
export async function everything(looked: URL, went: (count: number) => void, signal: AbortSignal): Promise<Asset[]> {
  const found = new Map<string, Asset>();
  const url = new URL("/studio/library/tiles", location.origin);
  url.search = looked.search;
  url.searchParams.set("many", "1");
  url.searchParams.delete("after");
  for (;;) {
    const answer = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (answer.redirected) location.assign(answer.url); // signed out meanwhile
    if (!answer.ok) throw new Error(String(answer.status));
    const page = (await answer.json()) as Assets;
    for (const asset of page.items) found.set(asset.id, asset);
    went(found.size);
    if (page.next === null) return [...found.values()];
    url.searchParams.set("after", page.next);
  }
}
