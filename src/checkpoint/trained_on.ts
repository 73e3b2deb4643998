/** Describes what computes a training. Results are equal bit for bit only if the descriptions are equal. @module */
import { type BackendReport, ensureBackend } from "../backend/backend.ts";
import { type KernelBuild, kernelBuild } from "../ops/kernels.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { MAX_TRAINED_ON_CHARACTERS } from "./checkpoint_state.ts";

const BUILD_WORDS: Readonly<Record<KernelBuild, string>> = {
  relaxed: "cpu, relaxed SIMD kernels",
  simd: "cpu, plain SIMD kernels",
};

/** Describes what computes here: the backend, and its build of the compute kernels or its adapter. */
export async function describeComputer(): Promise<string> {
  return describeBackend(await ensureBackend());
}

/**
 * Compares what computes here with the description in a checkpoint.
 *
 * @returns a sentence, or undefined if both are equal or the checkpoint has none
 */
export async function findComputerChange(
  { trainedOn }: Pick<Checkpoint, "trainedOn">,
): Promise<string | undefined> {
  const here = await describeComputer();
  if (trainedOn === null || trainedOn === here) return undefined;
  return `The run was trained on ${trainedOn}, but continues on ${here}: it learns equally well, but the result will not be equal bit for bit`;
}

function describeBackend({ name, adapter = "unnamed adapter" }: BackendReport): string {
  const words = name === "cpu" ? BUILD_WORDS[kernelBuild()] : `webgpu, ${adapter}`;
  return words.slice(0, MAX_TRAINED_ON_CHARACTERS);
}
