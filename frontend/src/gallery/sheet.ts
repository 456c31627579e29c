// A sheet that asks something: the browser's own dialog, so the focus stays in it and comes back.
import { button, el } from "./el";
import { said } from "./state";

type Content = (Node | string | null | undefined | false)[];

export interface Sheet {
  readonly el: HTMLDialogElement;
  readonly body: HTMLElement;
  close: () => void;
}

/** Open a sheet; it leaves the page when it is closed. */
export function sheet(title: string, className: string, ...content: Content): Sheet {
  const body = el("div", { class: "sheet-body" }, ...content);
  const dialog = el(
    "dialog",
    { class: `sheet-over ${className}`, "aria-label": title },
    el("div", { class: "sheet-head" }, el("h2", {}, title), button("tool", said("close"), () => dialog.close(), "close")),
    body,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  (document.querySelector(".pswp") ?? document.body).append(dialog);
  dialog.showModal();
  return { el: dialog, body, close: () => dialog.close() };
}

/** A field with its label. */
export function field(
  id: string,
  label: string,
  input: HTMLInputElement | HTMLTextAreaElement,
  optional = false,
  help = "",
): HTMLElement {
  input.id = id;
  if (help) input.setAttribute("aria-describedby", `${id}-help`);
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, `${label} `, optional && el("span", { class: "optional" }, said("optional"))),
    input,
    help ? el("p", { class: "help", id: `${id}-help` }, help) : null,
  );
}

/** A value to take away, with its button. */
export function taking(id: string, label: string, value: string): HTMLElement {
  const input = el("input", { id, readonly: true, value });
  const copy = button("button", said("copy"), () => {
    input.select();
    void navigator.clipboard?.writeText(value).then(() => (copy.textContent = said("copied")));
  });
  return el("div", { class: "copy" }, el("label", { for: id }, label), input, copy);
}
