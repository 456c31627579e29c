// Said in passing, at the bottom: what was done, and the way back for as long as it is there.

interface Way {
  readonly label: string;
  readonly take: () => void;
}

const READ_MS = 5000;
const UNDO_MS = 10_000;

let timer = 0;
let back: Way | null = null;

function region(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#said");
}

function hush(): void {
  clearTimeout(timer);
  back = null;
  region()?.replaceChildren();
}

function wait(ms: number): void {
  clearTimeout(timer);
  timer = window.setTimeout(hush, ms);
}

export function say(words: string, way?: Way): void {
  const el = region();
  if (!el) return;
  hush();
  el.classList.toggle("raised", document.querySelector("#tray:not([hidden])") !== null);
  const said = document.createElement("span");
  said.textContent = words;
  el.append(said);
  if (way) {
    back = way;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = way.label;
    button.addEventListener("click", takeBack);
    el.append(button);
  }
  const ms = way ? UNDO_MS : READ_MS;
  wait(ms);
  el.onpointerenter = el.onfocus = (): void => clearTimeout(timer);
  el.onpointerleave = el.onblur = (): void => wait(ms);
}

function takeBack(): void {
  const way = back;
  hush();
  way?.take();
}

/** Ctrl+Z takes back what can be, unless somebody is typing. */
export function listenForUndo(): void {
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (!back || typing || event.key.toLowerCase() !== "z") return;
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    takeBack();
  });
}
