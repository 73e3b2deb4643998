/** Combines the answers of several models: by the mean of their probabilities, or by vote. @module */

/** How several models answer together: by the mean of their probabilities at every symbol, or by vote on whole answers. */
export type Combination = "mean" | "vote";

/** Every way, for checks and help texts. */
export const COMBINATIONS: readonly Combination[] = ["mean", "vote"];

/** Computes the mean of probabilities, position by position. */
export function averageProbabilities(models: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(models[0]!.length);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (const probabilities of models) sum += probabilities[i]!;
    mean[i] = sum / models.length;
  }
  return mean;
}

/** Gives the most probable of V symbols; of equally probable ones, the first. @param from index of the first one's probability */
export function findMostProbable(probabilities: Float32Array, from: number, V: number): number {
  let best = 0;
  for (let v = 1; v < V; v++) {
    if (probabilities[from + v]! > probabilities[from + best]!) best = v;
  }
  return best;
}

/** Gives the most probable symbol at every position. @param probabilities float32 (N, T, V) @returns uint8 (N, T) */
export function findAllMostProbable(probabilities: Float32Array, V: number): Uint8Array {
  const found = new Uint8Array(probabilities.length / V);
  for (let at = 0; at < found.length; at++) found[at] = findMostProbable(probabilities, at * V, V);
  return found;
}

/** Gives the probabilities of some symbols, one at every position. @param probabilities float32 (N, T, V) @returns float32 (N, T) */
export function pickProbabilities(
  probabilities: Float32Array,
  symbols: Uint8Array,
  V: number,
): Float32Array {
  return Float32Array.from(symbols, (symbol, at) => probabilities[at * V + symbol]!);
}

/** What one model answers alone. */
export interface OwnAnswers {
  /** Indices of the answered symbols, uint8 (N, T). */
  readonly characters: Uint8Array;
  /** Their probabilities, float32 (N, T). */
  readonly confidence: Float32Array;
}

/**
 * Chooses whole answers by vote: of the answers that models give to a question, the one that most of them give. Of answers with
 * equally many votes it is the one with the highest sum of their models' probabilities for it, and of these the first model's.
 *
 * @param T number of symbols of an answer
 * @returns indices of the chosen symbols, uint8 (N, T)
 */
export function chooseByVote(models: readonly OwnAnswers[], T: number): Uint8Array {
  const chosen = models[0]!.characters.slice();
  for (let from = 0; from < chosen.length; from += T) {
    const winner = models[findWinner(models, from, T)]!.characters;
    chosen.set(winner.subarray(from, from + T), from);
  }
  return chosen;
}

/** Gives the first model whose answer wins. */
function findWinner(models: readonly OwnAnswers[], from: number, T: number): number {
  let best = { votes: 0, probability: 0, model: 0 };
  for (const [model, { characters }] of models.entries()) {
    const supporters = models.filter((other) =>
      isSameRow(other.characters, characters, { from, T })
    );
    const votes = supporters.length;
    if (votes < best.votes) continue;
    const probability = supporters.reduce((sum, each) => sum + multiplyRow(each, from, T), 0);
    if (votes > best.votes || probability > best.probability) best = { votes, probability, model };
  }
  return best.model;
}

/** Gives the share of models that answer alone as all of them do together. @param row number of the answer */
export function measureAgreement(
  together: Uint8Array,
  models: readonly Uint8Array[],
  { row, T }: { readonly row: number; readonly T: number },
): number {
  const agreeing = models.filter((own) => isSameRow(own, together, { from: row * T, T }));
  return agreeing.length / models.length;
}

/** Says whether two rows of T symbols are the same. */
export function isSameRow(
  a: Uint8Array,
  b: Uint8Array,
  { from, T }: { readonly from: number; readonly T: number },
): boolean {
  for (let i = from; i < from + T; i++) if (a[i] !== b[i]) return false;
  return true;
}

function multiplyRow({ confidence }: OwnAnswers, from: number, T: number): number {
  let product = 1;
  for (let i = from; i < from + T; i++) product *= confidence[i]!;
  return product;
}
