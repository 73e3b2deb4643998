/** Finds the answers of a model to encoded questions. @module */
import type { Answers, Executor } from "../device/executor.ts";
import type { Network } from "../network/network.ts";
import { searchAnswers } from "./beam_search.ts";
import type { FoundAnswer } from "./hypothesis.ts";
import type { SearchSettings } from "./search_settings.ts";
import { openSymbolSource } from "./symbol_source.ts";

/** What answers: a model, or an ensemble. */
export interface Answerer {
  /** Its network on the device. */
  readonly executor: Executor;
  /** Of an ensemble: its models. */
  readonly models?: readonly Answerer[];
}

/** How to find answers. */
export interface FindPlan extends SearchSettings {
  /** Whether to give the probabilities of all symbols at every position. */
  readonly probabilities: boolean;
  /** Whether to give the attention, which only networks with attention have. */
  readonly attention: boolean;
  /** Called after every symbol of a search. What it throws ends the search. */
  readonly afterStep: () => Promise<void>;
}

/** Says how many questions should be asked at once, so that a step takes about 0.1 s. */
export function countFoundAtOnce(
  { executor }: Answerer,
  { beam }: Pick<FindPlan, "beam">,
): number {
  return Math.max(1, Math.floor(executor.examplesAtOnce / beam));
}

/**
 * Finds the answers to sources. For an ensemble it also finds the answer of each of its models alone, in the same way.
 *
 * @param sources indices, uint8 (N, T_in)
 * @returns for each source its answers, 1 to n, the best first
 * @throws {Error} if a device was lost or failed
 */
export async function findAnswers(
  answerer: Answerer,
  sources: Uint8Array,
  plan: FindPlan,
): Promise<readonly (readonly FoundAnswer[])[]> {
  const { executor, models = [] } = answerer;
  const { network } = executor;
  const { probabilities, attention, beam } = plan;
  if (beam === 1 && !attention) {
    return divideAnswers(await executor.answer(sources, { probabilities }), network);
  }
  const alonePlan = { ...plan, nBest: 1, probabilities: false, attention: false };
  const alone: (readonly (readonly FoundAnswer[])[])[] = [];
  for (const model of models) alone.push(await findAnswers(model, sources, alonePlan));
  using source = openSymbolSource(executor, sources);
  const found = await searchAnswers(source, {
    ...plan,
    ...{ length: network.outputLength, size: network.targetVocabularySize },
    endSymbol: endSymbolOf(network),
  });
  if (models.length === 0) return found;
  return found.map(([best, ...others], i) => {
    const members = alone.map((answers) => answers[i]![0]!.characters);
    return [{ ...best!, members }, ...others];
  });
}

/** Gives the symbol that ends an answer. With the decoder `repeat` none does: padding may be chosen anywhere. */
function endSymbolOf(network: Network): number | null {
  return network.decoder === "attention" ? network.targetPadding : null;
}

/** Divides the answers of a device. */
function divideAnswers(
  { characters, confidence, probabilities, members }: Answers,
  { outputLength: T, targetVocabularySize: V }: Network,
): FoundAnswer[][] {
  return Array.from({ length: characters.length / T }, (_, i) => {
    const [from, to] = [i * T, (i + 1) * T];
    const confident = confidence.subarray(from, to);
    return [{
      ...{ characters: characters.subarray(from, to), confidence: confident },
      ...(probabilities && { probabilities: probabilities.subarray(from * V, to * V) }),
      ...(members && { members: members.map((each) => each.subarray(from, to)) }),
      score: confident.reduce((sum, probability) => sum + Math.log(probability), 0),
    }];
  });
}
