// How amounts, times and counts are written on the upload page; as web/words.py writes sizes.

const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;

export const DOT = " \u00a0·\u00a0 ";

export function size(count: number): string {
  let [amount, unit] = [count, 0];
  while (amount >= 999.5 && unit < UNITS.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  if (unit === 0) return `${count} byte${count === 1 ? "" : "s"}`;
  return `${amount.toFixed(amount < 99.5 ? 1 : 0)} ${UNITS[unit]}`;
}

/** So much of so much, in the unit of the whole: `54 of 310 MB`. */
export function part(done: number, all: number): string {
  return `${size(done)} of ${size(all)}`;
}

export function number(count: number): string {
  return count.toLocaleString("en");
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Seconds as a person would say them, never more exact than is true. */
export function duration(seconds: number): string {
  if (seconds < 1) return "1 s";
  if (seconds < 10) return `${Math.ceil(seconds)} s`;
  if (seconds < 90) return `${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.ceil((seconds % 3600) / 60)];
  return minutes > 0 && hours < 10 ? `${hours} h ${minutes} min` : `${hours} h`;
}

/** When something goes on: `in 6 s`, or the time of day if that is further away. */
export function when(until: number, now: number): string {
  const seconds = Math.max(1, Math.ceil((until - now) / 1000));
  if (seconds < 90) return `in ${seconds} s`;
  const clock = { hour: "2-digit", minute: "2-digit" } as const;
  return `at ${new Date(until).toLocaleTimeString([], clock)}`;
}

/** What stands where a picture is missing: the extension, at most five letters. */
export function badge(name: string): string {
  const found = /\.([A-Za-z0-9]+)$/.exec(name);
  return found?.[1] ? found[1].slice(0, 5).toUpperCase() : "···";
}

/** A long name with its middle left out, so that its end is still seen. */
export function brief(name: string, most = 60): string {
  if (name.length <= most) return name;
  const tail = Math.floor(most / 3);
  return `${name.slice(0, most - tail - 1)}…${name.slice(-tail)}`;
}
