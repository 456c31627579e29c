// A cover's colours, until the cover is there.
import { paint } from "../grid/thumbhash";

export function dress(): void {
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>("canvas[data-hash]")) {
    paint(canvas, canvas.dataset["hash"] ?? "");
  }
}
