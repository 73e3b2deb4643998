/** The state of a Keras optimiser: number of steps, learning rate, and moments. @module */
import { describeFound } from "../../arguments/rule.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import type { ForeignOptimizer } from "../foreign_model.ts";
import { refuse, refuseValue } from "./keras_fault.ts";
import { MOST_STEPS } from "./most_steps.ts";
import { type OptimizerConfig, shortenFloat32 } from "./parse_training.ts";
import { type FoundTensor, readValues } from "./weighted_layers.ts";

/**
 * Reads the tensors of Adam: the number of steps; the learning rate, if it is a variable, as in Keras 3; and of every parameter the first
 * and the second moment. An optimiser that has taken no step may have no moments yet.
 */
export function readOptimizer(
  config: OptimizerConfig,
  [iterations, ...others]: readonly FoundTensor[],
  parameters: readonly NamedTensor[],
): ForeignOptimizer {
  if (iterations === undefined) return { ...config, steps: 0, moments: [] };
  const steps = readScalar(iterations, "the number of steps");
  if (!Number.isInteger(steps) || steps < 0 || steps > MOST_STEPS) {
    throw refuseValue(`its optimiser must have taken 0 to ${MOST_STEPS} steps, but has ${steps}`);
  }
  const hasRate = others[0]?.tensor.shape.length === 0;
  const moments = hasRate ? others.slice(1) : others;
  const settings = hasRate ? { ...config, learningRate: readRate(others[0]!) } : config;
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

function readRate(found: FoundTensor): number {
  const rate = shortenFloat32(readScalar(found, "the learning rate"));
  if (rate >= 2 ** -126 && rate < Infinity) return rate;
  throw refuseValue(`its learning rate must be above 0, but is ${rate}`);
}

function readScalar({ path, tensor: { shape, values } }: FoundTensor, what: string): number {
  if (shape.length === 0 && values.length === 1) return values[0]!;
  throw refuse(`its optimiser must have ${what}, but has ${describeFound(path)}`);
}
