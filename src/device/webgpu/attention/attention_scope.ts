/** What the pieces of the shaders of a network with attention know of each other. @module */
import { keptElement, type KeptPlace } from "../kept_layout.ts";
import type { LayerPlace, ParameterLayout } from "../parameter_layout.ts";
import type { RowsShape } from "../rows_shape.ts";
import type { AttentionKept, AttentionPass } from "./attention_kept.ts";
import type { AttentionSizes } from "./attention_sizes.ts";

/**
 * What the pieces know.
 *
 * In their text, `thread` is the thread's number, `s` its share of the depth, `first` the workgroup's first row, `stride` the number
 * of rows that are kept, `span.x` to `span.y` the positions at which some row's source is not masked, and `span.z` the number of
 * positions that count of some row's target. All threads come to every barrier.
 */
export interface AttentionScope {
  readonly sizes: AttentionSizes;
  readonly parameters: ParameterLayout;
  readonly kept: AttentionKept;
  readonly shape: RowsShape;
  readonly pass: AttentionPass;
}

/** A value of every row, at some time steps and columns. */
export interface Values {
  /** Number of time steps. */
  readonly steps: number;
  /** Number of columns. */
  readonly width: number;
  /** Gives the statements of the value at time step `t` and column `column` of the row `number` of the workgroup. */
  readonly each: string;
}

/** Writes statements for values that depend on none of each other. After them every thread sees what they have set. */
export function writeValues({ shape }: Pick<AttentionScope, "shape">, values: Values): string {
  const { steps, width, each } = values;
  return `
  for (var o = thread; o < ${steps * shape.rows * width}u; o += THREADS) {
    let column = o % ${width}u;
    let number = o / ${width}u % ${shape.rows}u;
    let row = first + number;
    let t = o / ${width * shape.rows}u;
    ${each}
  }
  storageBarrier();`;
}

/**
 * Gives what a value is multiplied by, going forward and back: 0 if it is dropped.
 *
 * @param at its row in the workgroup, place in the network, time step and column
 */
export function dropFactor(
  { pass }: AttentionScope,
  at: { readonly row: string; readonly site: string; readonly t: string; readonly column: string },
): string {
  if (pass !== "train") return "1.0";
  return `keep_factor(${at.row}, ${at.site}, ${at.t}, ${at.column})`;
}

/** Whether values are dropped with some probability, by the hash of src/random/dropout.ts. */
export const DROPOUT = `
fn mix(given: u32) -> u32 {
  var x = (given ^ (given >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}

fn row_key(step: u32, held_row: u32) -> u32 {
  return mix(mix(p.seed + step * 0x9e3779b9u) + held_row * 0x85ebca6bu);
}

fn keep_factor(number: u32, site: u32, t: u32, column: u32) -> f32 {
  if (p.drop_threshold == 0u) {
    return 1.0;
  }
  let place = mix(row_keys[number] + (site * 4096u + t) * 0xc2b2ae35u);
  let value = mix(place + column * 0x9e3779b9u) >> 8u;
  return select(0.0, p.keep_scale, value >= p.drop_threshold);
}`;

/** Gives the row of the encoder's values that belong to a row of the workgroup. */
export function encoderRow({ pass }: AttentionScope, number: string): string {
  return pass === "decode"
    ? `hypotheses[min(first + ${number}, last_row)].z`
    : `(first + ${number})`;
}

/** Gives the place of the last of some layers. */
export function ofLast(place: KeptPlace, layers: number): KeptPlace {
  return { ...place, layer: `${layers - 1}u` };
}

/** Gives a value of the encoder's outputs. */
export function encoded(scope: AttentionScope, number: string, t: string, column: string): string {
  const { kept, sizes } = scope;
  const place = ofLast(kept.encoder.layers.outputs, sizes.encoderLayers);
  return keptElement(place, t, encoderRow(scope, number), column);
}

/** Says whether a position of a row's source is masked. */
export function isMasked({ sizes }: AttentionScope, number: string, t: string): string {
  return `(character(example_of(first + ${number}) + ${t}) == ${sizes.sourcePadding}u)`;
}

/** Gives the parameters of a layer that is not recurrent. */
export function parametersOf(
  { parameters, sizes }: AttentionScope,
  name: "sourceEmbedding" | "targetEmbedding" | "attention" | "output",
): LayerPlace {
  return parameters.layers[sizes.places[name]]!;
}
