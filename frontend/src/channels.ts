// Channels' cards in place: what is pressed on a card changes that card, and a test shows its steps
// as they are taken. Without this, the same forms lead to the same pages.
import htmx from "./htmx";
import { announce, enhanceCopying } from "./copying";
import { sayTimes } from "./times";

const PAGE_END = "\f";

let pressed: HTMLElement | null = null;

function dress(): void {
  sayTimes(document);
  enhanceCopying(document);
  const said = document.querySelector(".said-above h2, .trial h2");
  if (said) announce(said.textContent);
  // a menu is closed by what was chosen in it: the keyboard goes on from its button
  if (pressed && !pressed.closest("details")?.open) pressed.focus();
  pressed = null;
}

document.addEventListener("htmx:before:request", (event) => {
  const menu = event.target instanceof Element ? event.target.closest("details.menu") : null;
  pressed = menu?.querySelector("summary") ?? null;
});
document.addEventListener("htmx:after:swap", dress);

async function show(page: string, form: HTMLFormElement): Promise<void> {
  const target = document.querySelector("#main");
  if (!target) return;
  await htmx.swap({ text: page, sourceElement: form, target, select: "#main", swap: "outerMorph" });
}

/** The page comes again and again, with one step more each time. */
async function follow(form: HTMLFormElement): Promise<void> {
  const headers = { "X-Steps": "each" };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
  if (answer.redirected || !answer.body) {
    location.assign(answer.url);
    return;
  }
  let rest = "";
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const pages = (rest + value).split(PAGE_END);
    rest = pages.pop() ?? "";
    const last = pages.pop();
    if (last) await show(last, form);
  }
  if (rest) await show(rest, form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset["steps"] === undefined) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button?.setAttribute("aria-busy", "true");
  follow(form).catch(() => location.reload());
});
