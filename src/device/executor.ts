/** The interface of a device: what training, evaluation, prediction and checkpoints know of it. @module */
import type { Network } from "../network/network.ts";
import type { NamedTensor } from "../network/parameters.ts";
import type { Decoding } from "./decoding.ts";
import type { OptimizerSettings } from "./optimizer.ts";

/** What computes: the GPU through WebGPU, or the processor. */
export type BackendName = "webgpu" | "cpu";

/**
 * How it is computed.
 *
 * - `kernels`: by our compute kernels
 * - `reference`: by tfjs's public operations and its gradient tape. Slow and plain
 */
export type ExecutorName = "kernels" | "reference";

/** What computes, and why. */
export interface DeviceReport {
  /** What computes. */
  readonly backend: BackendName;
  /** How. */
  readonly executor: ExecutorName;
  /** The request. */
  readonly requested: BackendName | "auto";
  /** The reason, for people. */
  readonly reason: string;
  /** Name of the WebGPU adapter, if one was found. */
  readonly adapter?: string;
  /** Build of the compute kernels of `cpu`: with fused multiply-add, or for platforms without relaxed SIMD. */
  readonly build?: "relaxed" | "simd";
  /** Number of the processor's threads that compute: 1 on `webgpu` and for the reference. */
  readonly threads: number;
}

/** A device that models can be loaded on. It holds nothing that must be released: its executors do. */
export interface Device {
  /** What computes, and why. */
  readonly report: DeviceReport;
  /**
   * Says what does not fit the device if a network is trained with batches of some size: one clause, such as `a step needs 5 GiB
   * of the compute kernels' memory, which has room for 3.7 GiB`. Nothing is allocated.
   */
  findMisfit(network: Network, batchSize: number): string | undefined;
  /**
   * Loads a network.
   *
   * If the device's compute kernels cannot compute it, the executor is the reference, and its report says why.
   *
   * @param values values of all parameters in the network's order, row-major; they are copied
   * @throws {Error} if they do not fit into memory; nothing stays allocated
   */
  load(network: Network, values: readonly Float32Array[]): Promise<Executor>;
}

/** A network on a device. Declare it with `using`, or dispose of it. Two executors share no state. */
export interface Executor extends Disposable {
  /** What computes, and why. */
  readonly report: DeviceReport;
  /** The network. */
  readonly network: Network;
  /** Whether it was disposed of. Every other use of it is then an error. */
  readonly disposed: boolean;
  /** Number of times that the parameters were changed: by a step or by {@linkcode writeParameters}. */
  readonly changes: number;
  /** Number of examples that {@linkcode measure} and {@linkcode answer} should get at once, so that neither takes longer than about 0.1 s. */
  readonly examplesAtOnce: number;
  /** Copies examples to the device. @throws {Error} if they do not fit into memory */
  hold(examples: Examples): HeldExamples;
  /**
   * Makes an optimiser's state.
   *
   * @param values its tensors in the order of `nameOptimizerState`, row-major, copied; default: zeros
   */
  createOptimizer(settings: OptimizerSettings, values?: readonly Float32Array[]): OptimizerState;
  /** Begins to take steps. Only one `Steps` of an executor may exist at a time. Nothing is computed yet. */
  begin(plan: StepsPlan): Steps;
  /**
   * Measures some of the held examples, without training. On `webgpu` it may be called while steps are under way; it measures the
   * parameters after the steps that were taken.
   *
   * @throws {Error} if the device was lost or failed
   */
  measure(examples: HeldExamples, range: MeasureRange): Promise<Measurement>;
  /**
   * Answers sources.
   *
   * @param sources indices, uint8 (N, T_in)
   * @throws {Error} if the device was lost or failed
   */
  answer(sources: Uint8Array, options?: AnswerOptions): Promise<Answers>;
  /**
   * Begins to answer sources symbol by symbol, for a search that chooses the symbols itself. Only a network with the decoder
   * `attention` does so.
   *
   * @param sources indices, uint8 (N, T_in)
   * @throws {TypeError} if the network has the decoder `repeat`
   */
  decode(sources: Uint8Array): Decoding;
  /**
   * Computes the gradient of the mean loss of some held examples, with respect to every parameter, by the same kernels as a step
   * (before clipping). The parameters and the optimiser's state do not change. For tests of correctness.
   *
   * @param rows the batch: rows of the examples
   * @param regularization as in a step with the number `step`. Default: none
   */
  differentiate(
    examples: HeldExamples,
    rows: Uint32Array,
    regularization?: StepRegularization,
  ): Promise<Differentiated>;
  /**
   * Copies the parameters, then the state of an optimiser if one is given, to the host, all as of the same step.
   *
   * @throws {Error} if the device was lost or failed
   */
  readState(optimizer?: OptimizerState): Promise<NamedTensor[]>;
  /** Overwrites all parameters. @param values in the network's order, row-major; they are copied */
  writeParameters(values: readonly Float32Array[]): void;
}

/** Examples as indices of characters. A `Dataset` is one. */
export interface Examples {
  /** Number of examples, N. */
  readonly count: number;
  /** Indices of the sources, uint8 (N, T_in). */
  readonly sources: Uint8Array;
  /** Indices of the targets, uint8 (N, T_out). */
  readonly targets: Uint8Array;
}

/** Examples on the device. Dispose of them before their executor; disposing of the executor frees them too. */
export interface HeldExamples extends Disposable {
  /** Number of examples, N. */
  readonly count: number;
}

/** The state of an optimiser on the device. Disposing of the executor frees it too. */
export interface OptimizerState extends Disposable {
  /** Its settings. */
  readonly settings: OptimizerSettings;
  /** Whether it, or its executor, was disposed of. */
  readonly disposed: boolean;
}

/** The steps to take: one pass, or the rest of one. */
export interface StepsPlan {
  /** The examples. */
  readonly examples: HeldExamples;
  /** The optimiser; its state is updated by every step. */
  readonly optimizer: OptimizerState;
  /** Rows of the examples, in the order to take; each is below their count. The next `batchSize` rows are a batch; the last may have fewer. */
  readonly order: Uint32Array;
  /** Number of examples of a batch, B. */
  readonly batchSize: number;
  /** Number of batches of the order that were taken before, from 0. */
  readonly from: number;
  /** Number of all steps that were taken before. */
  readonly step: number;
  /** What keeps the network from memorising. Default: nothing. */
  readonly regularization?: Regularization;
  /** Gives the learning rate of a step by its number, from 1. */
  learningRate(step: number): number;
}

/** What keeps a network from memorising its examples. It is applied in training alone, not in measuring or answering. */
export interface Regularization {
  /** Share of values that are dropped, from 0 to below 1: see src/random/dropout.ts. 0 with the decoder `repeat`. */
  readonly dropout: number;
  /** Seed of the dropped values, uint32. */
  readonly seed: number;
  /**
   * Label smoothing ε, from 0 to below 1. The loss of a position is (1 - ε) · -log p[target] + ε · mean over V of -log p.
   * Source: Szegedy et al. 2016.
   */
  readonly labelSmoothing: number;
}

/** What keeps a network from memorising, in one step. */
export interface StepRegularization extends Regularization {
  /** Number of the step, from 1. */
  readonly step: number;
}

/** Steps of a plan. Dispose of it when no more are to be taken; steps under way are still done. */
export interface Steps extends Disposable {
  /** Number of batches that are not taken yet. */
  readonly left: number;
  /**
   * Takes some of the next steps, at least one. On `cpu` they are done when it returns; on `webgpu` they are handed to the device.
   *
   * It takes so few that all steps under way take about a quarter of a second at most, or one step.
   *
   * @param most largest number of steps to take; default: no limit
   * @returns their number
   * @throws {RangeError} if none is left, or `most` is not an integer 1 or more
   */
  take(most?: number): number;
  /**
   * Gives the figures of steps in their order, beginning with the first that were not given yet. It gives those that are there, possibly
   * none. It waits only if no more steps should be taken before some are done.
   *
   * @throws {Error} if the device was lost or failed
   */
  figures(): Promise<readonly BatchFigures[]>;
  /**
   * Waits until all steps that were taken are done, and gives the figures that were not given yet.
   *
   * @throws {Error} if the device was lost or failed
   */
  settle(): Promise<readonly BatchFigures[]>;
}

/**
 * The metrics of a batch, before its update.
 *
 * With the decoder `repeat` all characters of a target count, padding included. With `attention` those up to the end symbol count,
 * it included, each chosen after the right symbols before it; then all are right if, and only if, the answer is.
 */
export interface BatchFigures {
  /** Mean cross-entropy per target character that counts, over all of the batch, in nats; with label smoothing, the smoothed one. */
  readonly loss: number;
  /** Share of correct characters, from 0 to 1. */
  readonly characterAccuracy: number;
  /** Share of examples with every character correct, from 0 to 1. */
  readonly exactMatch: number;
}

/** The examples to measure. */
export interface MeasureRange {
  /** The first row. */
  readonly from: number;
  /** The row after the last. */
  readonly to: number;
  /** Whether to give the most probable characters too. */
  readonly answers: boolean;
  /** Whether to give the probabilities of these characters too. Default false. */
  readonly confidence?: boolean;
}

/** Sums over measured examples. Which characters count: see {@linkcode BatchFigures}. */
export interface Measurement {
  /** Sum of the cross-entropy over the characters that count, in nats. */
  readonly loss: number;
  /** Number of characters that count. */
  readonly counted: number;
  /** Number of these that are correct. */
  readonly characters: number;
  /** Number of examples with every character correct. */
  readonly exactMatches: number;
  /** If asked for: indices of the most probable characters, uint8 (to - from, T_out). Of equally probable ones, the first. */
  readonly answers?: Uint8Array;
  /** If asked for: their probabilities, float32 (to - from, T_out). */
  readonly confidence?: Float32Array;
  /** Of an ensemble, with the answers: what each of its models answers alone, uint8 (to - from, T_out). */
  readonly members?: readonly Uint8Array[];
}

/** What to give of answers. */
export interface AnswerOptions {
  /** Whether to give the probability of every character at every position. Default false. */
  readonly probabilities?: boolean;
}

/**
 * Answers to sources. With the decoder `attention` each symbol is chosen after those chosen before it. After the end symbol an answer
 * has the index of the padding, with probability 1.
 */
export interface Answers {
  /** Indices of the most probable characters, uint8 (N, T_out). Of equally probable ones, the first. */
  readonly characters: Uint8Array;
  /** Their probabilities, float32 (N, T_out). */
  readonly confidence: Float32Array;
  /** If asked for: probabilities of all characters, float32 (N, T_out, V). */
  readonly probabilities?: Float32Array;
  /** Of an ensemble: what each of its models answers alone, uint8 (N, T_out). */
  readonly members?: readonly Uint8Array[];
}

/** The gradient of a batch. */
export interface Differentiated {
  /** The batch's metrics. */
  readonly figures: BatchFigures;
  /** The gradient of every parameter in the network's order, row-major. */
  readonly gradients: readonly Float32Array[];
}
