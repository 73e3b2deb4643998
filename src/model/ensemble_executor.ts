/** Several networks that answer as one. @module */
import { checkExamples, checkRange } from "../device/check_arguments.ts";
import type {
  Answers,
  Examples,
  Executor,
  HeldExamples,
  Measurement,
  MeasureRange,
} from "../device/executor.ts";
import {
  averageProbabilities,
  chooseByVote,
  type Combination,
  findAllMostProbable,
  pickProbabilities,
} from "./combine.ts";
import { decodeRows, type RowShape } from "./decode_rows.ts";
import { answerAlone, decodeTogether } from "./decode_together.ts";
import { selectAnswers, selectRows, sumRows } from "./measure_rows.ts";

/** How networks answer together. */
export interface EnsembleExecutorOptions extends RowShape {
  /** How their answers are combined. */
  readonly combine: Combination;
}

/**
 * Makes an executor of several, of networks with the same decoder and the same sources and targets. It answers, measures and decodes;
 * it cannot be trained. Disposing of it disposes of all.
 *
 * The probability of a symbol is the mean over the networks, p(y_t) = 1/n Σ_m p_m(y_t): at every position with the decoder
 * `repeat`, after the same symbols before it with the decoder `attention`. With `mean` an answer is greedy in it; with `vote` it is
 * the answer that most networks give alone. The loss and the probabilities are those of the mean in both cases.
 */
export function createEnsembleExecutor(
  executors: readonly Executor[],
  options: EnsembleExecutorOptions,
): Executor {
  const [first] = executors as readonly [Executor];
  const { network, report } = first;
  const held = new WeakMap<HeldExamples, Examples>();
  const isByVote = options.combine === "vote";

  async function answerRepeat(sources: Uint8Array): Promise<Required<Answers>> {
    const own = await answerAlone(executors, sources, { probabilities: true });
    const probabilities = averageProbabilities(own.map((each) => each.probabilities!));
    const characters = isByVote
      ? chooseByVote(own, options.length)
      : findAllMostProbable(probabilities, options.size);
    return {
      ...{ characters, probabilities, members: own.map((each) => each.characters) },
      confidence: pickProbabilities(probabilities, characters, options.size),
    };
  }

  async function answerStepwise(sources: Uint8Array, probabilities: boolean): Promise<Answers> {
    const own = await answerAlone(executors, sources);
    using decoding = decodeTogether(executors, sources);
    const along = isByVote ? chooseByVote(own, options.length) : undefined;
    const decoded = await decodeRows(decoding, options, { probabilities, ...(along && { along }) });
    const { best: _best, ...answers } = decoded;
    return { ...answers, members: own.map((each) => each.characters) };
  }

  /** Measures what is answered after the right symbols; with `vote`, what is answered. */
  async function measurePart(
    part: Examples,
    { answers, confidence = false }: MeasureRange,
  ): Promise<Measurement> {
    const { sources, targets } = part;
    if (network.decoder === "repeat") {
      const given = await answerRepeat(sources);
      const sure = pickProbabilities(given.probabilities, targets, options.size);
      const sums = sumRows(part, { sure, guesses: given.characters }, options);
      return { ...sums, ...selectAnswers(given, { answers, confidence }) };
    }
    using decoding = decodeTogether(executors, sources);
    const { confidence: sure, best } = await decodeRows(decoding, options, { along: targets });
    const given = answers || isByVote ? await answerStepwise(sources, false) : undefined;
    const guesses = isByVote ? given!.characters : best;
    const sums = sumRows(part, { sure, guesses }, options);
    return { ...sums, ...(given && selectAnswers(given, { answers, confidence })) };
  }

  return {
    ...{ report, network },
    get disposed(): boolean {
      return executors.some(({ disposed }) => disposed);
    },
    get changes(): number {
      return executors.reduce((sum, { changes }) => sum + changes, 0);
    },
    get examplesAtOnce(): number {
      const least = Math.min(...executors.map(({ examplesAtOnce }) => examplesAtOnce));
      return Math.max(1, Math.floor(least / executors.length));
    },
    hold(examples): HeldExamples {
      checkExamples(network, examples);
      const { count } = examples;
      const ours: HeldExamples = { count, [Symbol.dispose]: () => void held.delete(ours) };
      held.set(ours, examples);
      return ours;
    },
    async measure(examples, range): Promise<Measurement> {
      const found = held.get(examples);
      if (found === undefined) throw new Error("Cannot measure: the examples were disposed of");
      checkRange(range, found.count);
      return await measurePart(selectRows(found, network, range), range);
    },
    answer: async (sources, { probabilities = false } = {}): Promise<Answers> => {
      if (network.decoder === "attention") return await answerStepwise(sources, probabilities);
      const { probabilities: all, ...answers } = await answerRepeat(sources);
      return probabilities ? { ...answers, probabilities: all } : answers;
    },
    decode: (sources) => decodeTogether(executors, sources),
    createOptimizer: () => refuse("make an optimiser's state"),
    begin: () => refuse("take steps"),
    differentiate: () => Promise.reject(refusal("compute gradients")),
    readState: () => Promise.reject(refusal("read parameters")),
    writeParameters: () => refuse("write parameters"),
    [Symbol.dispose]: () => executors.forEach((each) => each.disposed || each[Symbol.dispose]()),
  };
}

function refuse(action: string): never {
  throw refusal(action);
}

function refusal(action: string): Error {
  return new Error(
    `Cannot ${action}: an ensemble has no parameters of its own; use one of its models`,
  );
}
