// Where everything stands. A page of items is laid out by itself, so that a page far down can be
// placed without those before it, and nothing moves when a neighbour comes or goes.

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
}

export interface Laid {
  readonly boxes: readonly Box[];
  readonly height: number;
}

const TALLEST = 2.2; // times the best height of a row
const MOST = 24; // items of one row

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
