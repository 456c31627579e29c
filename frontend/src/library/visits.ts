// Looking at something else of the library without leaving the page: searching as you type, other
// kinds and orders, folders, and back. The server renders the whole page, as for a visit without a
// script; the parts that differ are put in.
import { announce, enhanceCopying } from "../copying";
import type { View } from "./view";

const TYPING_MS = 200;
const PATH = "/studio/library";

type How = "push" | "replace" | "back";

export class Visits {
  private stop: AbortController | null = null;
  private timer = 0;
  private typing = false;

  constructor(
    private readonly view: View,
    private readonly arrived: () => void,
  ) {
    this.listenToForm();
    this.listenToLinks();
  }

  private get form(): HTMLFormElement | null {
    return document.querySelector<HTMLFormElement>("#look");
  }

  private listenToForm(): void {
    const { form } = this;
    form?.addEventListener("input", (event) => {
      clearTimeout(this.timer);
      const typed = (event.target as Element).matches("[type=search]");
      this.timer = window.setTimeout(() => this.ask(typed), typed ? TYPING_MS : 0);
    });
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.timer);
      this.ask(true);
    });
    form?.addEventListener("focusout", () => (this.typing = false));
    const box = form?.querySelector<HTMLInputElement>("[type=search]");
    if (box && box === document.activeElement && box.value !== box.defaultValue) this.ask(true); // typed before this was here
    for (const choice of document.querySelectorAll<HTMLElement>("[data-view]")) {
      choice.addEventListener("click", (event) => {
        event.preventDefault();
        this.view.setMode(choice.dataset["view"] === "list" ? "list" : "grid");
      });
    }
  }

  private ask(typed: boolean): void {
    if (!this.form) return;
    const url = new URL(PATH, location.origin);
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && value && !(name === "sort" && value === "newest")) {
        url.searchParams.set(name, value);
      }
    }
    void this.go(url, typed && this.typing ? "replace" : "push");
    this.typing = typed;
  }

  private listenToLinks(): void {
    document.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
      if (!link || !plain || event.defaultPrevented || link.target || !this.form) return;
      const url = new URL(link.href, location.href);
      if (url.origin !== location.origin || url.pathname !== PATH) return;
      if (!link.closest("#head, #results, #drawer, .page-foot")) return;
      event.preventDefault();
      void this.go(url, "push").then(() => {
        document.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
      });
    });
  }

  async go(url: URL, how: How): Promise<void> {
    this.stop?.abort();
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.stale(true);
    try {
      const answer = await fetch(url, { signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.querySelector("#results")) throw new Error("another page"); // signed out, an error
      if (signal.aborted) return;
      this.view.unmount();
      if (how === "push") history.pushState(null, "", url);
      else if (how === "replace") history.replaceState(null, "", url);
      this.view.url = url;
      this.put(page, how);
    } catch (error) {
      if (!signal.aborted) location.assign(url);
      else if (!(error instanceof DOMException)) throw error;
    }
  }

  private stale(on: boolean): void {
    document.querySelector("#results")?.classList.toggle("stale", on);
  }

  private put(page: Document, how: How): void {
    document.title = page.title;
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = page.getElementById(part.id);
      if (other) part.replaceWith(document.importNode(other, true));
    }
    this.follow(page, how);
    const results = document.querySelector("#results");
    if (results) enhanceCopying(results);
    if (how !== "back") window.scrollTo({ top: 0, behavior: "instant" });
    this.view.mount(how === "back");
    this.arrived();
    const shown = this.view.grid?.total ?? 0;
    announce(this.view.grid ? `${shown} shown` : (results?.querySelector("h2")?.textContent ?? ""));
  }

  /** The form says what is looked at; what is being typed stays as it is, but for going back. */
  private follow(page: Document, how: How): void {
    const { form } = this;
    const other = page.querySelector<HTMLFormElement>("#look");
    if (!form || !other) return;
    for (const kept of form.querySelectorAll("input[type=hidden]")) kept.remove();
    form.append(...[...other.querySelectorAll("input[type=hidden]")].map((el) => document.importNode(el, true)));
    for (const name of ["q", "kind", "sort"]) {
      const [mine, theirs] = [form, other].map((each) => each.elements.namedItem(name));
      if (mine === document.activeElement && name === "q" && how !== "back") continue;
      if (mine instanceof HTMLInputElement || mine instanceof HTMLSelectElement) {
        mine.value = (theirs as HTMLInputElement | HTMLSelectElement).value;
      }
    }
  }
}
