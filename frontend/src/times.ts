// Times as a person says them: `<time datetime="2026-06-14T05:12:00Z">14 June 2026, 05:12</time>`
// becomes "4 minutes ago", with the exact one on hover. Renewed once a minute while in view.

const STEPS: readonly [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, "second", 1],
  [3600, "minute", 60],
  [86_400, "hour", 3600],
  [7 * 86_400, "day", 86_400],
];
const RENEW_MS = 60_000;

export function relative(then: Date, now: Date, language: string): string | null {
  const seconds = (then.getTime() - now.getTime()) / 1000;
  const step = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  if (!step) return null; // further away, the date itself is clearer
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return words.format(Math.round(seconds / step[2]), step[1]);
}

function say(times: NodeListOf<HTMLTimeElement>): void {
  if (times.length === 0) return; // the browser's knowledge of calendars is large, and comes with the first use
  const { lang } = document.documentElement;
  const language = !lang || lang === "en" ? "en-GB" : lang; // 14 June 2026, as our pages write it
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  for (const time of times) {
    const then = new Date(time.dateTime);
    if (Number.isNaN(then.getTime())) continue;
    time.title = exact.format(then);
    time.textContent = relative(then, new Date(), language) ?? day.format(then);
  }
}

/** Say the times in a part of the page; `enhanceTimes` renews them from then on. */
export function sayTimes(root: ParentNode): void {
  say(root.querySelectorAll<HTMLTimeElement>("time[datetime]"));
}

export function enhanceTimes(root: ParentNode): void {
  sayTimes(root);
  setInterval(() => {
    if (!document.hidden) sayTimes(root);
  }, RENEW_MS);
}
