/** Answers that are made symbol by symbol, by tfjs's own operations. @module */
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import type { AttentionNetwork } from "../../../network/network.ts";
import { checkNotDisposed } from "../../check_arguments.ts";
import { checkChosen } from "../../check_decoding.ts";
import type { ChosenSymbols, Decoding, NextSymbols } from "../../decoding.ts";
import { readState } from "../cells.ts";
import { KeptTensors } from "../kept_tensors.ts";
import type { TfjsBackend } from "../tfjs_backend.ts";
import type { Tfjs } from "../tfjs_webgpu.ts";
import { beginDecoder, makeDecoderStep, type StepOutput } from "./decoder_step.ts";
import { dropNothing } from "./drop_values.ts";
import { type EncodedSources, runEncoder } from "./run_encoder.ts";

/** What a decoding needs. */
export interface DecodingParts {
  readonly tfjs: TfjsBackend;
  readonly network: AttentionNetwork;
  /** The network's parameters, which stay the executor's. */
  readonly parameters: KeptTensors;
  /** Is called when it is disposed of. */
  readonly forget: () => void;
}

/** A decoding: the encoded sources, and the decoder's states of the hypotheses of the step before. */
export class ReferenceDecoding implements Decoding {
  readonly count: number;
  readonly #parts: DecodingParts;
  /** States and mask of the sources. */
  readonly #encoded: KeptTensors;
  /** All tensors of the first decoder layer's state, then those of the second, and so on; each (M, H). */
  readonly #states: KeptTensors;
  /** The source of every hypothesis. */
  #sources: Uint32Array;
  #steps = 0;

  /** Encodes sources that were checked. */
  constructor(parts: DecodingParts, sources: Uint8Array) {
    const { tfjs, network, parameters } = parts;
    this.#parts = parts;
    this.count = sources.length / network.inputLength;
    this.#sources = Uint32Array.from({ length: this.count }, (_, i) => i);
    const { tf } = tfjs;
    const encoded = new KeptTensors(tfjs, () => {
      const shape: [number, number] = [this.count, network.inputLength];
      const indices = tf.tensor2d(Int32Array.from(sources), shape, "int32");
      const { states, mask, last } = runEncoder(
        ...[tf, network, parameters.tensors, indices, dropNothing] as const,
      );
      return [states, mask, ...last].map((tensor) => tensor.clone());
    });
    this.#encoded = encoded;
    const begun = beginDecoder(network, readEncoded(encoded.tensors));
    this.#states = new KeptTensors(tfjs, () => begun.flat().map((tensor) => tensor.clone()));
  }

  get steps(): number {
    return this.#steps;
  }

  /** Whether it was disposed of. */
  get disposed(): boolean {
    return this.#encoded.disposed;
  }

  async step(chosen?: ChosenSymbols): Promise<NextSymbols> {
    const { tfjs, network } = this.#parts;
    checkNotDisposed("decode symbol by symbol", "the decoding", this.disposed);
    checkChosen(network, chosen, { steps: this.#steps, hypotheses: this.#sources.length });
    const parents = chosen?.parents;
    const sources = parents?.map((parent) => this.#sources[parent]!) ?? this.#sources;
    const reading = tfjs.read(() => {
      const { logits, weights, states } = this.#advance(sources, chosen);
      this.#states.replace(states.flat().map((tensor) => tensor.clone()));
      return [tfjs.tf.softmax(logits), weights];
    });
    this.#sources = sources;
    this.#steps++;
    const [probabilities, attention] = await reading;
    return { probabilities: probabilities!, attention: attention! };
  }

  [Symbol.dispose](): void {
    this.#encoded[Symbol.dispose]();
    this.#states[Symbol.dispose]();
    this.#parts.forget();
  }

  #advance(sources: Uint32Array, chosen: ChosenSymbols | undefined): StepOutput {
    const { tfjs: { tf }, network, parameters } = this.#parts;
    const advance = makeDecoderStep(tf, network, parameters.tensors, dropNothing);
    const encoded = readEncoded(this.#encoded.tensors.map((each) => gather(tf, each, sources)));
    const before = this.#states.tensors;
    const tensors = chosen === undefined
      ? before
      : before.map((each) => gather(tf, each, chosen.parents));
    const size = tensors.length / network.decoderLayers.length;
    const states = network.decoderLayers.map((_, i) =>
      readState(tensors.slice(i * size, (i + 1) * size))
    );
    const symbols = chosen && tf.tensor1d(Int32Array.from(chosen.symbols), "int32");
    return advance(encoded, { t: this.#steps, states, before: symbols });
  }
}

/** Names tensors as they are kept. */
function readEncoded([states, mask, ...last]: readonly Tensor[]): EncodedSources {
  return {
    states: states as Tensor3D,
    mask: mask as Tensor2D,
    last: readState(last),
  };
}

/** Gives some rows of a tensor. */
function gather(tf: Tfjs, tensor: Tensor, rows: Uint32Array): Tensor {
  return tf.gather(tensor, tf.tensor1d(Int32Array.from(rows), "int32"));
}
