/** `--memory`: answers with what was seen in the training of a run. @module */
import { openSplit } from "../checkpoint/open_split.ts";
import { type Dataset, readExample } from "../dataset/dataset.ts";
import { type Memory, rememberExamples } from "../model/memory.ts";
import type { Example } from "../problem/example.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { runInTurns } from "../time/slices.ts";
import type { OpenedModel } from "./open_model.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { NAMES_NO_FILE } from "./pairs_options.ts";
import { createPreparation } from "./preparation.ts";
import { UsageError } from "./usage_error.ts";

/** The option. */
export const MEMORY_OPTION: OptionSpec = {
  name: "memory",
  help:
    "where a question was seen in the training, give its most frequent answer there instead of the model's; the run's files of pairs are read again",
};

/**
 * Reads the training of a run again, and remembers its answers, if `--memory` was typed.
 *
 * @throws {UsageError} if the run has no training that can be read again
 * @throws {Error} if a file of pairs is missing or has changed, with advice
 * @throws the signal's reason, if it aborts
 */
export async function openMemory(
  typed: TypedOptions,
  { checkpoint: { problem, model, training } }: Pick<OpenedModel, "checkpoint">,
  signal: AbortSignal,
): Promise<{ readonly memory?: Memory }> {
  if (!typed.flag(MEMORY_OPTION.name)) return {};
  if (isPairs(problem) && problem.data === null) {
    throw new UsageError(`Cannot use --memory: ${NAMES_NO_FILE}`);
  }
  if (training.fresh) {
    throw new UsageError(
      "Cannot use --memory: the run was trained on fresh questions in every epoch, of which no list is kept",
    );
  }
  const preparation = createPreparation();
  try {
    const { training: seen } = await openSplit({
      ...{ problem, model, training: { weighted: false, swap: false, fresh: false } },
    }, { signal, onProgress: preparation.show("Reading what was learned") });
    const memory = await runInTurns(rememberExamples(listExamples(seen)), seen.count, {
      ...{ signal, onProgress: preparation.show("Remembering") },
    });
    return { memory };
  } catch (error) {
    if (signal.aborted || error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(
      `${
        (error as Error).message
      }; --memory needs the pairs of the training, so leave it out, or put the file back`,
      { cause: error },
    );
  } finally {
    preparation.clear();
  }
}

function* listExamples(dataset: Dataset): Generator<Example, void> {
  for (let at = 0; at < dataset.count; at++) yield readExample(dataset, at);
}
