/** A network on the processor. @module */
import type { Network } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import type {
  AnswerOptions,
  Answers,
  BatchFigures,
  DeviceReport,
  Differentiated,
  Examples,
  Executor,
  HeldExamples,
  Measurement,
  MeasureRange,
  OptimizerState,
  Steps,
  StepsPlan,
} from "../executor.ts";
import { adamRates, nameOptimizerState, type OptimizerSettings } from "../optimizer.ts";
import { createCpuSteps } from "./cpu_steps.ts";
import { Engine } from "./engine.ts";
import { createForwardPass, FORWARD_EXAMPLES, type ForwardPass } from "./forward.ts";
import { type PlacedExamples, type PlacedState, placeExamples, placeOptimizer } from "./held.ts";
import type { KernelBuild } from "./kernel_build.ts";
import { countMultiplyAdds } from "./layer_sizes.ts";
import type { Sums } from "./sums.ts";
import { createTrainingPass, type TrainingPass } from "./training_pass.ts";
import { loadWeights, type Weights } from "./weights.ts";

/** Multiply-adds of about 0.05 s, on one slow thread. */
const WORK_AT_ONCE = 5e8;

/** What an executor is made of. */
export interface CpuExecutorOptions {
  readonly report: DeviceReport;
  readonly network: Network;
  /** Values of all parameters, copied. */
  readonly values: readonly Float32Array[];
  readonly build: KernelBuild | undefined;
}

/** Computes a network with compute kernels in a memory of its own. */
export class CpuExecutor implements Executor {
  readonly report: DeviceReport;
  readonly network: Network;
  readonly examplesAtOnce: number;
  /** Memory, kernels and threads. */
  readonly engine: Engine;
  readonly #weights: Weights;
  readonly #held = new Set<PlacedExamples>();
  #forward: ForwardPass | undefined;
  #training: TrainingPass | undefined;
  #steps: Steps | undefined;
  #changes = 0;
  #disposed = false;

  /** Loads a network. @throws {RangeError} if it does not fit into memory */
  constructor({ report, network, values, build }: CpuExecutorOptions) {
    this.report = report;
    this.network = network;
    this.engine = new Engine({ threads: report.threads, ...(build !== undefined && { build }) });
    this.#weights = loadWeights(this.engine, network, values);
    const perPanel = countMultiplyAdds(network, 8);
    const panels = Math.floor(WORK_AT_ONCE / Math.max(1, perPanel));
    this.examplesAtOnce = Math.max(8, Math.min(FORWARD_EXAMPLES, 8 * panels));
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  get changes(): number {
    return this.#changes;
  }

  hold(examples: Examples): HeldExamples {
    this.#check("hold examples");
    const { inputLength, outputLength, vocabularySize } = this.network;
    const { count, sources, targets } = examples;
    if (sources.length !== count * inputLength || targets.length !== count * outputLength) {
      throw new TypeError(
        `Cannot hold examples: ${count} must have ${count * inputLength} and ${
          count * outputLength
        } indices, but have ${sources.length} and ${targets.length}`,
      );
    }
    checkIndices("hold examples", sources, vocabularySize);
    checkIndices("hold examples", targets, vocabularySize);
    const held = placeExamples(this.engine, examples);
    this.#held.add(held);
    return held;
  }

  createOptimizer(settings: OptimizerSettings, values?: readonly Float32Array[]): OptimizerState {
    this.#check("create an optimizer");
    const isReleased = (): boolean => this.#disposed;
    return placeOptimizer(this.engine, this.network, { settings, values, isReleased });
  }

  begin(plan: StepsPlan): Steps {
    this.#check("begin to train");
    if (this.#steps !== undefined) {
      throw new Error("Cannot begin to train: the steps of another plan are not disposed of");
    }
    const examples = this.#placed(plan.examples, "train");
    const optimizer = this.#state(plan.optimizer, "train");
    const steps = createCpuSteps(plan, {
      network: this.network,
      engine: this.engine,
      examples,
      takeStep: (batch, step) => {
        this.#check("train");
        const rates = adamRates(optimizer.settings, step, plan.learningRate(step));
        const training = this.#train(plan.batchSize);
        const sums = training.step(batch, { optimizer: optimizer.placed, rates });
        this.#changes++;
        return this.#figures(sums, batch.examples);
      },
      onDispose: () => this.#steps = undefined,
    });
    return this.#steps = steps;
  }

  measure(examples: HeldExamples, range: MeasureRange): Promise<Measurement> {
    return promise(() => this.#measure(this.#placed(examples, "measure"), range));
  }

  #measure(examples: PlacedExamples, { from, to, answers }: MeasureRange): Measurement {
    this.#check("measure");
    const { sources, targets, count } = examples;
    if (!(from >= 0 && from <= to && to <= count)) {
      throw new RangeError(
        `Cannot measure examples ${from} to ${to}: there are ${count}`,
      );
    }
    const { outputLength: T } = this.network;
    const sums = { loss: 0, characters: 0, exactMatches: 0 };
    const found = new Uint8Array(answers ? (to - from) * T : 0);
    const room = Math.min(FORWARD_EXAMPLES, to - from);
    this.#withBlock(answers ? room * T : 0, (block) => {
      for (let first = from; first < to; first += FORWARD_EXAMPLES) {
        const size = Math.min(FORWARD_EXAMPLES, to - first);
        const part = this.#forwardPass().run({
          examples: size,
          input: { sources, targets, order: 0, first },
          results: { answers: answers ? block : 0, confidence: 0, probabilities: 0 },
        });
        sums.loss += part.loss;
        sums.characters += part.characters;
        sums.exactMatches += part.exactMatches;
        if (answers) found.set(this.engine.bytes(block, size * T), (first - from) * T);
      }
    });
    return { ...sums, loss: sums.loss / T, ...(answers && { answers: found }) };
  }

  answer(sources: Uint8Array, options: AnswerOptions = {}): Promise<Answers> {
    return promise(() => this.#answer(sources, options.probabilities ?? false));
  }

  #answer(sources: Uint8Array, wanted: boolean): Answers {
    this.#check("answer");
    const { inputLength, outputLength: T, vocabularySize: V } = this.network;
    if (sources.length % inputLength !== 0) {
      throw new TypeError(
        `Cannot answer: each source must have ${inputLength} indices, but there are ${sources.length} in all`,
      );
    }
    checkIndices("answer", sources, V);
    const count = sources.length / inputLength;
    const characters = new Uint8Array(count * T), confidence = new Float32Array(count * T);
    const probabilities = new Float32Array(wanted ? count * T * V : 0);
    const room = 64 * Math.ceil(Math.min(FORWARD_EXAMPLES, count) / 64);
    const bytes = { confidence: 4 * T, probabilities: wanted ? 4 * T * V : 0, source: inputLength };
    const perExample = bytes.confidence + bytes.probabilities + bytes.source + T;
    this.#withBlock(room * perExample, (confidenceAt) => {
      const probabilitiesAt = confidenceAt + room * bytes.confidence;
      const sourcesAt = probabilitiesAt + room * bytes.probabilities;
      const answersAt = sourcesAt + room * bytes.source;
      for (let first = 0; first < count; first += FORWARD_EXAMPLES) {
        const size = Math.min(FORWARD_EXAMPLES, count - first), end = first + size;
        const given = sources.subarray(first * inputLength, end * inputLength);
        this.engine.bytes(sourcesAt, given.length).set(given);
        this.#forwardPass().run({
          examples: size,
          input: { sources: sourcesAt, targets: 0, order: 0, first: 0 },
          results: {
            answers: answersAt,
            confidence: confidenceAt,
            probabilities: wanted ? probabilitiesAt : 0,
          },
        });
        characters.set(this.engine.bytes(answersAt, size * T), first * T);
        confidence.set(this.engine.floats(confidenceAt, size * T), first * T);
        if (!wanted) continue;
        probabilities.set(this.engine.floats(probabilitiesAt, size * T * V), first * T * V);
      }
    });
    return { characters, confidence, ...(wanted && { probabilities }) };
  }

  differentiate(examples: HeldExamples, rows: Uint32Array): Promise<Differentiated> {
    return promise(() => {
      this.#check("differentiate");
      const { sources, targets } = this.#placed(examples, "differentiate");
      checkRows(rows, examples.count);
      return this.#withBlock(4 * rows.length, (order) => {
        new Uint32Array(this.engine.heap.memory.buffer, order, rows.length).set(rows);
        const batch = { examples: rows.length, input: { sources, targets, order, first: 0 } };
        const training = this.#train(rows.length);
        const figures = this.#figures(training.differentiate(batch), rows.length);
        return { figures, gradients: training.readGradients() };
      });
    });
  }

  readState(optimizer?: OptimizerState): Promise<NamedTensor[]> {
    return promise(() => {
      this.#check("read the parameters");
      const { parameters } = this.network;
      const tensors = this.#weights.read().map((values, i) => ({ ...parameters[i]!, values }));
      const named = tensors.map(({ name, shape, values }) => ({ name, shape, values }));
      if (optimizer === undefined) return named;
      const state = this.#state(optimizer, "read its state");
      const names = nameOptimizerState(optimizer.settings.name, parameters);
      const slots = state.read().map((values, i) => ({
        name: names[i]!,
        shape: parameters[i % parameters.length]!.shape,
        values,
      }));
      return [...named, ...slots];
    });
  }

  writeParameters(values: readonly Float32Array[]): void {
    this.#check("write the parameters");
    this.#weights.write(values);
    this.#changes++;
  }

  /** Ends the threads. The memory is freed with its last user. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.engine[Symbol.dispose]();
  }

  #forwardPass(): ForwardPass {
    return this.#forward ??= createForwardPass(this.engine, this.network, this.#weights);
  }

  /** Gives a training pass for batches of a size at most. */
  #train(examples: number): TrainingPass {
    if (this.#training !== undefined && this.#training.examples >= examples) return this.#training;
    this.#training?.release();
    this.#training = undefined;
    const { network, engine } = this;
    return this.#training = createTrainingPass(engine, {
      network,
      weights: this.#weights,
      examples,
    });
  }

  #figures({ loss, characters, exactMatches }: Sums, examples: number): BatchFigures {
    const count = examples * this.network.outputLength;
    return {
      loss: loss / count,
      characterAccuracy: characters / count,
      exactMatch: exactMatches / examples,
    };
  }

  #withBlock<T>(sizeBytes: number, use: (address: number) => T): T {
    const block = this.engine.heap.allocate(sizeBytes);
    try {
      return use(block);
    } finally {
      this.engine.heap.free(block);
    }
  }

  #placed(examples: HeldExamples, action: string): PlacedExamples {
    const found = examples as PlacedExamples;
    if (this.#held.has(found) && !found.disposed) return found;
    throw new Error(`Cannot ${action}: the executor does not hold these examples`);
  }

  #state(optimizer: OptimizerState, action: string): PlacedState {
    if (!optimizer.disposed && "placed" in optimizer) return optimizer as PlacedState;
    throw new Error(`Cannot ${action}: the optimizer's state was disposed of`);
  }

  #check(action: string): void {
    if (this.#disposed) throw new Error(`Cannot ${action}: the model was disposed of`);
  }
}

/** Gives the result of some work, or its error, as a promise. */
function promise<T>(work: () => T): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(error);
  }
}

function checkIndices(action: string, indices: Uint8Array, below: number): void {
  const wrong = indices.find((index) => index >= below);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot ${action}: every index must be from 0 to ${below - 1}, but one is ${wrong}`,
  );
}

function checkRows(rows: Uint32Array, count: number): void {
  const wrong = rows.find((row) => row >= count);
  if (wrong === undefined && rows.length > 0) return;
  throw new RangeError(
    `Cannot use rows of ${count} examples: ${
      wrong === undefined ? "there are none" : `one is ${wrong}`
    }`,
  );
}
