/** Training steps: rows, gradients, update. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import type { BatchFigures } from "../executor.ts";
import type { AdamRates } from "../optimizer.ts";
import { type AdamJob, type PlacedOptimizer, writeAdam } from "./adam.ts";
import { createArgumentWriter } from "./arguments.ts";
import type { Engine, Plan } from "./engine.ts";
import { firstStepJob } from "./first_step.ts";
import { gradientPhases } from "./gradient_jobs.ts";
import { countMultiplyAdds, countPanels, sharesFirstStep } from "./layer_sizes.ts";
import { type PassPlaces, writePass } from "./pass_arguments.ts";
import { argumentBytes, divideRows } from "./pass_size.ts";
import { copyGradients, createSizedSteps, readFigures, type StepForm } from "./sized_steps.ts";
import { fieldOffset } from "./structs.ts";
import type { TrainingBatch } from "./training_batch.ts";
import { firstGradient, lastGradient, trainingLayout } from "./training_layout.ts";
import type { Weights } from "./weights.ts";
import { layOutWorkspace } from "./workspace.ts";

/** Takes steps with batches of a size at most. */
export interface TrainingPass {
  /** Most examples of a batch. */
  readonly examples: number;
  /** Takes a step: gradients, and the update of the parameters. */
  step(
    batch: TrainingBatch,
    update: { readonly optimizer: PlacedOptimizer; readonly rates: AdamRates },
  ): BatchFigures;
  /** Computes the gradients alone; they can be read until the next call. */
  differentiate(batch: TrainingBatch): BatchFigures;
  /** Copies the gradients out, in the order of the parameters. */
  readGradients(): Float32Array[];
  /** Frees the buffers. */
  release(): void;
}

/** A step as it lies in memory. */
interface WrittenStep {
  /** The first row's place in the arguments. */
  readonly first: Int32Array;
  readonly gradients: Plan;
  readonly whole: Plan;
  readonly adam: AdamJob | undefined;
}

/** Relative cost of a step's way forward, its way back, and the gradients of the weights. */
const PASSES = 3;

/** Allocates the buffers. @throws {RangeError} if they do not fit into memory */
export function createTrainingPass(
  engine: Engine,
  { network, weights, examples: most }: {
    readonly network: RepeatNetwork;
    readonly weights: Weights;
    readonly examples: number;
  },
): TrainingPass {
  const { threads, heap } = engine;
  const layout = trainingLayout(network, { examples: most, threads });
  const block = heap.allocate(layout.sizeBytes);
  const buffers = (name: string): number => layout.at(block, name);
  const workspace = layOutWorkspace(network, true);
  const places: PassPlaces = {
    ...{ network, weights: weights.at, transposed: buffers, buffers, workspace },
  };
  const gradientBytes = buffers(lastGradient(network)) - buffers(firstGradient(network));
  engine.floats(buffers(firstGradient(network)), gradientBytes / 4).fill(0); // the gaps between them
  weights.packTransposed(buffers);
  const find = createSizedSteps<WrittenStep>({
    most,
    writeAdam: (optimizer) => writeAdam(engine, places, optimizer),
    writeStep: (form, slot) =>
      writeStep(engine, places, { form, most, block: buffers(`plan ${slot}`) }),
  });
  const finish = ({ examples }: TrainingBatch): BatchFigures =>
    readFigures(engine, buffers("sums"), { examples, counted: examples * network.outputLength });
  return {
    examples: most,
    step(batch, { optimizer, rates }): BatchFigures {
      const step = find(batch, optimizer);
      step.first[0] = batch.input.first;
      step.adam!.setRates(rates);
      engine.run(step.whole);
      return finish(batch);
    },
    differentiate(batch): BatchFigures {
      const step = find(batch);
      step.first[0] = batch.input.first;
      engine.run(step.gradients);
      return finish(batch);
    },
    readGradients: () => copyGradients(engine, network, buffers),
    release(): void {
      weights.packTransposed(() => 0);
      heap.free(block);
    },
  };
}

function writeStep(
  engine: Engine,
  places: PassPlaces,
  { form: { examples, sources, targets, order, smoothing, adam }, most, block }: {
    readonly form: StepForm;
    readonly most: number;
    readonly block: number;
  },
): WrittenStep {
  const { network, buffers } = places;
  const { threads, heap: { memory } } = engine;
  const panels = countPanels(examples);
  const { group, slots } = divideRows(network, { panels, threads });
  const isShared = sharesFirstStep(network, examples);
  const settings = {
    ...{ train: true, isShared, examples, group, slots, smoothing },
    ...{ rows: 8 * panels, roomRows: 8 * countPanels(most) },
  };
  const writer = createArgumentWriter(memory, {
    address: block,
    sizeBytes: argumentBytes(network),
  });
  const results = { sums: buffers("sums"), answers: 0, confidence: 0, probabilities: 0 };
  const isClipped = adam?.isClipped ?? false;
  const input = { sources, targets, order, first: 0 };
  const pass = writePass(writer, places, { settings, input, results });
  const phases = [
    ...(isShared ? [[firstStepJob(network, "firstStepForward", pass.first)]] : []),
    [{ kernel: "passRows", args: pass.rows, tasks: Math.ceil(panels / group) }],
    ...gradientPhases(writer, { places, settings, threads, pass, isClipped }),
  ];
  const work = panels === 1 ? 0 : PASSES * countMultiplyAdds(network, examples);
  return {
    adam,
    first: new Int32Array(memory.buffer, pass.rows + fieldOffset("RowsArgs", "first"), 1),
    gradients: { phases, work },
    whole: { phases: adam === undefined ? phases : [...phases, [adam.job]], work },
  };
}
