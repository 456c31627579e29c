// What was said about one photo, with answers; text, never markup.
import { button, el } from "./el";
import { Refused, ask } from "./picks/client";
import { locale, said } from "./state";

interface Comment {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly parent: string | null;
  readonly at: string;
  readonly mine?: boolean;
  readonly owner?: boolean;
}

const when = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

export class Comments {
  readonly el = el("section", { class: "comments" });
  private readonly lines = el("ol", { class: "comment-lines" });
  private readonly wrong = el("p", { class: "wrong", role: "alert" });
  private asset = "";
  private asked = 0;

  constructor() {
    this.el.append(el("h3", {}, said("comments")), this.lines, this.form(null));
  }

  /** Show what was said about a photo. */
  about(asset: string): void {
    if (asset === this.asset) return;
    this.asset = asset;
    this.lines.replaceChildren();
    this.wrong.textContent = "";
    void this.read();
  }

  private async read(): Promise<void> {
    const turn = ++this.asked;
    try {
      const answer = await ask<{ comments: Comment[] }>("GET", `comments/${this.asset}`);
      if (turn === this.asked) this.paint(answer.comments);
    } catch {
      if (turn === this.asked) this.wrong.textContent = said("failed");
    }
  }

  private paint(comments: readonly Comment[]): void {
    const lines = new Map<string, HTMLElement>();
    this.lines.replaceChildren();
    for (const one of comments) {
      const line = this.line(one);
      lines.set(one.id, line);
      const parent = one.parent ? lines.get(one.parent)?.querySelector(".comment-replies") : null;
      (parent ?? this.lines).append(line);
    }
    if (comments.length === 0) this.lines.append(el("li", { class: "soft" }, said("no_comments")));
  }

  private line(one: Comment): HTMLElement {
    const at = el("time", { datetime: one.at }, when.format(new Date(one.at)));
    const replies = el("ol", { class: "comment-replies" });
    const acts = el("p", { class: "comment-acts" });
    acts.append(
      button("link", said("reply"), () => {
        acts.hidden = true;
        const form = this.form(one.parent ?? one.id);
        replies.before(form);
        form.querySelector("textarea")?.focus();
      }),
    );
    if (one.mine) acts.append(button("link", said("take_back"), () => void this.take(one.id)));
    return el(
      "li",
      { class: "comment" },
      el("p", { class: "comment-head" }, el("strong", {}, one.author), " ", at),
      el("p", { class: "comment-text" }, one.text),
      acts,
      replies,
    );
  }

  private form(parent: string | null): HTMLElement {
    const text = el("textarea", { rows: 2, maxlength: 4000, required: true, "aria-label": said(parent ? "reply" : "say"), placeholder: said(parent ? "reply" : "say") });
    const form = el(
      "form",
      { class: "field comment-form" },
      text,
      parent === null ? this.wrong : null,
      el("button", { class: "button small" }, said(parent ? "reply" : "say_it")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.say(text, parent);
    });
    return form;
  }

  private async say(input: HTMLTextAreaElement, parent: string | null): Promise<void> {
    const text = input.value.trim();
    if (!text) return;
    try {
      await ask("POST", `comments/${this.asset}`, { text, parent });
      input.value = "";
      this.wrong.textContent = "";
      await this.read();
    } catch (error) {
      this.wrong.textContent = error instanceof Refused ? error.message : said("failed");
    }
  }

  private async take(id: string): Promise<void> {
    try {
      await ask("DELETE", `comments/${this.asset}/${id}`);
      await this.read();
    } catch (error) {
      this.wrong.textContent = error instanceof Refused ? error.message : said("failed");
    }
  }
}
