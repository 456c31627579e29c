// The neighbours of a photo, small, below it: on wide screens.
import { el } from "../el";
import type { Lightbox } from "./lightbox";

const BESIDE = 9;
const wide = matchMedia("(min-width: 64rem)");

export class Strip {
  readonly el = el("div", { class: "strip", "aria-hidden": "true" });

  constructor(private readonly box: Lightbox) {
    this.el.addEventListener("click", (event) => {
      const small = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-n]") : null;
      if (small) box.swipe.goTo(Number(small.dataset["n"]));
    });
  }

  changed(): void {
    if (!wide.matches) return;
    const at = this.box.swipe.currIndex;
    const known = new Map([...this.el.children].map((each) => [(each as HTMLElement).dataset["n"], each]));
    const row: Element[] = [];
    for (let n = at - BESIDE; n <= at + BESIDE; n++) {
      const made = known.get(String(n)) ?? this.small(n);
      made.classList.toggle("now", n === at);
      row.push(made);
    }
    this.el.replaceChildren(...row);
  }

  private small(n: number): HTMLElement {
    const photo = this.box.photoAt(n);
    if (!photo) return el("span", { class: "strip-photo" });
    const img = el("img", { src: photo.src, alt: "", decoding: "async" });
    return el("button", { type: "button", class: "strip-photo", tabindex: -1, "data-n": n }, photo.src ? img : null);
  }
}
