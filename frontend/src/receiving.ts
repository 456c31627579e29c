// The upload form's window: photos can be dropped or pasted into it, it says how many it holds, and it
// glows while they are on their way. Without a script it is an ordinary field and button.

function hold(input: HTMLInputElement, files: FileList): void {
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

function enhance(drop: HTMLElement, input: HTMLInputElement, form: HTMLFormElement): void {
  const glow = (on: boolean): void => void drop.classList.toggle("receiving", on);
  let depth = 0; // dragging over a child leaves the parent first

  drop.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) glow(++depth > 0);
  });
  drop.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    glow(depth > 0);
  });
  drop.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  drop.addEventListener("drop", (event) => {
    depth = 0;
    glow(false);
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    hold(input, event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData?.files.length) hold(input, event.clipboardData.files);
  });

  form.addEventListener("submit", () => {
    glow(true);
    const button = form.querySelector<HTMLButtonElement>(".button.primary");
    if (!button) return;
    button.textContent = "Sending";
    button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    glow(false); // back from the next page, as it was left
  });
}

export function enhanceReceiving(root: ParentNode): void {
  for (const drop of root.querySelectorAll<HTMLElement>(".drop")) {
    const input = drop.querySelector<HTMLInputElement>("input[type=file]");
    if (input?.form) enhance(drop, input, input.form);
  }
}
