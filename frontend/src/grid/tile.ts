// One tile: an element that shows one item after another as the grid scrolls past.
import { stand } from "./first";
import type { Box } from "./layout";
import type { Item } from "./item";
import { paint } from "./thumbhash";

const ENOUGH = 0.8; // of a tile's pixels: no eye tells the difference, and the next size is four times larger

function part(className: string, tag = "span"): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}

export class Tile {
  item: Item | null = null;
  /** What leads to the item: the tile itself, or a link in it beside what else stands on it. */
  readonly link: HTMLAnchorElement;
  private readonly photo: HTMLImageElement;
  private readonly sign: HTMLElement;
  private readonly mark: HTMLElement;
  private readonly name: HTMLElement;
  private facts: HTMLElement | null;

  /** `el` may be a tile that came with the page, as the template writes it. */
  constructor(readonly el: HTMLElement = document.createElement("a")) {
    el.classList.add("tile");
    this.link = this.had<HTMLAnchorElement>("tile-open", el) ?? (el as HTMLAnchorElement);
    const { link } = this;
    link.draggable = false;
    link.tabIndex = -1;
    const alone = link === el;
    el.setAttribute("role", alone ? "option" : "listitem");
    const frame = this.had("tile-frame", link) ?? link.appendChild(part("tile-frame"));
    this.photo = this.had<HTMLImageElement>("tile-photo", frame) ?? new Image();
    this.sign = this.had("tile-sign", frame) ?? frame.appendChild(part("tile-sign"));
    this.mark = this.had("tile-mark", frame) ?? frame.appendChild(part("tile-mark"));
    this.name = this.had("tile-name", link) ?? link.appendChild(part("tile-name"));
    this.facts = this.had("tile-facts", link);
    this.sign.setAttribute("aria-hidden", "true");
    this.photo.className = "tile-photo";
    this.photo.alt = "";
    this.photo.draggable = false;
    this.photo.decoding = "async";
    if (frame.firstChild !== this.photo) frame.prepend(this.photo);
    if (alone) el.appendChild(part("tile-check")).setAttribute("aria-hidden", "true");
    this.photo.addEventListener("load", () => this.settle("shown"));
    this.photo.addEventListener("error", () => this.settle("broken"));
  }

  private had<T extends HTMLElement>(className: string, inside: HTMLElement): T | null {
    return inside.querySelector<T>(`.${className}`);
  }

  /** Show what came with the page, which says it already. Its picture may be here, too. */
  adopt(item: Item): void {
    this.item = item;
    this.el.classList.toggle("paper", !item.src && !item.hash);
    if (this.facts) this.detailed = item;
    this.tell(item);
    if (!this.photo.getAttribute("src")) return;
    this.asked = true;
    if (this.photo.complete) this.settle(this.photo.naturalWidth ? "shown" : "broken");
  }

  private asked = false;

  fill(item: Item): void {
    const other = this.item?.id !== item.id;
    if (other && this.item) this.empty();
    this.item = item;
    this.link.href = item.href;
    this.el.id = `tile-${item.id}`;
    this.el.classList.toggle("paper", !item.src && !item.hash);
    this.sign.textContent = item.sign;
    this.mark.textContent = item.mark;
    this.name.textContent = item.name;
    this.tell(item);
    if (!other) return;
    this.haunted = false;
    this.el.classList.remove("ghostly");
  }

  /** Say what only a script can. */
  protected tell(_item: Item): void {
    // here there is nothing
  }

  private detailed: Item | null = null;

  /** Say all that is known of it, for the list. */
  detail(): void {
    const { item } = this;
    if (!item || this.detailed === item) return;
    this.detailed = item;
    this.facts ??= this.link.appendChild(part("tile-facts"));
    this.facts.replaceChildren(
      ...item.facts.map((fact) => {
        const said = document.createElement("span");
        said.textContent = fact;
        return said;
      }),
    );
  }

  private ghost: HTMLCanvasElement | null = null;
  private haunted = false;

  /** Have the picture's colours until it is here. Work, so it is done for what is seen, or at leisure. */
  haunt(): void {
    const { el, item } = this;
    if (this.haunted || !item?.hash || el.classList.contains("shown")) return;
    this.haunted = true;
    this.ghost ??= part("tile-ghost", "canvas") as HTMLCanvasElement;
    this.photo.before(this.ghost);
    el.classList.toggle("ghostly", paint(this.ghost, item.hash));
  }

  private placed = "";
  private stated = "";

  place(box: Box): void {
    const where = `${box.x} ${box.y} ${box.width} ${box.height}`;
    if (where === this.placed) return; // as most are, while the grid scrolls
    this.placed = where;
    stand(this.el, box);
    this.photo.sizes = `${Math.round(box.width * ENOUGH)}px`;
  }

  /** Ask for the picture; those that are seen come first. */
  load(seen: boolean): void {
    if (this.asked || !this.item?.src) return;
    this.asked = true;
    this.photo.fetchPriority = seen ? "high" : "low";
    this.photo.loading = "eager";
    this.photo.srcset = this.item.srcset;
    this.photo.src = this.item.src;
  }

  /** It is out of sight: what has not come yet is not waited for any more. */
  empty(): void {
    this.asked = false;
    this.photo.removeAttribute("srcset");
    this.photo.removeAttribute("src");
    this.el.classList.remove("shown", "broken");
  }

  private settle(how: "shown" | "broken"): void {
    if (!this.asked) return; // taking the source away is no failure
    this.el.classList.toggle("shown", how === "shown");
    this.el.classList.toggle("broken", how === "broken");
    if (how === "broken") this.mark.textContent ||= "No picture";
  }

  /** Show again what others say about the item. */
  repaint(): void {
    // here nobody says anything
  }

  /** Say what it is now. Whether anything of that is new. */
  state(selected: boolean, focusable: boolean, place: number, total: number): boolean {
    const now = `${this.item?.id ?? ""} ${selected} ${focusable} ${place} ${total}`;
    if (now === this.stated) return false;
    this.stated = now;
    const { el } = this;
    if (this.link === el) el.setAttribute("aria-selected", String(selected));
    el.setAttribute("aria-posinset", String(place));
    el.setAttribute("aria-setsize", String(total));
    this.link.tabIndex = focusable ? 0 : -1;
    return true;
  }
}
