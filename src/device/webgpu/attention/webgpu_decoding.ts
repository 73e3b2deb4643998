/** Answers that are made symbol by symbol on a GPU. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import { checkNotDisposed } from "../../check_arguments.ts";
import { checkChosen } from "../../check_decoding.ts";
import type { ChosenSymbols, Decoding, NextSymbols } from "../../decoding.ts";
import { BATCH, NO_REGULARIZATION, padRows } from "../batch.ts";
import { bindBuffers, DeviceBuffers, readParts } from "../device_buffers.ts";
import type { KeptPlace } from "../kept_layout.ts";
import type { ParameterLayout } from "../parameter_layout.ts";
import { compileShader } from "../pipelines.ts";
import { foldWorkgroups, type Shader } from "../shader.ts";
import type { DeviceLimits } from "../laid_out_network.ts";
import { bindingBytes } from "../step_shape.ts";
import { layOutAttention } from "./lay_out_attention.ts";
import { writeAttentionRows } from "./attention_rows.ts";
import type { AttentionScope } from "./attention_scope.ts";
import { chooseAttentionAnswerShape } from "./attention_shape.ts";
import { type AttentionSizes, sizeAttention } from "./attention_sizes.ts";
import { DECODING, writeDecodeStep } from "./decode_step.ts";
import { NO_SYMBOL } from "./embed.ts";

const ACTION = "decode symbol by symbol";

/** What a decoding needs of its executor. */
export interface DecodingOwner {
  readonly device: GPUDevice;
  readonly limits: DeviceLimits;
  readonly network: AttentionNetwork;
  readonly parameters: ParameterLayout;
  readonly weights: GPUBuffer;
  /** Is called when it is disposed of. */
  readonly forget: () => void;
}

/** Values that a dispatch kept of some rows. */
interface Kept {
  readonly buffer: GPUBuffer;
  /** Number of rows that are kept. */
  readonly stride: number;
  /** The buffers to destroy with it. */
  readonly owned: DeviceBuffers;
}

/** A decoding: what the encoder has kept of the sources, and the decoder of the hypotheses of the step before. */
export class WebGpuDecoding implements Decoding {
  readonly count: number;
  readonly #owner: DecodingOwner;
  readonly #sizes: AttentionSizes;
  readonly #scope: AttentionScope;
  readonly #shader: Shader;
  readonly #examples: GPUBuffer;
  readonly #encoded: Kept;
  #before: Kept | undefined;
  /** The source of every hypothesis of the step before. */
  #sources: Uint32Array;
  #steps = 0;
  #disposed = false;

  /** Encodes sources that were checked. @throws {Error} if they do not fit into a buffer */
  constructor(owner: DecodingOwner, sources: Uint8Array) {
    const { network, parameters, limits } = owner;
    this.#owner = owner;
    this.count = sources.length / network.inputLength;
    this.#sources = Uint32Array.from({ length: this.count }, (_, i) => i);
    const sizes = this.#sizes = sizeAttention(network);
    const shape = chooseAttentionAnswerShape(sizes, limits, this.count);
    const kept = layOutAttention(sizes, "encode");
    const pass = { sizes, parameters, shape };
    this.#encoded = this.#makeKept(this.count, kept.values, shape.rows, "sources");
    const { owned, buffer, stride } = this.#encoded;
    this.#examples = owned.upload("examples", sources);
    this.#scope = { ...pass, kept: layOutAttention(sizes, "decode"), pass: "decode" };
    this.#shader = writeDecodeStep(this.#scope);
    const batch = BATCH.pack({
      ...{ batch_size: this.count, total: this.count, first: 0, slice_first: 0 },
      ...{
        slice_rows: this.count,
        row_bytes: network.inputLength,
        compares: 0,
        is_gathered: 0,
        counts_at: 0,
      },
      ...NO_REGULARIZATION,
    });
    this.#dispatch(writeAttentionRows({ ...pass, kept, pass: "encode" }), stride, {
      ...{ p: owned.upload("batch", batch, "uniform"), weights: owner.weights },
      ...{ examples: this.#examples, kept: buffer },
    });
  }

  get steps(): number {
    return this.#steps;
  }

  /** Whether it was disposed of. */
  get disposed(): boolean {
    return this.#disposed;
  }

  async step(chosen?: ChosenSymbols): Promise<NextSymbols> {
    checkNotDisposed(ACTION, "the decoding", this.#disposed);
    checkChosen(this.#owner.network, chosen, {
      ...{ steps: this.#steps, hypotheses: this.#sources.length },
    });
    const sources = chosen?.parents.map((parent) => this.#sources[parent]!) ?? this.#sources;
    const next = this.#advance(sources, chosen);
    const before = this.#before;
    [this.#before, this.#sources] = [next, sources];
    this.#steps++;
    before?.owned[Symbol.dispose]();
    return await this.#read(next, sources.length);
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#encoded.owned[Symbol.dispose]();
    this.#before?.owned[Symbol.dispose]();
    this.#owner.forget();
  }

  /** Computes a step of hypotheses. */
  #advance(sources: Uint32Array, chosen: ChosenSymbols | undefined): Kept {
    const { kept, shape } = this.#scope;
    const next = this.#makeKept(sources.length, kept.values, shape.rows, "hypotheses");
    const before = this.#before ?? this.#encoded;
    const hypotheses = new Uint32Array(4 * sources.length);
    for (const [i, source] of sources.entries()) {
      hypotheses.set(
        [chosen?.parents[i] ?? i, chosen?.symbols[i] ?? NO_SYMBOL, source],
        4 * i,
      );
    }
    const decoding = DECODING.pack({
      ...{ count: sources.length, encoded_stride: this.#encoded.stride },
      ...{ before_stride: before.stride, begins: Number(this.#before === undefined) },
    });
    this.#dispatch(this.#shader, next.stride, {
      ...{ p: next.owned.upload("decoding", decoding, "uniform"), weights: this.#owner.weights },
      ...{ examples: this.#examples, encoded: this.#encoded.buffer, before: before.buffer },
      ...{ hypotheses: next.owned.upload("hypotheses", hypotheses), kept: next.buffer },
    });
    return next;
  }

  /** Makes a buffer for what is kept of some rows. */
  #makeKept(rows: number, values: number, perGroup: number, what: string): Kept {
    const { device, limits } = this.#owner;
    const stride = padRows(rows, perGroup);
    const [sizeBytes, most] = [4 * values * stride, bindingBytes(limits)];
    if (sizeBytes > most) {
      throw new Error(
        `Cannot ${ACTION}: a buffer of the WebGPU adapter has room for ${
          Math.floor(most / 4 / values)
        } ${what}, but there are ${rows}`,
      );
    }
    const owned = new DeviceBuffers(device);
    return { buffer: owned.make("kept", sizeBytes), stride, owned };
  }

  #dispatch(shader: Shader, stride: number, buffers: Readonly<Record<string, GPUBuffer>>): void {
    const { device, limits } = this.#owner;
    const pipeline = compileShader(device, shader);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindBuffers(device, pipeline, shader.bindings, buffers));
    pass.dispatchWorkgroups(
      ...foldWorkgroups(stride / this.#rowsAGroup, limits.maxComputeWorkgroupsPerDimension),
    );
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  get #rowsAGroup(): number {
    return this.#scope.shape.rows;
  }

  /** Reads probabilities and attention of the first rows. */
  async #read({ buffer, stride }: Kept, rows: number): Promise<NextSymbols> {
    const { decoder } = this.#scope.kept;
    const part = ({ before, width }: KeptPlace): Parameters<typeof readParts>[1][number] => ({
      ...{ buffer, offset: 4 * before * stride, sizeBytes: 4 * width * stride },
    });
    const places = [decoder.logits, decoder.attention];
    const read = await readParts(this.#owner.device, places.map(part));
    const { characters, inputLength } = this.#sizes;
    const [probabilities, attention] = [characters, inputLength].map((columns, i) =>
      cutColumns(new Float32Array(read[i]!), rows, columns, places[i]!.width)
    );
    return { probabilities: probabilities!, attention: attention! };
  }
}

/** Most bytes that are kept of the sources, or of the hypotheses, that are decoded at once. */
const KEPT_BYTES = 256 * 2 ** 20;

/** Counts the sources, or hypotheses, that should be decoded at once. */
export function countDecodedAtOnce(network: AttentionNetwork, limits: DeviceLimits): number {
  const sizes = sizeAttention(network);
  const values = Math.max(
    ...(["encode", "decode"] as const).map((pass) => layOutAttention(sizes, pass).values),
  );
  const most = Math.floor(Math.min(KEPT_BYTES, bindingBytes(limits)) / 4 / values);
  return Math.max(1, most - MOST_ROWS_A_GROUP); // the last workgroup may have rows to fill it
}

/** Most rows of a workgroup that answers. */
const MOST_ROWS_A_GROUP = 4;

/** Gives the first columns of the first rows. @param width number of columns that a row has */
function cutColumns(
  values: Float32Array,
  rows: number,
  columns: number,
  width: number,
): Float32Array {
  const cut = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    cut.set(values.subarray(row * width, row * width + columns), row * columns);
  }
  return cut;
}
