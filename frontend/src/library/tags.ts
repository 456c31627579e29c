// Tags complete themselves: in a field of words parted by commas, the one being typed is offered.
interface Tag {
  readonly name: string;
  readonly count: number;
}

const TYPING_MS = 120;
let numbers = 0;

class Offers {
  private readonly list = document.createElement("ul");
  private timer = 0;
  private at = -1;

  constructor(private readonly field: HTMLInputElement) {
    const holder = document.createElement("div");
    holder.className = "offers";
    this.list.id = `offers-${++numbers}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Tags there are");
    this.list.hidden = true;
    holder.append(this.list);
    field.after(holder);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), TYPING_MS);
    });
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => setTimeout(() => this.show([]), 150));
  }

  private get parts(): string[] {
    return this.field.value.split(",").map((part) => part.trim());
  }

  private async ask(): Promise<void> {
    const typed = this.parts.at(-1) ?? "";
    if (!typed) return this.show([]);
    try {
      const answer = await fetch(`/studio/library/tags?prefix=${encodeURIComponent(typed)}`);
      const found = (await answer.json()) as Tag[];
      const had = new Set(this.parts.slice(0, -1));
      this.show(found.filter((tag) => !had.has(tag.name) && tag.name !== typed));
    } catch {
      this.show([]); // typing goes on without offers
    }
  }

  private show(tags: readonly Tag[]): void {
    this.at = -1;
    this.list.hidden = tags.length === 0;
    this.field.setAttribute("aria-expanded", String(tags.length > 0));
    this.field.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(
      ...tags.map((tag, at) => {
        const line = document.createElement("li");
        line.id = `${this.list.id}-${at}`;
        line.setAttribute("role", "option");
        line.dataset["name"] = tag.name;
        const count = document.createElement("span");
        count.className = "soft";
        count.textContent = String(tag.count);
        line.append(tag.name, count);
        line.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          this.take(tag.name);
        });
        return line;
      }),
    );
  }

  private key(event: KeyboardEvent): void {
    const lines = [...this.list.children];
    if (this.list.hidden || lines.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + lines.length) % lines.length;
      lines.forEach((line, n) => line.setAttribute("aria-selected", String(n === this.at)));
      this.field.setAttribute("aria-activedescendant", lines[this.at]!.id);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) {
      this.take((lines[this.at] as HTMLElement).dataset["name"] ?? "");
    } else if (event.key === "Escape") {
      this.show([]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private take(name: string): void {
    this.field.value = [...this.parts.slice(0, -1), name, ""].join(", ");
    this.show([]);
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const offered = new WeakSet<Element>();

export function enhanceTags(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-tags]")) {
    if (offered.has(field)) continue;
    offered.add(field);
    new Offers(field);
  }
}
