// What happened lately is told as "3 minutes ago" where a page asks for it (data-relative); the date stays as the title.

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86400], ["hour", 3600], ["minute", 60]];
const LATELY = 7; // days

/** How long ago something was, in a language, with Latin digits; null where it was not within the last days. */
export function ago(then: Date, now: Date, language: string): string | null {
  const seconds = (now.getTime() - then.getTime()) / 1000;
  if (!(seconds >= 0 && seconds < LATELY * 86400)) return null;
  const told = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { numeric: "auto" });
  for (const [unit, size] of STEPS) if (seconds >= size) return told.format(-Math.floor(seconds / size), unit);
  return told.format(0, "minute");
}

/** Tells a time of day relatively; dates stay as they are. */
export function relative(time: HTMLTimeElement, language: string): void {
  const given = time.dateTime;
  if (!given.includes("T") || time.title) return;
  const told = ago(new Date(given), new Date(), language);
  if (told === null) return;
  time.title = time.textContent ?? given;
  time.textContent = told;
}
