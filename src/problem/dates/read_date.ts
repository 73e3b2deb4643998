/** Reads a date that a person typed. @module */
import { checkValue } from "../../arguments/resolve_options.ts";
import { describeFound, TEXT } from "../../arguments/rule.ts";
import type { AskedQuestion } from "../problem.ts";
import {
  countDays,
  type Day,
  MONTHS,
  weekdayOf,
  WEEKDAYS,
  writeIso,
  yearOfTwoDigits,
  YEARS,
} from "./calendar.ts";
import { type DateFormat, FORMATS } from "./formats.ts";

/** What a question is, in words. */
export const DATE_QUESTION =
  `a date from ${YEARS.first} to ${YEARS.last}, day before month in numbers, such as 3 March 2021 or 03/04/21`;

/** Longest text that is read. The longest date has 19 characters. */
const MOST_CHARACTERS = 100;

const LETTERS = "[a-z]+";
const YEAR = "(?<year>\\d{4}|\\d{2})";
const WEEKDAY = `(?:(?<weekday>${LETTERS})\\.?,? )?`;
/** What people type, in small letters and with single spaces. */
const TYPED: readonly RegExp[] = [
  `${WEEKDAY}(?<day>\\d{1,2})(?:st|nd|rd|th)?(?: of)? (?<name>${LETTERS})\\.?,? ${YEAR}`,
  `${WEEKDAY}(?<name>${LETTERS})\\.? (?<day>\\d{1,2})(?:st|nd|rd|th)?,? ${YEAR}`,
  `(?<day>\\d{1,2})-(?<name>${LETTERS})-${YEAR}`,
  `(?<day>\\d{1,2})(?<mark>[/.])(?<month>\\d{1,2})\\k<mark>${YEAR}`,
  `(?<year>\\d{4})(?<mark>[-/])(?<month>\\d{1,2})\\k<mark>(?<day>\\d{1,2})`,
].map((pattern) => new RegExp(`^${pattern}$`));

/** Gives the answer of a date in one of the formats. @throws {SyntaxError} if it is not a date */
export function readIso(question: string): string {
  const parts = readParts(question);
  const day = parts && dayOf(parts);
  if (day === undefined) {
    throw new SyntaxError(`Cannot read ${describeFound(question)}: it must be ${DATE_QUESTION}`);
  }
  return writeIso(day);
}

/**
 * Checks a date and writes it in the format that is nearest to how it was typed.
 *
 * @throws {SyntaxError} if it is not a date
 * @throws {RangeError} if there is no such day, or its year is out of range
 */
export function readDate(text: string): AskedQuestion {
  checkValue("read a question", "the text", text, TEXT);
  const typed = text.trim().replace(/\s+/g, " ");
  const parts = readParts(typed);
  const day = parts && dayOf(parts);
  if (day === undefined) {
    throw new SyntaxError(
      `Cannot read ${describeFound(typed)}: a question must be ${DATE_QUESTION}`,
    );
  }
  checkDay(day, typed, parts!.weekday);
  const question = findNearest(typed, parts!).write(day);
  if (question === typed) return { question };
  return { question, note: `Read ${describeFound(typed)} as ${describeFound(question)}` };
}

type Parts = Readonly<Record<string, string | undefined>>;

/** Divides a date into its parts; undefined if it is none. */
function readParts(typed: string): Parts | undefined {
  if (typed.length > MOST_CHARACTERS) return undefined;
  const small = typed.toLowerCase();
  return TYPED.map((pattern) => pattern.exec(small)?.groups).find((groups) => groups);
}

/** Gives the day that the parts name; undefined if a name is none of a month. */
function dayOf({ year, month, name, day }: Parts): Day | undefined {
  const number = name === undefined ? Number(month) : findName(name, MONTHS) + 1;
  if (number < 1 && name !== undefined) return undefined;
  return {
    year: year!.length === 2 ? yearOfTwoDigits(Number(year)) : Number(year),
    month: number,
    day: Number(day),
  };
}

/** Finds a name by its first three letters or more, such as `sept` for September; -1 if there is none. */
function findName(typed: string, names: readonly string[]): number {
  if (typed.length < 3) return -1;
  return names.findIndex((name) => name.toLowerCase().startsWith(typed));
}

function checkDay(day: Day, typed: string, weekday: string | undefined): void {
  const fault = findFault(day, weekday);
  if (fault !== undefined) throw new RangeError(`Cannot answer ${describeFound(typed)}: ${fault}`);
}

function findFault(at: Day, weekday: string | undefined): string | undefined {
  const { year, month, day } = at;
  if (year < YEARS.first || year > YEARS.last) {
    return `the year must be from ${YEARS.first} to ${YEARS.last}, but is ${year}`;
  }
  if (month < 1 || month > 12) {
    return `the month must be from 1 to 12, but is ${month}; the day comes first`;
  }
  const days = countDays(at);
  if (day < 1 || day > days) {
    return `${MONTHS[month - 1]} ${year} has ${days} days, but the day is ${day}`;
  }
  if (weekday === undefined || isNameOf(weekday, weekdayOf(at))) return undefined;
  return WEEKDAYS.some((name) => isNameOf(weekday, name))
    ? `the day of the week must be ${weekdayOf(at)}, but is ${weekday}`
    : `${describeFound(weekday)} is no day of the week`;
}

/** Says whether a typed text begins with the short name of a day of the week: `wed`, `weds`, `wednesday`. */
function isNameOf(typed: string, weekday: string): boolean {
  return typed.startsWith(weekday.toLowerCase());
}

/** Chooses the format that is nearest to how a date was typed. */
function findNearest(typed: string, { name, weekday, year, mark }: Parts): DateFormat {
  if (name === undefined) {
    if (mark === ".") return FORMATS.dots;
    if (mark === "-") return FORMATS.iso;
    if (/^\d{4}/.test(typed)) return FORMATS.yearFirst;
    return year!.length === 2 ? FORMATS.shortSlashes : FORMATS.slashes;
  }
  if (weekday !== undefined) return FORMATS.weekday;
  if (typed.includes("-")) return FORMATS.dashes;
  if (/\d(?:st|nd|rd|th)/i.test(typed)) return FORMATS.ordinal;
  const isShort = name.length === 3 && name !== "may";
  if (/^\d/.test(typed)) return isShort ? FORMATS.shortDayFirst : FORMATS.dayFirst;
  return isShort ? FORMATS.shortMonthFirst : FORMATS.monthFirst;
}
