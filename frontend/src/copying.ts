// Copy buttons: `<button data-copy="#id-of-input">` copies the input's value, `data-copy-text="..."`
// the text itself. Buttons are in the page as `hidden` and shown here, since they need a script.

const SAID_MS = 1600;

/** Say it to a screen reader too: a button's own name does not change. */
export function announce(words: string): void {
  let region = document.querySelector<HTMLElement>("[data-announce]");
  if (!region) {
    region = document.createElement("p");
    region.className = "spoken";
    region.dataset["announce"] = "";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = words;
}

/** A field for the browser's older way to copy, which works on a plain http address too. */
function borrowed(text: string): HTMLTextAreaElement {
  const field = document.createElement("textarea");
  field.className = "spoken";
  field.value = text;
  document.body.append(field);
  return field;
}

/** Put a text on the clipboard; from `field`, if that holds it already. */
export async function put(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text); // only there on https and localhost
    return true;
  } catch {
    const focused = document.activeElement;
    const from = field ?? borrowed(text);
    from.select();
    const done = document.execCommand("copy");
    if (!field) {
      from.remove();
      if (focused instanceof HTMLElement) focused.focus();
    }
    return done;
  }
}

/** Let a button say for a moment what it did. */
export function flash(button: HTMLButtonElement, said: string): void {
  button.dataset["said"] ??= button.textContent;
  button.textContent = said;
  announce(said);
  setTimeout(() => {
    button.textContent = button.dataset["said"] ?? "Copy";
    delete button.dataset["said"];
  }, SAID_MS);
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const named = button.dataset["copy"];
  const field = named ? document.querySelector<HTMLInputElement>(named) : null;
  const text = field?.value ?? button.dataset["copyText"] ?? "";
  flash(button, (await put(text, field)) ? "Copied" : "Press Ctrl C");
}

export function enhanceCopying(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-copy], [data-copy-text]")) {
    if (!button.hidden) continue;
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}
