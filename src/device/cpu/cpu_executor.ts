/** A network on the processor. @module */
import type { Network } from "../../network/network.ts";
import type { NamedTensor } from "../../network/parameters.ts";
import {
  checkExamples,
  checkNotDisposed,
  checkOptimizerValues,
  checkParameterValues,
  checkPlan,
  checkRange,
  checkRows,
  checkSources,
} from "../check_arguments.ts";
import { checkDecodes } from "../check_decoding.ts";
import { checkRegularization } from "../check_regularization.ts";
import type { Decoding } from "../decoding.ts";
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
  Regularization,
  StepRegularization,
  Steps,
  StepsPlan,
} from "../executor.ts";
import { nameState } from "../name_state.ts";
import { adamRates, type OptimizerSettings } from "../optimizer.ts";
import { OwnedParts } from "../owned_parts.ts";
import { CpuExamples } from "./cpu_examples.ts";
import { CpuOptimizerState } from "./cpu_optimizer.ts";
import { CpuSteps, type StepRows } from "./cpu_steps.ts";
import { Engine } from "./engine.ts";
import { withBlock } from "./answer_parts.ts";
import type { KernelBuild } from "./kernel_build.ts";
import { layOut } from "./layout.ts";
import { countExamplesAtOnce, countStepsAtOnce } from "./pass_size.ts";
import { createPasses, type Passes } from "./passes.ts";
import type { TrainingPass } from "./training_pass.ts";
import { loadWeights, type Weights } from "./weights.ts";

/** What an executor is made of. */
export interface CpuExecutorOptions {
  readonly report: DeviceReport;
  readonly network: Network;
  /** Values of all parameters, copied. */
  readonly values: readonly Float32Array[];
  readonly build: KernelBuild | undefined;
}

/** Computes a network with compute kernels in a memory of its own. Buffers are allocated when they are first needed. */
export class CpuExecutor implements Executor {
  readonly report: DeviceReport;
  readonly network: Network;
  readonly examplesAtOnce: number;
  /** Memory, kernels and threads. */
  readonly engine: Engine;
  readonly #weights: Weights;
  readonly #owned = new OwnedParts();
  readonly #passes: Passes;
  #training: TrainingPass | undefined;
  #steps: CpuSteps | undefined;
  #changes = 0;
  /** The error of a step, until the parameters are written. */
  #failure: Error | undefined;
  #disposed = false;

  /** Copies the values into memory. @throws {TypeError} if they do not fit the network @throws {RangeError} if they do not fit into memory */
  constructor({ report, network, values, build }: CpuExecutorOptions) {
    checkParameterValues("load the network", network, values);
    this.report = report;
    this.network = network;
    this.examplesAtOnce = countExamplesAtOnce(network);
    this.engine = new Engine({ threads: report.threads, ...(build !== undefined && { build }) });
    this.#weights = loadWeights(this.engine, network, values);
    this.#passes = createPasses(this.engine, network, this.#weights);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  get changes(): number {
    return this.#changes;
  }

  hold(examples: Examples): HeldExamples {
    checkNotDisposed("hold the examples", "the executor", this.disposed);
    checkExamples(this.network, examples);
    return this.#owned.add((forget) =>
      new CpuExamples(this.engine, { network: this.network, examples, forget })
    );
  }

  createOptimizer(settings: OptimizerSettings, values?: readonly Float32Array[]): OptimizerState {
    checkNotDisposed("make an optimiser", "the executor", this.disposed);
    if (values !== undefined) checkOptimizerValues(this.network, settings, values);
    return this.#owned.add((forget) =>
      new CpuOptimizerState(this.engine, this.network, { settings, values, forget })
    );
  }

  begin(plan: StepsPlan): Steps {
    const action = "take steps";
    const examples = this.#checkExamples(action, plan.examples);
    const optimizer = this.#checkOptimizer(action, plan.optimizer);
    checkPlan(plan, { network: this.network, before: this.#steps });
    return this.#steps = new CpuSteps(plan, {
      engine: this.engine,
      stepsAtOnce: countStepsAtOnce(this.network, plan.batchSize),
      take: (rows) => {
        this.#checkExamples(action, examples);
        this.#checkOptimizer(action, optimizer);
        const training = this.#trainingPass(Math.min(plan.batchSize, plan.order.length));
        const { regularization } = plan;
        return this.#takeStep(training, { examples, optimizer, rows, regularization });
      },
      end: () => this.#steps = undefined,
    });
  }

  #takeStep(
    training: TrainingPass,
    { examples: { sources, targets, spans }, optimizer, rows, regularization }: {
      readonly examples: CpuExamples;
      readonly optimizer: CpuOptimizerState;
      readonly rows: StepRows;
      readonly regularization?: Regularization | undefined;
    },
  ): BatchFigures {
    const { examples, order, first, step, learningRate } = rows;
    const rates = adamRates(optimizer.settings, step, learningRate);
    const batch = {
      ...{ examples, input: { sources, targets, order, first } },
      ...(spans && { spans }),
      ...(regularization && { regularization: { ...regularization, step } }),
    };
    this.#changes++;
    return this.#guardStep(() => training.step(batch, { optimizer: optimizer.placed, rates }));
  }

  /** Takes a step. If it fails, some parameters may be new and others old. */
  #guardStep<Result>(step: () => Result): Result {
    try {
      return step();
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  async measure(given: HeldExamples, range: MeasureRange): Promise<Measurement> {
    const examples = this.#checkExamples("measure", given);
    checkRange(range, examples.count);
    const measurement = this.#passes.measure(examples, range);
    await this.engine.starting;
    return measurement;
  }

  async answer(sources: Uint8Array, options: AnswerOptions = {}): Promise<Answers> {
    this.#checkUsable("answer");
    checkSources(this.network, sources);
    const answers = this.#passes.answer(sources, options);
    await this.engine.starting;
    return answers;
  }

  decode(sources: Uint8Array): Decoding {
    const action = "decode symbol by symbol";
    this.#checkUsable(action);
    checkDecodes(this.network);
    checkSources(this.network, sources, action);
    const check = (): void => this.#checkUsable(action);
    return this.#owned.add((forget) => this.#passes.decode(sources, { check, forget }));
  }

  async differentiate(
    given: HeldExamples,
    rows: Uint32Array,
    regularization?: StepRegularization,
  ): Promise<Differentiated> {
    const action = "compute a gradient";
    const { sources, targets, spans, count } = this.#checkExamples(action, given);
    checkRows(action, rows, count);
    if (regularization) checkRegularization(action, this.network, regularization);
    const training = this.#trainingPass(rows.length);
    const figures = withBlock(this.engine, layOut([["order", 4 * rows.length]]), (at) => {
      const order = at("order");
      new Uint32Array(this.engine.heap.memory.buffer, order, rows.length).set(rows);
      const input = { sources, targets, order, first: 0 };
      return training.differentiate({
        ...{ examples: rows.length, input },
        ...(spans && { spans }),
        ...(regularization && { regularization }),
      });
    });
    return await Promise.resolve({ figures, gradients: training.readGradients() });
  }

  async readState(given?: OptimizerState): Promise<NamedTensor[]> {
    const action = "read the parameters";
    this.#checkUsable(action);
    const optimizer = given === undefined ? undefined : this.#checkOptimizer(action, given);
    const values = [...this.#weights.read(), ...optimizer?.read() ?? []];
    return await Promise.resolve(nameState(this.network, optimizer, values));
  }

  writeParameters(values: readonly Float32Array[]): void {
    checkNotDisposed("write the parameters", "the executor", this.disposed);
    checkParameterValues("write the parameters", this.network, values);
    this.#weights.write(values);
    this.#failure = undefined;
    this.#changes++;
  }

  /** Ends the threads. The memory is freed when nothing refers to it. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#steps?.[Symbol.dispose]();
    this.#owned[Symbol.dispose]();
    this.engine[Symbol.dispose]();
  }

  /** Gives a training pass for batches of a size at most. */
  #trainingPass(examples: number): TrainingPass {
    if (this.#training !== undefined && this.#training.examples >= examples) return this.#training;
    this.#training?.release();
    this.#training = undefined;
    return this.#training = this.#passes.createTraining(examples);
  }

  /** Checks that the executor was not disposed of, and that its parameters are those after a whole number of steps. */
  #checkUsable(action: string): void {
    checkNotDisposed(action, "the executor", this.disposed);
    if (this.#failure === undefined) return;
    throw new Error(
      `Cannot ${action}: a step failed, and some parameters may be of before it; load the model again, or write its parameters (${this.#failure.message})`,
      { cause: this.#failure },
    );
  }

  #checkExamples(action: string, given: HeldExamples): CpuExamples {
    this.#checkUsable(action);
    return this.#owned.check(given, { action, what: "the examples", kind: CpuExamples });
  }

  #checkOptimizer(action: string, given: OptimizerState): CpuOptimizerState {
    checkNotDisposed(action, "the executor", this.disposed);
    return this.#owned.check(given, {
      action,
      what: "the optimiser's state",
      kind: CpuOptimizerState,
    });
  }
}
