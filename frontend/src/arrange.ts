// The photos of a gallery: put in order by drag or by keyboard. Ticks and buttons work without this.
import { announce } from "./copying";
import "./htmx";

const STEP = "arrange-tile";

class Arrange {
  private lifted: HTMLElement[] = [];
  private over: HTMLElement | null = null;

  constructor(private readonly form: HTMLFormElement) {
    for (const tile of this.tiles) tile.draggable = true;
    form.addEventListener("dragstart", (event) => this.lift(event));
    form.addEventListener("dragover", (event) => this.hover(event));
    form.addEventListener("drop", (event) => this.drop(event));
    form.addEventListener("dragend", () => this.letGo());
    form.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("change", () => this.count());
    this.count();
  }

  private get tiles(): HTMLElement[] {
    return [...this.form.querySelectorAll<HTMLElement>(`.${STEP}`)];
  }

  private get ticked(): HTMLElement[] {
    return this.tiles.filter((tile) => tile.querySelector<HTMLInputElement>("input:checked"));
  }

  private count(): void {
    const count = this.form.querySelector<HTMLElement>("[data-count]");
    if (!count) return;
    const { length } = this.ticked;
    count.hidden = false;
    count.textContent = length ? `${length} ticked` : "None ticked";
    for (const button of this.form.querySelectorAll<HTMLButtonElement>(".arrange-bar button")) {
      button.disabled = length === 0 || (button.value === "cover" && length !== 1);
    }
  }

  private tileOf(target: EventTarget | null): HTMLElement | null {
    return target instanceof Element ? target.closest<HTMLElement>(`.${STEP}`) : null;
  }

  private lift(event: DragEvent): void {
    const tile = this.tileOf(event.target);
    if (!tile || !event.dataTransfer) return;
    const ticked = this.ticked;
    this.lifted = ticked.includes(tile) ? ticked : [tile];
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", tile.dataset["id"] ?? "");
    for (const one of this.lifted) one.classList.add("lifted");
  }

  private hover(event: DragEvent): void {
    if (this.lifted.length === 0) return;
    event.preventDefault();
    this.mark(this.tileOf(event.target));
  }

  private mark(tile: HTMLElement | null): void {
    if (tile === this.over) return;
    this.over?.classList.remove("before");
    this.over = tile && this.mayLieBeside(tile) ? tile : null;
    this.over?.classList.add("before");
  }

  /** Photos stay in their section. */
  private mayLieBeside(tile: HTMLElement): boolean {
    const section = tile.dataset["section"];
    return !this.lifted.includes(tile) && this.lifted.every((one) => one.dataset["section"] === section);
  }

  private drop(event: DragEvent): void {
    if (this.lifted.length === 0) return;
    event.preventDefault();
    const before = this.over;
    const moved = this.lifted;
    this.letGo();
    if (before) void this.move(moved, before);
  }

  private letGo(): void {
    for (const one of this.lifted) one.classList.remove("lifted");
    this.lifted = [];
    this.mark(null);
  }

  private press(event: KeyboardEvent): void {
    const tile = this.tileOf(event.target);
    if (!tile || !event.altKey) return;
    const tiles = this.tiles.filter((one) => one.dataset["section"] === tile.dataset["section"]);
    const at = tiles.indexOf(tile);
    const across = this.across();
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(tiles.length - 1, at + step));
    if (to === at) return;
    const last = tiles[tiles.length - 1];
    const before = to > at ? (tiles[to + 1] ?? null) : (tiles[to] ?? null);
    void this.move([tile], before, last).then(() => {
      tile.querySelector("input")?.focus();
      announce(`Now ${to + 1} of ${tiles.length}`);
    });
  }

  /** How many tiles lie in one row. */
  private across(): number {
    const tiles = this.tiles;
    const top = tiles[0]?.offsetTop;
    const next = tiles.findIndex((tile) => tile.offsetTop !== top);
    return next < 0 ? tiles.length : next;
  }

  /** Show it at once, and put it back if the server does not agree. */
  private async move(moved: HTMLElement[], before: HTMLElement | null, after?: HTMLElement): Promise<void> {
    const list = moved[0]?.parentElement;
    if (!list) return;
    const was = [...list.children];
    if (before) before.before(...moved);
    else after?.after(...moved);
    const fields = new URLSearchParams();
    fields.set("csrf", this.form.querySelector<HTMLInputElement>("[name=csrf]")?.value ?? "");
    fields.set("action", "order");
    fields.set("ids", moved.map((one) => one.dataset["id"] ?? "").join(" "));
    const next = before?.dataset["id"];
    if (next) fields.set("before", next);
    const answer = await fetch(this.form.getAttribute("action") ?? "", {
      method: "POST",
      body: fields,
      headers: { accept: "application/json" },
    }).catch(() => null);
    if (answer?.ok) return this.say("Order saved. It is sorted by hand now.");
    list.append(...was);
    this.say("The order could not be saved. It is as it was.");
  }

  private say(text: string): void {
    const said = document.querySelector("#said");
    if (said) said.textContent = text;
  }
}

function arrange(): void {
  const form = document.querySelector<HTMLFormElement>("#arrange");
  if (form && !form.dataset["ready"]) {
    form.dataset["ready"] = "yes";
    new Arrange(form);
  }
}

document.addEventListener("htmx:after:swap", arrange);
arrange();
