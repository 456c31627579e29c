// Links in the form people paste: the templates come with the page (web/words.py has the rule), and
// one of their own.
/** What of an asset its links are made of. */
export interface Linked {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly media_type: string;
  readonly width: number | null;
  readonly height: number | null;
  /** The original's address. */
  readonly link: string;
}

export interface Format {
  key: string;
  label: string;
  picture: string;
  other: string;
}

export interface Choice {
  format: string;
  /** "" for the original. */
  preset: string;
  template: string;
}

const GAP = /\{(\w+)(?::(html|markdown))?\}/g;
const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

const HARMLESS: Record<string, (text: string) => string> = {
  "": (text) => text,
  html: (text) => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one),
  markdown: (text) => text.replace(/[[\]]/g, "\\$&"),
};

function fill(template: string, values: Record<string, string>): string {
  return template.replace(GAP, (gap: string, name: string, way: string | undefined) => {
    const value = values[name];
    return value === undefined ? gap : (HARMLESS[way ?? ""]?.(value) ?? value);
  });
}

function isPicture(stored: Linked): boolean {
  return stored.media_type.startsWith("image/");
}

/** The original's address, or that of a rendition where there can be one. */
function addressOf(stored: Linked, preset: string): string {
  if (!preset || !isPicture(stored)) return stored.link;
  const link = new URL(stored.link);
  link.pathname = link.pathname.replace(/\/a\/[^/]+$/, `/a/${stored.id}/${preset}`);
  return link.href;
}

export function written(stored: Linked, choice: Choice, formats: readonly Format[]): string {
  const url = addressOf(stored, choice.preset);
  const plain = { url, name: stored.name };
  const way = isPicture(stored) ? "picture" : "other";
  const chosen = formats.find((format) => format.key === choice.format);
  if (chosen) return fill(chosen[way], plain);
  const inForms = formats.map((format) => [format.key, fill(format[way], plain)] as const);
  return fill(choice.template, {
    ...Object.fromEntries(inForms),
    ...plain,
    id: stored.id,
    folder: stored.folder,
    original: stored.link,
    width: String(stored.width ?? ""),
    height: String(stored.height ?? ""),
  });
}
