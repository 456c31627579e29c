// Copy buttons: `<button data-copy="#id-of-input">` copies the input's value, `data-copy-text="..."`
// the text itself. Buttons are in the page as `hidden` and shown here, since they need a script.

const SAID_MS = 1600;

/** Say it to a screen reader too: the button's own name does not change. */
function announce(words: string): void {
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

async function put(text: string, field: HTMLInputElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text); // only there on https and localhost
    return true;
  } catch {
    field?.select();
    return field !== null && document.execCommand("copy");
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const named = button.dataset["copy"];
  const field = named ? document.querySelector<HTMLInputElement>(named) : null;
  const text = field?.value ?? button.dataset["copyText"] ?? "";
  const said = (await put(text, field)) ? "Copied" : "Press Ctrl C";
  button.dataset["said"] ??= button.textContent;
  button.textContent = said;
  announce(said);
  setTimeout(() => {
    button.textContent = button.dataset["said"] ?? "Copy";
  }, SAID_MS);
}

export function enhanceCopying(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-copy], [data-copy-text]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}
