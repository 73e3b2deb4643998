/** Gives every epoch its examples on the device: always the same ones, or fresh ones. @module */
import { checkDataset, type Dataset } from "../dataset/dataset.ts";
import type { MakeFreshExamples, Split } from "../dataset/split.ts";
import { measureRows } from "../dataset/sort_batches.ts";
import type { HeldExamples } from "../device/executor.ts";
import { runInTurns, type Sliced, type TurnOptions } from "../time/slices.ts";
import { checkFit } from "./evaluate.ts";
import type { Training } from "./training.ts";
import { createDeferred } from "../time/deferred.ts";

/** The examples of an epoch. */
export interface EpochExamples {
  /** The examples on the device. */
  readonly held: HeldExamples;
  /** The measures of their rows, if the rows of a batch are to be sorted. */
  readonly measures: Uint32Array | undefined;
}

/** The examples of a training, epoch by epoch. Declare it with `using`. */
export interface ExampleSupply extends Disposable {
  /**
   * Gives the examples of an epoch, from 1. Those that it gave before are released.
   *
   * @throws {TypeError | RangeError} if fresh examples do not fit the training
   * @throws the signal's reason, if it aborts
   */
  take(epoch: number, turns: TurnOptions): Promise<EpochExamples>;
  /** Waits for some work of the device, and makes examples of the next epoch meanwhile. @throws what the work throws */
  prepareDuring(work: Promise<void>): Promise<void>;
}

/** Opens the supply of a training: with `swap` it has the swapped forms too, with `fresh` other examples for every epoch. */
export function openSupply(training: Training, split: Split): ExampleSupply {
  const { options: { fresh, swap }, model: { executor } } = training;
  if (fresh) return new FreshSupply(training, split);
  if (split.varied !== undefined && !swap) return new VariedSupply(training, split);
  const dataset = swap ? split.withSwapped! : split.training;
  const held = executor.hold(dataset);
  let measures: Uint32Array | undefined;
  return {
    async take(_epoch, turns): Promise<EpochExamples> {
      measures ??= await measure(training, dataset, turns);
      return { held, measures };
    },
    prepareDuring: (work) => work,
    [Symbol.dispose]: () => held[Symbol.dispose](),
  };
}

/** Measures rows, if the rows of a batch are to be sorted: only networks with attention do less work for short texts. */
async function measure(
  { model: { config } }: Training,
  dataset: Dataset,
  turns: TurnOptions,
): Promise<Uint32Array | undefined> {
  if (config.decoder === "repeat") return undefined;
  return await runInTurns(measureRows(dataset), dataset.count, turns);
}

/**
 * Fresh examples. Those of the next epoch are made while a GPU takes steps. The processor takes its steps itself, so that
 * there the examples are made between two epochs.
 */
class FreshSupply implements ExampleSupply {
  readonly #training: Training;
  readonly #make: MakeFreshExamples;
  readonly #count: number;
  #held: HeldExamples | undefined;
  #next: EpochInMaking | undefined;

  constructor(training: Training, { fresh, training: { count } }: Split) {
    this.#training = training;
    this.#make = fresh!;
    this.#count = count;
  }

  async take(epoch: number, turns: TurnOptions): Promise<EpochExamples> {
    const { model: { executor }, options: { epochs } } = this.#training;
    const next = this.#next?.epoch === epoch ? this.#next : this.#begin(epoch);
    const dataset = next.made ?? await runInTurns(next.making, this.#count, turns);
    this.#check(dataset);
    const measures = await measure(this.#training, dataset, turns);
    this.#held?.[Symbol.dispose]();
    this.#held = executor.hold(dataset);
    this.#next = epoch < epochs ? this.#begin(epoch + 1) : undefined;
    return { held: this.#held, measures };
  }

  async prepareDuring(work: Promise<void>): Promise<void> {
    let isDone = false;
    const watched = work.finally(() => isDone = true);
    const next = this.#next;
    while (next !== undefined && next.made === undefined) {
      await afterTurn(watched);
      if (isDone) break;
      const { done, value } = next.making.next();
      if (done) next.made = value;
    }
    await watched;
  }

  [Symbol.dispose](): void {
    this.#next?.making.return(undefined as never);
    this.#next = undefined;
    this.#held?.[Symbol.dispose]();
    this.#held = undefined;
  }

  #begin(epoch: number): EpochInMaking {
    return { epoch, making: this.#make(epoch) };
  }

  #check(dataset: Dataset): void {
    checkDataset("train", dataset, "the split's fresh examples");
    checkFit(this.#training.model, dataset);
    if (dataset.count === this.#count) return;
    throw new RangeError(
      `Cannot train: the split's fresh examples of an epoch must be ${this.#count}, as many as those of training, but are ${dataset.count}`,
    );
  }
}

/** The same examples in another form in every epoch. */
class VariedSupply implements ExampleSupply {
  readonly #training: Training;
  readonly #split: Split;
  #held: HeldExamples | undefined;
  #measures: Uint32Array | undefined;

  constructor(training: Training, split: Split) {
    this.#training = training;
    this.#split = split;
  }

  async take(epoch: number, turns: TurnOptions): Promise<EpochExamples> {
    const { model: { executor }, options: { seed } } = this.#training;
    const { training, varied } = this.#split;
    const dataset = await runInTurns(varied!(epoch, seed), training.count, turns);
    checkDataset("train", dataset, "the split's varied examples");
    checkFit(this.#training.model, dataset);
    if (dataset.count !== training.count) {
      throw new RangeError(
        `Cannot train: the split's varied examples of an epoch must be ${training.count}, as many as those of training, but are ${dataset.count}`,
      );
    }
    this.#measures ??= await measure(this.#training, training, turns);
    this.#held?.[Symbol.dispose]();
    this.#held = executor.hold(dataset);
    return { held: this.#held, measures: this.#measures };
  }

  prepareDuring(work: Promise<void>): Promise<void> {
    return work;
  }

  [Symbol.dispose](): void {
    this.#held?.[Symbol.dispose]();
    this.#held = undefined;
  }
}

/** The examples of an epoch that are being made. */
interface EpochInMaking {
  readonly epoch: number;
  readonly making: Sliced<Dataset>;
  made?: Dataset;
}

/** Waits until some work is done, but no longer than a turn of the event loop. @throws what the work throws */
async function afterTurn(work: Promise<void>): Promise<void> {
  const { promise, resolve } = createDeferred<void>();
  const timer = setTimeout(resolve, 0);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
