/** Reads the weights that `model.json` lists from the files that it names. @module */
import { describeFound } from "../../arguments/rule.ts";
import type { ParameterShape } from "../../network/layers.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import type { WeightEntry, WeightGroup } from "./parse_model_file.ts";
import { BYTES_PER_WEIGHT, MAX_WEIGHT_BYTES } from "./tfjs_format.ts";

/** The files that were given, by name. */
export type GivenFiles = ReadonlyMap<string, Uint8Array>;

/** Where a weight's values are: the bytes of its group, and its position in them. */
interface PlacedWeight extends WeightEntry {
  readonly group: readonly Uint8Array[];
  readonly start: number;
}

/**
 * Reads the parameters of a model. All sizes are checked before anything is allocated.
 *
 * @param names the names that the layers of these parameters have in the file, in order
 * @throws {SyntaxError} if the files are not those of the list
 * @throws {RangeError} if the weights are not those of the model, or a value is not finite
 */
export function readWeights(
  groups: readonly WeightGroup[],
  files: GivenFiles,
  { shapes, names }: {
    readonly shapes: readonly ParameterShape[];
    readonly names: readonly string[];
  },
): NamedTensor[] {
  const placed = placeWeights(groups, files);
  const layers = new Map([...new Set(shapes.map(layerOf))].map((layer, i) => [layer, names[i]!]));
  const found = shapes.map((shape) => ({
    shape,
    weight: takeWeight(placed, shape, layers.get(layerOf(shape))!),
  }));
  const [other] = placed.keys();
  if (other !== undefined) {
    throw new RangeError(
      `Cannot import the model: each weight must belong to one of its layers, but ${
        describeFound(other)
      } does not`,
    );
  }
  return found.map(({ shape, weight }) => readValues(shape, weight));
}

/** Gives the name of a parameter's layer. */
function layerOf({ name }: ParameterShape): string {
  return name.slice(0, name.lastIndexOf("/"));
}

/** Checks that the files have as many bytes as the weights, and says where each weight is. */
function placeWeights(
  groups: readonly WeightGroup[],
  files: GivenFiles,
): Map<string, PlacedWeight> {
  const taken = new Set<string>();
  const placed = new Map<string, PlacedWeight>();
  let total = 0;
  for (const { paths, weights } of groups) {
    const group = paths.map((path) => takeFile(files, path, taken));
    const sizeBytes = group.reduce((sum, { length }) => sum + length, 0);
    total += sizeBytes;
    if (total > MAX_WEIGHT_BYTES) {
      throw new RangeError(
        `Cannot import the model: its weights must have at most ${MAX_WEIGHT_BYTES} bytes, but have more`,
      );
    }
    let start = 0;
    for (const weight of weights) {
      if (placed.has(weight.name)) {
        throw new SyntaxError(
          `Cannot import the model: every weight must be listed once, but ${
            describeFound(weight.name)
          } is listed twice`,
        );
      }
      placed.set(weight.name, { ...weight, group, start });
      start += weight.shape.reduce((product, size) => product * size, BYTES_PER_WEIGHT);
    }
    if (start !== sizeBytes) {
      throw new SyntaxError(
        `Cannot import the model: the weights in ${
          paths.join(", ") || "no file"
        } must have ${start} bytes, as their shapes say, but have ${sizeBytes}`,
      );
    }
  }
  return placed;
}

function takeFile(files: GivenFiles, path: string, taken: Set<string>): Uint8Array {
  const bytes = files.get(path);
  if (bytes !== undefined && !taken.has(path)) {
    taken.add(path);
    return bytes;
  }
  throw new SyntaxError(
    `Cannot import the model: the file ${describeFound(path)} must be ${
      bytes === undefined ? "there, because model.json names it" : "named once"
    }, but is ${bytes === undefined ? "not" : "named twice"}`,
  );
}

/**
 * Takes the weight of a parameter out of the list: `lstm/kernel`, or `lstm/lstm_cell/kernel` as Keras names it since 2.3.
 *
 * @param layer name of its layer in the file
 */
function takeWeight(
  placed: Map<string, PlacedWeight>,
  { name, shape }: ParameterShape,
  layer: string,
): PlacedWeight {
  const part = name.slice(name.lastIndexOf("/"));
  const fits = [...placed.values()].filter((each) =>
    each.name.startsWith(`${layer}/`) && each.name.endsWith(part) &&
    !each.name.slice(layer.length + 1, -part.length).includes("/")
  );
  const weight = fits[0];
  if (weight === undefined || fits.length > 1) {
    throw new RangeError(
      `Cannot import the model: the layer ${describeFound(layer)} must have one weight "${
        part.slice(1)
      }", but has ${fits.length === 0 ? "none" : "several"}`,
    );
  }
  if (weight.shape.join() !== shape.join()) {
    throw new RangeError(
      `Cannot import the model: the weight ${describeFound(weight.name)} must have the shape (${
        shape.join(", ")
      }), but has (${weight.shape.join(", ")})`,
    );
  }
  placed.delete(weight.name);
  return weight;
}

/** Copies the values of a weight, which may begin in one file and end in another. */
function readValues({ name, shape }: ParameterShape, weight: PlacedWeight): NamedTensor {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const bytes = new Uint8Array(values.buffer);
  let at = -weight.start;
  for (const file of weight.group) {
    if (at < bytes.length && at + file.length > 0) {
      bytes.set(file.subarray(Math.max(0, -at), bytes.length - at), Math.max(0, at));
    }
    at += file.length;
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new RangeError(
      `Cannot import the model: every value must be finite, but the weight ${
        describeFound(weight.name)
      } has one that is not`,
    );
  }
  return { name, shape, values };
}
