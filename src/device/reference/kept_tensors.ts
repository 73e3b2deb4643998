/** Tensors that stay until they are replaced or disposed of. @module */
import type { Tensor } from "@tensorflow/tfjs";
import type { TfjsBackend } from "./tfjs_backend.ts";

/** A list of tensors of a backend. */
export class KeptTensors implements Disposable {
  readonly #tfjs: TfjsBackend;
  #tensors: readonly Tensor[] | undefined;

  /** Keeps the tensors that a function makes. If it throws, none stays. */
  constructor(tfjs: TfjsBackend, make: () => readonly Tensor[]) {
    this.#tfjs = tfjs;
    this.#tensors = tfjs.run(() => make().map(tfjs.tf.keep));
  }

  /** The tensors. There are none after disposal. */
  get tensors(): readonly Tensor[] {
    return this.#tensors ?? [];
  }

  /** Whether they were disposed of. */
  get disposed(): boolean {
    return this.#tensors === undefined;
  }

  /** Keeps other tensors instead, which were just made. It is called within `run` of the backend, which disposes of what is not kept. */
  replace(tensors: readonly Tensor[]): void {
    this[Symbol.dispose]();
    this.#tensors = tensors.map(this.#tfjs.tf.keep);
  }

  [Symbol.dispose](): void {
    this.#tfjs.tf.dispose([...this.tensors]);
    this.#tensors = undefined;
  }
}
