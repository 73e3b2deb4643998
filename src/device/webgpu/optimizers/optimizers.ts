/** Every optimiser in WGSL. @module */
import type { OptimizerSettings } from "../../optimizer.ts";
import { ADAM } from "./adam.ts";
import type { OptimizerKernel } from "./optimizer_kernel.ts";

/** The optimisers, by the name in their settings. */
export const OPTIMIZER_KERNELS: {
  readonly [Name in OptimizerSettings["name"]]: OptimizerKernel<
    Extract<OptimizerSettings, { readonly name: Name }>
  >;
} = { adam: ADAM };
