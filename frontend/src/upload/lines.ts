// One line for each item, drawn when it changed, never more often than the screen is. A thousand are
// made a few dozen at a time, and the style sheet leaves out what is not in view.
import { find } from "./finding";
import type { Item, Stored } from "./items";
import { Previews, showStored } from "./previews";
import { badge, brief, DOT, duration, size, when } from "./words";

const MADE_AT_ONCE = 40;

export interface Actions {
  cancel: (item: Item) => void;
  retry: (item: Item) => void;
  copy: (item: Item, button: HTMLButtonElement) => void;
  /** The link as it is to be pasted. */
  written: (stored: Stored) => string;
  /** A channel's name by its id. */
  channel: (id: string) => string;
}

interface Line {
  element: HTMLElement;
  photo: HTMLElement;
  name: HTMLAnchorElement;
  facts: HTMLElement;
  progress: HTMLProgressElement;
  link: HTMLElement;
  button: HTMLButtonElement;
}

export class Lines {
  private readonly lines = new Map<Item, Line>();
  private readonly dirty = new Set<Item>();
  private readonly unmade: Item[] = [];
  private readonly previews = new Previews();
  private due = false;

  constructor(
    private readonly list: HTMLElement,
    private readonly pattern: HTMLTemplateElement,
    private readonly actions: Actions,
  ) {}

  add(items: readonly Item[]): void {
    this.unmade.push(...items);
    this.plan();
  }

  changed(item: Item): void {
    this.dirty.add(item);
    this.plan();
  }

  /** All whose words depend on the time or on the form of links. */
  again(items: readonly Item[]): void {
    for (const item of items) this.dirty.add(item);
    this.plan();
  }

  private plan(): void {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.draw();
    });
  }

  private draw(): void {
    const made = document.createDocumentFragment();
    for (const item of this.unmade.splice(0, MADE_AT_ONCE)) made.append(this.make(item));
    this.list.append(made);
    for (const item of this.dirty) {
      const line = this.lines.get(item);
      if (line) this.write(item, line);
    }
    this.dirty.clear();
    if (this.unmade.length > 0) this.plan();
  }

  private make(item: Item): HTMLElement {
    const copy = this.pattern.content.cloneNode(true) as DocumentFragment;
    const element = find<HTMLElement>(copy, "li");
    const line: Line = {
      element,
      photo: find(element, ".line-photo"),
      name: find(element, ".line-name"),
      facts: find(element, ".line-facts"),
      progress: find(element, "progress"),
      link: find(element, ".line-link"),
      button: find(element, "button"),
    };
    line.name.textContent = brief(item.name);
    line.name.title = item.name;
    line.photo.textContent = badge(item.name);
    line.progress.setAttribute("aria-label", item.name);
    line.button.addEventListener("click", () => this.press(item, line));
    this.previews.watch(item.file, line.photo);
    this.lines.set(item, line);
    this.write(item, line);
    return element;
  }

  private press(item: Item, line: Line): void {
    if (item.state.is === "done") this.actions.copy(item, line.button);
    else if (item.state.is === "failed" || item.state.is === "cancelled") this.actions.retry(item);
    else this.actions.cancel(item);
  }

  private write(item: Item, line: Line): void {
    const { state } = item;
    const before = line.element.dataset["state"];
    line.element.dataset["state"] = state.is;
    line.facts.textContent = this.factsOf(item);
    line.progress.hidden = !["sending", "storing", "pausing"].includes(state.is);
    line.progress.classList.toggle("waiting", state.is === "pausing");
    if (state.is === "sending") line.progress.value = share(state.sent, item.file.size);
    else if (state.is === "storing") line.progress.value = 1;
    if (state.is === "done") this.writeLink(line, state.stored, before !== "done");
    this.writeButton(item, line, before);
  }

  private writeLink(line: Line, stored: Stored, isNew: boolean): void {
    const text = this.actions.written(stored);
    line.link.hidden = false;
    line.link.textContent = text.replace(/^https?:\/\//, "");
    line.link.title = text;
    if (!isNew) return;
    line.name.href = `/studio/assets/${stored.id}`;
    if (stored.kind === "picture" || stored.kind === "video") showStored(line.photo, stored.id);
  }

  private writeButton(item: Item, line: Line, before: string | undefined): void {
    const word = WORDS[item.state.is];
    if (before === item.state.is && line.button.textContent) return; // it may say "Copied" just now
    line.button.textContent = word;
    line.button.setAttribute("aria-label", `${word} ${item.name}`);
    line.button.classList.toggle("plain", word === "Cancel");
  }

  private factsOf(item: Item): string {
    const { state, file } = item;
    const weight = size(file.size);
    const now = Date.now();
    switch (state.is) {
      case "waiting":
        return weight + DOT + "waiting";
      case "sending":
        return [weight, ...pace(state.sent, file.size, state.rate)].join(DOT);
      case "storing":
        return weight + DOT + "sent, now being stored and verified";
      case "pausing":
        return weight + DOT + `${this.reasonOf(item, state.why)}, going on ${when(state.until, now)}`;
      case "done":
        return weight + DOT + this.whereOf(state.stored);
      case "failed":
        return `${state.what} ${state.next}`;
      case "cancelled":
        return weight + DOT + "cancelled, nothing was stored";
    }
  }

  private reasonOf(item: Item, why: string | null): string {
    const channel = this.actions.channel(item.place.channel) || "The storage";
    return why?.replace(/\.$/, "") ?? `${channel} asked for a pause`;
  }

  private whereOf(stored: Stored): string {
    const channel = this.actions.channel(stored.channel_id);
    const place = [channel, ...stored.folder.split("/")].filter(Boolean).join(" / ");
    if (stored.linked) return `already in ${channel}, so it is kept once`;
    return `stored in ${place}, checksum verified`;
  }
}

const WORDS: Record<Item["state"]["is"], string> = {
  waiting: "Cancel",
  sending: "Cancel",
  storing: "Cancel",
  pausing: "Cancel",
  done: "Copy",
  failed: "Try again",
  cancelled: "Send after all",
};

function share(sent: number, all: number): number {
  return all > 0 ? Math.min(1, sent / all) : 0;
}

function pace(sent: number, all: number, rate: number): string[] {
  if (rate <= 0) return [];
  return [`${size(rate)}/s`, `${duration((all - sent) / rate)} left`];
}
