/** Days from 1930 to 2029. These hundred years have every pair of last digits once, so that `03/03/21` names one day. @module */

/** A day of the Gregorian calendar. */
export interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

/** The first year and the last one. */
export const YEARS = { first: 1930, last: 2029 } as const;

/** Names of the months. */
export const MONTHS: readonly string[] = [
  ...["January", "February", "March", "April", "May", "June", "July"],
  ...["August", "September", "October", "November", "December"],
];

/** Names of the days of the week, in the order of `Date.getUTCDay()`. */
export const WEEKDAYS: readonly string[] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(YEARS.first, 0, 1);

/** Number of days: 36,525. */
export const DAYS = (Date.UTC(YEARS.last + 1, 0, 1) - FIRST_MS) / DAY_MS;

/** Gives a day by its number, from 0. */
export function dayAt(number: number): Day {
  const date = new Date(FIRST_MS + number * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Counts the days of a month. */
export function countDays({ year, month }: Pick<Day, "year" | "month">): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Gives the name of a day of the week: `Wed`. */
export function weekdayOf({ year, month, day }: Day): string {
  return WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]!;
}

/** Gives the year from 1930 to 2029 with these last two digits. */
export function yearOfTwoDigits(digits: number): number {
  const century = digits < YEARS.first % 100 ? 2000 : 1900;
  return century + digits;
}

/** Writes a number with two digits: `03`. */
export function twoDigits(number: number): string {
  return String(number % 100).padStart(2, "0");
}

/** Writes a day as ISO 8601 does: `2021-03-03`. */
export function writeIso({ year, month, day }: Day): string {
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}
