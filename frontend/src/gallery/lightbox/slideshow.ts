// One photo after another, by itself: until the end, or until somebody does something else.
import type { Lightbox } from "./lightbox";

const SHOWN_MS = 4500;

export class Slideshow {
  running = false;
  private timer = 0;

  constructor(
    private readonly box: Lightbox,
    private readonly painted: () => void,
  ) {
    box.swipe.on("pointerDown", () => this.stop());
    box.swipe.on("keydown", (event) => {
      if (event.originalEvent.key !== "s") this.stop();
    });
  }

  toggle(): void {
    if (this.running) this.stop();
    else {
      this.running = true;
      this.wait();
      this.painted();
    }
  }

  stop(): void {
    if (!this.running) return;
    this.running = false;
    clearTimeout(this.timer);
    this.painted();
  }

  changed(): void {
    if (this.running) this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    const video = this.box.swipe.currSlide?.content.element;
    if (video instanceof HTMLVideoElement) {
      void video.play().catch(() => undefined);
      video.addEventListener("ended", () => this.step(), { once: true });
    } else this.timer = window.setTimeout(() => this.step(), SHOWN_MS);
  }

  private step(): void {
    if (!this.running) return;
    const { swipe, count } = this.box;
    if (swipe.currIndex >= count - 1) this.stop();
    else if (swipe.currSlide && swipe.currSlide.content.state === "loading") this.wait();
    else swipe.next();
  }
}
