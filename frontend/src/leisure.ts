// What can wait until the browser has nothing better to do.

const LONGEST_MS = 1000;

export function atLeisure(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: LONGEST_MS });
  else setTimeout(work, 200);
}

const SLICE_MS = 8; // a press waits no longer, also where the machine is slow

/** Work on each of them when it can wait: as many at a time as keep nobody waiting. */
export function eachAtLeisure<T>(all: Iterator<T>, work: (one: T) => void): void {
  atLeisure(() => {
    const end = performance.now() + SLICE_MS;
    do {
      const { done, value } = all.next();
      if (done) return;
      work(value);
    } while (performance.now() < end);
    eachAtLeisure(all, work);
  });
}

/** Work that can wait until what there is has been painted; in a tab behind others, for a moment. */
export function onceSeen(work: () => void): void {
  let due = true;
  const begin = (): void => {
    if (due) work();
    due = false;
  };
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(begin)));
  setTimeout(begin, LONGEST_MS);
}

/** When the document and the pictures of its first screen are here; not much later where one hangs. */
export function whenShown(): Promise<void> {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    window.addEventListener("load", () => resolve(), { once: true });
    setTimeout(resolve, 3 * LONGEST_MS);
  });
}
