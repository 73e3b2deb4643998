/** Steps as they lie in memory: of whole batches, and of batches of another size. Each is used until something about it changes. @module */
import type { Network } from "../../network/network.ts";
import type { BatchFigures } from "../executor.ts";
import type { AdamJob, PlacedOptimizer } from "./adam.ts";
import type { Engine } from "./engine.ts";
import { countPanels } from "./layer_sizes.ts";
import { parameterName } from "./parts.ts";
import type { AddressOf } from "./layout.ts";
import { addSums } from "./sums.ts";
import { PLANS } from "./training_layout.ts";
import type { TrainingBatch } from "./training_batch.ts";

/** What a step in memory is written for: as long as it is the same, only numbers in its arguments change. */
export interface StepForm {
  readonly examples: number;
  /** Addresses of the batch's examples. */
  readonly sources: number;
  readonly targets: number;
  readonly order: number;
  /** Whether values are dropped. */
  readonly drops: boolean;
  /** Label smoothing. */
  readonly smoothing: number;
  /** The update; undefined: the gradients alone. */
  readonly adam: AdamJob | undefined;
}

/** How steps are written. */
export interface StepWriter<Step> {
  /** Most examples of a batch. */
  readonly most: number;
  writeAdam(optimizer: PlacedOptimizer): AdamJob;
  /** Writes a step. @param slot number of its place in memory */
  writeStep(form: StepForm, slot: number): Step;
}

/** Gives the step of a batch and, with an optimiser, its update. */
export type FindStep<Step> = (batch: TrainingBatch, optimizer?: PlacedOptimizer) => Step;

/** Makes a store of steps. Each is written when it is first needed. */
export function createSizedSteps<Step>(
  { most, writeAdam, writeStep }: StepWriter<Step>,
): FindStep<Step> {
  let adam: { readonly optimizer: PlacedOptimizer; readonly written: AdamJob } | undefined;
  const sized: { readonly form: StepForm; readonly step: Step }[] = [];
  return (batch, optimizer) => {
    if (optimizer !== undefined && adam?.optimizer !== optimizer) {
      adam = { optimizer, written: writeAdam(optimizer) };
    }
    const form = formOf(batch, adam?.written);
    const slot = batch.examples === most ? 0 : PLANS - 1;
    const found = sized[slot];
    if (found !== undefined && isSame(found.form, form)) return found.step;
    const step = writeStep(form, slot);
    sized[slot] = { form, step };
    return step;
  };
}

function formOf(
  { examples, input: { sources, targets, order }, regularization }: TrainingBatch,
  adam: AdamJob | undefined,
): StepForm {
  const { dropout = 0, labelSmoothing: smoothing = 0 } = regularization ?? {};
  return { examples, sources, targets, order, drops: dropout > 0, smoothing, adam };
}

function isSame(a: StepForm, b: StepForm): boolean {
  return a.examples === b.examples && a.sources === b.sources && a.targets === b.targets &&
    a.order === b.order && a.drops === b.drops && a.smoothing === b.smoothing && a.adam === b.adam;
}

/** Reads the figures of a step. @param counted number of characters that count */
export function readFigures(
  engine: Engine,
  sums: number,
  { examples, counted }: { readonly examples: number; readonly counted: number },
): BatchFigures {
  const { loss, characters, exactMatches } = addSums(engine, sums, countPanels(examples));
  return {
    loss: loss / counted,
    characterAccuracy: characters / counted,
    exactMatch: exactMatches / examples,
  };
}

/** Copies the gradients out, in the order of the parameters. */
export function copyGradients(
  engine: Engine,
  { parameters }: Pick<Network, "parameters">,
  buffers: AddressOf,
): Float32Array[] {
  return parameters.map(({ shape }, i) =>
    engine.floats(buffers(parameterName(i)), shape.reduce((a, b) => a * b, 1)).slice()
  );
}
