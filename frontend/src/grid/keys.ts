// A grid by keyboard: one item has the focus, arrows move it, Space selects, Enter opens.
import type { Grid } from "./grid";
import type { Spot } from "./sheets";

/** The next item of the same column. */
function inColumn(grid: Grid, from: Spot, direction: 1 | -1): Spot | null {
  const { x } = grid.sheets.box(from);
  for (let n = from.sheet.first + from.at + direction; ; n += direction) {
    const spot = grid.sheets.nth(n);
    if (!spot || grid.sheets.box(spot).x === x) return spot;
  }
}

/** The nearest item in the row above (-1) or below (1). */
function vertical(grid: Grid, from: Spot, direction: 1 | -1): Spot | null {
  const { sheets } = grid;
  const start = sheets.box(from);
  if (grid.mode === "masonry") return inColumn(grid, from, direction);
  const middle = start.x + start.width / 2;
  let n = from.sheet.first + from.at;
  let row: number | null = null;
  let best: Spot | null = null;
  let away = Infinity;
  for (;;) {
    n += direction;
    const spot = sheets.nth(n);
    if (!spot) return best;
    const box = sheets.box(spot);
    if (box.y === start.y) continue;
    row ??= box.y;
    if (box.y !== row) return best;
    const off = Math.abs(box.x + box.width / 2 - middle);
    if (off < away) [best, away] = [spot, off];
  }
}

function paged(grid: Grid, from: Spot, direction: 1 | -1): Spot | null {
  const target = grid.sheets.box(from).y + direction * window.innerHeight * 0.85;
  let spot: Spot | null = from;
  for (;;) {
    const next: Spot | null = vertical(grid, spot, direction);
    if (!next) return spot;
    spot = next;
    if ((grid.sheets.box(spot).y - target) * direction >= 0) return spot;
  }
}

function aim(grid: Grid, from: Spot, key: string): Spot | null {
  const { sheets } = grid;
  const n = from.sheet.first + from.at;
  switch (key) {
    case "ArrowLeft":
      return sheets.nth(n - 1);
    case "ArrowRight":
      return sheets.nth(n + 1);
    case "ArrowUp":
      return vertical(grid, from, -1);
    case "ArrowDown":
      return vertical(grid, from, 1) ?? sheets.nth(sheets.count - 1);
    case "Home":
      return sheets.nth(0);
    case "End":
      return sheets.nth(sheets.count - 1);
    case "PageUp":
      return paged(grid, from, -1);
    case "PageDown":
      return paged(grid, from, 1);
    default:
      return null;
  }
}

const MOVES = /^(Arrow(Left|Right|Up|Down)|Home|End|Page(Up|Down))$/;

export function listen(grid: Grid): void {
  grid.root.addEventListener("keydown", (event) => {
    const active = grid.activeSpot();
    if (!active || event.altKey) return;
    const command = event.ctrlKey || event.metaKey;
    if (!grid.choosing && event.key !== "Tab" && grid.options.onKey?.(active.item, event)) {
      event.preventDefault();
      return;
    }
    if (!grid.choosing && (command || !MOVES.test(event.key))) return;
    if (MOVES.test(event.key)) {
      const to = aim(grid, active, event.key);
      if (to && event.shiftKey && grid.choosing) grid.stretchTo(to);
      if (to) grid.focus(to);
      else if (event.key === "End") void grid.jump(grid.total - 1);
    } else if (event.key === " ") {
      if (event.shiftKey) grid.stretchTo(active);
      else grid.selection.toggle(active.item);
    } else if (event.key === "Enter" && !command) {
      grid.open(active);
    } else if (command && event.key.toLowerCase() === "a") {
      grid.selectAll();
    } else if (event.key === "Escape" && grid.selection.size > 0) {
      grid.selection.clear();
    } else if (event.key === "Delete" && grid.options.onDelete) {
      grid.options.onDelete(active.item);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}
