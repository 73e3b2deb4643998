/** What takes the steps of one batch size, for one order after another. @module */
import type { Clock } from "../../time/clock.ts";
import { DeviceBuffers } from "./device_buffers.ts";
import type { OptimizerKernel } from "./optimizers/optimizer_kernel.ts";
import { Pace } from "./pace.ts";
import { compileShader } from "./pipelines.ts";
import {
  bindStep,
  makeOrderBuffers,
  makeStepMemory,
  makeStepTables,
  type OrderBuffers,
  type StepMemory,
  type StepPipelines,
  type StepShaders,
  type StepTables,
  writeStepShaders,
} from "./step_program.ts";
import type { LaidOutNetwork } from "./laid_out_network.ts";
import { bindingBytes, chooseStepShape, type StepShape } from "./step_shape.ts";
import type { StepsOwner } from "./webgpu_steps.ts";

/** Most rows of an order that lie on the device at once; more are uploaded when these are taken. */
const MOST_ROWS = 2 ** 22;
/** Most steps whose rates and figures lie on the device at once. */
const MOST_STEPS = 2 ** 14;

/** The buffers that a plan's steps use. */
export interface PlanBuffers {
  /** The examples; undefined: they are uploaded in the order to take. */
  readonly examples: GPUBuffer | undefined;
  readonly weights: GPUBuffer;
  readonly transposed: GPUBuffer;
  /** Those of the optimiser, by their names in the shader. */
  readonly optimizer: Readonly<Record<string, GPUBuffer>>;
}

/** Pipelines and buffers of a step. They stay from one plan to the next. */
export class StepMachine implements Disposable {
  readonly shape: StepShape;
  readonly optimizer: OptimizerKernel;
  readonly #device: GPUDevice;
  readonly #laidOut: LaidOutNetwork;
  readonly #shaders: StepShaders;
  readonly #pipelines: StepPipelines;
  readonly #buffers: DeviceBuffers;
  readonly #memory: StepMemory;
  readonly #tables: StepTables;
  readonly #order: OrderBuffers;
  readonly #window: number;
  readonly #pace: Pace;
  #uploaded: GPUBuffer | undefined;

  constructor(
    device: GPUDevice,
    laidOut: LaidOutNetwork,
    { batchSize, optimizer, now }: {
      readonly batchSize: number;
      readonly optimizer: OptimizerKernel;
      readonly now: Clock;
    },
  ) {
    this.shape = chooseStepShape(laidOut, batchSize);
    this.optimizer = optimizer;
    this.#device = device;
    this.#laidOut = laidOut;
    this.#shaders = writeStepShaders(this.shape, optimizer);
    this.#pipelines = compileStep(device, this.#shaders);
    this.#buffers = new DeviceBuffers(device);
    this.#memory = makeStepMemory(this.#buffers, laidOut, this.shape);
    this.#tables = makeStepTables(this.#buffers, laidOut, this.shape);
    const mostRows = Math.floor(bindingBytes(laidOut.limits) / this.shape.rowBytes);
    this.#window = Math.max(
      1,
      Math.min(MOST_STEPS, Math.floor(Math.min(MOST_ROWS, mostRows) / batchSize)),
    );
    this.#order = makeOrderBuffers(this.#buffers, this.shape, {
      ...{ most: this.#window, rates: optimizer.rateCount },
    });
    this.#pace = new Pace(now, 1, this.#window);
  }

  /** Binds a plan's buffers. */
  bind(
    { optimizer, examples: held, ...buffers }: PlanBuffers,
  ): Pick<StepsOwner, "device" | "program" | "shape" | "buffers" | "examples" | "window" | "pace"> {
    const examples = held ?? this.#uploadedExamples();
    const { order, rates, figures, progress, batches } = this.#order;
    const program = bindStep(
      this.#device,
      {
        ...{ shaders: this.#shaders, pipelines: this.#pipelines, shape: this.shape },
        laidOut: this.#laidOut,
      },
      {
        ...this.#memory,
        ...this.#tables,
        ...{ ...buffers, ...optimizer, examples },
        order,
        rates,
        figures,
        progress,
      },
      batches,
    );
    return {
      ...{ device: this.#device, program, shape: this.shape, buffers: this.#order, examples },
      ...{ window: this.#window, pace: this.#pace },
    };
  }

  /** Gives the buffer that examples of an order are uploaded to. */
  #uploadedExamples(): GPUBuffer {
    const { batchSize, rowBytes } = this.shape;
    this.#uploaded ??= this.#buffers.make("examples", this.#window * batchSize * rowBytes);
    return this.#uploaded;
  }

  [Symbol.dispose](): void {
    this.#buffers[Symbol.dispose]();
  }
}

/** Compiles the shaders of a step. */
export function compileStep(device: GPUDevice, shaders: StepShaders): StepPipelines {
  const compile = (name: keyof StepShaders): GPUComputePipeline | undefined =>
    shaders[name] && compileShader(device, shaders[name]);
  return {
    ...{ rows: compile("rows"), gradients: compile("gradients") },
    ...{ sum: compile("sum"), update: compile("update") },
  };
}
