// The tray: how many of how many, where the thumb is; the lists, and the last step.
import { button, el, sign } from "../el";
import { number, said, state } from "../state";
import { field, sheet, taking } from "../sheet";
import { type Picks, Refused } from "./client";

/** Words that begin with a number, which stands out. */
function counted(words: string, n: number, className: string): HTMLElement {
  const said = number(n);
  return el("span", { class: className }, el("strong", {}, said), words.slice(said.length));
}

export class Tray {
  private readonly count = el("p", { class: "tray-count" });
  private readonly listed = button("tray-list", "", () => this.lists());
  private readonly send = button("tray-send", "", () => this.submit());
  private readonly quiet = el("p", { class: "tray-quiet", hidden: true });
  readonly el = el(
    "section",
    { class: "picks-tray", "aria-label": said("picks"), hidden: true },
    el("div", { class: "tray-row" }, sign("heart"), this.count, this.listed, this.send),
    this.quiet,
  );

  constructor(
    private readonly picks: Picks,
    private readonly moved: () => void,
  ) {
    document.querySelector("#photos")?.after(this.el);
  }

  paint(): void {
    const { picks } = this;
    const { hearts: n, list } = picks;
    const { most } = state.proofing;
    this.el.hidden = n === 0 && picks.lists.length < 2;
    document.documentElement.classList.toggle("trayed", !this.el.hidden);
    if (this.el.hidden) return;
    this.count.replaceChildren(
      counted(said(most ? "picked_of" : "picked", { n, of: most }), n, "wide-only"),
      counted(said(most ? "of" : "picked", { n, of: most }), n, "narrow-only"),
    );
    this.listed.textContent = list?.name ?? said("my_picks");
    this.listed.hidden = !state.proofing.lists && picks.lists.length < 2;
    this.listed.setAttribute("aria-label", `${said("lists")}: ${this.listed.textContent}`);
    const studio = state.studio ? said("send_to", { studio: state.studio }) : said("send_picks");
    this.send.replaceChildren(
      ...(picks.locked
        ? [sign("check"), said("sent")]
        : [el("span", { class: "wide-only" }, studio), el("span", { class: "narrow-only", "aria-hidden": "true" }, said("send"))]),
    );
    this.send.setAttribute("aria-label", picks.locked ? said("locked") : studio);
    this.send.disabled = n === 0 && !picks.locked;
    this.el.classList.toggle("locked", picks.locked);
  }

  /** Something quiet to know about, until it is over. */
  note(words: string): void {
    this.quiet.textContent = words;
    this.quiet.hidden = !words;
  }

  // --- lists -------------------------------------------------------------------------------------------

  private lists(): void {
    const { picks } = this;
    const choices = el("div", { class: "list-choices" });
    for (const list of picks.lists) {
      const chosen = list.id === picks.list?.id;
      const choice = button("list-choice", list.name, () => {
        picks.choose(list.id);
        asked.close();
        this.moved();
      });
      if (list.state === "submitted") choice.append(sign("lock"));
      if (chosen) choice.setAttribute("aria-current", "true");
      choices.append(choice);
    }
    const asked = sheet(said("lists"), "", choices);
    if (state.proofing.lists) asked.body.append(this.making(asked.close));
    if (picks.viewer?.link) asked.body.append(...this.elsewhere());
  }

  private making(done: () => void): HTMLElement {
    const name = el("input", { required: true, maxlength: 100, autocomplete: "off" });
    const wrong = el("p", { class: "wrong", role: "alert" });
    const form = el(
      "form",
      { class: "form row-form" },
      field("list-name", said("new_list"), name),
      el("button", { class: "button" }, said("make")),
      wrong,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.picks.make(name.value.trim()).then(
        () => {
          done();
          this.moved();
        },
        (error: unknown) => (wrong.textContent = error instanceof Refused ? error.message : said("failed")),
      );
    });
    return form;
  }

  private elsewhere(): HTMLElement[] {
    const link = new URL(this.picks.viewer!.link, location.origin).href;
    return [taking("personal", said("elsewhere"), link), el("p", { class: "help" }, said("elsewhere_lede"))];
  }

  // --- the last step -----------------------------------------------------------------------------------

  private submit(): void {
    const { picks } = this;
    if (picks.locked) {
      this.thank(said("locked"));
      return;
    }
    const n = picks.hearts;
    const missing = state.proofing.least - n;
    if (missing > 0) {
      const asked = sheet(said("send_picks"), "", el("p", { class: "soft" }, said("least", { n: missing })));
      asked.body.append(button("button primary wide", said("back"), asked.close));
      return;
    }
    const name = el("input", { required: true, maxlength: 100, autocomplete: "name", value: picks.viewer?.name });
    const email = el("input", { type: "email", autocomplete: "email", value: picks.viewer?.email });
    const message = el("textarea", { rows: 3, maxlength: 4000 });
    const wrong = el("p", { class: "wrong", role: "alert" });
    const to = state.studio ? said("send_to", { studio: state.studio }) : said("send_picks");
    const go = el("button", { class: "button primary wide" }, to);
    const form = el(
      "form",
      { class: "form" },
      el("p", { class: "soft" }, said("send_lede", { n })),
      field("send-name", said("your_name"), name),
      field("send-email", said("your_email"), email, true),
      field("send-message", said("message"), message, true),
      wrong,
      go,
    );
    const asked = sheet(to, "", form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      go.disabled = true;
      picks.submit(name.value.trim(), email.value.trim(), message.value.trim()).then(
        () => {
          asked.close();
          this.thank(said("sent_lede"));
        },
        (error: unknown) => {
          go.disabled = false;
          wrong.textContent = error instanceof Refused ? error.message : said("waiting");
        },
      );
    });
  }

  private thank(words: string): void {
    const sent = el("div", { class: "sent-mark" }, sign("check"));
    const asked = sheet(said("sent"), "sent-sheet", sent, el("p", {}, words));
    if (this.picks.viewer?.link) asked.body.append(...this.elsewhere());
    asked.body.append(button("button primary wide", said("back"), asked.close));
  }
}
