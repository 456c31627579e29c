// One original sent to the API, and its answer understood. XMLHttpRequest, because only it tells how
// much has been sent.
import type { Item, Stored } from "./items";

const ADDRESS = "/api/v1/assets";

/** What the API says when it refuses (RFC 9457, with the next step). */
export interface Problem {
  status: number;
  code: string;
  title: string;
  remedy: string;
  temporary: boolean;
}

export type Outcome =
  | { is: "stored"; stored: Stored }
  | { is: "refused"; problem: Problem; after: number | null }
  | { is: "lost" } // nobody answered
  | { is: "aborted" };

export interface Sending {
  outcome: Promise<Outcome>;
  abort: () => void;
}

export interface Watcher {
  sent: (bytes: number) => void;
  allSent: () => void;
}

function addressOf(item: Item): string {
  const { channel, folder, naming } = item.place;
  const given = { name: item.name, folder, naming, channel };
  const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value));
  return `${ADDRESS}?${query}`;
}

/** `Retry-After` in seconds: a number of them, or a date. */
function retryAfter(request: XMLHttpRequest): number | null {
  const said = request.getResponseHeader("Retry-After");
  if (!said) return null;
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Also for an answer that a server in between gives in our place. */
function problemOf(request: XMLHttpRequest): Problem {
  const said = (parsed(request.responseText) ?? {}) as Partial<Problem>;
  const status = request.status;
  return {
    status,
    code: said.code ?? `http-${status}`,
    title: said.title ?? `The server answered with ${status}.`,
    remedy: said.remedy ?? "Try again; if it stays, look into the server's log.",
    temporary: said.temporary ?? [408, 429, 502, 503, 504].includes(status),
  };
}

function outcomeOf(request: XMLHttpRequest): Outcome {
  if (request.status === 0) return { is: "lost" };
  const stored = request.status === 201 ? parsed(request.responseText) : null;
  if (stored) return { is: "stored", stored: stored as Stored };
  return { is: "refused", problem: problemOf(request), after: retryAfter(request) };
}

export function send(item: Item, csrf: string, watcher: Watcher): Sending {
  const request = new XMLHttpRequest();
  const outcome = new Promise<Outcome>((resolve) => {
    request.upload.onprogress = (event) => watcher.sent(event.loaded);
    request.upload.onload = () => watcher.allSent();
    request.onload = () => resolve(outcomeOf(request));
    request.onerror = () => resolve({ is: "lost" });
    request.onabort = () => resolve({ is: "aborted" });
  });
  request.open("POST", addressOf(item));
  request.setRequestHeader("X-CSRF-Token", csrf);
  // a multipart type of its own would be taken for a form
  const type = /^multipart\//i.test(item.file.type) ? "" : item.file.type;
  request.setRequestHeader("Content-Type", type || "application/octet-stream");
  request.send(item.file);
  return { outcome, abort: () => request.abort() };
}
