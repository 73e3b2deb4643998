/** Training steps of a network with attention: rows, gradients, update. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import type { BatchFigures } from "../../executor.ts";
import { dropoutStepKey, dropThreshold } from "../../../random/dropout.ts";
import { type AdamJob, writeAdam } from "../adam.ts";
import { createArgumentWriter } from "../arguments.ts";
import type { Engine } from "../engine.ts";
import { countPanels } from "../layer_sizes.ts";
import { parameterName } from "../parts.ts";
import { copyGradients, createSizedSteps, readFigures, type StepForm } from "../sized_steps.ts";
import { fieldOffset } from "../structs.ts";
import type { Phase } from "../thread_pool.ts";
import type { TrainingBatch } from "../training_batch.ts";
import type { TrainingPass } from "../training_pass.ts";
import type { Weights } from "../weights.ts";
import { type AttentionPlaces, writeAttention } from "./attention_arguments.ts";
import {
  attentionArgumentBytes,
  attentionTrainingLayout,
  divideAttention,
  mostRows,
} from "./attention_layout.ts";
import {
  type AttentionGradients,
  countGradientValues,
  writeGradients,
} from "./attention_products.ts";
import { countAttentionWork } from "./attention_work.ts";
import { layOutAttention } from "./attention_workspace.ts";
import { type PassRows, writeSpans } from "./spans.ts";

/** A step as it lies in memory. */
interface WrittenStep {
  readonly group: number;
  /** Writes what differs from step to step. */
  set(batch: TrainingBatch, rows: PassRows): void;
  readonly gradients: readonly Phase[];
  readonly whole: readonly Phase[];
  readonly adam: AdamJob | undefined;
}

/** Relative cost of a step's way forward, its way back, and the gradients of the weights. */
const PASSES = 3;

/** Allocates the buffers. @throws {RangeError} if they do not fit into memory */
export function createAttentionTraining(
  engine: Engine,
  { network, weights, examples: most }: {
    readonly network: AttentionNetwork;
    readonly weights: Weights;
    readonly examples: number;
  },
): TrainingPass {
  const { heap, threads } = engine;
  const layout = attentionTrainingLayout(network, { examples: most, threads });
  const block = heap.allocate(layout.sizeBytes);
  const buffers = (name: string): number => layout.at(block, name);
  const placesOf = (drops: boolean): AttentionPlaces => ({
    ...{ network, weights: weights.at, transposed: buffers, buffers },
    workspace: layOutAttention(network, { train: true, drops }),
  });
  const places = placesOf(false);
  engine.floats(buffers(parameterName(0)), countGradientValues(places)).fill(0); // the gaps between them
  weights.packTransposed(buffers);
  const find = createSizedSteps<WrittenStep>({
    most,
    writeAdam: (optimizer) => writeAdam(engine, places, optimizer),
    writeStep: (form, slot) =>
      writeStep(engine, placesOf(form.drops), { form, most, block: buffers(`plan ${slot}`) }),
  });
  const run = (step: WrittenStep, batch: TrainingBatch, phases: readonly Phase[]): BatchFigures => {
    const { examples, input: { order, first }, spans } = batch;
    if (spans === undefined) throw new TypeError("Cannot take a step: the spans must be given");
    const rows = writeSpans(heap.memory, {
      ...{ spans, examples, first, address: buffers("spans"), group: step.group },
      order: new Uint32Array(heap.memory.buffer, order, first + examples),
    });
    step.set(batch, rows);
    const work = countPanels(examples) === 1 ? 0 : PASSES * countAttentionWork(network, rows);
    engine.run({ phases, work });
    return readFigures(engine, buffers("sums"), { examples, counted: rows.counted });
  };
  return {
    examples: most,
    step(batch, { optimizer, rates }): BatchFigures {
      const step = find(batch, optimizer);
      step.adam!.setRates(rates);
      return run(step, batch, step.whole);
    },
    differentiate(batch): BatchFigures {
      const step = find(batch);
      return run(step, batch, step.gradients);
    },
    readGradients: () => copyGradients(engine, network, buffers),
    release(): void {
      weights.packTransposed(() => 0);
      heap.free(block);
    },
  };
}

function writeStep(
  { threads, heap: { memory } }: Engine,
  places: AttentionPlaces,
  { form: { examples, sources, targets, order, smoothing, adam }, most, block }: {
    readonly form: StepForm;
    readonly most: number;
    readonly block: number;
  },
): WrittenStep {
  const { network, buffers } = places;
  const panels = countPanels(examples);
  const { group, slots } = divideAttention(network, { panels, threads });
  const room = mostRows(network, most);
  const writer = createArgumentWriter(memory, {
    address: block,
    sizeBytes: attentionArgumentBytes(network),
  });
  const { rows: args, output } = writeAttention(writer, places, {
    settings: { train: true, examples, group, slots, smoothing, ...room },
    input: { sources, targets, order, first: 0 },
    results: { sums: buffers("sums"), answers: 0, confidence: 0, probabilities: 0 },
  });
  const isClipped = adam?.isClipped ?? false;
  const products: AttentionGradients = writeGradients(writer, {
    ...{ memory, places, threads, isClipped, ...room },
  });
  const phases: readonly Phase[] = [
    [{ kernel: "passAttentionRows", args, tasks: Math.ceil(panels / group) }],
    ...products.phases,
  ];
  const at = (field: Parameters<typeof fieldOffset<"AttentionRowsArgs">>[1]): number =>
    args + fieldOffset("AttentionRowsArgs", field);
  const first = new Int32Array(memory.buffer, at("first"), 1);
  const stepKey = new Int32Array(memory.buffer, at("stepKey"), 1);
  const threshold = new Int32Array(memory.buffer, at("threshold"), 1);
  const scale = new Float32Array(memory.buffer, output + fieldOffset("OutputArgs", "scale"), 1);
  const keptFactor = new Float32Array(memory.buffer, at("keptFactor"), 1);
  return {
    ...{ group, adam },
    set({ input, regularization }, rows): void {
      first[0] = input.first;
      const { dropout = 0, seed = 0, step = 0 } = regularization ?? {};
      stepKey[0] = dropoutStepKey(seed, step);
      threshold[0] = dropThreshold(dropout);
      keptFactor[0] = 1 / (1 - dropout);
      scale[0] = 1 / rows.counted;
      products.setRows(rows);
    },
    gradients: phases,
    whole: adam === undefined ? phases : [...phases, [adam.job]],
  };
}
