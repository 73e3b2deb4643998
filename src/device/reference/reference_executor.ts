/** An executor by tfjs's own operations. @module */
import type { Tensor } from "@tensorflow/tfjs";
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
  StepRegularization,
  Steps,
  StepsPlan,
} from "../executor.ts";
import { nameState } from "../name_state.ts";
import type { OptimizerSettings } from "../optimizer.ts";
import { OwnedParts } from "../owned_parts.ts";
import { dropNothing, makeDropout } from "./attention/drop_values.ts";
import { ReferenceDecoding } from "./attention/reference_decoding.ts";
import { countAtOnce } from "./count_at_once.ts";
import { type BatchRegularization, differentiateBatch } from "./differentiate.ts";
import { KeptTensors } from "./kept_tensors.ts";
import { answerSources, measureExamples } from "./measure_examples.ts";
import { REFERENCE_OPTIMIZERS, ReferenceOptimizerState } from "./optimizer_state.ts";
import { ReferenceExamples } from "./reference_examples.ts";
import type { StepRates } from "./reference_optimizer.ts";
import { ReferenceSteps } from "./reference_steps.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";

/** What a step needs besides examples and optimiser. */
interface StepToTake extends Pick<StepsPlan, "regularization"> {
  readonly rows: Uint32Array;
  readonly rates: StepRates;
}

/** A network as tensors of tfjs. Every step makes new tensors and disposes of the old ones. */
export class ReferenceExecutor implements Executor {
  readonly report: DeviceReport;
  readonly network: Network;
  readonly examplesAtOnce: number;
  readonly #tfjs: TfjsBackend;
  readonly #parameters: KeptTensors;
  readonly #owned = new OwnedParts();
  #steps: ReferenceSteps | undefined;
  #changes = 0;

  /** Copies the values to tensors. @throws {TypeError} if they do not fit the network */
  constructor(
    tfjs: TfjsBackend,
    report: DeviceReport,
    network: Network,
    values: readonly Float32Array[],
  ) {
    checkParameterValues("load the network", network, values);
    this.report = report;
    this.network = network;
    this.examplesAtOnce = countAtOnce(network);
    this.#tfjs = tfjs;
    this.#parameters = new KeptTensors(tfjs, () => this.#makeTensors(values));
  }

  get disposed(): boolean {
    return this.#parameters.disposed;
  }

  get changes(): number {
    return this.#changes;
  }

  hold(examples: Examples): HeldExamples {
    checkNotDisposed("hold the examples", "the executor", this.disposed);
    checkExamples(this.network, examples);
    return this.#owned.add((forget) => new ReferenceExamples(this.network, examples, forget));
  }

  createOptimizer(settings: OptimizerSettings, values?: readonly Float32Array[]): OptimizerState {
    checkNotDisposed("make an optimiser", "the executor", this.disposed);
    if (values !== undefined) checkOptimizerValues(this.network, settings, values);
    const { init } = REFERENCE_OPTIMIZERS[settings.name];
    const kept = new KeptTensors(
      this.#tfjs,
      () =>
        values === undefined
          ? init(this.#tfjs.tf, settings, this.#parameters.tensors)
          : this.#makeTensors(values),
    );
    return this.#owned.add((forget) => new ReferenceOptimizerState(settings, kept, forget));
  }

  begin(plan: StepsPlan): Steps {
    const action = "take steps";
    const examples = this.#checkExamples(action, plan.examples);
    const optimizer = this.#checkOptimizer(action, plan.optimizer);
    checkPlan(plan, { network: this.network, before: this.#steps });
    return this.#steps = new ReferenceSteps(plan, {
      take: (rows, rates) => {
        this.#checkExamples(action, examples);
        this.#checkOptimizer(action, optimizer);
        return this.#takeStep(examples, optimizer, { rows, rates, ...plan });
      },
      end: () => this.#steps = undefined,
    });
  }

  async measure(given: HeldExamples, range: MeasureRange): Promise<Measurement> {
    const examples = this.#checkExamples("measure", given);
    checkRange(range, examples.count);
    const parameters = this.#parameters.tensors;
    return await measureExamples(this.#tfjs, this.network, parameters, examples, range);
  }

  async answer(sources: Uint8Array, options: AnswerOptions = {}): Promise<Answers> {
    checkNotDisposed("answer", "the executor", this.disposed);
    checkSources(this.network, sources);
    const parameters = this.#parameters.tensors;
    return await answerSources(this.#tfjs, this.network, parameters, sources, options);
  }

  decode(sources: Uint8Array): Decoding {
    const action = "decode symbol by symbol";
    const { network } = this;
    checkNotDisposed(action, "the executor", this.disposed);
    checkDecodes(network);
    checkSources(network, sources, action);
    const parts = { tfjs: this.#tfjs, network, parameters: this.#parameters };
    return this.#owned.add((forget) => new ReferenceDecoding({ ...parts, forget }, sources));
  }

  async differentiate(
    given: HeldExamples,
    rows: Uint32Array,
    regularization?: StepRegularization,
  ): Promise<Differentiated> {
    const action = "compute a gradient";
    const examples = this.#checkExamples(action, given);
    checkRows(action, rows, examples.count);
    if (regularization) checkRegularization(action, this.network, regularization);
    const { tf } = this.#tfjs;
    const [figures, ...gradients] = await this.#tfjs.read(() => {
      const batch = examples.batch(tf, rows);
      const result = differentiateBatch(
        ...[tf, this.network, this.#parameters.tensors, batch] as const,
        this.#regularize(rows, regularization),
      );
      return [result.figures, ...result.gradients];
    });
    return { figures: nameFigures(figures!), gradients };
  }

  async readState(given?: OptimizerState): Promise<NamedTensor[]> {
    const action = "read the parameters";
    checkNotDisposed(action, "the executor", this.disposed);
    const optimizer = given === undefined ? undefined : this.#checkOptimizer(action, given);
    const tensors = [...this.#parameters.tensors, ...optimizer?.kept.tensors ?? []];
    // clones, because a step that is taken meanwhile disposes of the tensors
    const values = await this.#tfjs.read(() => tensors.map((tensor) => tensor.clone()));
    return nameState(this.network, optimizer, values);
  }

  writeParameters(values: readonly Float32Array[]): void {
    checkNotDisposed("write the parameters", "the executor", this.disposed);
    checkParameterValues("write the parameters", this.network, values);
    this.#tfjs.run(() => this.#parameters.replace(this.#makeTensors(values)));
    this.#changes++;
  }

  [Symbol.dispose](): void {
    this.#steps?.[Symbol.dispose]();
    this.#owned[Symbol.dispose]();
    this.#parameters[Symbol.dispose]();
  }

  async #takeStep(
    examples: ReferenceExamples,
    { settings, kept: state }: ReferenceOptimizerState,
    { rows, rates, regularization }: StepToTake,
  ): Promise<BatchFigures> {
    const { tf } = this.#tfjs;
    const reading = this.#tfjs.read(() => {
      const batch = examples.batch(tf, rows);
      const parameters = this.#parameters.tensors;
      const { figures, gradients } = differentiateBatch(
        ...[tf, this.network, parameters, batch] as const,
        this.#regularize(rows, regularization && { ...regularization, step: rates.step }),
      );
      const { update } = REFERENCE_OPTIMIZERS[settings.name];
      const updated = update(tf, settings, state.tensors, parameters, gradients, rates);
      this.#parameters.replace(updated.parameters);
      state.replace(updated.state);
      return [figures];
    });
    this.#changes++;
    return nameFigures((await reading)[0]!);
  }

  #regularize(rows: Uint32Array, given: StepRegularization | undefined): BatchRegularization {
    if (given === undefined) return { drop: dropNothing, labelSmoothing: 0 };
    return {
      drop: makeDropout(this.#tfjs.tf, rows, given),
      labelSmoothing: given.labelSmoothing,
    };
  }

  /** Makes tensors of the parameters' shapes; of an optimiser's state, of its every slot in turn. */
  #makeTensors(values: readonly Float32Array[]): Tensor[] {
    const { parameters } = this.network;
    return values.map((each, i) => {
      const { shape } = parameters[i % parameters.length]!;
      return this.#tfjs.tf.tensor(each.slice(), [...shape], "float32"); // it keeps the array
    });
  }

  #checkExamples(action: string, given: HeldExamples): ReferenceExamples {
    checkNotDisposed(action, "the executor", this.disposed);
    return this.#owned.check(given, { action, what: "the examples", kind: ReferenceExamples });
  }

  #checkOptimizer(action: string, given: OptimizerState): ReferenceOptimizerState {
    checkNotDisposed(action, "the executor", this.disposed);
    return this.#owned.check(given, {
      action,
      what: "the optimiser's state",
      kind: ReferenceOptimizerState,
    });
  }
}

/** Names the figures of `differentiateBatch`. */
function nameFigures(values: Float32Array): BatchFigures {
  return { loss: values[0]!, characterAccuracy: values[1]!, exactMatch: values[2]! };
}
