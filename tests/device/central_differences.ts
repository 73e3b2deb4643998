/** Gradients from differences of a loss in float64. @module */
import { assert } from "@std/assert";
import type { Network } from "../../src/network/network.ts";

/** Half the distance of the two points of a central difference, whose own error is about 1e-9. */
const EPSILON = 1e-5;

const known = new Map<string, number[][]>();

/**
 * Computes the gradient of every parameter, once for all devices.
 *
 * @param key what tells this loss and these values from others
 * @param lossOf gives the loss of values of all parameters, in float64
 */
export function differentiateCentrally(
  key: string,
  values: readonly Float32Array[],
  lossOf: (parameters: readonly number[][]) => number,
): number[][] {
  const found = known.get(key);
  if (found !== undefined) return found;
  const parameters = values.map((each) => Array.from(each));
  const gradients = parameters.map((parameter) =>
    parameter.map((value, n) => {
      parameter[n] = value + EPSILON;
      const above = lossOf(parameters);
      parameter[n] = value - EPSILON;
      const below = lossOf(parameters);
      parameter[n] = value;
      return (above - below) / (2 * EPSILON);
    })
  );
  known.set(key, gradients);
  return gradients;
}

/** Fails unless a gradient is right to its fourth digit. */
export function assertGradient(
  { parameters }: Network,
  found: readonly Float32Array[],
  expected: readonly number[][],
): void {
  expected.forEach((gradient, i) =>
    gradient.forEach((value, n) => {
      const off = Math.abs(found[i]![n]! - value);
      const where = `${parameters[i]!.name}[${n}]`;
      assert(off <= 1e-6 + 1e-4 * Math.abs(value), `${where}: ${value}, found ${found[i]![n]}`);
    })
  );
}
