/** Checks of answers that are made symbol by symbol. Every device makes them, so that errors are the same. @module */
import type { AttentionNetwork, Network, NetworkSides } from "../network/network.ts";
import { checkArrayType } from "./check_arguments.ts";
import type { ChosenSymbols } from "./decoding.ts";

const ACTION = "decode symbol by symbol";

/** Checks that a network answers symbol by symbol. @throws {TypeError} if not */
export function checkDecodes(network: Network): asserts network is AttentionNetwork {
  if (network.decoder === "attention") return;
  throw new TypeError(
    `Cannot ${ACTION}: the network must have the decoder attention, but has repeat`,
  );
}

/** How far a decoding is. */
export interface DecodingProgress {
  /** Number of steps taken. */
  readonly steps: number;
  /** Number of hypotheses in the step before. */
  readonly hypotheses: number;
}

/**
 * Checks the hypotheses that a step is to go on with.
 *
 * @throws {TypeError} if they are left out after the first step, or given for the first, or have not as many parents as symbols, or are
 * no arrays of the types that they need
 * @throws {RangeError} if there are none, a parent or a symbol does not exist, or no step is left
 */
export function checkChosen(
  { outputLength, targetVocabularySize }: Pick<
    NetworkSides,
    "outputLength" | "targetVocabularySize"
  >,
  chosen: ChosenSymbols | undefined,
  { steps, hypotheses }: DecodingProgress,
): void {
  if (steps >= outputLength) {
    throw new RangeError(`Cannot ${ACTION}: no step is left after ${outputLength}`);
  }
  if ((chosen === undefined) !== (steps === 0)) {
    const must = steps === 0 ? "begins without symbols" : "needs the symbols to go on with";
    throw new TypeError(`Cannot ${ACTION}: step ${steps + 1} ${must}`);
  }
  if (chosen === undefined) return;
  const { parents, symbols } = chosen;
  checkArrayType(ACTION, "the parents", parents, Uint32Array);
  checkArrayType(ACTION, "the symbols", symbols, Uint8Array);
  if (parents.length === 0 || parents.length !== symbols.length) {
    const found = `${parents.length} parents and ${symbols.length} symbols`;
    const must = "there must be at least one hypothesis, each with a parent and a symbol";
    const Fault = parents.length === symbols.length ? RangeError : TypeError;
    throw new Fault(`Cannot ${ACTION}: ${must}, but there are ${found}`);
  }
  checkBelow("parent", parents, hypotheses);
  checkBelow("symbol", symbols, targetVocabularySize);
}

function checkBelow(what: string, values: Uint32Array | Uint8Array, limit: number): void {
  const at = values.findIndex((value) => value >= limit);
  if (at === -1) return;
  throw new RangeError(
    `Cannot ${ACTION}: every ${what} must be below ${limit}, but that of hypothesis ${at} is ${
      values[at]
    }`,
  );
}
