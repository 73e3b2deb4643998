/** What computes a training: results are equal bit for bit only within one. @module */
import { type BackendReport, ensureBackend } from "../backend/backend.ts";
import { type KernelBuild, kernelBuild } from "../ops/kernels.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { MAX_TRAINED_ON_CHARACTERS } from "./checkpoint_state.ts";

const BUILD_WORDS: Readonly<Record<KernelBuild, string>> = {
  relaxed: "cpu, relaxed SIMD kernels",
  simd: "cpu, plain SIMD kernels",
};

/** Says what computes here: the backend in use, and its build of the compute kernels or its adapter. */
export async function describeComputer(): Promise<string> {
  return describeBackend(await ensureBackend());
}

/**
 * Compares what computes here with what a checkpoint was trained on.
 *
 * @returns a sentence for people, or undefined where it is the same or the checkpoint does not say
 */
export async function findComputerChange(
  { trainedOn }: Pick<Checkpoint, "trainedOn">,
): Promise<string | undefined> {
  const here = await describeComputer();
  if (trainedOn === null || trainedOn === here) return undefined;
  return `The run was trained on ${trainedOn}, and goes on with ${here}: it learns as well, but not bit for bit what it would have learned there`;
}

function describeBackend({ name, adapter = "unnamed adapter" }: BackendReport): string {
  const words = name === "cpu" ? BUILD_WORDS[kernelBuild()] : `webgpu, ${adapter}`;
  return words.slice(0, MAX_TRAINED_ON_CHARACTERS);
}
