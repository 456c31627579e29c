// Said in passing, to eyes and to screen readers alike, wherever one looks.

const READ_MS = 4200;
const home = document.body;
const region = document.querySelector<HTMLElement>("#whisper")!;
let timer = 0;

export function whisper(words: string): void {
  clearTimeout(timer);
  region.textContent = words;
  timer = window.setTimeout(() => (region.textContent = ""), READ_MS);
}

/** Speak from inside what lies over the page; null: from the page again. */
export function lendWhisper(host: HTMLElement | null): void {
  (host ?? home).append(region);
}
