/** Answers that are made symbol by symbol, by any model. @module */
import { checkChosen } from "../device/check_decoding.ts";
import type { ChosenSymbols } from "../device/decoding.ts";
import type { Executor } from "../device/executor.ts";
import type { RepeatNetwork } from "../network/network.ts";

/**
 * Answers to N sources that are being made symbol by symbol. The `Decoding` of a network with attention is one. Dispose of it when
 * no more steps are to be taken.
 */
export interface SymbolSource extends Disposable {
  /** Number of sources, N. */
  readonly count: number;
  /**
   * Computes the next symbols' probabilities of some beginnings of answers, called hypotheses. The first call has one for each
   * source, in order, and needs no argument. At most T_out steps can be taken.
   *
   * @param chosen the hypotheses to go on with, any number, in any order: each is one of the step before, and a symbol after it
   * @throws {RangeError} if a parent or a symbol does not exist, or no step is left
   * @throws {Error} if the device was lost or failed
   */
  step(chosen?: ChosenSymbols): Promise<SourceSymbols>;
}

/** What may come next in M hypotheses. */
export interface SourceSymbols {
  /** Probabilities of all symbols, float32 (M, V). */
  readonly probabilities: Float32Array;
  /** How much each position of the source was looked at, float32 (M, T_in). Absent if it was made without attention. */
  readonly attention?: Float32Array;
}

/**
 * Begins to answer sources with a model's network.
 *
 * With the decoder `repeat` the probabilities of a position do not depend on the symbols before it. They are computed at the first
 * step, and given position by position.
 *
 * @param sources indices, uint8 (N, T_in)
 */
export function openSymbolSource(executor: Executor, sources: Uint8Array): SymbolSource {
  const { network } = executor;
  return network.decoder === "attention"
    ? executor.decode(sources)
    : new PositionSource(executor, network, sources);
}

/** The source of a network whose positions are independent of each other. */
class PositionSource implements SymbolSource {
  readonly count: number;
  readonly #network: RepeatNetwork;
  readonly #answer: () => Promise<Float32Array>;
  /** Probabilities of all positions, float32 (N, T_out, V), once they are computed. */
  #all: Float32Array | undefined;
  /** The source of each hypothesis of the last step, uint32 (M). */
  #sourceOf: Uint32Array;
  #steps = 0;

  constructor(executor: Executor, network: RepeatNetwork, sources: Uint8Array) {
    this.#network = network;
    this.count = sources.length / network.inputLength;
    this.#sourceOf = Uint32Array.from({ length: this.count }, (_, i) => i);
    this.#answer = async () =>
      (await executor.answer(sources, { probabilities: true }))
        .probabilities!;
  }

  async step(chosen?: ChosenSymbols): Promise<SourceSymbols> {
    const { outputLength: T, targetVocabularySize: V } = this.#network;
    const t = this.#steps;
    checkChosen(this.#network, chosen, { steps: t, hypotheses: this.#sourceOf.length });
    const sourceOf = chosen?.parents.map((parent) => this.#sourceOf[parent]!) ?? this.#sourceOf;
    this.#all ??= await this.#answer();
    const probabilities = new Float32Array(sourceOf.length * V);
    for (const [i, source] of sourceOf.entries()) {
      const from = (source * T + t) * V;
      probabilities.set(this.#all.subarray(from, from + V), i * V);
    }
    this.#sourceOf = sourceOf;
    this.#steps = t + 1;
    return { probabilities };
  }

  [Symbol.dispose](): void {
    this.#all = undefined;
  }
}
