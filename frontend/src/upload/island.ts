// The upload page, alive: what is given to the window is sent three at a time, each line says how far
// it is, and links are ready to be taken away. Without a script the form underneath does the work.
import { announce, flash, put } from "../copying";
import { Choices } from "./choices";
import { find, onPress } from "./finding";
import type { Found } from "./gathering";
import { type Item, isOver } from "./items";
import { LinkBar } from "./linkbar";
import { Lines } from "./lines";
import { type Halt, Queue } from "./queue";
import { ended, sumsOf, Totals } from "./totals";
import { openWindow } from "./window";
import { plural } from "./words";

const TICK_MS = 500;

function wake(form: HTMLFormElement): void {
  const list = find<HTMLElement>(document, "[data-uploads]");
  const csrf = find<HTMLInputElement>(form, "[name=csrf]").value;
  const choices = new Choices(form);
  const links = new LinkBar(list, () => lines.again(queue.items));
  const window_ = openWindow(form, take);
  const queue = new Queue(csrf, Number(form.dataset["limit"] ?? 0), { added, changed, halted });
  const totals = new Totals(list, {
    cancelAll: () => queue.cancelAll(),
    retryFailed: () => queue.retryFailed(),
  });
  const lines = new Lines(find(list, ".lines"), find(list, "template"), {
    cancel: (item) => queue.cancel(item),
    retry: (item) => queue.retry(item),
    copy: (item, button) => void copy([item], button),
    written: (stored) => links.write(stored),
    channel: (id) => choices.nameOf(id),
  });
  let ticking = 0;

  function take(found: Found[]): void {
    if (found.length === 0) {
      announce("There was nothing in it to send.");
      return;
    }
    queue.add(found.map(({ file, name, folder }) => ({ file, name, place: choices.placeOf(folder) })));
  }

  function added(items: readonly Item[]): void {
    list.hidden = false;
    form.classList.add("begun");
    lines.add(items);
    announce(`${plural(items.length, "original")} on the way.`);
    begin();
  }

  function changed(item: Item): void {
    lines.changed(item);
    begin();
    if (item.state.is === "failed") announce(`${item.name}: ${item.state.what}`);
    if (isOver(item) && !queue.busy) finish();
  }

  /** Look at the whole twice a second while something is on its way. */
  function begin(): void {
    if (ticking) return;
    ticking = setInterval(tick, TICK_MS);
    tick();
  }

  function finish(): void {
    clearInterval(ticking);
    ticking = 0;
    tick();
    announce(`${ended(sumsOf(queue.items))}.`);
  }

  function tick(): void {
    const sums = sumsOf(queue.items);
    totals.write(sums, queue.halt);
    links.offer(sums.done, sums.open);
    window_.show(sums.open > 0 ? sums.sent / Math.max(1, sums.bytes) : null);
    lines.again(queue.items.filter((item) => item.state.is === "pausing"));
  }

  function halted(halt: Halt): void {
    for (const notice of list.querySelectorAll<HTMLElement>("[data-halt]")) {
      notice.hidden = notice.dataset["halt"] !== halt;
      if (!notice.hidden) announce(notice.innerText);
    }
    if (halt === null) announce("Going on.");
    tick();
  }

  async function copy(items: readonly Item[], button: HTMLButtonElement): Promise<void> {
    const texts = items.flatMap((item) =>
      item.state.is === "done" ? [links.write(item.state.stored)] : [],
    );
    flash(button, (await put(texts.join("\n"), null)) ? "Copied" : "Press Ctrl C");
  }

  links.onCopyAll((button) => void copy(queue.items, button));
  const goOn = onPress(list, "go-on", () => {
    void queue.goOn().then((able) => {
      if (!able) flash(goOn as HTMLButtonElement, "Still signed out");
    });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => {
    if (queue.busy) event.preventDefault();
  });
  form.dataset["live"] = "";
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-upload]")) wake(form);
