/** A network on a device: where its parameters lie, and within which limits it is computed. @module */
import type { Network } from "../../network/network.ts";
import type { NetworkSizes } from "./network_sizes.ts";
import type { ParameterLayout } from "./parameter_layout.ts";
import type { ShapeLimits } from "./rows_shape.ts";

/** The limits of a device that decide how it computes. */
export type DeviceLimits =
  & ShapeLimits
  & Pick<
    GPUSupportedLimits,
    "maxStorageBufferBindingSize" | "maxBufferSize" | "maxComputeWorkgroupsPerDimension"
  >;

/** A network, where its parameters lie, and the limits of the device. */
export interface LaidOutNetwork {
  readonly limits: DeviceLimits;
  readonly network: Network;
  readonly sizes: NetworkSizes;
  readonly parameters: ParameterLayout;
}
