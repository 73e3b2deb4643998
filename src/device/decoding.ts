/** Answers that are made symbol by symbol, by a search that chooses the symbols: what every device gives. @module */

/** Answers that are being made symbol by symbol. Dispose of it; disposing of the executor frees it too. */
export interface Decoding extends Disposable {
  /** Number of sources, N. */
  readonly count: number;
  /** Number of steps taken. At most T_out can be taken. */
  readonly steps: number;
  /**
   * Computes the next symbols' probabilities of some beginnings of answers, called hypotheses. The first call has one for each
   * source, in order, and needs no argument.
   *
   * @param chosen the hypotheses to go on with, any number, in any order: each is one of the step before, and a symbol after it
   * @throws {RangeError} if a parent or a symbol does not exist, or no step is left
   * @throws {Error} if the device was lost or failed
   */
  step(chosen?: ChosenSymbols): Promise<NextSymbols>;
}

/** Hypotheses of M. */
export interface ChosenSymbols {
  /** The number of the hypothesis in the step before, uint32 (M). */
  readonly parents: Uint32Array;
  /** The symbol after it, uint8 (M). */
  readonly symbols: Uint8Array;
}

/** What may come next in M hypotheses. */
export interface NextSymbols {
  /** Probabilities of all symbols, float32 (M, V). */
  readonly probabilities: Float32Array;
  /** How much each position of the source was looked at, float32 (M, T_in): 0 where masked. The sum of a row is 1, or 0. */
  readonly attention: Float32Array;
}
