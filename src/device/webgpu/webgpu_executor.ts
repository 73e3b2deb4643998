/** An executor by compute shaders. @module */
import type { Clock } from "../../time/clock.ts";
import { countMultiplyAdds } from "../../network/cost.ts";
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
import { checkRegularization } from "../check_regularization.ts";
import { checkDecodes } from "../check_decoding.ts";
import type { Decoding } from "../decoding.ts";
import type {
  AnswerOptions,
  Answers,
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
import { countDecodedAtOnce, WebGpuDecoding } from "./attention/webgpu_decoding.ts";
import { answerSources, measureExamples } from "./answering.ts";
import { DeviceBuffers, readParts } from "./device_buffers.ts";
import { differentiateRows } from "./differentiate.ts";
import { findMisfit } from "./find_misfit.ts";
import { packParameters, packTransposed, unpackParameters } from "./pack_parameters.ts";
import { Pace } from "./pace.ts";
import type { LaidOutNetwork } from "./laid_out_network.ts";
import { bindingBytes } from "./step_shape.ts";
import { StepMachine } from "./step_machine.ts";
import { WebGpuExamples } from "./webgpu_examples.ts";
import { WebGpuOptimizer } from "./webgpu_optimizer.ts";
import { WebGpuSteps } from "./webgpu_steps.ts";

/** Multiply-adds of a forward pass that even a software adapter does in about 0.1 s. */
const FIRST_WORK = 5e8;

/** A network in buffers of a GPU. */
export class WebGpuExecutor implements Executor {
  readonly report: DeviceReport;
  readonly network: Network;
  readonly #device: GPUDevice;
  readonly #now: Clock;
  readonly #laidOut: LaidOutNetwork;
  readonly #buffers: DeviceBuffers;
  readonly #weights: GPUBuffer;
  readonly #transposed: GPUBuffer;
  readonly #owned = new OwnedParts();
  readonly #answerPace: Pace;
  /** What takes steps of the last batch size. */
  #machine: StepMachine | undefined;
  #steps: WebGpuSteps | undefined;
  #changes = 0;
  #disposed = false;

  /** Uploads parameters that were checked. @param now clock in milliseconds */
  constructor(
    device: GPUDevice,
    { report, laidOut, values, buffers, now }: {
      readonly report: DeviceReport;
      readonly laidOut: LaidOutNetwork;
      readonly values: readonly Float32Array[];
      /** For the parameters; they are destroyed with the executor. */
      readonly buffers: DeviceBuffers;
      readonly now: Clock;
    },
  ) {
    this.report = report;
    this.network = laidOut.network;
    this.#device = device;
    this.#now = now;
    this.#laidOut = laidOut;
    this.#buffers = buffers;
    const packed = packParameters(this.network, laidOut.parameters, values);
    this.#weights = this.#buffers.upload("weights", packed);
    this.#transposed = this.#buffers.upload(
      "transposed",
      packTransposed(laidOut.parameters, packed),
    );
    const first = Math.max(1, Math.floor(FIRST_WORK / countMultiplyAdds(this.network)));
    const most = this.network.decoder === "repeat"
      ? MOST_EXAMPLES
      : Math.min(MOST_EXAMPLES, countDecodedAtOnce(this.network, laidOut.limits));
    this.#answerPace = new Pace(now, Math.min(first, most), most);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  get changes(): number {
    return this.#changes;
  }

  get examplesAtOnce(): number {
    return this.#answerPace.pieces;
  }

  hold(examples: Examples): HeldExamples {
    checkNotDisposed("hold the examples", "the executor", this.#disposed);
    checkExamples(this.network, examples);
    const buffers = new DeviceBuffers(this.#device);
    const mostBytes = bindingBytes(this.#laidOut.limits);
    return this.#owned.add((forget) =>
      new WebGpuExamples(this.network, examples, { buffers, forget, mostBytes })
    );
  }

  createOptimizer(settings: OptimizerSettings, values?: readonly Float32Array[]): OptimizerState {
    checkNotDisposed("make an optimiser", "the executor", this.#disposed);
    if (values !== undefined) checkOptimizerValues(this.network, settings, values);
    const { parameters } = this.#laidOut;
    const count = this.network.parameters.length;
    const slots = values === undefined
      ? 16 * parameters.quads
      : Array.from({ length: values.length / count }, (_, slot) =>
        packParameters(
          this.network,
          parameters,
          values.slice(slot * count, (slot + 1) * count),
        ));
    return this.#owned.add((forget) =>
      new WebGpuOptimizer(settings, slots, new DeviceBuffers(this.#device), forget)
    );
  }

  begin(plan: StepsPlan): Steps {
    const action = "take steps";
    const examples = this.#checkExamples(action, plan.examples);
    const optimizer = this.#checkOptimizer(action, plan.optimizer);
    checkPlan(plan, { network: this.network, before: this.#steps });
    const batchSize = Math.min(plan.batchSize, plan.order.length); // no batch has more rows
    this.#checkFits(action, batchSize);
    const machine = this.#machineFor(batchSize, optimizer);
    return this.#steps = new WebGpuSteps({ ...plan, batchSize }, {
      ...machine.bind({
        ...{ examples: examples.source.buffer, optimizer: optimizer.buffers },
        ...{ weights: this.#weights, transposed: this.#transposed },
      }),
      gather: (rows) => examples.gather(rows),
      countPositions: (rows) => examples.countPositions(rows, batchSize),
      ratesOf: (step) =>
        optimizer.kernel.computeRates(optimizer.settings, step, plan.learningRate(step)),
      check: () => {
        this.#checkExamples(action, examples);
        this.#checkOptimizer(action, optimizer);
      },
      taken: (count) => this.#changes += count,
      end: () => this.#steps = undefined,
    });
  }

  async measure(given: HeldExamples, range: MeasureRange): Promise<Measurement> {
    const examples = this.#checkExamples("measure", given);
    checkRange(range, examples.count);
    const count = range.to - range.from;
    const end = this.#answerPace.begin(count);
    try {
      return await measureExamples(
        this.#device,
        this.#laidOut,
        { weights: this.#weights, examples: examples.source, first: range.from, count },
        range,
      );
    } finally {
      end();
    }
  }

  async answer(sources: Uint8Array, options?: AnswerOptions): Promise<Answers> {
    checkNotDisposed("answer", "the executor", this.#disposed);
    const count = checkSources(this.network, sources);
    const end = this.#answerPace.begin(count);
    const question = { weights: this.#weights, sources, count };
    try {
      return await answerSources(this.#device, this.#laidOut, question, options);
    } finally {
      end();
    }
  }

  decode(sources: Uint8Array): Decoding {
    const action = "decode symbol by symbol";
    const { network } = this;
    checkNotDisposed(action, "the executor", this.#disposed);
    checkDecodes(network);
    checkSources(network, sources, action);
    const { limits, parameters } = this.#laidOut;
    const owner = { device: this.#device, limits, network, parameters, weights: this.#weights };
    return this.#owned.add((forget) => new WebGpuDecoding({ ...owner, forget }, sources));
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
    this.#checkFits(action, rows.length);
    const order = Uint32Array.from(rows);
    return await differentiateRows(this.#device, this.#laidOut, examples, order, {
      ...{ weights: this.#weights, transposed: this.#transposed, regularization },
    });
  }

  async readState(given?: OptimizerState): Promise<NamedTensor[]> {
    const action = "read the parameters";
    checkNotDisposed(action, "the executor", this.#disposed);
    const optimizer = given === undefined ? undefined : this.#checkOptimizer(action, given);
    const slots = optimizer?.kernel.slots.map((name) => optimizer.buffers[name]!) ?? [];
    const sizeBytes = 16 * this.#laidOut.parameters.quads;
    const parts = [this.#weights, ...slots].map((buffer) => ({ buffer, sizeBytes }));
    const read = await readParts(this.#device, parts);
    const values = read.flatMap((bytes) =>
      unpackParameters(
        this.network,
        this.#laidOut.parameters,
        new Float32Array(bytes),
      )
    );
    return nameState(this.network, optimizer, values);
  }

  writeParameters(values: readonly Float32Array[]): void {
    checkNotDisposed("write the parameters", "the executor", this.#disposed);
    checkParameterValues("write the parameters", this.network, values);
    const packed = packParameters(this.network, this.#laidOut.parameters, values);
    const { queue } = this.#device;
    queue.writeBuffer(this.#weights, 0, packed);
    queue.writeBuffer(this.#transposed, 0, packTransposed(this.#laidOut.parameters, packed));
    this.#changes++;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#steps?.[Symbol.dispose]();
    this.#owned[Symbol.dispose]();
    this.#machine?.[Symbol.dispose]();
    this.#buffers[Symbol.dispose]();
  }

  /** Gives what takes steps of a batch size: the same as before, or a new one. */
  #machineFor(batchSize: number, { kernel }: WebGpuOptimizer): StepMachine {
    const known = this.#machine;
    if (known?.shape.batchSize === batchSize && known.optimizer === kernel) return known;
    known?.[Symbol.dispose]();
    return this.#machine = new StepMachine(this.#device, this.#laidOut, {
      ...{ batchSize, optimizer: kernel, now: this.#now },
    });
  }

  /** Checks that a batch fits, because a buffer that is too large would make the device unusable. */
  #checkFits(action: string, batchSize: number): void {
    const misfit = findMisfit(this.#laidOut, batchSize);
    if (misfit === undefined) return;
    throw new RangeError(`Cannot ${action}: with a batch of ${batchSize} ${misfit}`);
  }

  #checkExamples(action: string, given: HeldExamples): WebGpuExamples {
    checkNotDisposed(action, "the executor", this.#disposed);
    return this.#owned.check(given, { action, what: "the examples", kind: WebGpuExamples });
  }

  #checkOptimizer(action: string, given: OptimizerState): WebGpuOptimizer {
    checkNotDisposed(action, "the executor", this.#disposed);
    return this.#owned.check(given, {
      action,
      what: "the optimiser's state",
      kind: WebGpuOptimizer,
    });
  }
}

/** Most examples that are measured or answered at once. */
const MOST_EXAMPLES = 65_536;
