/** Takes one layer of a foreign model after the other, and checks what it says. @module */
import { describeFound, type Rule } from "../../arguments/rule.ts";
import { checkPart } from "../check_part.ts";
import type { LayerConfig } from "./layer_rules.ts";
import type { ListedLayer } from "./list_layers.ts";

/** Layers, and which of them is next. */
export interface LayerCursor {
  readonly layers: readonly ListedLayer[];
  /** The position of the next layer. */
  at: number;
  /** The shape that the next layer reads, without the batch; null is unknown, and () is not known at all. */
  shape: readonly (number | null)[];
}

/** Gives the class of the next layer; undefined after the last one. */
export function nextClass({ layers, at }: LayerCursor): string | undefined {
  return layers[at]?.class_name;
}

/**
 * Takes the next layer, which must be of one of some classes.
 *
 * @param rules the rule of each class
 */
export function takeLayer<T extends LayerConfig>(
  cursor: LayerCursor,
  rules: ReadonlyMap<string, Rule<T>>,
): T {
  const layer = cursor.layers[cursor.at];
  const rule = rules.get(layer?.class_name ?? "");
  if (layer === undefined || rule === undefined) throw wrongLayer(cursor, [...rules.keys()]);
  const config = checkPart(`the layer ${nameOf(layer, cursor.at)}`, layer.config, rule);
  checkShape(cursor, config);
  cursor.at++;
  return config;
}

/** Makes the error that the next layer is of a wrong class. */
export function wrongLayer(
  { layers, at }: LayerCursor,
  expected: readonly string[],
): RangeError {
  const layer = layers[at];
  const must = `must be ${expected.join(" or ")}`;
  return new RangeError(
    layer === undefined
      ? `Cannot import the model: its layer ${at + 1} ${must}, but it has only ${at}`
      : `Cannot import the model: its layer ${at + 1}, ${nameOf(layer, at)}, ${must}, but is ${
        describeFound(layer.class_name)
      }`,
  );
}

function nameOf({ config }: ListedLayer, at: number): string {
  const { name } = config as { readonly name?: unknown };
  return typeof name === "string" ? describeFound(name) : `at ${at}`;
}

/** Refuses a layer that says that it reads another shape than the layer before gives. */
function checkShape({ shape }: LayerCursor, { name, batch_input_shape: given }: LayerConfig): void {
  if (given === undefined || shape.length === 0) return;
  const agrees = given.length === shape.length + 1 &&
    shape.every((size, i) => size === null || given[i + 1] === null || given[i + 1] === size);
  if (agrees) return;
  const [must, is] = [[null, ...shape], given].map((sizes) =>
    sizes.map((size) => size ?? "any").join(", ")
  );
  throw new RangeError(
    `Cannot import the model: batch_input_shape of the layer ${
      describeFound(name)
    } must be (${must}), as the layer before says, but is (${is})`,
  );
}
