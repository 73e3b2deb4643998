/** Values of a model's parameters on the host. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { arrayRule, isObject } from "../arguments/rule.ts";
import type { GivenModelConfig } from "./config.ts";
import { describeLayers, type ParameterShape } from "./layers.ts";

/** A tensor on the host, with a name. */
export interface NamedTensor {
  /** Name as in Keras: `lstm/kernel`. */
  readonly name: string;
  /** Dimensions. */
  readonly shape: readonly number[];
  /** The values, row-major. */
  readonly values: Float32Array;
}

/**
 * Puts parameters in the order of a model's layers.
 *
 * @throws {TypeError} if they do not fit its config, or a value is not finite
 */
export function checkParameters(
  config: GivenModelConfig,
  given: readonly NamedTensor[],
): NamedTensor[] {
  checkTensors("set the parameters", given);
  const byName = new Map(given.map((tensor) => [tensor.name, tensor]));
  const shapes = parameterShapes(config);
  if (byName.size !== shapes.length) {
    throw new TypeError(
      `Cannot set the parameters: the model has ${shapes.length}, but ${byName.size} are given`,
    );
  }
  return shapes.map(({ name, shape }) => {
    const tensor = byName.get(name);
    if (tensor === undefined) {
      throw new TypeError(`Cannot set the parameters: "${name}" is missing`);
    }
    const size = shape.reduce((a, b) => a * b, 1);
    if (tensor.shape.join() !== shape.join() || tensor.values.length !== size) {
      throw new TypeError(
        `Cannot set the parameters: "${name}" must have the shape (${shape.join(", ")}), but has (${
          tensor.shape.join(", ")
        }) and ${tensor.values.length} values`,
      );
    }
    if (!isFinite(tensor.values)) {
      throw new TypeError(
        `Cannot set the parameters: every value must be finite, but "${name}" has one that is not`,
      );
    }
    return tensor;
  });
}

function isFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** Checks tensors that a caller gives. @throws {TypeError} if one is not a named tensor */
export function checkTensors(action: string, given: readonly NamedTensor[]): void {
  checkValue(action, "the tensors", given, arrayRule());
  const wrong = given.findIndex((tensor: unknown) =>
    !isObject(tensor) || typeof tensor.name !== "string" || !Array.isArray(tensor.shape) ||
    !(tensor.values instanceof Float32Array)
  );
  if (wrong < 0) return;
  throw new TypeError(
    `Cannot ${action}: tensor ${wrong} must have a name, a shape, and values in a Float32Array`,
  );
}

/** Lists names and shapes of a model's parameters, in the order of its layers. */
export function parameterShapes(config: GivenModelConfig): ParameterShape[] {
  return describeLayers(config).flatMap((layer) => layer.parameters);
}
