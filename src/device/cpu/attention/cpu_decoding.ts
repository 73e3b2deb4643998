/** Answers on the processor that a search chooses symbol by symbol. @module */
import type { AttentionNetwork } from "../../../network/network.ts";
import { checkNotDisposed } from "../../check_arguments.ts";
import { checkChosen } from "../../check_decoding.ts";
import type { ChosenSymbols, Decoding, NextSymbols } from "../../decoding.ts";
import type { Engine } from "../engine.ts";
import { withBlock } from "../answer_parts.ts";
import { layOut } from "../layout.ts";
import { structBytes, type StructValues, writeStruct } from "../structs.ts";
import type { AttentionForward } from "./attention_forward.ts";
import { countAttentionWork } from "./attention_work.ts";
import { type ExampleSpans, measureSpans, spanBytes } from "./spans.ts";
import { Resources } from "../../../time/resources.ts";

/** What a decoding is made of. */
export interface CpuDecodingOptions {
  readonly engine: Engine;
  readonly network: AttentionNetwork;
  readonly pass: AttentionForward;
  /** Sources, which were checked. */
  readonly sources: Uint8Array;
  /** Checks that the executor can be used. */
  readonly check: () => void;
  /** Is called when it is disposed of. */
  readonly forget: () => void;
}

/** Answers that are being made. The states of the hypotheses stay in the kernels' memory. */
export class CpuDecoding implements Decoding {
  readonly count: number;
  readonly #options: CpuDecodingOptions;
  readonly #spans: ExampleSpans;
  /** Addresses: the sources and the encoder's states; the states of the last step's hypotheses. */
  readonly #sources: number;
  readonly #encoded: number;
  #states = 0;
  /** The source of each hypothesis. */
  #sourceOf: Uint32Array;
  #steps = 0;
  #disposed = false;

  /** Encodes the sources. @throws {RangeError} if they do not fit into memory; nothing stays allocated */
  constructor(options: CpuDecodingOptions) {
    const { engine, network, sources } = options;
    const { heap } = engine, { inputLength, hiddenSize } = network;
    using begun = new Resources();
    const allocate = (sizeBytes: number): number => {
      const address = heap.allocate(sizeBytes);
      begun.defer(() => heap.free(address));
      return address;
    };
    this.count = sources.length / inputLength;
    this.#options = options;
    this.#spans = measureSpans(network, sources);
    this.#sourceOf = Uint32Array.from({ length: this.count }, (_, i) => i);
    this.#sources = allocate(sources.length);
    engine.bytes(this.#sources, sources.length).set(sources);
    const values = this.count * inputLength * hiddenSize;
    this.#encoded = allocate(4 * values);
    engine.floats(this.#encoded, values).fill(0);
    this.#states = allocate(this.#stateBytes(this.count));
    this.#run("encodeSources", this.#sourceOf, { to: this.#states });
    begun.move();
  }

  /** Whether it was disposed of. */
  get disposed(): boolean {
    return this.#disposed;
  }

  get steps(): number {
    return this.#steps;
  }

  async step(chosen?: ChosenSymbols): Promise<NextSymbols> {
    checkNotDisposed("decode symbol by symbol", "the decoding", this.disposed);
    const { engine, network, check } = this.#options;
    check();
    const before = this.#sourceOf.length;
    checkChosen(network, chosen, { steps: this.#steps, hypotheses: before });
    const parents = chosen?.parents ?? this.#sourceOf;
    const count = parents.length, { targetVocabularySize: V, inputLength } = network;
    const sourceOf = this.#steps === 0 ? this.#sourceOf : parents.map((i) => this.#sourceOf[i]!);
    const layout = layOut([
      ["parents", 4 * count],
      ["symbols", count],
      ["probabilities", 4 * count * V],
      ["attention", 4 * count * inputLength],
    ]);
    const to = engine.heap.allocate(this.#stateBytes(count));
    using begun = new Resources();
    begun.defer(() => engine.heap.free(to)); // if there is no room for the rest
    const next = withBlock(engine, layout, (at): NextSymbols => {
      new Uint32Array(engine.heap.memory.buffer, at("parents"), count).set(parents);
      if (chosen !== undefined) engine.bytes(at("symbols"), count).set(chosen.symbols);
      this.#run("stepHypotheses", sourceOf, {
        ...{ to, from: this.#states, fromCount: before, step: this.#steps },
        ...{ parents: at("parents"), symbols: at("symbols") },
        ...{ probabilities: at("probabilities"), attention: at("attention") },
      });
      return {
        probabilities: engine.floats(at("probabilities"), count * V).slice(),
        attention: engine.floats(at("attention"), count * inputLength).slice(),
      };
    });
    begun.move();
    engine.heap.free(this.#states);
    this.#states = to;
    this.#sourceOf = sourceOf;
    this.#steps++;
    await engine.starting;
    return next;
  }

  /** Runs a kernel over hypotheses that are given by their sources. */
  #run(
    kernel: "encodeSources" | "stepHypotheses",
    sourceOf: Uint32Array,
    values: Partial<StructValues<"HypothesesArgs">>,
  ): void {
    const { engine, network, pass } = this.#options;
    const { heap } = engine, examples = sourceOf.length;
    const layout = layOut([
      ["order", 4 * examples],
      ["spans", spanBytes(examples)],
      ["args", structBytes("HypothesesArgs")],
    ]);
    withBlock(engine, layout, (at) => {
      new Uint32Array(heap.memory.buffer, at("order"), examples).set(sourceOf);
      const { args, rows, tasks } = pass.prepare({
        ...{ examples, spans: this.#spans, order: sourceOf },
        input: { sources: this.#sources, targets: 0, order: at("order"), first: 0 },
        results: { answers: 0, confidence: 0, probabilities: 0 },
      }, at("spans"));
      writeStruct(heap.memory, {
        ...{ name: "HypothesesArgs", address: at("args") },
        values: {
          ...{ rows: args, encoded: this.#encoded, from: 0, fromCount: 0, to: 0, parents: 0 },
          ...{ symbols: 0, step: 0, probabilities: 0, attention: 0, ...values },
        },
      });
      const work = countAttentionWork(
        network,
        kernel === "encodeSources"
          ? { ...rows, targetRows: 0 }
          : { sourceRows: 0, targetRows: 8 * tasks },
      );
      engine.run({ phases: [[{ kernel, args: at("args"), tasks }]], work: tasks === 1 ? 0 : work });
    });
  }

  #stateBytes(hypotheses: number): number {
    const { decoderLayers, hiddenSize } = this.#options.network;
    return 4 * 2 * decoderLayers.length * hypotheses * hiddenSize;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const { heap } = this.#options.engine;
    for (const block of [this.#sources, this.#encoded, this.#states]) heap.free(block);
    this.#options.forget();
  }
}
