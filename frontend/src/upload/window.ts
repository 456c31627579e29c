// The window that waits for light: everything that can be given to it, by drop, paste and choice. The
// sun in it rises with what has arrived.
import { find, onPress } from "./finding";
import { type Found, fromClipboard, fromDrop, fromField } from "./gathering";

const BELOW = 27; // where the sun stands before dawn, and when all has come
const RISEN = 12;

export class Window {
  private readonly sun: SVGCircleElement | null;
  private depth = 0; // dragging over a child leaves the parent first

  constructor(
    private readonly drop: HTMLElement,
    private readonly input: HTMLInputElement,
    private readonly take: (found: Found[]) => void,
  ) {
    this.sun = drop.querySelector(".window-sun");
    this.takeChosen(input);
    this.takeDropped();
    this.takePasted();
    this.offerFolders();
    onPress(drop, "choose", () => input.click());
  }

  /** How much has come, from 0 to 1; `null` while nothing is on its way. */
  show(share: number | null): void {
    this.drop.classList.toggle("receiving", share !== null || this.depth > 0);
    this.sun?.setAttribute("cy", String(BELOW + (RISEN - BELOW) * (share ?? 0)));
  }

  private takeChosen(input: HTMLInputElement): void {
    input.required = false;
    input.addEventListener("change", () => {
      if (input.files?.length) this.take(fromField(input.files));
      input.value = ""; // so that the same can be chosen again
    });
  }

  private takeDropped(): void {
    const over = (on: boolean): void => {
      this.depth = on ? this.depth + 1 : Math.max(0, this.depth - 1);
      this.drop.classList.toggle("over", this.depth > 0);
    };
    addEventListener("dragenter", (event) => {
      if (carriesFiles(event)) over(true);
    });
    addEventListener("dragleave", (event) => {
      if (carriesFiles(event)) over(false);
    });
    addEventListener("dragover", (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    addEventListener("drop", (event) => {
      if (!event.dataTransfer || !carriesFiles(event)) return;
      event.preventDefault();
      this.depth = 0;
      this.drop.classList.remove("over");
      void fromDrop(event.dataTransfer).then(this.take);
    });
  }

  private takePasted(): void {
    addEventListener("paste", (event) => {
      const files = event.clipboardData?.files;
      if (!files?.length) return;
      event.preventDefault();
      this.take(fromClipboard(files, new Date()));
    });
  }

  private offerFolders(): void {
    if (!("webkitdirectory" in this.input)) return;
    const input = document.createElement("input");
    input.type = "file";
    input.webkitdirectory = true;
    input.hidden = true;
    this.drop.append(input);
    this.takeChosen(input);
    onPress(this.drop, "choose-folder", () => input.click())?.removeAttribute("hidden");
  }
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** The window's elements within a form. */
export function openWindow(form: HTMLFormElement, take: (found: Found[]) => void): Window {
  const drop = find<HTMLElement>(form, ".drop");
  return new Window(drop, find<HTMLInputElement>(drop, "input[type=file]"), take);
}
