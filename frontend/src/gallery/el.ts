// Making elements in few words.

type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;
type Child = Node | string | null | undefined | false;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
const signs = document.querySelector<HTMLMetaElement>('meta[name="signs"]')?.content ?? "";

/** A drawing from the file of signs. */
export function sign(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${signs}#${name}`);
  svg.append(use);
  return svg;
}

/** A button; one that is only a sign has its name as a label. */
export function button(
  className: string,
  name: string,
  press: (event: MouseEvent) => void,
  drawing = "",
): HTMLButtonElement {
  const made = el("button", { type: "button", class: className });
  if (drawing) {
    made.append(sign(drawing));
    made.setAttribute("aria-label", name);
    made.title = name;
  } else made.append(name);
  made.addEventListener("click", press);
  return made;
}
