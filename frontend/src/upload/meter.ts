// Speed over the last seconds: young enough to be true, old enough to be calm.

const WINDOW_MS = 6000;

export class Meter {
  private samples: [at: number, bytes: number][] = [];

  /** Take note that so many bytes have gone since the beginning. */
  note(bytes: number, now: number): void {
    this.samples.push([now, bytes]);
    while (this.samples.length > 2 && now - (this.samples[0]?.[0] ?? now) > WINDOW_MS)
      this.samples.shift();
  }

  /** Bytes a second; 0 while that is not known. */
  get rate(): number {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last[0] - first[0] < 300) return 0;
    return Math.max(0, ((last[1] - first[1]) * 1000) / (last[0] - first[0]));
  }

  reset(): void {
    this.samples = [];
  }
}
