/** The gradients of weights that are products over all rows. @module */
import type { RecurrentLayer } from "../../network/network.ts";
import type { ArgumentWriter } from "./arguments.ts";
import { columnParts, type GradientPlan, groupOf } from "./gradient_plan.ts";
import { denseLayer, recurrentLayers, widthOf } from "./layer_sizes.ts";
import { panelStride } from "./layout.ts";
import { parameterName } from "./parts.ts";
import { firstStepRows } from "./pass_arguments.ts";
import type { StructValues } from "./structs.ts";
import type { Job } from "./thread_pool.ts";
import { edgeBytes } from "./training_layout.ts";

/** A layer, and its index in the network. */
export interface PlacedLayer {
  readonly layer: RecurrentLayer;
  readonly index: number;
}

/**
 * dU = sum over t >= 1 of h_{t-1}ᵀ dz_t: one product over all time steps. For one time step it is a product over no rows: zero.
 * If the first time step is shared, the rows of t = 1 are those of the characters, except for GRU's candidate, because r h differs per
 * example.
 */
export function stateProducts(
  writer: ArgumentWriter,
  plan: GradientPlan,
  { layer, index }: PlacedLayer,
): Job[] {
  const { buffers, network } = plan.places;
  const { rows, roomRows, isShared } = plan.settings;
  const { timeSteps: T, hiddenSize, firstParameter } = layer;
  return columnParts(layer).map(({ column, columns, suffix, states, edges }) => {
    const isSummed = isShared && layer.input === "indices" && states === "statePanels";
    const skipped = isSummed ? rows - firstStepRows(network) : 0;
    return product(writer, plan, {
      a: buffers(`dz${suffix} ${index}`) + 32 * (rows + skipped),
      aStride: panelStride(T * roomRows, 8),
      b: buffers(`${states} ${index}`) + 16 * skipped,
      bStride: panelStride(T * roomRows, 4),
      out: buffers(parameterName(firstParameter + 1)) + 4 * column,
      outStride: 4 * widthOf(layer),
      depth: rows * (T - 1) - skipped,
      ...{ columns, rows: hiddenSize, bias: 0 },
      edges: buffers(`edges ${index}`) + edges,
    });
  });
}

/** dW = xᵀ dz and db, over all time steps, or over the sum of dz for a repeated input. x is what the layer below left. */
export function inputProducts(
  writer: ArgumentWriter,
  plan: GradientPlan,
  { layer, index }: PlacedLayer,
): Job[] {
  const { buffers, network } = plan.places;
  const { rows, roomRows } = plan.settings;
  const below = recurrentLayers(network)[index - 1]!;
  const isRepeated = layer.input === "repeated";
  const { timeSteps: T, inputSize, firstParameter } = layer;
  const last = isRepeated ? 16 * rows * (below.timeSteps - 1) : 0;
  return columnParts(layer).map(({ column, columns, suffix, edges }) =>
    product(writer, plan, {
      a: buffers(`${isRepeated ? "dzSum" : "dz"}${suffix} ${index}`),
      aStride: panelStride(isRepeated ? roomRows : T * roomRows, 8),
      b: buffers(`statePanels ${index - 1}`) + last,
      bStride: panelStride(below.timeSteps * roomRows, 4),
      out: buffers(parameterName(firstParameter)) + 4 * column,
      outStride: 4 * widthOf(layer),
      depth: isRepeated ? rows : rows * T,
      ...{ columns, rows: inputSize },
      edges: buffers(`edges ${index}`) + edges + edgeBytes(columns),
      bias: buffers(parameterName(firstParameter + 2)) + 4 * column,
    })
  );
}

/** The gradients of the dense layer. */
export function denseProduct(writer: ArgumentWriter, plan: GradientPlan): Job {
  const { buffers, network } = plan.places;
  const { rows, roomRows } = plan.settings;
  const { timeSteps: T, inputSize, outputSize, firstParameter } = denseLayer(network);
  return product(writer, plan, {
    ...{ a: buffers("dLogitPanels"), aStride: panelStride(T * roomRows, 8) },
    b: buffers(`statePanels ${recurrentLayers(network).length - 1}`),
    bStride: panelStride(T * roomRows, 4),
    ...{ out: buffers(parameterName(firstParameter)), outStride: 4 * outputSize },
    ...{ depth: rows * T, columns: outputSize, rows: inputSize, edges: buffers("edges") },
    bias: buffers(parameterName(firstParameter + 1)),
  });
}

function product(
  writer: ArgumentWriter,
  { threads }: GradientPlan,
  values: Omit<StructValues<"ProductArgs">, "group">,
): Job {
  const group = groupOf(values.columns, threads);
  return {
    kernel: "multiplyPanels",
    args: writer.write("ProductArgs", { ...values, group }),
    tasks: Math.ceil(Math.ceil(values.columns / 8) / group),
  };
}
