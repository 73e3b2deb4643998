/** What a run of the playground is made of. @module */
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { Settings } from "../../training/choose_settings.ts";
import type { DeviceRequest } from "./device_request.ts";

/** What a run is made of. */
export interface RunSource {
  readonly settings: Settings;
  /** Identity of the run. */
  readonly runId: string;
  readonly name: string;
  /** The file of pairs; null if examples are made, or the pairs are not there. */
  readonly pairs: Uint8Array<ArrayBuffer> | null;
  readonly device: DeviceRequest;
  /** Where it continues; absent for a new run. */
  readonly checkpoint?: Checkpoint;
  /** Its owner in the store, if the store holds it. */
  readonly owner?: string;
}
