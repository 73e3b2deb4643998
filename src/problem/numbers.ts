/** Numbers in words, to digits: `four hundred and seven` → `407`. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, integer, TEXT } from "../arguments/rule.ts";
import {
  nameSetting,
  numberSetting,
  resolveSettings,
  SEED_SETTING,
  type SettingTable,
} from "../arguments/setting.ts";
import type { Layout, TextLayout } from "../codec/layout.ts";
import { forkPrng, type Prng } from "../random/prng.ts";
import { drawDistinct } from "./draw_distinct.ts";
import type { Example } from "./example.ts";
import { NUMBER_WORDS, readWords, writeWords } from "./numbers/words.ts";
import type {
  AskedQuestion,
  GeneratedExamples,
  Grouping,
  Problem,
  ProblemKind,
  ProblemSettings,
} from "./problem.ts";

/** The settings of a problem of numbers in words, complete. */
export interface NumbersSettings extends ProblemSettings {
  /** Most digits of a number, 1 to 6. */
  readonly digits: number;
  /** Number of questions. */
  readonly examples: number;
}

interface GivenSettings extends ProblemSettings {
  readonly digits: number;
  readonly examples?: number;
}

const DEFAULT_EXAMPLES = 20_000;
/** Longest text that is read. The longest number of six digits has 71 characters. */
const MOST_CHARACTERS = 200;

const OPTIONS = {
  digits: numberSetting(integer(1, 6), {
    title: "Digits",
    help: "most digits of a number, 1 to 6",
    default: 4,
  }),
  examples: numberSetting(integer(1), {
    title: "Examples",
    help: "number of questions",
    defaultHelp: `${DEFAULT_EXAMPLES}, or all possible ones if there are fewer`,
    optional: true,
  }),
} as const;

/** Numbers in words. */
export const NUMBERS: ProblemKind<NumbersSettings> = {
  name: "numbers",
  summary: "numbers in words to digits, such as four hundred and seven → 407",
  options: OPTIONS,
  reverse: true,
  resolve: resolveNumbers,
  layOut: layOutNumbers,
  create: createNumbers,
};

function resolveNumbers(given: unknown): NumbersSettings {
  const action = "make numbers";
  const settings: SettingTable<GivenSettings> = {
    name: nameSetting("numbers"),
    seed: SEED_SETTING,
    ...OPTIONS,
  };
  const resolved = resolveSettings<GivenSettings>(given, { action, settings });
  const size = 10 ** resolved.digits;
  const { examples = Math.min(DEFAULT_EXAMPLES, size) } = resolved;
  if (examples <= size) return { ...resolved, examples };
  throw new RangeError(
    `Cannot ${action}: there are only ${size} of ${
      describeDigits(resolved)
    }, but examples is ${examples}`,
  );
}

function layOutNumbers({ digits }: NumbersSettings, reverse: boolean): Layout {
  const lay = (length: number, text: string): Omit<TextLayout, "reverse"> => ({
    length,
    symbols: ["", ...[...new Set(text)].sort()],
    padding: "",
    separator: "",
    normalize: "none",
  });
  const longest = writeWords(Number("7".repeat(digits))).length; // "seven" and "seventy" are the longest words
  return {
    source: { ...lay(longest, `${NUMBER_WORDS.join("")} -`), reverse },
    target: { ...lay(digits, "0123456789"), reverse: false },
  };
}

function createNumbers(settings: NumbersSettings): Problem {
  const digits = describeDigits(settings);
  const example = writeWords(settings.digits < 3 ? 7 : 407);
  const question = `a number of ${digits} in words, such as ${example}`;
  return {
    settings,
    title: `${settings.examples.toLocaleString("en-US")} numbers of ${digits} in words`,
    question,
    example,
    equals: " → ",
    groupings: GROUPINGS,
    readQuestion: (text) => readNumber(text, { digits: settings.digits, what: question }),
    answer: (asked) => String(readWords(asked)),
    generated: generateNumbers(settings),
  };
}

const GROUPINGS: readonly Grouping[] = [
  { name: "digits", title: "Digits", keyOf: ({ answer }) => String(answer.length) },
  {
    name: "words",
    title: "Number of words",
    keyOf: ({ question }) => String(question.split(/[ -]/).length),
  },
];

/** Describes the number of digits: `1 digit`, `up to 3 digits`. */
function describeDigits({ digits }: Pick<NumbersSettings, "digits">): string {
  return digits === 1 ? "1 digit" : `up to ${digits} digits`;
}

/** Checks a number in words and writes it as the model knows it. */
function readNumber(
  text: string,
  { digits, what }: { readonly digits: number; readonly what: string },
): AskedQuestion {
  checkValue("read a question", "the text", text, TEXT);
  const typed = text.trim();
  const number = typed.length > MOST_CHARACTERS ? undefined : readWords(typed.toLowerCase());
  if (number === undefined) {
    throw new SyntaxError(`Cannot read ${describeFound(typed)}: a question must be ${what}`);
  }
  if (number >= 10 ** digits) {
    throw new RangeError(
      `Cannot answer ${describeFound(typed)}: the number must have ${
        describeDigits({ digits })
      }, but ${number} has ${String(number).length}`,
    );
  }
  const question = writeWords(number);
  if (question === typed.replace(/\s+/g, " ")) return { question };
  return { question, note: `Read ${describeFound(typed)} as ${describeFound(question)}` };
}

function generateNumbers({ digits, examples: count, seed }: NumbersSettings): GeneratedExamples {
  const size = 10 ** digits;
  return {
    count,
    examples: () => drawNumbers(digits, { count, prng: forkPrng(seed, "numbers") }),
    *stream(epoch): Generator<Example, void> {
      for (let round = 1;; round++) {
        yield* drawNumbers(digits, { count, prng: forkPrng(seed, `numbers/${epoch}/${round}`) });
      }
    },
    every: { count: size, examples: () => listNumbers(size) },
    edgeCases: () => EDGE_NUMBERS.filter((number) => number < size).map(toExample),
  };
}

/** Draws different numbers. The number of digits is uniform, as long as there are numbers of so many digits. */
function* drawNumbers(
  digits: number,
  { count, prng }: { readonly count: number; readonly prng: Prng },
): Generator<Example, void> {
  const lengths = Array.from({ length: digits }, (_, i) => {
    const first = i === 0 ? 0 : 10 ** i;
    return { first, left: 10 ** (i + 1) - first, draws: drawDistinct(10 ** (i + 1) - first, prng) };
  });
  for (let made = 0; made < count; made++) {
    const open = lengths.filter(({ left }) => left > 0);
    const length = open[prng.nextInt(open.length)]!;
    length.left--;
    yield toExample(length.first + length.draws.next().value!);
  }
}

function* listNumbers(size: number): Generator<Example, void> {
  for (let number = 0; number < size; number++) yield toExample(number);
}

function toExample(number: number): Example {
  return { question: writeWords(number), answer: String(number) };
}

/** Numbers with zeros in every place, the irregular words, and the longest ones. */
const EDGE_NUMBERS: readonly number[] = [
  ...[0, 1, 7, 10, 11, 12, 13, 15, 18, 19, 20, 21, 40, 80, 99, 100, 101, 110, 111, 115, 120, 121],
  ...[407, 777, 900, 999, 1000, 1001, 1010, 1100, 1111, 5050, 7777, 9999, 10_000, 10_001, 11_011],
  ...[40_015, 77_777, 99_999, 100_000, 100_001, 110_011, 333_333, 500_050, 777_777, 999_999],
];
