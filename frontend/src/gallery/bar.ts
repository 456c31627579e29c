// The slim bar that stays: which part is looked at, where in all of them one is, searching by name.
import type { Photo } from "./photo";
import type { View } from "./view";

const PAUSE_MS = 220;

function partLinks(): HTMLAnchorElement[] {
  return [...document.querySelectorAll<HTMLAnchorElement>("#bar [data-section]")];
}

/** Mark the part that is looked at, and in all of them, the one that the window shows. */
function mark(view: View): void {
  const chosen = view.section;
  const here = chosen ? "" : (view.grid.topItem(120) as Photo | null)?.data.section;
  const { top } = document.querySelector<HTMLElement>("#photos")!.getBoundingClientRect();
  const passed = top < 120;
  document.documentElement.classList.toggle("at-cover", top > window.innerHeight - 96);
  for (const link of partLinks()) {
    const id = link.dataset["section"]!;
    const current = id === chosen && !view.mine && !view.search;
    if (current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    link.classList.toggle("here", id !== "" && passed && id === here);
  }
  bring();
}

let brought: Element | null = null;

/** Bring the name of the part that is looked at into the row, if the row is wider than the window. */
function bring(): void {
  const row = document.querySelector<HTMLElement>("#bar .parts");
  const link = row?.querySelector<HTMLElement>(".here") ?? row?.querySelector<HTMLElement>("[aria-current]");
  if (!row || !link || link === brought) return;
  const still = brought === null || matchMedia("(prefers-reduced-motion: reduce)").matches;
  brought = link;
  const to = link.offsetLeft - row.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
  row.scrollTo({ left: to, behavior: still ? "instant" : "smooth" });
}

function search(view: View): void {
  const input = document.querySelector<HTMLInputElement>("#find input");
  const details = document.querySelector<HTMLDetailsElement>("#find");
  if (!input || !details) return;
  let waiting = 0;
  const ask = (): void => {
    clearTimeout(waiting);
    if (input.value.trim() !== view.search) void view.show({ search: input.value.trim() });
  };
  details.addEventListener("toggle", () => {
    if (details.open) input.focus();
  });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    ask();
    details.open = false;
    details.querySelector("summary")?.focus();
  });
  details.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
}

export function enhanceBar(view: View): void {
  document.querySelector("#bar")?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-section]") : null;
    const click = event as MouseEvent;
    if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
    event.preventDefault();
    const input = document.querySelector<HTMLInputElement>("#find input");
    if (input) input.value = "";
    void view.show({ section: link.dataset["section"]!, search: "", mine: false });
  });
  search(view);
  let scheduled = 0;
  const soon = (): void => {
    scheduled ||= requestAnimationFrame(() => {
      scheduled = 0;
      mark(view);
    });
  };
  window.addEventListener("scroll", soon, { passive: true });
  document.addEventListener("looked", soon);
  soon();
}
