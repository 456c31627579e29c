// What is to be sent, in order, three at a time; what failed for a while is tried again, what failed
// for good is said and does not hold up the others. Knows nothing of the page.
import { backAgain, freshProof, reachable } from "./connection";
import { type Item, isOver, type Place, type State } from "./items";
import { Meter } from "./meter";
import { type Outcome, type Problem, type Sending, send } from "./sending";
import { lookUp } from "./unclear";

const AT_ONCE = 3;
const MOST_TRIES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/** Why nothing moves: no connection, or nobody signed in. */
export type Halt = "offline" | "signed-out" | null;

export interface Listener {
  /** New items stand at the end. */
  added: (items: readonly Item[]) => void;
  /** An item's state is another one now. */
  changed: (item: Item) => void;
  /** The line was cut, or works again. */
  halted: (halt: Halt) => void;
}

export class Queue {
  readonly items: Item[] = [];
  halt: Halt = null;
  private readonly running = new Map<Item, Sending>();
  private readonly pauses = new Map<string, number>(); // until when, by channel
  private turn = 0; // everything before it is over or running

  constructor(
    private csrf: string,
    private readonly limit: number,
    private readonly listener: Listener,
  ) {
    addEventListener("offline", () => this.lose());
  }

  get busy(): boolean {
    return this.items.some((item) => !isOver(item));
  }

  add(files: readonly { file: File; name: string; place: Place }[]): void {
    const first = this.items.length;
    const added = files.map((one, at): Item => {
      return { id: first + at, ...one, state: this.begin(one.file), tries: 0, unclear: false };
    });
    this.items.push(...added);
    this.listener.added(added);
    this.pump();
  }

  private begin(file: File): State {
    if (!this.limit || file.size <= this.limit) return { is: "waiting" };
    return {
      is: "failed",
      what: "This is larger than the server accepts.",
      next: "Send something smaller, or raise the setting max_upload.",
    };
  }

  cancel(item: Item): void {
    if (isOver(item)) return;
    const sending = this.running.get(item);
    this.become(item, { is: "cancelled" });
    sending?.abort();
    this.pump();
  }

  cancelAll(): void {
    for (const item of this.items) this.cancel(item);
  }

  retry(item: Item): void {
    if (item.state.is !== "failed" && item.state.is !== "cancelled") return;
    item.tries = 0;
    this.become(item, this.begin(item.file));
    this.turn = 0;
    this.pump();
  }

  retryFailed(): void {
    for (const item of this.items) if (item.state.is === "failed") this.retry(item);
  }

  /** Go on after a halt: the proof is read anew, since somebody may have signed in again. */
  async goOn(): Promise<boolean> {
    const proof = await freshProof();
    if (proof === null) return false;
    this.csrf = proof;
    this.resume();
    return true;
  }

  private become(item: Item, state: State): void {
    item.state = state;
    this.listener.changed(item);
  }

  // --- the flow

  private pump(): void {
    if (this.halt) return;
    for (let at = this.turn; at < this.items.length && this.running.size < AT_ONCE; at++) {
      const item = this.items[at];
      if (!item) continue;
      if (at === this.turn && (isOver(item) || this.running.has(item))) this.turn++;
      if (item.state.is === "waiting" && !this.paused(item)) void this.carry(item);
    }
  }

  private paused(item: Item): boolean {
    return (this.pauses.get(item.place.channel) ?? 0) > Date.now();
  }

  private async carry(item: Item): Promise<void> {
    const sending = item.unclear ? this.lookingUp(item) : this.sending(item);
    this.running.set(item, sending);
    this.become(item, item.unclear ? { is: "storing" } : { is: "sending", sent: 0, rate: 0 });
    const outcome = await sending.outcome;
    this.running.delete(item);
    if (outcome.is === "stored") this.become(item, { is: "done", stored: outcome.stored });
    else if (outcome.is === "lost") await this.lost(item);
    else if (outcome.is === "refused") await this.refused(item, outcome.problem, outcome.after);
    this.pump();
  }

  private sending(item: Item): Sending {
    const meter = new Meter();
    meter.note(0, performance.now());
    return send(item, this.csrf, {
      sent: (bytes) => {
        if (item.state.is !== "sending") return;
        meter.note(bytes, performance.now());
        this.become(item, { is: "sending", sent: bytes, rate: meter.rate });
      },
      allSent: () => {
        if (item.state.is === "sending") this.become(item, { is: "storing" });
      },
    });
  }

  /** Only if it is not there already is it sent again. */
  private lookingUp(item: Item): Sending {
    const known = new Set(
      this.items.flatMap(({ state }) => (state.is === "done" ? [state.stored.id] : [])),
    );
    let again: Sending | null = null;
    let aborted = false;
    const outcome = lookUp(item, known).then((stored): Outcome | Promise<Outcome> => {
      item.unclear = false;
      if (stored) return { is: "stored", stored };
      if (aborted) return { is: "aborted" };
      this.become(item, { is: "sending", sent: 0, rate: 0 });
      again = this.sending(item);
      return again.outcome;
    });
    const abort = (): void => {
      aborted = true;
      again?.abort();
    };
    return { outcome, abort };
  }

  // --- what went wrong

  private async refused(item: Item, problem: Problem, after: number | null): Promise<void> {
    if (problem.code === "unauthenticated" || problem.code === "forbidden.csrf") {
      await this.unproven(item);
    } else if (problem.code === "rate-limited") {
      const until = Date.now() + (after ?? this.wait(item) / 1000) * 1000;
      this.pauses.set(item.place.channel, until);
      this.pause(item, until, null);
    } else if (problem.temporary && ++item.tries < MOST_TRIES) {
      this.pause(item, Date.now() + (after === null ? this.wait(item) : after * 1000), problem.title);
    } else {
      this.become(item, { is: "failed", what: problem.title, next: problem.remedy });
    }
  }

  /** Twice as long after each try, and never all at the same moment. */
  private wait(item: Item): number {
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** item.tries);
    return longest * (0.5 + Math.random() / 2);
  }

  private pause(item: Item, until: number, why: string | null): void {
    this.become(item, { is: "pausing", until, why });
    setTimeout(() => this.wake(item), Math.max(0, until - Date.now()));
  }

  private wake(item: Item): void {
    if (item.state.is === "pausing") {
      this.become(item, { is: "waiting" });
      this.turn = 0;
    }
    this.pump();
  }

  /** The session ended, or another tab began a new one: then its proof will do. */
  private async unproven(item: Item): Promise<void> {
    this.become(item, { is: "waiting" });
    this.turn = 0;
    if (item.tries++ < 2 && (await this.goOn())) return;
    this.stop("signed-out");
  }

  private async lost(item: Item): Promise<void> {
    item.unclear = true;
    if (!(await readable(item.file))) {
      this.become(item, {
        is: "failed",
        what: "This can no longer be read.",
        next: "It was moved or changed after you chose it. Choose it again.",
      });
      return;
    }
    if (navigator.onLine && (await reachable())) {
      await this.refused(item, BROKEN, null);
    } else {
      this.become(item, { is: "waiting" });
      this.lose();
    }
  }

  private lose(): void {
    if (this.halt || !this.busy) return;
    this.stop("offline");
    void backAgain().then(() => this.resume());
  }

  private stop(halt: Halt): void {
    if (this.halt) return;
    this.halt = halt;
    for (const [item, sending] of this.running) {
      item.unclear = true;
      this.become(item, { is: "waiting" });
      sending.abort();
    }
    this.turn = 0;
    this.listener.halted(halt);
  }

  private resume(): void {
    const halted = this.halt !== null;
    this.halt = null;
    if (halted) this.listener.halted(null);
    this.pump();
  }
}

const BROKEN: Problem = {
  status: 0,
  code: "broken-off",
  title: "The connection broke off.",
  remedy: "Nothing was stored. Try again over a steadier line.",
  temporary: true,
};

/** Whether the bytes are still where they were when they were chosen. */
async function readable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
