/** What a model is: its configuration, its codecs, and its network on a device. @module */
import type { TextCodec } from "../codec/text_codec.ts";
import type { Device, Executor } from "../device/executor.ts";
import type { ModelConfig } from "../network/config.ts";

/** A model. It holds memory on its device: declare it with `using`, or dispose of it. A notebook shows it as a picture. */
export interface Model extends Disposable {
  /** Configuration. */
  readonly config: ModelConfig;
  /** Writes sources, as the configuration says. */
  readonly source: TextCodec;
  /** Reads targets, as the configuration says. */
  readonly target: TextCodec;
  /** The device that it was made for. */
  readonly device: Device;
  /** Its network on the device. The model owns it. */
  readonly executor: Executor;
}
