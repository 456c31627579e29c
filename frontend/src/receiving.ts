// The upload form's window: photos can be dropped or pasted into it, it says what it holds, and it
// glows while they are on their way. Without a script it is an ordinary field and button.

function hold(input: HTMLInputElement, files: FileList): void {
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function size(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const form = { style: "unit", unit: units[step] ?? "byte", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(document.documentElement.lang || "en", form).format(
    bytes / 1000 ** step,
  );
}

function holds(files: FileList): string {
  if (files.length === 0) return "";
  const total = [...files].reduce((sum, file) => sum + file.size, 0);
  const what = files.length === 1 ? (files[0]?.name ?? "") : `${files.length} chosen`;
  return `${what} \u00a0·\u00a0 ${size(total)}`;
}

/** Put two plain buttons where the browser's own field is, and say what it holds. */
function dress(drop: HTMLElement, input: HTMLInputElement): void {
  const send = drop.querySelector(".button.primary");
  if (!send) return;
  const choose = document.createElement("label");
  choose.className = "button";
  choose.htmlFor = input.id;
  choose.textContent = "Choose";
  const held = document.createElement("p");
  held.setAttribute("role", "status");
  const row = document.createElement("div");
  row.className = "actions";
  input.classList.add("spoken");
  send.replaceWith(row);
  row.append(choose, send);
  row.before(held);
  const say = (): void => {
    held.textContent = holds(input.files ?? new DataTransfer().files);
  };
  input.addEventListener("change", say);
  say();
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
    if (!input?.form) continue;
    dress(drop, input);
    enhance(drop, input, input.form);
  }
}
