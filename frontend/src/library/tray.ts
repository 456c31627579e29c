// What is selected, and what can be done to all of it.
import { announce, put } from "../copying";
import type { Selection } from "../grid/selection";
import { download } from "./archive";
import type { Asset } from "./asset";
import { type Outcome, carryOut } from "./batch";
import { everything } from "./everything";
import { prepare, write } from "./links";
import { say } from "./said";
import type { View } from "./view";

function plural(count: number): string {
  return count === 1 ? "1 asset" : `${count.toLocaleString("en")} assets`;
}

/** Ask in a sheet; what was filled in, or null if it was closed. */
export function ask(id: string): Promise<FormData | null> {
  const sheet = document.querySelector<HTMLDialogElement>(`#${id}`);
  const form = sheet?.querySelector("form");
  if (!sheet || !form) return Promise.resolve(null);
  const before = document.activeElement;
  sheet.returnValue = "";
  sheet.showModal();
  return new Promise((resolve) => {
    sheet.addEventListener(
      "close",
      () => {
        if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
        resolve(sheet.returnValue === "go" ? new FormData(form) : null);
      },
      { once: true },
    );
  });
}

/** Have all that is selected put into a gallery: a form as any other, in a sheet. */
function gather(assets: readonly Asset[]): void {
  const sheet = document.querySelector<HTMLDialogElement>("#gallery-sheet");
  const into = sheet?.querySelector("select");
  const title = sheet?.querySelector<HTMLInputElement>("[name=title]");
  const ids = sheet?.querySelector<HTMLInputElement>("[name=ids]");
  if (!sheet || !into || !title || !ids) return;
  ids.value = assets.map((asset) => asset.id).join(" ");
  const follow = (): void => {
    const known = into.value !== "";
    title.required = !known;
    title.disabled = known;
    const field = title.closest<HTMLElement>(".field");
    if (field) field.hidden = known;
  };
  into.onchange = follow;
  follow();
  const close = sheet.querySelector<HTMLElement>("[data-close]");
  if (close) close.onclick = () => sheet.close();
  sheet.showModal();
}

export class Tray {
  /** Under way to select all there is; how many that were the last time. */
  private gathering: AbortController | null = null;
  private all = -1;

  constructor(private readonly view: View) {
    view.hooks.select = (selection) => this.follow(selection);
    view.hooks.remove = (item) => {
      if (this.selected.length > 0) void this.discard(this.selected);
      else if (this.trashed) return;
      else void this.discard([item as Asset]);
    };
    document.addEventListener("click", (event) => {
      const asked = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
      if (asked) void this.act(asked.dataset["do"] ?? "");
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.selected.length) return;
      if (document.querySelector("dialog[open], #panel:not([hidden])")) return;
      this.view.grid?.selection.clear();
    });
  }

  private get selected(): readonly Asset[] {
    return (this.view.grid?.selection.items ?? []) as readonly Asset[];
  }

  private get trashed(): boolean {
    return this.view.grid?.root.dataset["trash"] !== undefined;
  }

  private follow(selection: Selection): void {
    const tray = document.querySelector<HTMLElement>("#tray");
    const count = document.querySelector<HTMLElement>("#tray-count");
    if (!tray || !count) return;
    tray.hidden = selection.size === 0;
    const word = document.createElement("span");
    word.textContent = " selected";
    count.replaceChildren(selection.size.toLocaleString("en"), word);
    announce(selection.size ? `${selection.size} selected` : "Nothing selected");
    this.gathering?.abort();
    this.offer(selection);
  }

  /** What is loaded is selected, but there is more: say so, and offer it. */
  private offer(selection: Selection): void {
    const button = document.querySelector<HTMLButtonElement>("#tray-all");
    const { grid } = this.view;
    if (!button || !grid) return;
    const [loaded, whole] = grid.sheets.loaded;
    button.hidden = whole || selection.size < loaded || selection.size === this.all;
    const total = grid.root.dataset["total"];
    button.textContent = total ? `Select all ${Number(total).toLocaleString("en")}` : "Select all there are";
  }

  private async selectAll(): Promise<void> {
    const button = document.querySelector<HTMLButtonElement>("#tray-all");
    const { grid } = this.view;
    if (!button || !grid || this.gathering) return;
    const broken = new AbortController();
    this.gathering = broken;
    const went = (count: number): void => void (button.textContent = `${count.toLocaleString("en")} so far`);
    try {
      const found = await everything(this.view.url, went, broken.signal);
      this.gathering = null;
      this.all = found.length;
      const active = grid.activeSpot();
      if (active) grid.focus(active); // the button goes
      grid.selection.only(found);
    } catch {
      if (!broken.signal.aborted) say("The server does not answer. Try again in a moment.");
      this.offer(grid.selection);
    } finally {
      this.gathering = null;
    }
  }

  private async act(what: string): Promise<void> {
    const assets = this.selected;
    if (assets.length === 0) return;
    if (what === "all") await this.selectAll();
    else if (what === "clear") this.view.grid?.selection.clear();
    else if (what === "copy") await this.copy(assets);
    else if (what === "download") await this.download(assets);
    else if (what === "delete") await this.discard(assets);
    else if (what === "restore") await this.restore(assets);
    else if (what === "purge") await this.purge(assets);
    else if (what === "gallery") gather(assets);
    else if (what === "move") await this.move(assets);
    else if (what === "tag") await this.change(assets, "tag", "tag-sheet", "Tags changed");
    else if (what === "show") await this.change(assets, "show", "show-sheet", "Changed who sees it");
  }

  private async carry(assets: readonly Asset[], action: string, more: Record<string, string> = {}): Promise<Outcome> {
    const ids = assets.map((asset) => asset.id);
    return carryOut(ids, action, more, (done) => say(`${done} of ${ids.length}`));
  }

  /** Say what was done, and of those that stayed why. */
  private tell(done: string, outcome: Outcome, undo?: () => void): void {
    const [first] = outcome.refused;
    const stayed = first
      ? `${outcome.done.length ? ". " : ""}${plural(outcome.refused.length)} stayed: ${first.message} ${first.remedy}`
      : "";
    const said = outcome.done.length ? `${done}: ${plural(outcome.done.length)}` : "";
    say(said + stayed, undo && outcome.done.length ? { label: "Undo", take: undo } : undefined);
  }

  private async copy(assets: readonly Asset[]): Promise<void> {
    const sheet = document.querySelector<HTMLElement>("#copy-sheet");
    if (!sheet) return;
    prepare(sheet);
    if (!(await ask("copy-sheet"))) return;
    const done = await put(write(sheet, assets), null);
    if (done) say(`Copied ${assets.length === 1 ? "1 link" : `${assets.length} links`}`);
    else say("Your browser does not let pages copy here. Open one and copy its link.");
  }

  private async download(assets: readonly Asset[]): Promise<void> {
    const [only] = assets;
    if (assets.length > 1 || !only) return download(assets, ask);
    const link = document.createElement("a");
    link.href = only.link;
    link.download = only.name;
    link.click();
  }

  /** Into the trash, with the way back. */
  async discard(assets: readonly Asset[]): Promise<void> {
    const outcome = await this.carry(assets, "delete");
    const gone = new Set(outcome.done.map((asset) => asset.id));
    const back = this.view.grid?.remove(gone);
    this.tell("Moved to the trash", outcome, () => void this.bringBack(outcome.done, back));
  }

  /** Undo a deletion: what comes back stands where it stood. */
  async bringBack(assets: readonly Asset[], back: (() => void) | undefined): Promise<void> {
    const outcome = await this.carry(assets, "restore");
    if (outcome.refused.length === 0) back?.();
    for (const asset of outcome.done) this.view.grid?.replace(asset);
    this.tell("Restored", outcome);
  }

  private async restore(assets: readonly Asset[]): Promise<void> {
    const outcome = await this.carry(assets, "restore");
    this.view.grid?.remove(new Set(outcome.done.map((asset) => asset.id)));
    this.tell("Restored", outcome);
  }

  private async purge(assets: readonly Asset[]): Promise<void> {
    if (!(await ask("purge-sheet"))) return;
    const outcome = await this.carry(assets, "purge");
    this.view.grid?.remove(new Set(outcome.done.map((asset) => asset.id)));
    this.tell("Deleted for good", outcome);
  }

  private async move(assets: readonly Asset[]): Promise<void> {
    const chosen = await ask("move-sheet");
    if (!chosen) return;
    const folder = String(chosen.get("folder") ?? "").replace(/^\/+|\/+$/g, "");
    const outcome = await this.carry(assets, "move", { folder });
    const here = this.view.url.searchParams.get("folder");
    if (here !== null && here !== folder) {
      this.view.grid?.remove(new Set(outcome.done.map((asset) => asset.id)));
    } else this.renew(outcome.done);
    this.tell(`Moved to ${folder || "the top folder"}`, outcome);
  }

  private async change(assets: readonly Asset[], action: string, sheet: string, done: string): Promise<void> {
    const chosen = await ask(sheet);
    if (!chosen) return;
    const more = Object.fromEntries([...chosen].map(([name, value]) => [name, String(value)]));
    const outcome = await this.carry(assets, action, more);
    this.renew(outcome.done);
    this.tell(done, outcome);
  }

  private renew(assets: readonly Asset[]): void {
    for (const asset of assets) this.view.grid?.replace(asset);
  }
}
