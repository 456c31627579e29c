// The tiles that came with the document, before anything else of the grid is there: they stand where it
// will have them, so that they may be painted at once and nothing moves when it takes them over.
import type { Mode, Page } from "./item";
import { type Box, frameFor } from "./layout";
import { Sheets } from "./sheets";

/** Have an element stand in its box. */
export function stand(el: HTMLElement, box: Box): void {
  const { style } = el;
  style.width = `${box.width}px`;
  style.height = `${box.height}px`;
  style.transform = `translate(${box.x}px, ${box.y}px)`;
}

/** Lay out the tiles in `root`, which are those of `page`, the document's own. */
export function layOut(root: HTMLElement, page: Page, mode: Mode): void {
  const tiles = root.querySelectorAll<HTMLElement>(":scope > .tile");
  root.style.height = "200vh"; // so that a scroll bar takes its width
  const { innerHeight } = window;
  let width = 0;
  for (let turn = 0; turn < 2 && width !== root.clientWidth; turn++) {
    width = root.clientWidth; // in the second turn, without the scroll bar: all is in sight
    const sheets = new Sheets(frameFor(width, mode), mode);
    const { boxes } = sheets.put(null, page);
    tiles.forEach((tile, at) => boxes[at] && stand(tile, boxes[at]));
    root.style.height = `${sheets.height}px`;
    root.classList.add("laid");
    if (sheets.height > innerHeight) return; // the bar stays, and the tiles are laid out in the next frame
  }
}
