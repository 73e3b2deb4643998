/** Dates as people write them, to ISO 8601: `3 March 2021` → `2021-03-03`. @module */
import { integer } from "../arguments/rule.ts";
import {
  nameSetting,
  numberSetting,
  resolveSettings,
  SEED_SETTING,
  type Setting,
} from "../arguments/setting.ts";
import type { Layout, TextLayout } from "../codec/layout.ts";
import { forkPrng, type Prng } from "../random/prng.ts";
import { type Day, dayAt, DAYS, MONTHS, WEEKDAYS, writeIso } from "./dates/calendar.ts";
import { type DateFormat, findFormat, FORMAT_LIST } from "./dates/formats.ts";
import { DATE_QUESTION, readDate, readIso } from "./dates/read_date.ts";
import { drawDistinct } from "./draw_distinct.ts";
import type { Example } from "./example.ts";
import type {
  GeneratedExamples,
  Grouping,
  Problem,
  ProblemKind,
  ProblemSettings,
} from "./problem.ts";

/** The settings of a problem of dates, complete. */
export interface DatesSettings extends ProblemSettings {
  /** Number of questions, from 1 to {@linkcode MOST_DATES}. */
  readonly examples: number;
}

/** Number of questions: a date in May is written alike in two pairs of formats. */
const MOST_DATES = DAYS * FORMAT_LIST.length - 2 * 31 * 100;

const EXAMPLES: Setting<number> = numberSetting(integer(1, MOST_DATES), {
  title: "Examples",
  help: "number of questions",
  default: 30_000,
});

/** Dates in a dozen formats. */
export const DATES: ProblemKind<DatesSettings> = {
  name: "dates",
  summary: "dates in a dozen formats to ISO 8601, such as 3 March 2021 → 2021-03-03",
  options: { examples: EXAMPLES },
  reverse: true,
  resolve: (given) =>
    resolveSettings<DatesSettings>(given, {
      action: "make dates",
      settings: {
        name: nameSetting("dates"),
        seed: SEED_SETTING,
        examples: EXAMPLES,
      },
    }),
  layOut: (_, reverse) => layOutDates(reverse),
  create: createDates,
};

function createDates(settings: DatesSettings): Problem {
  return {
    settings,
    title: `${settings.examples.toLocaleString("en-US")} dates in ${FORMAT_LIST.length} formats`,
    question: DATE_QUESTION,
    example: "3 March 2021",
    equals: " → ",
    groupings: GROUPINGS,
    readQuestion: readDate,
    answer: readIso,
    generated: generateDates(settings),
  };
}

const GROUPINGS: readonly Grouping[] = [
  {
    name: "format",
    title: "Format",
    keyOf: ({ question }) => findFormat(question)?.name ?? "other",
  },
  { name: "month", title: "Month", keyOf: ({ answer }) => answer.slice(5, 7) },
];

/** Lays out every date: characters of all formats, and those of ISO 8601. */
function layOutDates(reverse: boolean): Layout {
  const characters = [...MONTHS, ...WEEKDAYS, "stndrdth0123456789 ,./-"].join("");
  const lay = (length: number, text: string): Omit<TextLayout, "reverse"> => ({
    length,
    symbols: ["", ...[...new Set(text)].sort()],
    padding: "",
    separator: "",
    normalize: "none",
  });
  return {
    source: { ...lay("30th September 2021".length, characters), reverse },
    target: { ...lay("2021-09-30".length, "-0123456789"), reverse: false },
  };
}

function generateDates({ examples: count, seed }: DatesSettings): GeneratedExamples {
  return {
    count,
    examples: () => drawDates(count, forkPrng(seed, "dates")),
    *stream(epoch): Generator<Example, void> {
      for (let round = 1;; round++) {
        yield* drawDates(count, forkPrng(seed, `dates/${epoch}/${round}`));
      }
    },
    every: { count: MOST_DATES, examples: listDates },
    edgeCases: listEdgeCases,
  };
}

function* drawDates(count: number, prng: Prng): Generator<Example, void> {
  let made = 0;
  for (const number of drawDistinct(DAYS * FORMAT_LIST.length, prng)) {
    const example = exampleAt(number);
    if (example === undefined) continue;
    yield example;
    if (++made === count) return;
  }
}

function* listDates(): Generator<Example, void> {
  for (let number = 0; number < DAYS * FORMAT_LIST.length; number++) {
    const example = exampleAt(number);
    if (example !== undefined) yield example;
  }
}

/** Gives an example by its number; undefined if another number gives the same one. */
function exampleAt(number: number): Example | undefined {
  const format = FORMAT_LIST[number % FORMAT_LIST.length]!;
  return toExample(dayAt(Math.floor(number / FORMAT_LIST.length)), format);
}

/** Makes an example; undefined if another format writes this day alike. */
function toExample(day: Day, format: DateFormat): Example | undefined {
  const question = format.write(day);
  return findFormat(question) === format ? { question, answer: writeIso(day) } : undefined;
}

/** Days that are easily answered wrong: leap days, ends of centuries and of the range, months and days that could be exchanged. */
const EDGE_DAYS: readonly Day[] = [
  ...[[1930, 1, 1], [1999, 12, 31], [2000, 1, 1], [2000, 2, 29], [2020, 2, 29], [2021, 4, 3]],
  ...[[2021, 3, 4], [2012, 11, 10], [2010, 11, 12], [2022, 2, 22], [2029, 12, 31]],
].map(([year, month, day]) => ({ year: year!, month: month!, day: day! }));

/** Gives every edge day in every format. */
function listEdgeCases(): readonly Example[] {
  return EDGE_DAYS.flatMap((day) => FORMAT_LIST.map((format) => toExample(day, format)))
    .filter((example) => example !== undefined);
}
