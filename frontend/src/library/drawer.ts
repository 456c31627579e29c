// The folders, in a drawer: opened where there is room for as long as it is wanted, and over the page
// where there is not. Each folder's own folders come when it is opened.
import htmx from "../htmx";
import { drawerIsOpen, keepDrawer, wide } from "./kept";

export class Drawer {
  private readonly el = document.querySelector<HTMLElement>("#drawer");
  private readonly button = document.querySelector<HTMLElement>("[data-drawer]");
  private readonly tree = document.querySelector<HTMLElement>("#tree");

  constructor() {
    if (!this.el || !this.button) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.show(this.el?.hidden === true));
    this.el.addEventListener("click", (event) => this.clicked(event));
    this.el.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.el.addEventListener("htmx:after:swap", () => this.follow());
    if (drawerIsOpen()) this.show(true, true);
  }

  private show(open: boolean, quiet = false): void {
    if (!this.el || !this.button || !this.tree) return;
    this.el.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    keepDrawer(open);
    if (open) setTimeout(() => this.tree && htmx.trigger(this.tree, "show-tree"), 0);
    if (open && !quiet) this.el.querySelector<HTMLElement>("a, button")?.focus();
  }

  private close(): void {
    this.show(false);
    this.button?.focus();
  }

  private clicked(event: Event): void {
    const target = event.target as Element;
    if (target.closest("[data-drawer-close]")) this.close();
    else if (target.closest("a") && !wide.matches) this.show(false, true);
    const opener = target.closest<HTMLElement>(".tree-open");
    if (opener) this.unfold(opener, opener.getAttribute("aria-expanded") !== "true");
  }

  private unfold(opener: HTMLElement, open: boolean): void {
    opener.setAttribute("aria-expanded", String(open));
    const inside = opener.parentElement?.querySelector<HTMLElement>(":scope > .tree-in");
    if (inside) inside.hidden = !open;
  }

  /** Mark the folder that is looked at, and open the way to it. */
  follow(): void {
    const asked = new URL(location.href).searchParams;
    const here = location.pathname === "/studio/library" ? (asked.get("folder") ?? "") : "";
    for (const link of this.el?.querySelectorAll<HTMLAnchorElement>("a") ?? []) {
      const current = link.dataset["path"]
        ? link.dataset["path"] === here
        : link.search === (asked.get("trash") ? "?trash=1" : "") && !here;
      if (current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      const around = link.dataset["path"] && here.startsWith(`${link.dataset["path"]}/`);
      const opener = link.parentElement?.querySelector<HTMLElement>(":scope > .tree-open");
      if (around && opener?.getAttribute("aria-expanded") === "false") opener.click();
    }
  }
}
