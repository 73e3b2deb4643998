/** The way forward alone of a network with attention: measures and answers. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import { createArgumentWriter } from "../arguments.ts";
import type { Engine } from "../engine.ts";
import { FORWARD_EXAMPLES } from "../forward.ts";
import { countPanels } from "../layer_sizes.ts";
import { type Layout, layOut } from "../layout.ts";
import type { PassInput, PassResults } from "../pass_arguments.ts";
import type { RowDivision } from "../pass_size.ts";
import { addSums, SUM_BYTES, type Sums } from "../sums.ts";
import type { Weights } from "../weights.ts";
import { type AttentionPlaces, writeAttention } from "./attention_arguments.ts";
import { attentionArgumentBytes, divideAttention } from "./attention_layout.ts";
import { countAttentionWork } from "./attention_work.ts";
import { layOutAttention } from "./attention_workspace.ts";
import { type ExampleSpans, type PassRows, spanBytes, writeSpans } from "./spans.ts";

/** Which examples a call takes, and where it writes its results. */
export interface AttentionCall {
  readonly examples: number;
  readonly input: PassInput;
  readonly spans: ExampleSpans;
  /** Rows of the examples, if they do not lie one after the other; the input has the address of the same rows. */
  readonly order?: Uint32Array;
  readonly results: Omit<PassResults, "sums">;
}

/** Passes examples forward. */
export interface AttentionForward {
  /** Sums the losses of at most {@linkcode FORWARD_EXAMPLES} examples, each symbol after the right ones before it. */
  measure(call: AttentionCall): Sums & { readonly counted: number };
  /** Answers at most {@linkcode FORWARD_EXAMPLES} sources. What comes after the end of an answer is not written. */
  answer(call: AttentionCall): void;
  /** Writes the arguments of a pass over any number of examples. Each task takes one panel. @param spans the place of its spans */
  prepare(call: AttentionCall, spans: number): PreparedPass;
}

/** A pass whose arguments are written. */
export interface PreparedPass {
  /** Address of `AttentionRowsArgs`. */
  readonly args: number;
  readonly rows: PassRows;
  readonly tasks: number;
}

/** Places the buffers. */
export function attentionForwardLayout(network: AttentionNetwork, threads: number): Layout {
  const panels = countPanels(FORWARD_EXAMPLES);
  const { group, slots } = divideAttention(network, { panels, threads });
  return layOut([
    ["arguments", attentionArgumentBytes(network)],
    ["spans", spanBytes(FORWARD_EXAMPLES)],
    ["work", slots * group * layOutAttention(network, { train: false, drops: false }).panelBytes],
    ["sums", SUM_BYTES * panels],
  ]);
}

/** Allocates the buffers. @throws {RangeError} if they do not fit into memory */
export function createAttentionForward(
  engine: Engine,
  network: AttentionNetwork,
  weights: Weights,
): AttentionForward {
  const { heap, threads } = engine;
  const layout = attentionForwardLayout(network, threads);
  const block = heap.allocate(layout.sizeBytes);
  const buffers = (name: string): number => layout.at(block, name);
  const workspace = layOutAttention(network, { train: false, drops: false });
  const placesOf = (spans: number): AttentionPlaces => ({
    ...{ network, weights: weights.at, transposed: () => 0, workspace },
    buffers: (name) => name === "spans" ? spans : layout.at(block, name),
  });
  const prepare = (
    { examples, input, spans, order, results }: AttentionCall,
    { group, slots }: RowDivision,
    at: Readonly<Record<"sums" | "spans", number>>,
  ): PreparedPass => {
    const writer = createArgumentWriter(heap.memory, {
      address: buffers("arguments"),
      sizeBytes: attentionArgumentBytes(network),
    });
    const { rows: args } = writeAttention(writer, placesOf(at.spans), {
      settings: {
        ...{ train: false, examples, group, slots, sourceRows: 0, targetRows: 0, smoothing: 0 },
      },
      input,
      results: { ...results, sums: at.sums },
    });
    const rows = writeSpans(heap.memory, {
      ...{ spans, examples, first: input.first, address: at.spans, group },
      ...(order !== undefined && { order }),
    });
    return { args, rows, tasks: Math.ceil(countPanels(examples) / group) };
  };
  const run = (kernel: string, call: AttentionCall, sums: number): PassRows => {
    const panels = countPanels(call.examples);
    const division = divideAttention(network, { panels, threads });
    const { args, rows, tasks } = prepare(call, division, { sums, spans: buffers("spans") });
    const targetRows = rows.targetRows || 4 * network.outputLength * panels; // of usual answers
    const work = panels === 1 ? 0 : countAttentionWork(network, { ...rows, targetRows });
    engine.run({ phases: [[{ kernel, args, tasks }]], work });
    return rows;
  };
  return {
    measure(call): Sums & { readonly counted: number } {
      const { counted } = run("passAttentionRows", call, buffers("sums"));
      return { ...addSums(engine, buffers("sums"), countPanels(call.examples)), counted };
    },
    answer(call): void {
      run("answerAttentionRows", call, 0);
    },
    prepare(call, spans): PreparedPass {
      const division = { group: 1, slots: Math.min(threads, countPanels(call.examples)) };
      return prepare(call, division, { sums: 0, spans });
    },
  };
}
