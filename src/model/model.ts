/** What a model is: its configuration, its characters, and its network on a device. @module */
import type { CharacterTable } from "../codec/character_table.ts";
import type { Device, Executor } from "../device/executor.ts";
import type { ModelConfig } from "../network/config.ts";

/** A model. It holds memory on its device: declare it with `using`, or dispose of it. */
export interface Model extends Disposable {
  /** Configuration. */
  readonly config: ModelConfig;
  /** The characters that it reads and writes. */
  readonly table: CharacterTable;
  /** The device that it was made for. */
  readonly device: Device;
  /** Its network on the device. The model owns it. */
  readonly executor: Executor;
}
