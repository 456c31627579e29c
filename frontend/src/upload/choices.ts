// Where uploads go and what they are called: the form's own fields, remembered from one visit to the
// next, said in the window, and helped along while a folder is typed.
import { find, onPress } from "./finding";
import type { Place } from "./items";
import { recall, remember } from "./remembered";

type Field = HTMLInputElement | HTMLSelectElement;

const NAMES = ["channel", "folder", "naming"] as const;

export class Choices {
  private readonly fields = new Map<string, Field>();
  private readonly completed = new Set<string>();

  constructor(private readonly form: HTMLFormElement) {
    for (const name of NAMES) {
      const field = form.querySelector<Field>(`[name=${name}]`);
      if (field) this.fields.set(name, field);
    }
    this.restore();
    this.openAndClose();
    for (const field of this.fields.values()) field.addEventListener("change", () => this.keep());
    const folder = this.fields.get("folder");
    folder?.addEventListener("input", () => void this.complete(folder.value));
    this.say();
  }

  get channelName(): string {
    const field = this.fields.get("channel");
    return field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.label ?? "") : "";
  }

  /** A channel's name by its id; the chosen one's for one that came after the page was made. */
  nameOf(channel: string): string {
    const field = this.fields.get("channel");
    const options = field instanceof HTMLSelectElement ? [...field.options] : [];
    return options.find((option) => option.value === channel)?.label ?? this.channelName;
  }

  /** Where something goes that came in a folder of its own. */
  placeOf(folder: string): Place {
    const [chosen, below] = [clean(this.value("folder")), clean(folder)];
    return {
      channel: this.value("channel"),
      folder: [chosen, below].filter(Boolean).join("/"),
      naming: this.value("naming"),
    };
  }

  private value(name: string): string {
    return this.fields.get(name)?.value ?? "";
  }

  /** What was chosen last time, unless the page already says something else. */
  private restore(): void {
    if (this.form.dataset["chosen"] !== undefined) return;
    const kept = recall();
    for (const name of NAMES) {
      const [field, value] = [this.fields.get(name), kept[name]];
      if (field instanceof HTMLSelectElement) {
        if ([...field.options].some((option) => option.value === value)) field.value = value ?? "";
      } else if (field && value !== undefined) {
        field.value = value;
      }
    }
  }

  private keep(): void {
    const { channel, naming } = this.placeOf("");
    remember({ channel, naming, folder: clean(this.value("folder")) });
    this.say();
  }

  private say(): void {
    const said = this.form.querySelector("[data-to]");
    const folder = clean(this.value("folder"));
    const name = document.createElement("strong");
    name.textContent = this.channelName;
    said?.replaceChildren("to ", name, folder ? ` / ${folder.replaceAll("/", " / ")}` : "");
  }

  private openAndClose(): void {
    const details = this.form.querySelector("details");
    if (!details) return;
    // with a script the window comes first, and says where things go; without one the fields must
    // stand before the field they are about
    find(this.form, ".drop").after(details);
    details.open = false;
    const button = onPress(this.form, "change", () => {
      details.open = !details.open;
      button?.setAttribute("aria-expanded", String(details.open));
      if (details.open) details.querySelector<HTMLElement>("select, input")?.focus();
    });
  }

  /** Offer the folders of the folder that is being typed; each is asked for once. */
  private async complete(typed: string): Promise<void> {
    const list = this.form.querySelector("datalist");
    const parent = clean(typed.slice(0, typed.lastIndexOf("/") + 1));
    if (!list || !parent || this.completed.has(parent)) return;
    this.completed.add(parent);
    const answer = await fetch(`/api/v1/folders?${new URLSearchParams({ parent })}`).catch(() => null);
    if (!answer?.ok) return;
    const said = (await answer.json()) as { items: { path: string }[] };
    for (const { path } of said.items) {
      const option = document.createElement("option");
      option.value = path;
      list.append(option);
    }
  }
}

function clean(folder: string): string {
  return folder
    .split("/")
    .map((part) => part.trim())
    .filter(Boolean)
    .join("/");
}
