/** Describes what computes a training. Results are equal bit for bit only if the descriptions are equal. @module */
import type { DeviceReport } from "../device/executor.ts";
import { KERNELS_VERSION } from "../device/kernels_version.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { MAX_TRAINED_ON_CHARACTERS } from "./checkpoint_state.ts";

const BUILD_WORDS = {
  relaxed: `cpu, relaxed SIMD kernels ${KERNELS_VERSION}`,
  simd: `cpu, plain SIMD kernels ${KERNELS_VERSION}`,
} as const;

/** Describes what computes: the backend, the build and version of its compute kernels, and its adapter. */
export function describeComputer(report: DeviceReport): string {
  return describeBackend(report).slice(0, MAX_TRAINED_ON_CHARACTERS);
}

/**
 * Compares what computes here with the description in a checkpoint.
 *
 * @returns a sentence, or undefined if both are equal or the checkpoint has none
 */
export function findComputerChange(
  { trainedOn }: Pick<Checkpoint, "trainedOn">,
  report: DeviceReport,
): string | undefined {
  const here = describeComputer(report);
  if (trainedOn === null || trainedOn === here) return undefined;
  return `The run was trained on ${trainedOn}, but continues on ${here}: it learns equally well, but the result will not be equal bit for bit`;
}

function describeBackend(
  { backend, executor, build = "simd", adapter = "unnamed adapter" }: DeviceReport,
): string {
  if (executor === "reference") {
    return backend === "cpu" ? "cpu, reference" : `webgpu, reference, ${adapter}`;
  }
  return backend === "cpu" ? BUILD_WORDS[build] : `webgpu, kernels ${KERNELS_VERSION}, ${adapter}`;
}
