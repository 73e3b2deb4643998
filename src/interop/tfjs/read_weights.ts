/** Reads the weights that `model.json` lists from the files that it names. @module */
import { describeFound } from "../../arguments/rule.ts";
import type { FoundTensor, WeightedLayer } from "../keras/weighted_layers.ts";
import type { WeightEntry, WeightGroup } from "./model_fields.ts";
import { BYTES_PER_WEIGHT, IMPORT_ACTION, MAX_WEIGHT_BYTES } from "./tfjs_format.ts";

/** The files that were given, by name. */
export type GivenFiles = ReadonlyMap<string, Uint8Array>;

/** Where a weight's values are: the bytes of its group, and its position in them. */
interface PlacedWeight extends WeightEntry {
  readonly files: readonly Uint8Array[];
  readonly start: number;
}

/**
 * Reads the weights of a model. All sizes are checked before anything is allocated.
 *
 * @param names the names of the layers with weights, in order: the last is the dense layer
 * @throws {SyntaxError} if the files are not those of the list, or the weights not those of the layers
 * @throws {RangeError} if there are too many
 */
export function readWeights(
  groups: readonly WeightGroup[],
  files: GivenFiles,
  names: readonly string[],
): WeightedLayer[] {
  const placed = placeWeights(groups, files);
  const layers = names.map((name, i) => {
    const roles = i < names.length - 1
      ? ["kernel", "recurrent_kernel", "bias"]
      : ["kernel", "bias"];
    return { name, weights: roles.map((role) => takeWeight(placed, name, role)) };
  });
  const [other] = placed.keys();
  if (other !== undefined) {
    throw new SyntaxError(
      `Cannot ${IMPORT_ACTION}: each weight must belong to one of its layers, but ${
        describeFound(other)
      } does not`,
    );
  }
  return layers.map(({ name, weights }) => ({ name, tensors: weights.map(readValues) }));
}

/** Checks that the files have as many bytes as the weights, and says where each weight is. */
function placeWeights(
  groups: readonly WeightGroup[],
  given: GivenFiles,
): Map<string, PlacedWeight> {
  const placed = new Map<string, PlacedWeight>();
  let total = 0;
  for (const { paths, weights } of groups) {
    const files = paths.map((path) => findFile(given, path));
    const sizeBytes = files.reduce((sum, { length }) => sum + length, 0);
    total += sizeBytes;
    if (total > MAX_WEIGHT_BYTES) {
      throw new RangeError(
        `Cannot ${IMPORT_ACTION}: its weights must have at most ${MAX_WEIGHT_BYTES} bytes, but have more`,
      );
    }
    const end = placeGroup(placed, weights, files);
    if (end !== sizeBytes) {
      throw new SyntaxError(
        `Cannot ${IMPORT_ACTION}: the weights in ${
          paths.join(", ") || "no file"
        } must have ${end} bytes, as their shapes say, but have ${sizeBytes}`,
      );
    }
  }
  return placed;
}

/** Places the weights of a group one after the other. @returns where the last one ends */
function placeGroup(
  placed: Map<string, PlacedWeight>,
  weights: readonly WeightEntry[],
  files: readonly Uint8Array[],
): number {
  let end = 0;
  for (const weight of weights) {
    if (placed.has(weight.name)) {
      throw new SyntaxError(
        `Cannot ${IMPORT_ACTION}: every weight must be listed once, but ${
          describeFound(weight.name)
        } is listed twice`,
      );
    }
    placed.set(weight.name, { ...weight, files, start: end });
    end += weight.shape.reduce((product, size) => product * size, BYTES_PER_WEIGHT);
  }
  return end;
}

function findFile(given: GivenFiles, path: string): Uint8Array {
  const bytes = given.get(path);
  if (bytes !== undefined) return bytes;
  throw new SyntaxError(
    `Cannot ${IMPORT_ACTION}: the file ${
      describeFound(path)
    } must be there, as model.json says, but is not`,
  );
}

/** Takes a weight of a layer out of the list: `lstm/kernel`, or `lstm/lstm_cell/kernel` as Keras names it since 2.3. */
function takeWeight(
  placed: Map<string, PlacedWeight>,
  layer: string,
  role: string,
): PlacedWeight {
  const fits = [...placed.values()].filter(({ name }) => {
    const within = name.slice(layer.length + 1).split("/");
    return name.startsWith(`${layer}/`) && within.length <= 2 && within.at(-1) === role;
  });
  const [weight] = fits;
  if (weight === undefined || fits.length > 1) {
    throw new SyntaxError(
      `Cannot ${IMPORT_ACTION}: the layer ${
        describeFound(layer)
      } must have one weight "${role}", but has ${weight === undefined ? "none" : "several"}`,
    );
  }
  placed.delete(weight.name);
  return weight;
}

/** Copies the values of a weight, which may begin in one file and end in another. */
function readValues({ name, shape, files, start }: PlacedWeight): FoundTensor {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const bytes = new Uint8Array(values.buffer);
  let at = -start;
  for (const file of files) {
    if (at < bytes.length && at + file.length > 0) {
      bytes.set(file.subarray(Math.max(0, -at), bytes.length - at), Math.max(0, at));
    }
    at += file.length;
  }
  return { path: name, tensor: { type: "dataset", shape, values } };
}
