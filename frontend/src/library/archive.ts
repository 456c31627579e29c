// All that is selected as one ZIP: how many and how large first, then the download.
import { DOT, number, plural, size as bytes } from "../upload/words";
import type { Asset } from "./asset";
import { say } from "./said";

interface Plan {
  readonly id: string;
  readonly url: string;
  readonly count: number;
  readonly bytes: number;
  readonly left_out: readonly string[];
  readonly ready: boolean;
  readonly missing: number;
  readonly sending: number;
  readonly waiting: number;
}

const SHOWN = 3; // names of what cannot be had

/** What went wrong, in a sentence for people. */
class Refused extends Error {}

async function told(answer: Promise<Response>): Promise<Plan> {
  let got: Response;
  try {
    got = await answer;
  } catch {
    throw new Refused("The server does not answer. Try again in a moment.");
  }
  if (got.redirected) location.assign(got.url);
  const body = (await got.json().catch(() => null)) as (Plan & { title?: string; remedy?: string }) | null;
  if (got.ok && body) return body;
  throw new Refused([body?.title ?? "That did not work.", body?.remedy].filter(Boolean).join(" "));
}

function plan(ids: readonly string[], size: string): Promise<Plan> {
  const body = new URLSearchParams({ ids: ids.join(" "), size });
  body.set("csrf", document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "");
  return told(fetch("/studio/library/archive", { method: "POST", body }));
}

/** Have what is missing made: the server goes on with it as long as somebody asks. */
async function whole(made: Plan): Promise<Plan> {
  const all = made.count;
  while (!made.ready) {
    say(`${number(all - made.missing)} of ${number(all)} made smaller`);
    made = await told(fetch(`/studio/library/archive/${made.id}`));
  }
  return made;
}

function facts(made: Plan): string {
  return plural(made.count, "original") + DOT + bytes(made.bytes);
}

function missing(made: Plan): string {
  const names = made.left_out.slice(0, SHOWN).join(", ");
  const more = made.left_out.length - SHOWN;
  if (!names) return "";
  return `Cannot be had now: ${names}${more > 0 ? ` and ${more} more` : ""}.`;
}

function begin(made: Plan): void {
  const link = document.createElement("a");
  link.href = made.url;
  link.download = "";
  link.click();
  say(made.sending ? `${made.sending} under way; yours begins when there is room` : "Your download begins");
}

/** Ask in the sheet, which has counted by then; `ask` opens it. */
export async function download(
  assets: readonly Asset[],
  ask: (id: string) => Promise<FormData | null>,
): Promise<void> {
  const ids = assets.map((asset) => asset.id);
  const counted = document.querySelector<HTMLElement>("#archive-facts");
  const lacking = document.querySelector<HTMLElement>("#archive-missing");
  if (!counted || !lacking) return;
  counted.textContent = "Counting…";
  lacking.hidden = true;
  const first = plan(ids, "original");
  first.then(
    (made) => {
      counted.textContent = facts(made);
      lacking.textContent = missing(made);
      lacking.hidden = made.left_out.length === 0;
    },
    (error: unknown) => {
      counted.textContent = error instanceof Refused ? error.message : "That did not work.";
    },
  );
  const chosen = await ask("archive-sheet");
  if (!chosen) return;
  const size = String(chosen.get("size") ?? "original");
  try {
    begin(await whole(size === "original" ? await first : await plan(ids, size)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.message);
  }
}
