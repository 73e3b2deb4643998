/** Takes examples forward through the network: the first phase of a step alone. @module */
import { BATCH, NO_REGULARIZATION, padRows } from "./batch.ts";
import { bindBuffers, DeviceBuffers, makeStaging, takeStaged } from "./device_buffers.ts";
import type { KeptPlace } from "./kept_layout.ts";
import { compileShader } from "./pipelines.ts";
import { planAnswers } from "./rows_plan.ts";
import { foldWorkgroups, range } from "./shader.ts";
import type { LaidOutNetwork } from "./laid_out_network.ts";
import { bindingBytes, countRows } from "./step_shape.ts";

/** Most bytes that are kept of the rows of a slice. */
const KEPT_BYTES = 64 * 2 ** 20;

/** Some examples. */
export interface Question {
  readonly weights: GPUBuffer;
  readonly examples: ExampleSource;
  /** Whether each example has a target. */
  readonly hasTargets: boolean;
  /** Whether the targets are compared, so that losses are asked for; else answers are. */
  readonly compares: boolean;
  /** The first example. */
  readonly first: number;
  /** Number of examples. */
  readonly count: number;
  readonly probabilities: boolean;
}

/** Examples as bytes: each a source and, if it is compared, its target. They lie on the device, or are uploaded when they are needed. */
export type ExampleSource =
  | { readonly buffer: GPUBuffer }
  | { readonly buffer: undefined; bytesOf(first: number, count: number): Uint8Array };

/** What the shader gives of every position. */
export interface Results {
  /** Loss, or probability of the answer. */
  readonly numbers: Float32Array;
  /** The answer, plus 256 if it is correct, plus 512 if the position counts. */
  readonly answers: Uint32Array;
  /** If asked for: probabilities, float32 (count, T_out, V). */
  readonly probabilities?: Float32Array;
}

/**
 * Takes examples forward through the network, and reads all results together; more than fit into a buffer in several readings.
 *
 * All commands are encoded before it returns: later steps have no effect on the results.
 */
export async function ask(
  device: GPUDevice,
  laidOut: LaidOutNetwork,
  question: Question,
): Promise<Results> {
  const { first, count } = question;
  const most = countAtOnce(laidOut);
  if (count <= most) return await askAtOnce(device, laidOut, question);
  const all = await Promise.all(
    range(Math.ceil(count / most)).map((i) =>
      askAtOnce(device, laidOut, {
        ...question,
        ...{ first: first + i * most, count: Math.min(most, count - i * most) },
      })
    ),
  );
  return {
    numbers: Float32Array.from(all.flatMap(({ numbers }) => Array.from(numbers))),
    answers: Uint32Array.from(all.flatMap(({ answers }) => Array.from(answers))),
    ...(question.probabilities
      ? {
        probabilities: Float32Array.from(
          all.flatMap(({ probabilities }) => Array.from(probabilities!)),
        ),
      }
      : {}),
  };
}

/** Counts the examples whose bytes and results fit into a buffer. */
function countAtOnce({ limits, sizes }: LaidOutNetwork): number {
  const { inputLength, outputLength, paddedCharacters } = sizes;
  const exampleBytes = Math.max(inputLength + outputLength, 8 * outputLength);
  const readBytes = outputLength * (8 + 4 * paddedCharacters);
  const fits = Math.min(
    Math.floor(bindingBytes(limits) / exampleBytes),
    Math.floor(limits.maxBufferSize / readBytes),
  );
  return Math.max(1, fits - ROUNDING);
}

/** Number of examples that buffers lose by rounding up, and to rows that fill a workgroup. */
const ROUNDING = 16;

/** Examples that are computed together. */
interface Slice {
  readonly first: number;
  /** Number of rows. */
  readonly rows: number;
  /** Number of rows that are kept. */
  readonly kept: number;
}

/** The shader and the buffers that answer a question. */
interface Run {
  readonly slices: readonly Slice[];
  readonly results: GPUBuffer;
  readonly kept: GPUBuffer;
  /** Where the probabilities are kept. */
  readonly probabilities: KeptPlace;
  encode(encoder: GPUCommandEncoder, slice: Slice): void;
}

/** Takes examples forward, a slice after another, and reads all results together. */
async function askAtOnce(
  device: GPUDevice,
  laidOut: LaidOutNetwork,
  question: Question,
): Promise<Results> {
  const { outputLength: T, characters: V } = laidOut.sizes;
  const { count } = question;
  using buffers = new DeviceBuffers(device);
  const run = prepare(device, laidOut, question, buffers);
  const resultBytes = 8 * count * T;
  const { width } = run.probabilities;
  const probabilityBytes = question.probabilities
    ? run.slices.reduce((sum, { kept }) => sum + 4 * kept * T * width, 0)
    : 0;
  const staging = makeStaging(device, resultBytes + probabilityBytes);
  const encoder = device.createCommandEncoder();
  let at = resultBytes;
  for (const slice of run.slices) {
    run.encode(encoder, slice);
    if (!question.probabilities) continue;
    const offset = 4 * run.probabilities.before * slice.kept;
    const sizeBytes = 4 * slice.kept * T * width;
    encoder.copyBufferToBuffer(run.kept, offset, staging, at, sizeBytes);
    at += sizeBytes;
  }
  encoder.copyBufferToBuffer(run.results, 0, staging, 0, resultBytes);
  device.queue.submit([encoder.finish()]);
  const bytes = await takeStaged(device, staging);
  const words = new Uint32Array(bytes, 0, 2 * count * T);
  const numbers = new Float32Array(bytes, 0, 2 * count * T);
  return {
    numbers: Float32Array.from({ length: count * T }, (_, i) => numbers[2 * i]!),
    answers: Uint32Array.from({ length: count * T }, (_, i) => words[2 * i + 1]!),
    ...(question.probabilities
      ? {
        probabilities: collectProbabilities(new Float32Array(bytes, resultBytes), run.slices, {
          ...{ T, V, width },
        }),
      }
      : {}),
  };
}

function prepare(
  device: GPUDevice,
  laidOut: LaidOutNetwork,
  question: Question,
  buffers: DeviceBuffers,
): Run {
  const { count, weights, examples, compares, hasTargets } = question;
  const { limits, sizes: { inputLength, outputLength } } = laidOut;
  const plan = planAnswers(laidOut, { count, compares });
  const { rows: shape, kept: layout } = plan;
  const shader = plan.writeShader();
  const pipeline = compileShader(device, shader);
  const most = countRows(layout, shape, Math.min(KEPT_BYTES, bindingBytes(limits)));
  const sliceRows = Math.min(padRows(count, shape.rows), Math.max(shape.rows, most));
  const [buffer, first] = examples.buffer === undefined
    ? [buffers.upload("examples", examples.bytesOf(question.first, count)), 0]
    : [examples.buffer, question.first];
  const results = buffers.make("results", 8 * count * outputLength);
  const kept = buffers.make("kept", 4 * layout.values * sliceRows);
  return {
    ...{ results, kept, probabilities: plan.probabilities },
    slices: range(Math.ceil(count / sliceRows)).map((i) => {
      const rows = Math.min(sliceRows, count - i * sliceRows);
      return { first: i * sliceRows, rows, kept: padRows(rows, shape.rows) };
    }),
    encode(encoder, slice): void {
      const batch = BATCH.pack({
        ...{ batch_size: count, total: count, first },
        ...{ slice_first: slice.first, slice_rows: sliceRows, compares: Number(compares) },
        ...{
          row_bytes: inputLength + (hasTargets ? outputLength : 0),
          is_gathered: 0,
          counts_at: 0,
        },
        ...NO_REGULARIZATION,
      });
      const p = buffers.upload("batch", batch, "uniform");
      const group = { p, weights, examples: buffer, kept, results };
      const encoded = encoder.beginComputePass();
      encoded.setPipeline(pipeline);
      encoded.setBindGroup(0, bindBuffers(device, pipeline, shader.bindings, group));
      const groups = Math.ceil(slice.rows / shape.rows);
      encoded.dispatchWorkgroups(
        ...foldWorkgroups(groups, limits.maxComputeWorkgroupsPerDimension),
      );
      encoded.end();
    },
  };
}

/** Rearranges probabilities that were kept slice by slice and, in a slice, time step by time step. */
function collectProbabilities(
  kept: Float32Array,
  slices: readonly Slice[],
  { T, V, width }: { readonly T: number; readonly V: number; readonly width: number },
): Float32Array {
  const count = slices.reduce((sum, { rows }) => sum + rows, 0);
  const probabilities = new Float32Array(count * T * V);
  let sliceAt = 0;
  for (const slice of slices) {
    for (let row = 0; row < slice.rows; row++) {
      for (let t = 0; t < T; t++) {
        const at = sliceAt + (t * slice.kept + row) * width;
        probabilities.set(kept.subarray(at, at + V), ((slice.first + row) * T + t) * V);
      }
    }
    sliceAt += T * slice.kept * width;
  }
  return probabilities;
}
