/** The optimiser of a training: its settings, and its state as it was saved. @module */
import { nameOptimizerState, type OptimizerSettings } from "../device/optimizer.ts";
import { checkTensors, type NamedTensor } from "../network/parameters.ts";
import type { Network } from "../network/network.ts";
import type { TrainingOptions } from "./options.ts";

/** Gives the settings of the optimiser that options ask for. @param stepsBefore steps that its moments have seen elsewhere */
export function optimizerSettings(options: TrainingOptions, stepsBefore = 0): OptimizerSettings {
  const { beta1, beta2, epsilon, weightDecay, clipNorm } = options;
  return { name: "adam", beta1, beta2, epsilon, weightDecay, clipNorm, stepsBefore };
}

/**
 * Gives the values of a saved optimiser's state, in the order of `nameOptimizerState`.
 *
 * @throws {TypeError} if a tensor is missing or does not fit the network, or has an impossible value
 */
export function checkOptimizerState(
  { parameters }: Pick<Network, "parameters">,
  saved: readonly NamedTensor[],
): Float32Array[] {
  checkTensors("restore Adam's state", saved);
  const byName = new Map(saved.map((tensor) => [tensor.name, tensor]));
  return nameOptimizerState("adam", parameters).map((name, i) => {
    const { shape } = parameters[i % parameters.length]!;
    const tensor = byName.get(name);
    const size = shape.reduce((a, b) => a * b, 1);
    if (tensor?.shape.join() !== shape.join() || tensor.values.length !== size) {
      throw new TypeError(
        `Cannot restore Adam's state: "${name}" must have the shape (${shape.join(", ")}), but ${
          tensor === undefined
            ? "is missing"
            : `has (${tensor.shape.join(", ")}) and ${tensor.values.length} values`
        }`,
      );
    }
    checkValues(name, tensor.values);
    return tensor.values;
  });
}

function checkValues(name: string, values: Float32Array): void {
  const least = name.startsWith("adam/v/") ? 0 : -Infinity; // v is a mean of squares
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]) && values[i]! >= least) continue;
    throw new TypeError(
      `Cannot restore Adam's state: every value of "${name}" must be finite${
        least === 0 ? ", and 0 or more" : ""
      }, but one is ${values[i]}`,
    );
  }
}
