/** The state of an optimiser on a GPU. @module */
import type { OptimizerState } from "../executor.ts";
import type { OptimizerSettings } from "../optimizer.ts";
import type { DeviceBuffers } from "./device_buffers.ts";
import type { OptimizerKernel } from "./optimizers/optimizer_kernel.ts";
import { OPTIMIZER_KERNELS } from "./optimizers/optimizers.ts";

/** The state of an optimiser: for each of its slots a buffer, laid out as the parameters are. */
export class WebGpuOptimizer implements OptimizerState {
  readonly settings: OptimizerSettings;
  readonly kernel: OptimizerKernel;
  /** The buffers of its slots, and `o`, its settings. */
  readonly buffers: Readonly<Record<string, GPUBuffer>>;
  readonly #owned: DeviceBuffers;
  readonly #forget: () => void;
  #disposed = false;

  /** @param slots its slots as they lie on the GPU, or their size; @param forget is called when it is disposed of */
  constructor(
    settings: OptimizerSettings,
    slots: readonly Float32Array[] | number,
    owned: DeviceBuffers,
    forget: () => void,
  ) {
    this.settings = settings;
    this.kernel = OPTIMIZER_KERNELS[settings.name];
    this.buffers = {
      o: owned.upload("settings", this.kernel.packSettings(settings), "uniform"),
      ...Object.fromEntries(this.kernel.slots.map((name, i) => [
        name,
        typeof slots === "number" ? owned.make(name, slots) : owned.upload(name, slots[i]!),
      ])),
    };
    this.#owned = owned;
    this.#forget = forget;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#owned[Symbol.dispose]();
    this.#forget();
  }
}
