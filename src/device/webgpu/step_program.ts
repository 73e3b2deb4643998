/** The dispatches of a training step, with their buffers. @module */
import { BATCH, PROGRESS, type RegularizationFields } from "./batch.ts";
import { bindBuffers, type DeviceBuffers } from "./device_buffers.ts";
import { packJobs } from "./gradient_jobs.ts";
import { writeGradients } from "./gradients.ts";
import type { OptimizerKernel } from "./optimizers/optimizer_kernel.ts";
import { listMatrices } from "./parameter_layout.ts";
import { foldWorkgroups, range, type Shader } from "./shader.ts";
import type { LaidOutNetwork } from "./laid_out_network.ts";
import { stepBytes, type StepShape } from "./step_shape.ts";
import { STEP_SIZES } from "./step_sizes.ts";
import { writeSumOfParts } from "./sum_parts.ts";
import { packMatrices, writeUpdate } from "./update.ts";

/** The shaders of a step. */
export interface StepShaders {
  readonly rows: Shader;
  readonly gradients: Shader;
  /** Only if the gradients are in parts. */
  readonly sum: Shader | undefined;
  /** Only if there is an optimiser. */
  readonly update: Shader | undefined;
}

/** Writes the shaders of a step, or of its first two phases alone. */
export function writeStepShaders(
  shape: StepShape,
  optimizer?: OptimizerKernel,
): StepShaders {
  return {
    rows: shape.writeShader(),
    gradients: writeGradients(shape.tile),
    sum: shape.cuts === 1 ? undefined : writeSumOfParts(shape.threads),
    update: optimizer && writeUpdate(optimizer, shape.threads),
  };
}

/** The buffers that do not change from step to step. */
export type StepTables = Readonly<Record<"sizes" | "jobs" | "matrices", GPUBuffer>>;

/** Uploads what the shaders of every network read of this one. */
export function makeStepTables(
  buffers: DeviceBuffers,
  { parameters, sizes }: LaidOutNetwork,
  { cuts, tiles, norms, rows, jobs, tile }: StepShape,
): StepTables {
  const values = {
    ...{ quads: parameters.quads, biases_at: parameters.biasesAt, cuts, tiles, norms },
    ...{ rows_a_group: rows.rows, output_length: sizes.outputLength },
    matrices: listMatrices(parameters).length,
  };
  return {
    sizes: buffers.upload("sizes", STEP_SIZES.pack(values), "uniform"),
    jobs: buffers.upload("jobs", packJobs(jobs, tile)),
    matrices: buffers.upload("matrices", packMatrices(parameters)),
  };
}

/** The buffers that a step writes, and nothing reads after it. They serve one plan after another. */
export type StepMemory = Readonly<
  Record<"gradient" | "kept_quads" | "kept" | "results", GPUBuffer>
>;

/** Makes the buffers that a step writes. */
export function makeStepMemory(
  buffers: DeviceBuffers,
  laidOut: LaidOutNetwork,
  shape: StepShape,
): StepMemory {
  const bytes = stepBytes(laidOut, shape);
  return {
    gradient: buffers.make("gradient", bytes.gradient),
    kept_quads: buffers.make("kept_quads", bytes.kept_quads),
    kept: buffers.make("kept", bytes.kept),
    results: buffers.make("results", bytes.results),
  };
}

/** The buffers of an order: some batches in a row. */
export interface OrderBuffers {
  /** Rows of the examples and, after them, for each batch the number of its targets' positions that count: uint32. */
  readonly order: GPUBuffer;
  /** For each batch, the optimiser's rates. */
  readonly rates: GPUBuffer;
  /** For each batch, loss and shares of correct characters and examples: float32 (batches, 4). */
  readonly figures: GPUBuffer;
  /** The place of the next batch. */
  readonly progress: GPUBuffer;
  /** For each slice of a batch, its `Batch`. */
  readonly batches: readonly GPUBuffer[];
}

/** Bytes of the figures of a step. */
export const FIGURES_BYTES = 16;

/** Makes the buffers of an order. @param most largest number of batches; @param rates numbers of a step's rates */
export function makeOrderBuffers(
  buffers: DeviceBuffers,
  { batchSize, sliceRows }: StepShape,
  { most, rates }: { readonly most: number; readonly rates: number },
): OrderBuffers {
  const uniform = new Uint8Array(BATCH.sizeBytes);
  return {
    order: buffers.make("order", 4 * most * (batchSize + 1)),
    rates: buffers.make("rates", 4 * rates * most),
    figures: buffers.make("figures", FIGURES_BYTES * most),
    progress: buffers.make("progress", PROGRESS.sizeBytes),
    batches: range(Math.ceil(batchSize / sliceRows)).map(() =>
      buffers.upload("batch", uniform, "uniform")
    ),
  };
}

/** Writes an order from its first batch on. It takes effect after the commands so far, and before all later ones. */
export function writeOrder(
  queue: GPUQueue,
  to: OrderBuffers,
  { batchSize, sliceRows, rowBytes }: StepShape,
  { order, counts, rates, gathered, regularization }: {
    readonly order: Uint32Array<ArrayBuffer>;
    /** For each batch, the number of its targets' positions that count. */
    readonly counts: Uint32Array<ArrayBuffer>;
    readonly rates: Float32Array<ArrayBuffer>;
    /** Whether the examples were uploaded in the order to take. */
    readonly gathered: boolean;
    readonly regularization: RegularizationFields;
  },
): void {
  queue.writeBuffer(to.order, 0, order);
  queue.writeBuffer(to.order, order.byteLength, counts);
  if (rates.length > 0) queue.writeBuffer(to.rates, 0, rates);
  queue.writeBuffer(to.progress, 0, PROGRESS.pack({ position: 0, next: 0 }));
  for (const [i, buffer] of to.batches.entries()) {
    queue.writeBuffer(
      buffer,
      0,
      BATCH.pack({
        ...{ batch_size: batchSize, total: order.length, first: 0 },
        ...{ slice_first: i * sliceRows, slice_rows: sliceRows, compares: 1 },
        ...{ row_bytes: rowBytes, is_gathered: Number(gathered) },
        ...{ counts_at: order.length, ...regularization },
      }),
    );
  }
}

/** A dispatch that is ready to be encoded. */
interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Gives its workgroups for a batch of some rows. */
  workgroups(rows: number): readonly [number, number];
}

/** The dispatches of a step. */
export interface StepProgram {
  /** Encodes the first two phases: figures and gradients of a batch of some rows. */
  encodeGradients(pass: GPUComputePassEncoder, rows: number): void;
  /** Encodes the third phase. */
  encodeUpdate(pass: GPUComputePassEncoder): void;
}

/** The pipelines of a step. */
export type StepPipelines = {
  readonly [Name in keyof StepShaders]: GPUComputePipeline | undefined;
};

/** Binds the buffers of a step. @param buffers those of the shaders, by name, except `p` */
export function bindStep(
  device: GPUDevice,
  { laidOut, shaders, pipelines, shape }: {
    readonly laidOut: LaidOutNetwork;
    readonly shaders: StepShaders;
    readonly pipelines: StepPipelines;
    readonly shape: StepShape;
  },
  buffers: Readonly<Record<string, GPUBuffer>>,
  batches: readonly GPUBuffer[],
): StepProgram {
  const { parameters: { quads }, limits } = laidOut;
  const most = limits.maxComputeWorkgroupsPerDimension;
  const { sliceRows, rows: { rows: perGroup } } = shape;
  const bind = (
    name: keyof StepShaders,
    workgroups: (rows: number) => number,
    more: Readonly<Record<string, GPUBuffer>> = {},
  ): Dispatch[] => {
    const pipeline = pipelines[name];
    if (pipeline === undefined) return [];
    const group = bindBuffers(device, pipeline, shaders[name]!.bindings, { ...buffers, ...more });
    return [{ pipeline, group, workgroups: (rows) => foldWorkgroups(workgroups(rows), most) }];
  };
  const groups = shape.cuts * (shape.tiles + 1);
  const gradients = [
    ...batches.flatMap((p, i) => {
      const rowsOf = (rows: number): number =>
        Math.max(0, Math.min(sliceRows, rows - i * sliceRows));
      return [
        ...bind("rows", (rows) => Math.ceil(rowsOf(rows) / perGroup), { p }),
        ...bind("gradients", () => groups, { p }),
      ];
    }),
    ...bind("sum", () => Math.ceil(quads / shape.threads)),
  ];
  const update = bind("update", () => Math.ceil(quads / shape.threads));
  return {
    encodeGradients: (pass, rows) => gradients.forEach((each) => encode(pass, each, rows)),
    encodeUpdate: (pass) => update.forEach((each) => encode(pass, each, 0)),
  };
}

function encode(
  pass: GPUComputePassEncoder,
  { pipeline, group, workgroups }: Dispatch,
  rows: number,
): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(...workgroups(rows));
}
