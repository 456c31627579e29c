// What is known and said about the photo, beside it: facts, a note, stars and colours, comments.
import { act } from "../actions";
import { Comments } from "../comments";
import { button, el, sign } from "../el";
import type { Photo } from "../photo";
import { ask } from "../picks/client";
import { picks } from "../picks/picks";
import { locale, may, said, size, state } from "../state";
import { marks } from "../tile";
import { whisper } from "../whisper";
import type { Lightbox } from "./lightbox";

const FLAGS = ["red", "yellow", "green", "blue", "purple"] as const;

export class Panel {
  private readonly facts = el("div", { class: "beside-facts" });
  private readonly own = el("div", { class: "beside-own" });
  private readonly comments = may("comment") ? new Comments() : null;
  readonly el = el(
    "aside",
    { class: "beside", hidden: true, "aria-label": said("info") },
    el("div", { class: "beside-head" }, button("around-tool", said("close"), () => this.toggle(), "close")),
    this.facts,
    this.own,
    this.comments?.el,
  );
  opener: HTMLElement | null = null;
  isOpen = false;
  /** What had the focus before it opened. */
  private before: HTMLElement | null = null;
  private shown = "";
  private stars: HTMLButtonElement[] = [];
  private flags: HTMLButtonElement[] = [];
  private note: HTMLTextAreaElement | null = null;

  constructor(
    private readonly box: Lightbox,
    private readonly moved: () => void,
  ) {
    if (may("pick")) this.build();
  }

  toggle(part = ""): void {
    const comments = part === "comments" && this.comments;
    if (!this.isOpen) this.before = document.activeElement as HTMLElement | null;
    this.isOpen = comments && this.isOpen ? true : !this.isOpen;
    this.el.hidden = !this.isOpen;
    this.moved();
    if (this.isOpen) {
      this.shown = "";
      this.changed();
      if (comments) this.comments?.el.querySelector("textarea")?.focus();
      else this.el.querySelector<HTMLElement>("button")?.focus();
    } else {
      this.save();
      (this.before?.isConnected ? this.before : this.opener)?.focus();
    }
  }

  changed(): void {
    const { photo } = this.box;
    if (!this.isOpen || !photo || photo.id === this.shown) return;
    this.save();
    this.shown = photo.id;
    this.describe(photo);
    if (this.note) this.note.value = picks?.of(photo.id).note ?? "";
    this.comments?.about(photo.id);
    this.paint();
  }

  private describe(photo: Photo): void {
    const { data } = photo;
    const rows: [string, string][] = [];
    if (data.caption) rows.push([said("name"), data.name]);
    if (data.taken) rows.push([said("taken"), taken(data.taken)]);
    if (data.camera) rows.push([said("camera"), data.camera]);
    if (data.size && may("original")) rows.push([said("size"), `${data.w ?? "?"} × ${data.h ?? "?"}, ${size(data.size)}`]);
    this.facts.replaceChildren(
      el("h2", { class: "beside-title" }, data.caption || data.name),
      el("dl", { class: "kept" }, ...rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    );
    if (may("hide")) this.facts.append(this.hiding(photo));
  }

  private hiding(photo: Photo): HTMLElement {
    const kept = marks.hidden(photo);
    const hide = button("button small", said(kept ? "show" : "hide"), () => {
      ask("POST", `p/${photo.id}/keep`, { kept: !kept }).then(
        () => {
          hidden.set(photo.id, !kept);
          this.box.view.grid.repaint(new Set([photo.id]));
          this.describe(photo);
          whisper(said(kept ? "show" : "hidden"));
        },
        () => whisper(said("failed")),
      );
    });
    hide.prepend(sign("hide"));
    return hide;
  }

  private build(): void {
    if (state.proofing.stars) {
      this.stars = [1, 2, 3, 4, 5].map((n) =>
        button("star", said("stars", { n }), () => this.rate(n), "star"),
      );
      this.own.append(el("div", { class: "stars", role: "group", "aria-label": said("rating") }, ...this.stars));
    }
    if (state.proofing.flags) {
      this.flags = FLAGS.map((colour) => {
        const flag = button("flag", "", () => this.box.photo && act.flag(this.box.photo, colour));
        flag.dataset["flag"] = colour;
        flag.setAttribute("aria-label", said(`flag_${colour}`));
        flag.title = said(`flag_${colour}`);
        return flag;
      });
      this.own.append(el("div", { class: "flags", role: "group", "aria-label": said("flag") }, ...this.flags));
    }
    this.note = el("textarea", { id: "note", rows: 2, maxlength: 2000, "aria-describedby": "note-help" });
    this.note.addEventListener("change", () => this.save());
    this.own.append(
      el(
        "div",
        { class: "field" },
        el("label", { for: "note" }, said("note")),
        this.note,
        el("p", { class: "help", id: "note-help" }, said("note_hint")),
      ),
    );
  }

  private rate(n: number): void {
    const { photo } = this.box;
    if (photo) act.rate(photo, marks.stars(photo.id) === n ? 0 : n);
  }

  private save(): void {
    if (!this.note || !this.shown || !picks || picks.locked) return;
    const note = this.note.value.trim();
    if (note !== picks.of(this.shown).note) picks.set(this.shown, { note });
  }

  paint(): void {
    const { photo } = this.box;
    if (!this.isOpen || !photo) return;
    const locked = marks.locked();
    const stars = marks.stars(photo.id);
    this.stars.forEach((star, at) => {
      star.setAttribute("aria-pressed", String(at < stars));
      star.disabled = locked;
    });
    for (const flag of this.flags) {
      flag.setAttribute("aria-pressed", String(flag.dataset["flag"] === marks.flag(photo.id)));
      flag.disabled = locked;
    }
    if (this.note) this.note.disabled = locked;
  }
}

/** What was hidden or shown since the page came. */
const hidden = new Map<string, boolean>();
marks.hidden = (photo) => hidden.get(photo.id) ?? photo.data.kept ?? false;

/** The camera's clock as it stood: no time zone of ours moves it. */
function taken(iso: string): string {
  const plain = new Date(`${iso.slice(0, 19)}Z`);
  const form = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return Number.isNaN(plain.valueOf()) ? iso : form.format(plain);
}
