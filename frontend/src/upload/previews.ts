// Small pictures of what is on its way: one at a time, only for lines that are seen, and never larger
// in memory than they are shown.

const WIDTH = 128; // for a line's picture on a screen of two pixels a point
const HEIGHT = 96;
const LARGEST = 80 << 20;
const SHOWN = /^image\/(jpeg|png|webp|gif|avif|bmp)$/;

let turn: Promise<void> = Promise.resolve();

async function draw(file: File, canvas: HTMLCanvasElement): Promise<void> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.max(WIDTH / picture.width, HEIGHT / picture.height);
  const [across, down] = [picture.width * scale, picture.height * scale];
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const pen = canvas.getContext("2d");
  if (pen) pen.imageSmoothingQuality = "high";
  pen?.drawImage(picture, (WIDTH - across) / 2, (HEIGHT - down) / 2, across, down);
  picture.close();
}

function previewable(file: File): boolean {
  return SHOWN.test(file.type) && file.size <= LARGEST;
}

function show(file: File, holder: HTMLElement): Promise<void> {
  const canvas = document.createElement("canvas");
  return draw(file, canvas).then(
    () => {
      holder.replaceChildren(canvas);
    },
    () => {
      delete holder.dataset["preview"]; // not what it says it is: the badge stays
    },
  );
}

/** Pictures for lines as they come into view. `holder` has a badge until then. */
export class Previews {
  private readonly files = new WeakMap<Element, File>();
  private readonly seen = new IntersectionObserver((entries) => this.look(entries), {
    rootMargin: "200px",
  });

  watch(file: File, holder: HTMLElement): void {
    if (!previewable(file)) return;
    holder.dataset["preview"] = "";
    this.files.set(holder, file);
    this.seen.observe(holder);
  }

  private look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const file = this.files.get(target);
      if (!isIntersecting || !file) continue;
      this.seen.unobserve(target);
      turn = turn.then(() => show(file, target as HTMLElement));
    }
  }
}

/** Once it is stored, the server can show what the browser could not. */
export function showStored(holder: HTMLElement, id: string): void {
  if ("preview" in holder.dataset) return;
  const picture = new Image();
  picture.alt = "";
  picture.onload = () => holder.replaceChildren(picture);
  picture.src = `/a/${id}/thumb`;
}
