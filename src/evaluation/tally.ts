/** Counts everything about answers, in slices: its memory does not grow with their number. @module */
import { writesEdits } from "../codec/answer_edits.ts";
import type { TextLayout } from "../codec/layout.ts";
import type { Example } from "../problem/example.ts";
import { splitText } from "../problem/pairs/pair_text.ts";
import type { Grouping } from "../problem/problem.ts";
import type { ObserveAnswer } from "./answer_record.ts";
import type { AssessedCell, Assessment, Confusion } from "./assessment.ts";
import { createCalibrationCounter } from "./calibration.ts";
import type { LearnedCell } from "./cell.ts";
import { countEdits } from "./edit_distance.ts";
import { createEnsembleCounter, type EnsembleCounter } from "./ensemble_counter.ts";
import { createGroupCounter } from "./group_counter.ts";
import { findInterval, SMALL_GROUP } from "./interval.ts";
import { createSymbolCounter, type SymbolCounts } from "./symbol_counter.ts";
import { createWorstAnswers } from "./worst_answers.ts";

/** Examples, and a model's answers to them. */
export interface AnsweredExamples {
  /** Number of examples, N. */
  readonly count: number;
  /** Sum of the cross-entropy over the target symbols that count, in nats, and the number of these symbols. */
  readonly loss: number;
  readonly counted: number;
  /** Indices of the correct symbols, uint8 (N, T). */
  readonly targets: Uint8Array;
  /** Indices of the answered symbols, uint8 (N, T). */
  readonly answers: Uint8Array;
  /** Probabilities of the answered symbols, float32 (N, T). */
  readonly confidence: Float32Array;
  /** Of an ensemble: what each of its models answers alone, uint8 (N, T). */
  readonly members?: readonly Uint8Array[];
  /** Gives an example as people write it. */
  readExample(at: number): Example;
}

/** What a tally needs besides the answers. */
export interface TallyOptions {
  /** How targets are laid out. */
  readonly target: TextLayout;
  /** Writes the answer to a question as people do. */
  readonly readAnswer: (indices: Uint8Array, question: string) => string;
  /** How examples are grouped. */
  readonly groupings: readonly Grouping[];
  /** Most wrong answers to keep. */
  readonly worst: number;
  /** Whether the examples are all there are. */
  readonly complete: boolean;
  /** Called for every answer. */
  readonly observe?: ObserveAnswer;
}

/** Counts answers. */
export interface Tally {
  /** Counts some answers. */
  add(answered: AnsweredExamples): void;
  /** Counts an example that the model cannot be asked, or whose answer it cannot write. */
  refuse(reason: string): void;
  /** Gives the figures of all answers so far, of which {@linkcode add} got at least one. */
  finish(): Assessment;
}

/** Most confusions of symbols that an assessment lists. */
const MOST_CONFUSIONS = 100;

/**
 * Makes a tally.
 *
 * Word and symbol error rate are those of the SIGMORPHON shared tasks on pronunciation (Gorman et al. 2020, "The SIGMORPHON
 * 2020 Shared Task on Multilingual Grapheme-to-Phoneme Conversion"): WER = wrong / N, and over all examples together
 * SER = Σ edits / Σ symbols of the correct answer. Edits are Levenshtein's; the script of 2020 fills the edges of its table
 * with 1, and counts fewer edits where texts begin differently.
 */
export function createTally(options: TallyOptions): Tally {
  const { target, readAnswer, groupings, worst, complete } = options;
  const { length: T } = target;
  const symbols = createSymbolCounter(target);
  const calibration = createCalibrationCounter();
  const groups = groupings.map(createGroupCounter);
  const worstAnswers = createWorstAnswers(worst);
  const isEdited = writesEdits(target);
  const listSymbols = isEdited ? createTextLister(options) : createTrimmer(target);
  let ensemble: EnsembleCounter | undefined;
  let refusedReason: string | null = null;
  const sums = {
    answered: 0,
    refused: 0,
    right: 0,
    loss: 0,
    counted: 0,
    rightSymbols: 0,
    edits: 0,
    targetSymbols: 0,
  };

  function addAnswer(answered: AnsweredExamples, row: number, rightSymbols: number): void {
    const [from, to] = [row * T, (row + 1) * T];
    const isRight = rightSymbols === T;
    const probability = multiply(answered.confidence, from, to);
    sums.right += Number(isRight);
    sums.rightSymbols += rightSymbols;
    calibration.add(probability, isRight);
    const isRead = groups.length > 0 || !isRight || isEdited;
    const example = isRead ? answered.readExample(row) : undefined;
    const wanted = listSymbols(answered.targets.subarray(from, to), example?.question);
    sums.targetSymbols += wanted.length;
    for (const group of groups) group.add(example!, isRight);
    const given = answered.answers.subarray(from, to);
    const read = (): Example => example ?? answered.readExample(row);
    const readGuess = (): string => readAnswer(given, read().question);
    options.observe?.(read, { isRight, readGuess });
    if (isRight) return;
    const { question, answer } = example!;
    sums.edits += countEdits(wanted, listSymbols(given, question));
    worstAnswers.take(probability, () => ({ question, target: answer, guess: readGuess() }));
  }

  return {
    add(answered): void {
      const rightOf = symbols.add(answered.targets, answered.answers);
      for (const [row, rightSymbols] of rightOf.entries()) addAnswer(answered, row, rightSymbols);
      const { members } = answered;
      if (members !== undefined) {
        ensemble ??= createEnsembleCounter(T);
        ensemble.add({ ...answered, members });
      }
      sums.answered += answered.count;
      sums.loss += answered.loss;
      sums.counted += answered.counted;
    },
    refuse(reason): void {
      refusedReason ??= reason;
      sums.refused++;
    },
    finish(): Assessment {
      const { answered, refused, right, loss, rightSymbols, edits, targetSymbols } = sums;
      const { counted: lossSymbols } = sums;
      const examples = answered + refused;
      const counted = symbols.finish();
      const assess = (cell: LearnedCell): AssessedCell => assessCell(cell, complete);
      return {
        ...{ examples, complete, refused, refusedReason, right },
        loss: loss / lossSymbols,
        characterAccuracy: rightSymbols / (answered * T),
        exactMatch: right / examples,
        exactMatchInterval: findInterval(right, examples, complete),
        wordErrorRate: (examples - right) / examples,
        symbolErrorRate: targetSymbols === 0 ? null : edits / targetSymbols,
        ...{ edits, targetSymbols },
        calibration: calibration.finish(),
        ensemble: ensemble?.finish(examples, complete) ?? null,
        groups: groups.map((group) => {
          const { cells, ...grouping } = group.finish();
          return { ...grouping, cells: cells.map(assess) };
        }),
        positions: counted.positions.map(assess),
        symbols: listCells(counted).map(assess),
        confusions: listConfusions(counted),
        worst: worstAnswers.finish(),
      };
    },
  };
}

/** Gives a cell its share and interval. */
function assessCell({ key, examples, right }: LearnedCell, complete: boolean): AssessedCell {
  return {
    ...{ key, examples, right },
    exactMatch: examples === 0 ? null : right / examples,
    ...findInterval(right, examples, complete),
    isSmall: examples < SMALL_GROUP && !complete,
  };
}

/** Gives the symbols of an answer as numbers, the same for the same symbol. */
type ListSymbols = (row: Uint8Array, question: string | undefined) => Uint8Array | Uint16Array;

/** Makes a function that lists the symbols of the text that edits make of a question. */
function createTextLister(
  { target: { separator }, readAnswer }: Pick<TallyOptions, "target" | "readAnswer">,
): ListSymbols {
  const numbers = new Map<string, number>();
  return (row, question) => {
    const text = readAnswer(row, question!);
    return Uint16Array.from(splitText(text, separator), (symbol) => {
      const number = numbers.get(symbol) ?? numbers.size;
      numbers.set(symbol, number);
      return number;
    });
  };
}

/** Makes a function that leaves out padding: at the end; or everywhere, if no text can contain it. */
function createTrimmer({ symbols, padding, reverse }: TextLayout): ListSymbols {
  const index = padding === null ? -1 : symbols.indexOf(padding);
  if (padding === "") return (row) => row.filter((symbol) => symbol !== index);
  return (row) => {
    let [from, to] = [0, row.length];
    if (reverse === true) { while (from < to && row[from] === index) from++; }
    else while (to > from && row[to - 1] === index) to--;
    return row.subarray(from, to);
  };
}

function multiply(factors: Float32Array, from: number, to: number): number {
  let product = 1;
  for (let i = from; i < to; i++) product *= factors[i]!;
  return product;
}

function listCells({ symbols, confusion }: SymbolCounts): LearnedCell[] {
  const V = symbols.length;
  return symbols.map((key, i) => ({
    key,
    examples: confusion.slice(i * V, (i + 1) * V).reduce((a, b) => a + b, 0),
    right: confusion[i * V + i]!,
  }));
}

/** Lists pairs of different symbols that occurred, the most frequent first. */
function listConfusions({ symbols, confusion }: SymbolCounts): Confusion[] {
  const V = symbols.length;
  return confusion
    .map((count, at) => ({ count, target: Math.floor(at / V), guess: at % V }))
    .filter(({ count, target, guess }) => count > 0 && target !== guess)
    .sort((a, b) => b.count - a.count) // stable: equal ones stay in the order of their indices
    .slice(0, MOST_CONFUSIONS)
    .map(({ count, target, guess }) => ({
      ...{ target: symbols[target]!, guess: symbols[guess]!, count },
    }));
}
