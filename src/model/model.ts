/** What a model is: its configuration, its characters, and its parameters on the device. @module */
import type { CharacterTable } from "../codec/character_table.ts";
import type { ModelConfig } from "../network/config.ts";

/** A tensor on the device. */
export interface DeviceTensor {
  /** Dimensions. */
  readonly shape: readonly number[];
  /** Copies the values to the host, row-major. */
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  /** Frees the memory. */
  dispose(): void;
}

/** A parameter of a model. */
export interface Parameter {
  /** Name as in Keras: `lstm/kernel`. */
  readonly name: string;
  /** Its values on the device. */
  readonly variable: DeviceTensor;
}

/** A model. It holds memory on its device: declare it with `using`, or dispose of it. */
export interface Model extends Disposable {
  /** Configuration. */
  readonly config: ModelConfig;
  /** The characters that it reads and writes. */
  readonly table: CharacterTable;
  /** Parameters, in Keras' order. */
  readonly parameters: readonly Parameter[];
}
