// How links are written: the row of formats, the size they lead to, a template of one's own, and all
// of them at once.
import { find, onPress } from "./finding";
import type { Stored } from "./items";
import { type Choice, type Format, written } from "./links";
import { recall, remember } from "./remembered";

const CUSTOM = "custom";
const TEMPLATE = "{markdown}";

export class LinkBar {
  private readonly choice: Choice;
  private readonly formats: readonly Format[];

  constructor(
    private readonly root: HTMLElement,
    private readonly changed: () => void,
  ) {
    this.formats = JSON.parse(root.dataset["formats"] ?? "[]") as Format[];
    const kept = recall();
    this.choice = {
      format: kept.format ?? this.formats[0]?.key ?? "url",
      preset: kept.preset ?? "",
      template: kept.template ?? TEMPLATE,
    };
    this.wireFormats();
    this.wirePreset();
    this.wireTemplate();
    this.show();
  }

  write(stored: Stored): string {
    return written(stored, this.choice, this.formats);
  }

  onCopyAll(act: (button: HTMLButtonElement) => void): void {
    const button = onPress(this.root, "copy-all", () => act(button as HTMLButtonElement));
  }

  /** Shown once there is a link. With more than one, all can be copied; when all are there, that is
      what the page is for. */
  offer(done: number, open: number): void {
    this.root.querySelector("[data-links]")?.toggleAttribute("hidden", done === 0);
    const all = this.root.querySelector<HTMLButtonElement>('[data-do="copy-all"]');
    all?.toggleAttribute("hidden", done < 2);
    all?.classList.toggle("primary", open === 0);
    this.show();
  }

  private get chips(): HTMLButtonElement[] {
    return [...this.root.querySelectorAll<HTMLButtonElement>("[data-format]")];
  }

  private wireFormats(): void {
    for (const chip of this.chips) {
      chip.addEventListener("click", () => this.choose({ format: chip.dataset["format"] ?? "url" }));
    }
  }

  private wirePreset(): void {
    const select = this.root.querySelector<HTMLSelectElement>("[data-preset]");
    if (!select) return;
    select.value = this.choice.preset;
    select.addEventListener("change", () => this.choose({ preset: select.value }));
  }

  private wireTemplate(): void {
    const box = this.root.querySelector<HTMLTextAreaElement>("[data-template] textarea");
    if (!box) return;
    box.value = this.choice.template;
    box.addEventListener("input", () => this.choose({ template: box.value || TEMPLATE }));
  }

  private choose(change: Partial<Choice>): void {
    Object.assign(this.choice, change);
    remember(change);
    this.show();
    this.changed();
  }

  private show(): void {
    for (const chip of this.chips) {
      chip.setAttribute("aria-pressed", String(chip.dataset["format"] === this.choice.format));
    }
    const links = this.root.querySelector("[data-links]");
    const custom = this.choice.format === CUSTOM && links !== null && !links.hasAttribute("hidden");
    if (links) find(this.root, "[data-template]").toggleAttribute("hidden", !custom);
  }
}
