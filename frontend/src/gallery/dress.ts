// What a style sheet cannot know, because each gallery has its own: the accent, and the cover's colours
// until the cover is there.
import { paint } from "../grid/thumbhash";

const root = document.documentElement;

function accent(): void {
  const [day, night] = (root.dataset["accent"] ?? "").split("|").map((each) => each.split(" "));
  if (!day || !night || day.length < 3) return;
  ["--accent", "--on-accent", "--accent-ink"].forEach((name, at) => {
    root.style.setProperty(name, `light-dark(${day[at]!}, ${night[at]!})`);
  });
}

export function dress(): void {
  root.classList.add("scripted");
  accent();
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>("canvas[data-hash]")) {
    paint(canvas, canvas.dataset["hash"] ?? "");
  }
}
