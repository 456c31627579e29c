// One thing done to many assets: sent in pieces, so that it says how far it is and can be large.
import type { Asset } from "./asset";

export interface Refusal {
  readonly id: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Outcome {
  readonly done: readonly Asset[];
  readonly refused: readonly Refusal[];
}

const AT_ONCE = 100;

async function send(ids: readonly string[], action: string, more: Record<string, string>): Promise<Outcome> {
  const body = new URLSearchParams({ ...more, action, ids: ids.join(" ") });
  body.set("csrf", document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "");
  let answer: Response;
  try {
    answer = await fetch("/studio/library/batch", { method: "POST", body });
  } catch {
    return refuse(ids, "The server does not answer.", "Try again in a moment.");
  }
  if (answer.redirected) location.assign(answer.url);
  const said = (await answer.json().catch(() => null)) as (Outcome & { title?: string; remedy?: string }) | null;
  if (answer.ok && said) return said;
  return refuse(ids, said?.title ?? "That did not work.", said?.remedy ?? "");
}

function refuse(ids: readonly string[], message: string, remedy: string): Outcome {
  return { done: [], refused: ids.map((id) => ({ id, message, remedy })) };
}

/** Do it to all; `went` is told how many are behind it. */
export async function carryOut(
  ids: readonly string[],
  action: string,
  more: Record<string, string> = {},
  went: (done: number) => void = () => undefined,
): Promise<Outcome> {
  const done: Asset[] = [];
  const refused: Refusal[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const outcome = await send(ids.slice(at, at + AT_ONCE), action, more);
    done.push(...outcome.done);
    refused.push(...outcome.refused);
    if (at + AT_ONCE < ids.length) went(at + AT_ONCE);
  }
  return { done, refused };
}
