/** The jobs that make the gradients of all parameters of a network with attention from what the rows have left. @module */
import type { RecurrentLayer } from "../../../network/network.ts";
import type { ArgumentWriter } from "../arguments.ts";
import { columnParts, groupOf } from "../gradient_plan.ts";
import { widthOf } from "../layer_sizes.ts";
import { layOut, panelStride } from "../layout.ts";
import { parameterName, parameterSizes } from "../parts.ts";
import { fieldOffset, type StructValues } from "../structs.ts";
import type { Job, Phase } from "../thread_pool.ts";
import { divideSquares, edgeBytes } from "../training_layout.ts";
import type { AttentionPlaces } from "./attention_arguments.ts";
import type { PassRows } from "./spans.ts";

/** What the jobs are made of. */
export interface ProductPlan {
  readonly memory: WebAssembly.Memory;
  readonly places: AttentionPlaces;
  readonly threads: number;
  /** Rows that the panels have room for. */
  readonly sourceRows: number;
  readonly targetRows: number;
  /** Whether the squares of the gradients are summed, for their norm. */
  readonly isClipped: boolean;
}

/** The gradients. */
export interface AttentionGradients {
  readonly phases: readonly Phase[];
  /** Tells the jobs how many rows the next pass leaves. */
  setRows(rows: PassRows): void;
}

/** The rows of sources, or of targets. */
type Side = "source" | "target";

/** What a product is made of, without what is the same in all, or differs from pass to pass. */
type ProductValues = Omit<
  StructValues<"ProductArgs">,
  "group" | "depth" | "aStride" | "bStride"
>;

/** Writes the arguments of all jobs. */
export function writeGradients(writer: ArgumentWriter, plan: ProductPlan): AttentionGradients {
  const { network, buffers } = plan.places;
  const depths: Record<Side, Int32Array[]> = { source: [], target: [] };
  const viewOf = (address: number): Int32Array => new Int32Array(plan.memory.buffer, address, 1);
  const product = (side: Side, values: ProductValues): Job => {
    const rows = plan[`${side}Rows`], group = groupOf(values.columns, plan.threads);
    const strides = { aStride: panelStride(rows, 8), bStride: panelStride(rows, 4) };
    const args = writer.write("ProductArgs", { ...values, ...strides, group, depth: 0 });
    depths[side].push(viewOf(args + fieldOffset("ProductArgs", "depth")));
    const tasks = Math.ceil(Math.ceil(values.columns / 8) / group);
    return { kernel: "multiplyPanels", args, tasks };
  };
  const recurrent = (side: Side, layer: RecurrentLayer, inputs: string): Job[] => {
    const index = network.layers.indexOf(layer), { firstParameter, inputSize, hiddenSize } = layer;
    return columnParts(layer).flatMap(({ column, columns, suffix, states, edges }) => {
      const out = (parameter: number): number =>
        buffers(parameterName(firstParameter + parameter)) + 4 * column;
      const common = {
        ...{ a: buffers(`dz${suffix} ${index}`), columns, outStride: 4 * widthOf(layer) },
      };
      return [
        product(side, {
          ...{ ...common, b: buffers(inputs), out: out(0), rows: inputSize, bias: out(2) },
          edges: buffers(`edges ${index}`) + edges,
        }),
        product(side, {
          ...{ ...common, b: buffers(`${states} ${index}`), out: out(1), rows: hiddenSize },
          ...{ bias: 0, edges: buffers(`edges ${index}`) + edges + edgeBytes(columns) },
        }),
      ];
    });
  };
  const scatter = (side: Side): Job => {
    const { vocabularySize, outputSize: columns, firstParameter } = network[`${side}Embedding`];
    const group = groupOf(columns, plan.threads);
    const args = writer.write("ScatterArgs", {
      ...{ characters: buffers(`${side}Symbols`), examples: 0, steps: 1, begin: 0, rows: 0 },
      panels: buffers(`${side}Gradients`),
      panelStride: panelStride(plan[`${side}Rows`], 8),
      ...{ columns, group, classes: vocabularySize },
      out: buffers(parameterName(firstParameter)),
      outStride: 4 * columns,
      ...{ sums: buffers(`${side}Sums`), first: 0, firstStride: 0 },
    });
    depths[side].push(viewOf(args + fieldOffset("ScatterArgs", "examples")));
    return { kernel: "scatterRows", args, tasks: Math.ceil(Math.ceil(columns / 8) / group) };
  };
  const jobs = [
    ...network.decoderLayers.flatMap((layer, k) =>
      recurrent("target", layer, k === 0 ? "targetPanels" : `decoderPanels ${k - 1}`)
    ),
    ...network.encoder.flatMap((directions, l) =>
      directions.flatMap((layer) =>
        recurrent("source", layer, l === 0 ? "sourcePanels" : `encoderPanels ${l - 1}`)
      )
    ),
    ...otherProducts(plan.places, product),
    ...[scatter("source"), scatter("target")],
  ];
  return {
    phases: [jobs, ...(plan.isClipped ? [[squares(writer, plan)]] : [])],
    setRows({ sourceRows, targetRows }): void {
      for (const view of depths.source) view[0] = sourceRows;
      for (const view of depths.target) view[0] = targetRows;
    },
  };
}

/** The products of attention and of the dense layer. */
function otherProducts(
  { network, buffers }: AttentionPlaces,
  product: (side: Side, values: ProductValues) => Job,
): Job[] {
  const { attention: { firstParameter }, hiddenSize: H, output, decoderLayers } = network;
  const states = buffers(`decoderPanels ${decoderLayers.length - 1}`);
  const common = { columns: H, rows: H, outStride: 4 * H };
  const kernel = buffers(parameterName(firstParameter + 1));
  return [
    product("target", {
      ...{ ...common, a: buffers("dQueryPanels"), b: states, bias: 0 },
      ...{ out: buffers(parameterName(firstParameter)), edges: buffers("edges score") },
    }),
    product("target", {
      ...{ ...common, a: buffers("dCombinedPanels"), b: buffers("contextPanels"), out: kernel },
      bias: buffers(parameterName(firstParameter + 2)),
      edges: buffers("edges context"),
    }),
    product("target", {
      ...{ ...common, a: buffers("dCombinedPanels"), b: states, bias: 0 },
      ...{ out: kernel + 4 * H * H, edges: buffers("edges state") },
    }),
    product("target", {
      ...{ a: buffers("dLogitPanels"), b: buffers("combinedPanels") },
      out: buffers(parameterName(output.firstParameter)),
      ...{ outStride: 4 * output.outputSize, columns: output.outputSize, rows: H },
      bias: buffers(parameterName(output.firstParameter + 1)),
      edges: buffers("edges output"),
    }),
  ];
}

/** Sums the squares of all gradients, as of one list, in which the gaps stay zero. */
function squares(writer: ArgumentWriter, { places: { network, buffers } }: ProductPlan): Job {
  const { count, chunk, tasks } = divideSquares(network);
  const args = writer.write("SquaresArgs", {
    ...{ values: buffers(parameterName(0)), count, chunk, sums: buffers("squares") },
  });
  return { kernel: "sumSquares", args, tasks };
}

/** Counts the values of all gradients, gaps included. */
export function countGradientValues({ network }: AttentionPlaces): number {
  return layOut(parameterSizes(network)).sizeBytes / 4;
}
