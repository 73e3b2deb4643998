/** The settings of problems of arithmetic. @module */
import { type Fault, integer } from "../../arguments/rule.ts";
import {
  choiceSetting,
  nameSetting,
  numberSetting,
  resolveSettings,
  SEED_SETTING,
  type Setting,
  type SettingTable,
  textSetting,
} from "../../arguments/setting.ts";
import type { ProblemSettings } from "../problem.ts";
import { type Sampler, SAMPLERS } from "./draw.ts";
import { OPERATORS } from "./expression.ts";
import { countDrawable } from "./sampler.ts";
import { createSpace, type Space } from "./space.ts";
import { describeNumbers } from "./words.ts";

/** The settings of a problem of arithmetic, complete. */
export interface ArithmeticSettings extends ProblemSettings {
  /** Most digits of a number, 1 to 9. */
  readonly digits: number;
  /** Number of numbers in a question, 2 to 5. */
  readonly terms: number;
  /** Base in which numbers are written, 2 to 16. */
  readonly base: number;
  /** Number of questions, from 1. */
  readonly examples: number;
  /** How numbers are drawn. */
  readonly sampler: Sampler;
  /** The operators in the order of {@linkcode OPERATORS}. Absent if the kind has only one. */
  readonly operators?: string;
}

/** A kind of arithmetic, as far as its settings depend on it. */
export interface ArithmeticBasis {
  /** Its name. */
  readonly name: string;
  /** Its questions in words: `additions`. */
  readonly plural: string;
  /** Its operator. Absent if the settings choose several. */
  readonly operator?: string;
}

/** The settings before defaults that depend on others are known. */
interface GivenSettings extends ProblemSettings {
  readonly digits: number;
  readonly terms: number;
  readonly base: number;
  readonly sampler: Sampler;
  readonly examples?: number;
}

/** The largest number of digits. Sums of five numbers of 10 digits in base 16 are exact in float64. */
const MAX_DIGITS = 9;
/** The number of questions of the notebook. */
const DEFAULT_EXAMPLES = 50_000;

/** The settings of a kind with one operator, besides `name` and `seed`. */
const OPTIONS = {
  digits: numberSetting(integer(1, MAX_DIGITS), {
    title: "Digits",
    help: `most digits of each number, 1 to ${MAX_DIGITS}`,
    default: 3,
  }),
  terms: numberSetting(integer(2, 5), {
    title: "Numbers",
    help: "number of numbers in a question, 2 to 5",
    default: 2,
  }),
  base: numberSetting(integer(2, 16), {
    title: "Base",
    help: "base in which numbers are written, 2 to 16",
    default: 10,
  }),
  examples: numberSetting(integer(1), {
    title: "Examples",
    help: "number of questions",
    defaultHelp: `${DEFAULT_EXAMPLES}, or all possible ones if there are fewer`,
    optional: true,
  }),
  sampler: choiceSetting<Sampler>(SAMPLERS, {
    title: "Sampler",
    help:
      "how numbers are drawn: notebook (a random length, then random digits) or uniform (every question equally likely)",
    default: "notebook",
  }),
} as const;

/** The operators of a kind with several. */
const OPERATORS_OPTION: Setting<string> = textSetting({
  title: "Operators",
  help: "two or three of the operators +, - and *, in one word",
  placeholder: "OPERATORS",
  default: "+-",
}, {
  must: `two or three different characters of "${OPERATORS}"`,
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    const isSound = /^[-+*]{2,3}$/.test(value) && new Set(value).size === value.length;
    return isSound ? undefined : "value";
  },
});

/** Gives the settings of a kind, besides `name` and `seed`. */
export function arithmeticOptions(
  { operator }: Pick<ArithmeticBasis, "operator">,
): typeof OPTIONS & { readonly operators?: Setting<string> } {
  return operator === undefined ? { ...OPTIONS, operators: OPERATORS_OPTION } : OPTIONS;
}

/**
 * Fills in the defaults of a problem of arithmetic and checks it.
 *
 * @throws {TypeError} if a setting is unknown or has a wrong type
 * @throws {RangeError} if a value is out of its range, or more examples are asked for than there are questions
 */
export function resolveArithmetic(given: unknown, basis: ArithmeticBasis): ArithmeticSettings {
  const { name, plural } = basis;
  const action = `make ${plural}`;
  const settings: SettingTable<GivenSettings> = {
    name: nameSetting(name),
    seed: SEED_SETTING,
    ...arithmeticOptions(basis),
  };
  const { operators, ...rest } = resolveSettings<GivenSettings>(given, { action, settings });
  const chosen = typeof operators === "string"
    ? { operators: Array.from(OPERATORS).filter((each) => operators.includes(each)).join("") }
    : {};
  const space = createSpace({ ...rest, operators: basis.operator ?? chosen.operators! });
  const { examples = Math.min(DEFAULT_EXAMPLES, Number(space.size)) } = rest;
  checkExamples(examples, space, action);
  return { ...rest, ...chosen, examples };
}

/** Checks that there are enough questions. */
function checkExamples(examples: number, space: Space, action: string): void {
  const numbers = describeNumbers(space);
  if (BigInt(examples) > space.size) {
    throw new RangeError(
      `Cannot ${action}: there are only ${space.size} different ones of ${numbers}, but examples is ${examples}`,
    );
  }
  if (examples > countDrawable(space)) {
    throw new RangeError(
      `Cannot ${action}: of ${numbers} there can be at most ${
        countDrawable(space)
      }, but examples is ${examples}`,
    );
  }
}
