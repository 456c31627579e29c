// Taking photos away: what, in which size; how many and how much before it begins.
import { act } from "./actions";
import { button, el } from "./el";
import type { Photo } from "./photo";
import { Refused } from "./picks/client";
import { picks } from "./picks/picks";
import { FROM_HERE, may, moveTo, said, size, state } from "./state";
import { type Sheet, field, sheet } from "./sheet";
import type { View } from "./view";
import { whisper } from "./whisper";

type Size = "original" | "2048" | "1024";

interface Plan {
  readonly count: number;
  readonly size: number;
}

const SHARED = 12; // photos that a phone takes at once
const MUCH = 50_000_000; // bytes worth a warning on a phone's connection

/** Whether the PIN was told since the page came. */
let told = false;

interface What {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly photos?: readonly Photo[];
}

function sizes(): [Size, string, string][] {
  const all: [Size, string, string][] = [];
  if (may("original")) all.push(["original", said("original"), said("original_hint")]);
  if (may("web")) {
    all.push(["2048", said("web_2048"), said("web_2048_hint")], ["1024", said("web_1024"), said("web_1024_hint")]);
  }
  return all;
}

function onMobile(): boolean {
  const { connection } = navigator as { connection?: { type?: string; saveData?: boolean } };
  return connection?.type === "cellular" || connection?.saveData === true;
}

/** The choices: `photo` is one that is looked at. */
function choices(view: View, photo: Photo | null): What[] {
  const all: What[] = [];
  if (photo) all.push({ name: said("this_photo"), query: { photo: photo.id }, photos: [photo] });
  const mine = picks?.all().filter((pick) => pick.heart) ?? [];
  if (mine.length) {
    const known = mine.map((pick) => view.grid.sheets.find(pick.asset)?.item as Photo | undefined);
    const here = known.every((each) => each !== undefined) ? (known as Photo[]) : [];
    all.push({ name: said("picks"), query: { only: "mine", list: picks?.list?.id ?? "" }, photos: here });
  }
  const at = view.section || photo?.data.section || "";
  const part = state.sections.find(([id]) => id === at);
  if (part?.[3] && state.sections.length > 1) {
    all.push({ name: said("this_section", { name: part[1] }), query: { section: at } });
  }
  all.push({ name: said("everything"), query: {} });
  return all;
}

function radios<T>(legend: string, name: string, options: readonly [T, string, string][], changed: () => void): { el: HTMLElement; value: () => T } {
  const inputs = options.map(([, label, hint], at) => {
    const input = el("input", { type: "radio", name, checked: at === 0, value: at });
    input.addEventListener("change", changed);
    return [input, el("label", { class: "choice option" }, input, el("span", {}, label, hint ? el("small", {}, hint) : null))] as const;
  });
  const set = el("fieldset", { class: "field options" }, el("legend", {}, legend), ...inputs.map(([, label]) => label));
  return { el: set, value: () => options[inputs.findIndex(([input]) => input.checked)]![0] };
}

class Dialog {
  private readonly sheet: Sheet;
  private readonly say = el("p", { class: "plan", role: "status" });
  private readonly pin = el("input", { inputmode: "numeric", autocomplete: "off", maxlength: 12 });
  private readonly wrong = el("p", { class: "wrong", id: "pin-wrong", role: "alert" });
  private readonly go = button("button primary wide", said("start"), () => void this.start());
  private readonly phone = button("button wide", said("save_phone"), () => void this.share());
  private readonly what: { value: () => What; el: HTMLElement };
  private readonly size: { value: () => Size; el: HTMLElement };
  private asked = 0;

  constructor(view: View, photo: Photo | null) {
    const changed = (): void => void this.plan();
    this.what = radios(said("what"), "what", choices(view, photo).map((each) => [each, each.name, ""] as const), changed);
    this.size = radios(said("size"), "size", sizes(), changed);
    const pin = state.pin && !told && field("pin", said("pin"), this.pin, false, said("pin_hint"));
    if (pin) pin.append(this.wrong);
    this.pin.addEventListener("input", () => this.deny(""));
    this.sheet = sheet(
      said("download"),
      "download-sheet",
      this.what.el,
      this.size.el,
      pin,
      this.say,
      this.go,
      this.phone,
    );
    changed();
  }

  private query(): URLSearchParams {
    const query = new URLSearchParams(this.what.value().query);
    query.set("size", this.size.value());
    return query;
  }

  /** Tell the PIN, if one is asked for; false where it is not that. */
  private async told(): Promise<boolean> {
    const pin = this.pin.value.trim();
    if (!state.pin || told) return true;
    if (!pin) {
      this.pin.setAttribute("aria-invalid", "true");
      this.pin.focus();
      return false;
    }
    const body = new URLSearchParams({ pin });
    const answer = await fetch(`${state.base}/pin`, { method: "POST", body, headers: FROM_HERE }).catch(() => null);
    if (answer?.ok) {
      const { base } = (await answer.json()) as { base: string };
      if (base !== state.base) moveTo(base);
      return (told = true);
    }
    this.deny(answer ? await why(answer) : said("away"));
    this.pin.focus();
    return false;
  }

  /** Say below the field what is wrong with it; nothing is, if there are no words. */
  private deny(words: string): void {
    this.wrong.textContent = words;
    if (words) this.pin.setAttribute("aria-invalid", "true");
    else this.pin.removeAttribute("aria-invalid");
    this.pin.setAttribute("aria-describedby", words ? "pin-wrong" : "pin-help");
  }

  private async plan(): Promise<void> {
    const turn = ++this.asked;
    const what = this.what.value();
    this.phone.hidden = !this.shareable(what);
    const [only] = what.photos?.length === 1 ? what.photos : [];
    if (only) {
      this.tell(1, this.size.value() === "original" ? (only.data.size ?? 0) : 0, false);
      return;
    }
    this.say.textContent = said("counting");
    try {
      const answer = await fetch(`${state.base}/archive/plan?${this.query().toString()}`, {
        headers: FROM_HERE,
      });
      if (turn !== this.asked) return;
      if (answer.ok) {
        const plan = (await answer.json()) as Plan;
        this.tell(plan.count, plan.size, true);
      } else await this.refused(answer);
    } catch {
      if (turn === this.asked) this.say.textContent = said("away");
    }
  }

  private tell(n: number, bytes: number, zip: boolean): void {
    const words = bytes ? said("plan", { n, size: size(bytes) }) : said("photos", { n });
    const more = [zip ? said("one_zip") : "", bytes > MUCH && onMobile() ? said("mobile") : ""];
    this.say.textContent = [`${words}.`, ...more].filter(Boolean).join(" ");
  }

  private async refused(answer: Response): Promise<void> {
    this.say.textContent = await why(answer);
  }

  /** Ask whether it may begin, wait in turn, then leave it to the browser, which shows how far it is. */
  private async start(): Promise<void> {
    if (!(await this.told())) return;
    const what = this.what.value();
    const [only] = what.photos?.length === 1 ? what.photos : [];
    const query = this.query();
    query.delete("photo");
    if (only) {
      const kind = query.get("size") === "original" ? "original" : "web";
      if (kind === "original") query.set("download", "1");
      take(`${state.base}/p/${only.id}/${kind}?${query.toString()}`);
      this.done();
      return;
    }
    this.go.disabled = true;
    const address = `${state.base}/archive?${query.toString()}`;
    for (;;) {
      const answer = await fetch(address, { method: "HEAD", headers: FROM_HERE }).catch(() => null);
      if (answer?.ok) break;
      if (answer?.status === 503 || answer?.status === 429) {
        const seconds = Math.min(120, Number(answer.headers.get("Retry-After")) || 10);
        const made = answer.headers.get("Made")?.split("/").map(Number);
        this.say.textContent = made ? said("making", { n: made[0]!, all: made[1]! }) : said("busy", { n: seconds });
        await new Promise((done) => setTimeout(done, seconds * 1000));
        if (!this.sheet.el.isConnected) return;
        continue;
      }
      this.go.disabled = false;
      if (answer) await this.explain(query);
      else this.say.textContent = said("away");
      return;
    }
    take(address);
    this.done();
  }

  private async explain(query: URLSearchParams): Promise<void> {
    const answer = await fetch(`${state.base}/archive/plan?${query.toString()}`, { headers: FROM_HERE }).catch(() => null);
    if (answer && !answer.ok) await this.refused(answer);
    else this.say.textContent = said("failed");
  }

  private done(): void {
    this.sheet.close();
    whisper(said("started"));
  }

  // --- the phone's own share sheet ---------------------------------------------------------------------

  private shareable(what: What): boolean {
    const n = what.photos?.length ?? 0;
    const touch = matchMedia("(hover: none)").matches;
    return touch && n > 0 && n <= SHARED && typeof navigator.canShare === "function";
  }

  private async share(): Promise<void> {
    if (!(await this.told())) return;
    const wanted = this.size.value();
    this.phone.disabled = true;
    try {
      const files = await Promise.all((this.what.value().photos ?? []).map((photo) => fetched(photo, wanted)));
      if (navigator.canShare({ files })) await navigator.share({ files });
      this.sheet.close();
    } catch (error) {
      const given = error instanceof DOMException && error.name === "AbortError";
      if (!given) this.say.textContent = error instanceof Refused ? error.message : said("failed");
    } finally {
      this.phone.disabled = false;
    }
  }
}

/** In words, why the server said no. */
async function why(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => null)) as { title?: string; remedy?: string } | null;
  return [problem?.title, problem?.remedy].filter(Boolean).join(" ") || said("failed");
}

async function fetched(photo: Photo, wanted: Size): Promise<File> {
  const kind = wanted === "original" ? "original?download=1" : `web?size=${wanted}`;
  const answer = await fetch(`${state.base}/p/${photo.id}/${kind}`);
  if (!answer.ok) throw new Refused(answer.status, "", said("failed"));
  const type = answer.headers.get("Content-Type") ?? "image/jpeg";
  const name = wanted === "original" ? photo.name : photo.name.replace(/\.\w+$/, ".jpg");
  return new File([await answer.blob()], name, { type });
}

function take(address: string): void {
  const link = el("a", { href: address, download: "" });
  document.body.append(link);
  link.click();
  link.remove();
}

export function downloadable(view: View): void {
  act.download = (photo) => void new Dialog(view, photo);
  document.querySelector("#download")?.addEventListener("click", (event) => {
    event.preventDefault();
    new Dialog(view, null);
  });
}
