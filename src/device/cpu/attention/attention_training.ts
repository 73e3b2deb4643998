/** Training steps of a network with attention: rows, gradients, update. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import type { BatchFigures } from "../../executor.ts";
import { dropoutStepKey, dropThreshold } from "../../../random/dropout.ts";
import { type AdamJob, type PlacedOptimizer, writeAdam } from "../adam.ts";
import { createArgumentWriter } from "../arguments.ts";
import type { Engine } from "../engine.ts";
import { countPanels } from "../layer_sizes.ts";
import { parameterName } from "../parts.ts";
import type { PassInput } from "../pass_arguments.ts";
import { fieldOffset } from "../structs.ts";
import { addSums } from "../sums.ts";
import type { Phase } from "../thread_pool.ts";
import { PLANS } from "../training_layout.ts";
import type { TrainingBatch, TrainingPass } from "../training_pass.ts";
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

/** A step with batches of one size, as it lies in memory. */
interface SizedStep {
  readonly examples: number;
  readonly input: Omit<PassInput, "first">;
  readonly drops: boolean;
  readonly smoothing: number;
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
  let adam: { readonly optimizer: PlacedOptimizer; readonly written: AdamJob } | undefined;
  const sized: SizedStep[] = [];

  const find = (batch: TrainingBatch, optimizer?: PlacedOptimizer): SizedStep => {
    if (optimizer !== undefined && adam?.optimizer !== optimizer) {
      adam = { optimizer, written: writeAdam(engine, places, optimizer) };
    }
    const { examples, input, regularization } = batch;
    const slot = examples === most ? 0 : PLANS - 1;
    const found = sized[slot];
    const drops = (regularization?.dropout ?? 0) > 0;
    const smoothing = regularization?.labelSmoothing ?? 0;
    const isSame = found?.examples === examples && found.adam === adam?.written &&
      found.drops === drops && found.smoothing === smoothing &&
      found.input.sources === input.sources && found.input.targets === input.targets &&
      found.input.order === input.order;
    if (found !== undefined && isSame) return found;
    return sized[slot] = writeStep(engine, placesOf(drops), {
      ...{ batch, most, drops, smoothing, adam: adam?.written, block: buffers(`plan ${slot}`) },
    });
  };
  const run = (step: SizedStep, batch: TrainingBatch, phases: readonly Phase[]): BatchFigures => {
    const { examples, input: { order, first }, spans } = batch;
    if (spans === undefined) throw new TypeError("Cannot take a step: the spans must be given");
    const rows = writeSpans(heap.memory, {
      ...{ spans, examples, first, address: buffers("spans"), group: step.group },
      order: new Uint32Array(heap.memory.buffer, order, first + examples),
    });
    step.set(batch, rows);
    const work = countPanels(examples) === 1 ? 0 : PASSES * countAttentionWork(network, rows);
    engine.run({ phases, work });
    const { loss, characters, exactMatches } = addSums(
      engine,
      buffers("sums"),
      countPanels(examples),
    );
    return {
      loss: loss / rows.counted,
      characterAccuracy: characters / rows.counted,
      exactMatch: exactMatches / examples,
    };
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
    readGradients: () =>
      network.parameters.map(({ shape }, i) =>
        engine.floats(buffers(parameterName(i)), shape.reduce((a, b) => a * b, 1)).slice()
      ),
    release(): void {
      weights.packTransposed(() => 0);
      heap.free(block);
    },
  };
}

function writeStep(
  { threads, heap: { memory } }: Engine,
  places: AttentionPlaces,
  { batch: { examples, input }, most, drops, smoothing, adam, block }: {
    readonly batch: TrainingBatch;
    readonly most: number;
    readonly drops: boolean;
    readonly smoothing: number;
    readonly adam: AdamJob | undefined;
    readonly block: number;
  },
): SizedStep {
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
    input,
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
    ...{ examples, input, drops, smoothing, group, adam },
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
