/** Says what of a network a device has no room for. @module */
import type { LaidOutNetwork } from "./laid_out_network.ts";
import { bindingBytes, chooseStepShape, stepBytes } from "./step_shape.ts";

/**
 * Says what does not fit a device if a network is trained: one clause. Nothing is allocated.
 */
export function findMisfit(
  laidOut: LaidOutNetwork,
  batchSize: number,
): string | undefined {
  const bytes = stepBytes(laidOut, chooseStepShape(laidOut, batchSize));
  const largest = Math.max(...Object.values(bytes));
  const most = bindingBytes(laidOut.limits);
  if (largest <= most) return undefined;
  return `the largest buffer has ${describeBytes(largest)}, but the WebGPU adapter takes at most ${
    describeBytes(most)
  }`;
}

/** Says why a network cannot be loaded: its parameters do not fit into a buffer. */
export function findParametersMisfit(
  { parameters, limits }: LaidOutNetwork,
): string | undefined {
  const most = bindingBytes(limits);
  if (16 * parameters.quads <= most) return undefined;
  return `the parameters have ${
    describeBytes(16 * parameters.quads)
  }, but the WebGPU adapter takes at most ${describeBytes(most)} in a buffer`;
}

function describeBytes(bytes: number): string {
  return bytes < 2 ** 30
    ? `${(bytes / 2 ** 20).toFixed(1)} MiB`
    : `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
