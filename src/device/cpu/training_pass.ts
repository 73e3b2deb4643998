/** Training steps: rows, gradients, update. @module */
import type { RepeatNetwork } from "../../network/network.ts";
import type { BatchFigures, Regularization } from "../executor.ts";
import type { AdamRates } from "../optimizer.ts";
import { type AdamJob, type PlacedOptimizer, writeAdam } from "./adam.ts";
import { createArgumentWriter } from "./arguments.ts";
import type { ExampleSpans } from "./attention/spans.ts";
import type { Engine, Plan } from "./engine.ts";
import { firstStepJob } from "./first_step.ts";
import { gradientPhases } from "./gradient_jobs.ts";
import { countMultiplyAdds, countPanels, sharesFirstStep } from "./layer_sizes.ts";
import { parameterName } from "./parts.ts";
import { type PassInput, type PassPlaces, writePass } from "./pass_arguments.ts";
import { argumentBytes, divideRows } from "./pass_size.ts";
import { fieldOffset } from "./structs.ts";
import { addSums } from "./sums.ts";
import { firstGradient, lastGradient, PLANS, trainingLayout } from "./training_layout.ts";
import type { Weights } from "./weights.ts";
import { layOutWorkspace } from "./workspace.ts";

/** The batch of a step. */
export interface TrainingBatch {
  readonly examples: number;
  readonly input: PassInput;
  /** The time steps that the held examples need; only networks with attention ask for it. */
  readonly spans?: ExampleSpans;
  /** Default: none. */
  readonly regularization?: StepRegularization;
}

/** What keeps a network from memorising, in the step with a number. */
export type StepRegularization = Regularization & { readonly step: number };

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

/** A step with batches of one size, as it lies in memory. */
interface SizedStep {
  readonly examples: number;
  readonly input: Omit<PassInput, "first">;
  readonly smoothing: number;
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
  let adam: { readonly optimizer: PlacedOptimizer; readonly written: AdamJob } | undefined;
  const sized: SizedStep[] = [];

  const find = (batch: TrainingBatch, optimizer?: PlacedOptimizer): SizedStep => {
    const { examples, input } = batch;
    const smoothing = batch.regularization?.labelSmoothing ?? 0;
    if (optimizer !== undefined && adam?.optimizer !== optimizer) {
      adam = { optimizer, written: writeAdam(engine, places, optimizer) };
    }
    const slot = examples === most ? 0 : PLANS - 1;
    const found = sized[slot];
    const isSame = found?.examples === examples && found.adam === adam?.written &&
      found.smoothing === smoothing && found.input.sources === input.sources &&
      found.input.targets === input.targets &&
      found.input.order === input.order;
    if (found !== undefined && isSame) return found;
    const made = writeStep(engine, places, {
      ...{ examples, most, input, smoothing, adam: adam?.written },
      block: buffers(`plan ${slot}`),
    });
    sized[slot] = made;
    return made;
  };
  const finish = (examples: number): BatchFigures => {
    const { loss, characters, exactMatches } = addSums(
      engine,
      buffers("sums"),
      countPanels(examples),
    );
    const count = examples * network.outputLength;
    return {
      loss: loss / count,
      characterAccuracy: characters / count,
      exactMatch: exactMatches / examples,
    };
  };
  return {
    examples: most,
    step(batch, { optimizer, rates }): BatchFigures {
      const step = find(batch, optimizer);
      step.first[0] = batch.input.first;
      step.adam!.setRates(rates);
      engine.run(step.whole);
      return finish(batch.examples);
    },
    differentiate(batch): BatchFigures {
      const step = find(batch);
      step.first[0] = batch.input.first;
      engine.run(step.gradients);
      return finish(batch.examples);
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
  engine: Engine,
  places: PassPlaces,
  { examples, most, input, smoothing, adam, block }: TrainingBatch & {
    readonly most: number;
    readonly smoothing: number;
    readonly adam: AdamJob | undefined;
    readonly block: number;
  },
): SizedStep {
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
  const pass = writePass(writer, places, { settings, input, results });
  const phases = [
    ...(isShared ? [[firstStepJob(network, "firstStepForward", pass.first)]] : []),
    [{ kernel: "passRows", args: pass.rows, tasks: Math.ceil(panels / group) }],
    ...gradientPhases(writer, { places, settings, threads, pass, isClipped }),
  ];
  const work = panels === 1 ? 0 : PASSES * countMultiplyAdds(network, examples);
  return {
    ...{ examples, input, smoothing, adam },
    first: new Int32Array(memory.buffer, pass.rows + fieldOffset("RowsArgs", "first"), 1),
    gradients: { phases, work },
    whole: { phases: adam === undefined ? phases : [...phases, [adam.job]], work },
  };
}
