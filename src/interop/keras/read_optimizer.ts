/** The state of a Keras optimiser: number of steps, learning rate, and moments. @module */
import { describeFound } from "../../arguments/rule.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import type { ForeignOptimizer } from "../foreign_model.ts";
import { refuse, refuseValue } from "./keras_fault.ts";
import type { OptimizerConfig } from "./parse_training.ts";
import { type FoundTensor, readValues } from "./weighted_layers.ts";

/** Most steps that it may have taken. */
const MOST_STEPS = 2 ** 31 - 1;

/**
 * Reads the tensors of Adam: steps, learning rate, and of every parameter the first and the second moment. An optimiser that has taken
 * no step may have no moments yet.
 */
export function readOptimizer(
  config: OptimizerConfig,
  tensors: readonly FoundTensor[],
  parameters: readonly NamedTensor[],
): ForeignOptimizer {
  const [iterations, rate, ...moments] = tensors;
  if (tensors.length === 0) return { ...config, steps: 0, moments: [] };
  const steps = readScalar(iterations, "the number of steps");
  const learningRate = shorten(readScalar(rate, "the learning rate"));
  if (!Number.isInteger(steps) || steps < 0 || steps > MOST_STEPS) {
    throw refuseValue(`its optimiser must have taken 0 to ${MOST_STEPS} steps, but has ${steps}`);
  }
  if (!(learningRate >= 2 ** -126 && learningRate < Infinity)) {
    throw refuseValue(`its learning rate must be above 0, but is ${learningRate}`);
  }
  const settings = { ...config, learningRate };
  if (steps === 0 && moments.length === 0) return { ...settings, steps, moments: [] };
  if (moments.length !== 2 * parameters.length) {
    throw refuse(
      `its optimiser must have two moments of every parameter, ${
        2 * parameters.length
      }, but has ${moments.length}`,
    );
  }
  const read = (slot: "m" | "v"): NamedTensor[] =>
    parameters.map(({ name, shape }, i) => ({
      ...{ name: `adam/${slot}/${name}`, shape },
      values: slot === "m"
        ? readValues(moments[2 * i]!, shape)
        : readValues(moments[2 * i + 1]!, shape, 0),
    }));
  return { ...settings, steps, moments: [...read("m"), ...read("v")] };
}

function readScalar(found: FoundTensor | undefined, what: string): number {
  const { shape, values } = found?.tensor ?? {};
  if (shape?.length === 0 && values?.length === 1) return values[0]!;
  throw refuse(`its optimiser must have ${what}, but has ${describeFound(found?.path ?? null)}`);
}

/** Gives the number with the fewest digits that is the same float32. */
function shorten(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
