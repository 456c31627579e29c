// A grid by mouse and by touch: a click opens, a click on the ring or with Ctrl selects, Shift draws a
// range, the mouse draws a band, a long press begins selecting by taps.
import type { Grid } from "./grid";
import type { Item } from "./item";
import type { Spot } from "./sheets";

const LONG_MS = 420;
const STILL = 9; // pixels that a finger or hand may tremble
const EDGE = 56; // near the window's edge, drawing a band scrolls

function spotOf(grid: Grid, event: Event): Spot | null {
  const el = event.target instanceof Element ? event.target.closest(".tile") : null;
  return el && grid.root.contains(el) ? grid.sheets.find(el.id.slice("tile-".length)) : null;
}

function clicks(grid: Grid, hushed: () => boolean): void {
  grid.root.addEventListener(
    "click",
    (event) => {
      const spot = spotOf(grid, event);
      if (!spot) return;
      event.preventDefault();
      if (hushed()) return;
      const onRing = (event.target as Element).closest(".tile-check") !== null;
      const adding = onRing || event.ctrlKey || event.metaKey || grid.selection.size > 0;
      if (event.shiftKey) grid.stretchTo(spot);
      else if (adding) grid.selection.toggle(spot.item);
      else grid.open(spot);
      grid.rest(spot);
    },
    true,
  );
}

/** Whether a long press has just been answered, so that the click that ends it is not. */
function presses(grid: Grid): () => boolean {
  let timer = 0;
  let answered = false;
  let start: PointerEvent | null = null;
  const stop = (): void => {
    clearTimeout(timer);
    start = null;
  };
  grid.root.addEventListener("pointerdown", (event) => {
    answered = false;
    if (event.pointerType === "mouse") return;
    const spot = spotOf(grid, event);
    if (!spot) return;
    start = event;
    timer = window.setTimeout(() => {
      answered = true;
      navigator.vibrate?.(8);
      grid.selection.toggle(spot.item);
      grid.rest(spot);
    }, LONG_MS);
  });
  grid.root.addEventListener("pointermove", (event) => {
    if (!start || event.pointerId !== start.pointerId) return;
    if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > STILL) stop();
  });
  for (const type of ["pointerup", "pointercancel"] as const) {
    grid.root.addEventListener(type, stop);
  }
  grid.root.addEventListener("contextmenu", (event) => {
    if (answered || start) event.preventDefault(); // the long press is ours
  });
  return () => answered;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** A band between two corners of the grid; selects what it touches. */
class Band {
  private readonly el = document.createElement("div");
  private readonly before: readonly Item[];
  private to: Corner;
  private frame = 0;

  constructor(
    private readonly grid: Grid,
    private readonly from: Corner,
    private pointer: PointerEvent,
    adding: boolean,
  ) {
    this.before = adding ? grid.selection.items : [];
    this.to = from;
    this.el.className = "band";
    grid.root.append(this.el);
    this.tick();
  }

  follow(event: PointerEvent): void {
    this.pointer = event;
  }

  private readonly tick = (): void => {
    const { clientY } = this.pointer;
    const below = clientY - (window.innerHeight - EDGE);
    const above = EDGE - clientY;
    if (below > 0) window.scrollBy(0, Math.min(below, EDGE) / 3);
    else if (above > 0) window.scrollBy(0, -Math.min(above, EDGE) / 3);
    const now = corner(this.grid, this.pointer);
    if (now.x !== this.to.x || now.y !== this.to.y) {
      this.to = now;
      this.draw();
    }
    this.frame = requestAnimationFrame(this.tick);
  };

  private draw(): void {
    const [left, right] = [this.from.x, this.to.x].sort((a, b) => a - b) as [number, number];
    const [top, bottom] = [this.from.y, this.to.y].sort((a, b) => a - b) as [number, number];
    const { style } = this.el;
    style.transform = `translate(${left}px, ${top}px)`;
    style.width = `${right - left}px`;
    style.height = `${bottom - top}px`;
    const touched = [...this.grid.sheets.between(top, bottom)].filter((spot) => {
      const box = this.grid.sheets.box(spot);
      return box.x < right && box.x + box.width > left;
    });
    this.grid.selection.only([...this.before, ...touched.map((spot) => spot.item)]);
  }

  end(): void {
    cancelAnimationFrame(this.frame);
    this.el.remove();
  }
}

function corner(grid: Grid, event: PointerEvent): Corner {
  const { left, top } = grid.root.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** Whether a band has just been drawn. */
function bands(grid: Grid): () => boolean {
  let start: PointerEvent | null = null;
  let from: Corner = { x: 0, y: 0 };
  let band: Band | null = null;
  let drawn = false;
  const ground = grid.options.ground ?? grid.root;
  ground.addEventListener("pointerdown", (event) => {
    drawn = false;
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    const target = event.target as Element;
    const onTile = grid.root.contains(target);
    if (!onTile && target.closest("a, button, input, select, textarea, label, summary, .keep-out")) {
      return;
    }
    if (event.offsetX > target.clientWidth && target === document.documentElement) return;
    start = event;
    from = corner(grid, event);
  });
  window.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (band) {
      band.follow(event);
      return;
    }
    if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < STILL) return;
    getSelection()?.removeAllRanges();
    document.documentElement.classList.add("banding");
    band = new Band(grid, from, event, start.ctrlKey || start.metaKey || start.shiftKey);
  });
  const end = (): void => {
    drawn = band !== null;
    band?.end();
    band = null;
    start = null;
    document.documentElement.classList.remove("banding");
  };
  window.addEventListener("pointerup", end);
  window.addEventListener("pointercancel", end);
  return () => drawn;
}

export function listen(grid: Grid): void {
  const pressed = presses(grid);
  const drawn = bands(grid);
  clicks(grid, () => pressed() || drawn());
  grid.root.addEventListener("dragstart", (event) => event.preventDefault());
}

/** Where nothing is chosen: a plain click on a link opens; with a key held, it is the browser's. */
export function follow(grid: Grid): void {
  grid.root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest(".tile-open") : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const spot = spotOf(grid, event);
    if (!spot) return;
    event.preventDefault();
    grid.open(spot);
  });
}
