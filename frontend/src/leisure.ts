// What can wait until the browser has nothing better to do.

const LONGEST_MS = 1000;

export function atLeisure(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: LONGEST_MS });
  else setTimeout(work, 200);
}
