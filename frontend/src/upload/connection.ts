// Whether the server can be reached, found out again and again until it can.

const ASK = "/healthz";
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const ANSWER_WITHIN_MS = 5000;

export async function reachable(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    return (await fetch(ASK, { cache: "no-store", signal })).ok;
  } catch {
    return false;
  }
}

/** Resolves as soon as the server answers. The browser's own word is a reason to ask at once. */
export async function backAgain(): Promise<void> {
  for (let wait = FIRST_WAIT_MS; !(await reachable()); wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        removeEventListener("online", go);
        resolve();
      };
      const timer = setTimeout(go, wait * (0.75 + Math.random() / 2));
      addEventListener("online", go);
    });
  }
}

/** The proof that our page asks, read anew from the page: another tab may have signed in. */
export async function freshProof(): Promise<string | null> {
  const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // the page that asks to sign in has a form of its own, with a proof that is worth nothing here
  return page.querySelector<HTMLInputElement>("[data-upload] [name=csrf]")?.value ?? null;
}
