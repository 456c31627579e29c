// Where everything stands. A page of items is laid out by itself, so that a page far down can be
// placed without those before it, and nothing moves when a neighbour comes or goes.
import type { Mode } from "./item";

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** What there is across. */
  readonly width: number;
  /** How high a row would best be. */
  readonly row: number;
  readonly gap: number;
  /** The room above an item that begins something. */
  readonly head: number;
}

export interface Laid {
  readonly boxes: readonly Box[];
  readonly height: number;
}

const TALLEST = 2.2; // times the best height of a row
const MOST = 24; // items of one row

/** Best height of a row, and the gap, for a width. */
export function frameFor(width: number, mode: Mode): Frame {
  if (mode === "list") return { width, row: 68, gap: 0, head: 56 };
  if (width < 560) return { width, row: Math.max(112, width / 3), gap: 6, head: 68 };
  return { width, row: width < 1000 ? 190 : Math.min(280, 130 + width / 11), gap: 8, head: 104 };
}

interface Break {
  readonly cost: number;
  readonly from: number;
}

/** The height that lets items `from` to `to` fill the width. */
function heightOf(sums: readonly number[], from: number, to: number, frame: Frame): number {
  return (frame.width - frame.gap * (to - from - 1)) / (sums[to]! - sums[from]!);
}

/** How far a row is from what it would best be; a row that had to be cut is the worst. */
function badness(height: number, frame: Frame): number {
  const off = Math.log(Math.max(height, 1) / frame.row);
  return off * off + (height > frame.row * TALLEST ? 9 : 0);
}

/** Where rows end so that all together are nearest to the best height, the last one included. */
function breaks(sums: readonly number[], frame: Frame, open: boolean): number[] {
  const count = sums.length - 1;
  const best: Break[] = [{ cost: 0, from: 0 }];
  for (let to = 1; to <= count; to++) {
    let found: Break = { cost: Infinity, from: to - 1 };
    for (let from = to - 1; from >= Math.max(0, to - MOST); from--) {
      const height = heightOf(sums, from, to, frame);
      const lone = open && to === count && height > frame.row;
      const cost = best[from]!.cost + (lone ? 0 : badness(height, frame));
      if (cost < found.cost) found = { cost, from };
      if (height < frame.row / 3) break;
    }
    best.push(found);
  }
  const ends: number[] = [];
  for (let at = count; at > 0; at = best[at]!.from) ends.unshift(at);
  return ends;
}

/** Rows that fill the width, no picture cut. `open`: the last row may stay short. */
export function justify(ratios: readonly number[], frame: Frame, open: boolean): Laid {
  const sums = [0];
  for (const ratio of ratios) sums.push(sums.at(-1)! + ratio);
  const boxes: Box[] = [];
  let y = 0;
  let from = 0;
  for (const to of breaks(sums, frame, open)) {
    const full = heightOf(sums, from, to, frame);
    const short = open && to === ratios.length && full > frame.row;
    const height = Math.round(short ? frame.row : Math.min(full, frame.row * TALLEST));
    let x = 0;
    for (let at = from; at < to; at++) {
      const last = at === to - 1 && !short;
      const width = last ? frame.width - x : Math.round(ratios[at]! * (short ? frame.row : full));
      boxes.push({ x, y, width, height });
      x += width + frame.gap;
    }
    y += height + frame.gap;
    from = to;
  }
  return { boxes, height: Math.max(0, y - frame.gap) };
}

/** One item a line. */
export function stack(count: number, frame: Frame): Laid {
  const boxes = Array.from({ length: count }, (_, at) => ({
    x: 0,
    y: at * frame.row,
    width: frame.width,
    height: frame.row,
  }));
  return { boxes, height: count * frame.row };
}

/** How many columns of about the width that a row would have in squares. */
function columnsOf(frame: Frame): { count: number; width: number } {
  const count = Math.max(2, Math.round((frame.width + frame.gap) / (frame.row * 1.25 + frame.gap)));
  return { count, width: (frame.width - frame.gap * (count - 1)) / count };
}

/** Squares, of which each shows the middle of its picture. */
export function squares(count: number, frame: Frame): Laid {
  const columns = columnsOf(frame);
  const step = columns.width + frame.gap;
  const boxes = Array.from({ length: count }, (_, at) => ({
    x: Math.round((at % columns.count) * step),
    y: Math.round(Math.floor(at / columns.count) * step),
    width: Math.round(columns.width),
    height: Math.round(columns.width),
  }));
  const rows = Math.ceil(count / columns.count);
  return { boxes, height: Math.max(0, Math.round(rows * step - frame.gap)) };
}

/** Columns of one width; the next picture goes where there is most room. Unless it is `open`, all end at
 * one height: pictures give or take the few pixels that it needs. */
export function columns(ratios: readonly number[], frame: Frame, open: boolean): Laid {
  const { count, width } = columnsOf(frame);
  const ends = Array.from({ length: count }, () => 0);
  const at: number[] = [];
  const heights = ratios.map((ratio) => width / ratio);
  for (const height of heights) {
    const column = ends.indexOf(Math.min(...ends));
    at.push(column);
    ends[column]! += height + frame.gap;
  }
  const used = ends.filter((end) => end > 0).map((end) => end - frame.gap);
  const tallest = Math.max(0, ...used);
  const mean = used.reduce((sum, end) => sum + end, 0) / Math.max(1, used.length);
  const even = !open && used.length === count && (tallest - Math.min(...used)) / mean < 0.2;
  const tops = Array.from({ length: count }, () => 0);
  const boxes = heights.map((height, n) => {
    const column = at[n]!;
    const items = at.reduce((sum, each) => sum + Number(each === column), 0) - 1;
    const full = ends[column]! - frame.gap;
    const room = even ? (mean - items * frame.gap) / (full - items * frame.gap) : 1;
    const box = {
      x: Math.round(column * (width + frame.gap)),
      y: Math.round(tops[column]!),
      width: Math.round(width),
      height: Math.round(height * room),
    };
    tops[column]! += height * room + frame.gap;
    return box;
  });
  return { boxes, height: Math.round(even ? mean : tallest) };
}

/** Lay each part by itself, one under the other, with room for its head. `heads`: where parts begin. */
export function parted(
  heads: readonly boolean[],
  frame: Frame,
  open: boolean,
  lay: (from: number, to: number, open: boolean) => Laid,
): Laid {
  const starts = heads.flatMap((head, at) => (head || at === 0 ? [at] : []));
  const boxes: Box[] = [];
  let y = 0;
  starts.forEach((from, n) => {
    const to = starts[n + 1] ?? heads.length;
    if (heads[from]) y += frame.head - (from === 0 ? frame.gap : 0);
    const laid = lay(from, to, open || to < heads.length);
    boxes.push(...laid.boxes.map((box) => ({ ...box, y: box.y + y })));
    y += laid.height + frame.gap;
  });
  return { boxes, height: Math.max(0, y - frame.gap) };
}
