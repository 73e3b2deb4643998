/** The formats in which dates are asked. Where the order of numbers could be doubted, the day comes first. @module */
import { type Day, MONTHS, twoDigits, weekdayOf, writeIso } from "./calendar.ts";

/** A format. */
export interface DateFormat {
  /** Its name: the 3rd of March 2021 in this format. */
  readonly name: string;
  /** Matches the dates in this format, and no date in another format. */
  readonly pattern: RegExp;
  /** Writes a day. */
  write(day: Day): string;
}

/** A full name, of four letters or more, or May; and a short name other than May, so that no date has two formats. */
const NAME = "(?:May|[A-Z][a-z]{3,})";
const SHORT = "(?!May)[A-Z][a-z]{2}";

/** Every format. */
export const FORMATS = {
  dayFirst: format(`\\d{1,2} ${NAME} \\d{4}`, (at) => `${at.day} ${nameOf(at)} ${at.year}`),
  monthFirst: format(`${NAME} \\d{1,2}, \\d{4}`, (at) => `${nameOf(at)} ${at.day}, ${at.year}`),
  shortDayFirst: format(
    `\\d{1,2} ${SHORT} \\d{4}`,
    (at) => `${at.day} ${shortNameOf(at)} ${at.year}`,
  ),
  shortMonthFirst: format(
    `${SHORT} \\d{1,2}, \\d{4}`,
    (at) => `${shortNameOf(at)} ${at.day}, ${at.year}`,
  ),
  weekday: format(
    "[A-Z][a-z]{2} \\d{1,2} [A-Z][a-z]{2} \\d{4}",
    (at) => `${weekdayOf(at)} ${at.day} ${shortNameOf(at)} ${at.year}`,
  ),
  ordinal: format(
    `\\d{1,2}(?:st|nd|rd|th) ${NAME} \\d{4}`,
    (at) => `${at.day}${ordinalEnding(at.day)} ${nameOf(at)} ${at.year}`,
  ),
  dashes: format(
    "\\d{1,2}-[A-Z][a-z]{2}-\\d{2}",
    (at) => `${at.day}-${shortNameOf(at)}-${twoDigits(at.year)}`,
  ),
  slashes: format(
    "\\d{2}/\\d{2}/\\d{4}",
    (at) => `${twoDigits(at.day)}/${twoDigits(at.month)}/${at.year}`,
  ),
  shortSlashes: format(
    "\\d{2}/\\d{2}/\\d{2}",
    (at) => `${twoDigits(at.day)}/${twoDigits(at.month)}/${twoDigits(at.year)}`,
  ),
  dots: format("\\d{1,2}\\.\\d{1,2}\\.\\d{4}", (at) => `${at.day}.${at.month}.${at.year}`),
  yearFirst: format(
    "\\d{4}/\\d{2}/\\d{2}",
    (at) => `${at.year}/${twoDigits(at.month)}/${twoDigits(at.day)}`,
  ),
  iso: format("\\d{4}-\\d{2}-\\d{2}", writeIso),
} as const satisfies Readonly<Record<string, DateFormat>>;

/** The formats in their order. */
export const FORMAT_LIST: readonly DateFormat[] = Object.values(FORMATS);

/** Finds the format of a date that was written by one; undefined if it has none. */
export function findFormat(question: string): DateFormat | undefined {
  return FORMAT_LIST.find(({ pattern }) => pattern.test(question));
}

function format(pattern: string, write: (day: Day) => string): DateFormat {
  return {
    name: write({ year: 2021, month: 3, day: 3 }),
    pattern: new RegExp(`^${pattern}$`),
    write,
  };
}

function nameOf({ month }: Day): string {
  return MONTHS[month - 1]!;
}

function shortNameOf(day: Day): string {
  return nameOf(day).slice(0, 3);
}

/** Gives the ending of an ordinal number up to 31: `1st`, `2nd`, `3rd`, `11th`. */
function ordinalEnding(number: number): string {
  if (number > 10 && number < 14) return "th";
  return ["th", "st", "nd", "rd"][number % 10] ?? "th";
}
