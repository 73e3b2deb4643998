/** Checks what is to keep a network from memorising, before anything is computed. @module */
import type { Network } from "../network/network.ts";
import type { Regularization } from "./executor.ts";

/**
 * Checks a regularisation for a network.
 *
 * @param action what is to be done, for the error: `take steps`
 * @throws {RangeError} if a number is out of its range, or values are to be dropped with the decoder `repeat`
 */
export function checkRegularization(
  action: string,
  network: Network,
  { dropout, seed, labelSmoothing }: Regularization,
): void {
  checkShare(action, "dropout", dropout);
  checkShare(action, "labelSmoothing", labelSmoothing);
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) {
    throw new RangeError(
      `Cannot ${action}: the seed of dropout must be an integer from 0 to ${
        2 ** 32 - 1
      }, but is ${seed}`,
    );
  }
  if (dropout > 0 && network.decoder === "repeat") {
    throw new RangeError(
      `Cannot ${action}: dropout must be 0 with the decoder repeat, but is ${dropout}`,
    );
  }
}

function checkShare(action: string, name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new RangeError(`Cannot ${action}: ${name} must be from 0 to below 1, but is ${value}`);
}
