/** Takes pairs that a program gives, checks them as those of a file, and keeps their normalised texts. @module */
import { describeFound, type Fault, isObject, type Rule } from "../../arguments/rule.ts";
import { createPause } from "../../time/pause.ts";
import type { TurnOptions } from "../../time/slices.ts";
import { untilAborted } from "../../time/until_aborted.ts";
import type { Example } from "../example.ts";
import type { ReadReport, TakePair } from "./pair_reader.ts";
import { readPair, splitQuestion } from "./pair_text.ts";
import type { PairsSettings } from "./settings.ts";

/** Pairs: an array, or anything that can be iterated, at once or as its pairs come. */
export type GivenPairs = Iterable<Example> | AsyncIterable<Example>;

/** Pairs that were taken. */
export interface TakenPairs {
  /** The questions, normalised, with their features. */
  readonly questions: readonly string[];
  /** The answer to each. */
  readonly answers: readonly string[];
  /** Whether a question has features. */
  readonly hasFeatures: boolean;
  /** What was read. */
  readonly report: ReadReport;
}

/** How pairs are taken. */
export interface TakeOptions extends Omit<TurnOptions, "onProgress"> {
  /** Their name in errors: `pairs`. */
  readonly name: string;
  /** How texts are read, and what is done about a pair that cannot be used. */
  readonly settings: PairsSettings;
  /** Called with every pair, and its number from 1. */
  readonly take: TakePair;
  /** Called several times a second with the number of pairs so far. */
  readonly onProgress?: (done: number) => void;
}

/** The rule for pairs. */
export const GIVEN_PAIRS: Rule<GivenPairs> = {
  must: "an array of pairs, or another iterable or asynchronous iterable",
  findFault: (value): Fault | undefined =>
    typeof value === "object" && value !== null &&
      (isIterable(value) || Symbol.asyncIterator in value)
      ? undefined
      : "type",
};

/** Number of bad pairs that are described. */
const MOST_DESCRIBED = 5;
/** Number of pairs that are taken in less than a millisecond. */
const PAIRS_A_SLICE = 256;

/**
 * Takes all pairs once.
 *
 * @throws {TypeError} if one is not an object with two strings
 * @throws {SyntaxError} if one cannot be used, unless such pairs are skipped
 * @throws {RangeError} if there is none
 * @throws the signal's reason, if it aborts
 */
export async function takePairs(
  pairs: GivenPairs,
  { name, settings, take, signal, onProgress, now = () => performance.now() }: TakeOptions,
): Promise<TakenPairs> {
  const questions: string[] = [], answers: string[] = [], firstBadLines: string[] = [];
  const pause = createPause(now);
  let [given, bad, hasFeatures] = [0, 0, false];
  const source = signal !== undefined && Symbol.asyncIterator in pairs
    ? untilAborted(pairs, signal)
    : pairs;
  for await (const each of source) {
    const at = `${name}[${given++}]`;
    const { question, answer } = checkExample(at, each);
    const [text, ...features] = splitQuestion(question);
    const pair = readPair({ question: text, answer, features }, settings);
    if (typeof pair === "string") {
      if (settings.badLines === "stop") throw new SyntaxError(`Cannot use ${at}: ${pair}`);
      if (++bad <= MOST_DESCRIBED) firstBadLines.push(`${at}: ${pair}`);
    } else {
      hasFeatures ||= pair.question.includes("\t");
      questions.push(pair.question);
      answers.push(pair.answer);
      take(pair, given);
    }
    if (given % PAIRS_A_SLICE > 0) continue;
    onProgress?.(given);
    await pause();
    signal?.throwIfAborted();
  }
  onProgress?.(given);
  signal?.throwIfAborted();
  if (questions.length === 0) throw new RangeError(describeNone(name, firstBadLines));
  const report: ReadReport = {
    ...{ lines: given, pairs: questions.length, emptyLines: 0, badLines: bad, firstBadLines },
    unusedColumns: [],
  };
  return { questions, answers, hasFeatures, report };
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

function checkExample(name: string, given: unknown): Example {
  if (!isObject(given)) {
    throw new TypeError(
      `Cannot use ${name}: it must be an object with a question and an answer, but is ${
        describeFound(given)
      }`,
    );
  }
  const { question, answer, features } = given;
  if (features !== undefined) {
    throw new TypeError(
      `Cannot use ${name}: features must stand in the question after a tab, as "go\\tV;PST", but are a field of their own`,
    );
  }
  if (typeof question === "string" && typeof answer === "string") return { question, answer };
  const [key, found] = typeof question === "string" ? ["answer", answer] : ["question", question];
  throw new TypeError(
    `Cannot use ${name}: its ${key} must be a string, but is ${describeFound(found)}`,
  );
}

function describeNone(name: string, [first]: readonly string[]): string {
  const why = first === undefined
    ? "there is none; a generator gives its pairs only once"
    : `none can be used: ${first}`;
  return `Cannot use ${name}: there must be at least one pair, but ${why}`;
}
