// The head of the list: how many, how much, how long still; and in the page's title while it goes on.
import { find, onPress } from "./finding";
import { isOver, type Item, sentOf } from "./items";
import { Meter } from "./meter";
import type { Halt } from "./queue";
import { DOT, duration, number, part, plural, size, when } from "./words";

export interface Sums {
  all: number;
  done: number;
  failed: number;
  open: number;
  bytes: number;
  sent: number;
  /** When something goes on again, if all that is left waits for that. */
  until: number | null;
}

export function sumsOf(items: readonly Item[]): Sums {
  const sums: Sums = { all: 0, done: 0, failed: 0, open: 0, bytes: 0, sent: 0, until: null };
  let moving = false;
  for (const item of items) {
    if (item.state.is === "cancelled") continue;
    sums.all++;
    if (item.state.is === "done") sums.done++;
    else if (item.state.is === "failed") sums.failed++;
    if (!isOver(item)) sums.open++;
    if (item.state.is === "pausing") sums.until = Math.min(sums.until ?? Infinity, item.state.until);
    moving ||= item.state.is === "sending" || item.state.is === "storing";
    if (item.state.is === "failed") continue;
    sums.bytes += item.file.size;
    sums.sent += sentOf(item);
  }
  if (moving) sums.until = null;
  return sums;
}

export class Totals {
  private readonly meter = new Meter();
  private readonly count: HTMLElement;
  private readonly facts: HTMLElement;
  private readonly progress: HTMLProgressElement;
  private readonly cancel: HTMLElement | null;
  private readonly retry: HTMLElement | null;
  private readonly title = document.title;

  constructor(root: HTMLElement, act: { cancelAll: () => void; retryFailed: () => void }) {
    this.count = find(root, "[data-count]");
    this.facts = find(root, "[data-facts]");
    this.progress = find(root, "[data-total]");
    this.cancel = onPress(root, "cancel-all", act.cancelAll);
    this.retry = onPress(root, "retry-failed", act.retryFailed);
  }

  write(sums: Sums, halt: Halt): void {
    if (sums.open > 0) this.meter.note(sums.sent, performance.now());
    else this.meter.reset();
    this.count.textContent = sums.open > 0 ? `${number(sums.done)} of ${number(sums.all)}` : ended(sums);
    this.facts.textContent = this.factsOf(sums, halt);
    this.progress.hidden = sums.open === 0;
    this.progress.value = sums.bytes > 0 ? sums.sent / sums.bytes : 0;
    this.progress.classList.toggle("waiting", halt !== null || sums.until !== null);
    this.cancel?.toggleAttribute("hidden", sums.open < 2);
    this.retry?.toggleAttribute("hidden", sums.failed === 0);
    if (this.retry) this.retry.textContent = `Try ${number(sums.failed)} again`;
    document.title = sums.open > 0 ? `${this.count.textContent} ${DOT} ${this.title}` : this.title;
  }

  private factsOf(sums: Sums, halt: Halt): string {
    const failed = sums.failed > 0 ? [`${number(sums.failed)} failed`] : [];
    if (sums.open === 0) return [size(sums.sent), ...failed].join(DOT);
    if (halt === null && sums.until !== null) {
      const goingOn = `going on ${when(sums.until, Date.now())}`;
      return [part(sums.sent, sums.bytes), goingOn, ...failed].join(DOT);
    }
    const rate = this.meter.rate;
    const left = halt === null && rate > 0 ? duration((sums.bytes - sums.sent) / rate) : "";
    const speed = left ? [`${size(rate)}/s`, `${left} left`] : [];
    return [part(sums.sent, sums.bytes), ...speed, ...failed].join(DOT);
  }
}

/** What stands above the list when nothing is on its way any more. */
export function ended(sums: Sums): string {
  if (sums.done > 0) return `${plural(sums.done, "link")} ready`;
  return sums.failed > 0 ? "Nothing was stored" : "Nothing is on its way";
}
