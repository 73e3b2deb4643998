/**
 * What a model needs besides its numbers, so that another program can use it: symbols, lengths, reversal, problem. Every exported file
 * carries it as JSON under the key `carry`. It names no files: a path tells about the computer on which a model has learned, and a path
 * that came in would decide which file another computer reads.
 *
 * @module
 */
import { checkUnknown } from "../arguments/resolve_options.ts";
import { recordRule } from "../arguments/record.ts";
import { choice, objectRule, type Rule } from "../arguments/rule.ts";
import { parseStrictJson } from "../arguments/strict_json.ts";
import { takeReason } from "../arguments/take_reason.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { checkModelConfig, type ModelConfig } from "../network/config.ts";
import type { ProblemSettings } from "../problem/problem.ts";
import { isPairs } from "../problem/pairs/settings.ts";
import { resolveProblem } from "../problem/registry.ts";

/** The name under which a file carries it. */
export const PORTABLE_KEY = "carry";

/** What a file carries besides its numbers. */
export interface PortableModel {
  /** Version of this description. */
  readonly format: "carry-model-1";
  /** What was learned. Pairs are as if a program had given them. */
  readonly problem: ProblemSettings;
  /** The model's shape, and the layout of its sources and targets: symbols, lengths, padding, reversal. */
  readonly model: ModelConfig;
}

const RULE: Rule<PortableModel> = recordRule<PortableModel>({
  format: choice(["carry-model-1"]),
  problem: objectRule(),
  model: objectRule(),
});

/** Describes the model of a checkpoint as JSON. */
export function describePortable(
  { problem, model }: Pick<Checkpoint, "problem" | "model">,
): string {
  const portable: PortableModel = {
    ...{ format: "carry-model-1", problem: leaveFilesOut(problem), model },
  };
  return JSON.stringify(portable);
}

/** Leaves out which files pairs came from. How they are read, and which are held back, stays. */
function leaveFilesOut(problem: ProblemSettings): ProblemSettings {
  if (!isPairs(problem)) return problem;
  return resolveProblem({ ...problem, data: null, validation: null, test: null });
}

/**
 * Reads what a file carries. Files of pairs that it names are left out.
 *
 * @throws {SyntaxError} with the first fault
 */
export function parsePortable(text: string): PortableModel {
  try {
    const { format, problem, model } = checkUnknown(
      "read it",
      "the description",
      parseStrictJson(text),
      RULE,
    );
    return {
      ...{ format, problem: leaveFilesOut(resolveProblem(problem)) },
      model: checkModelConfig(model),
    };
  } catch (error) {
    const reason = takeReason(error);
    throw new SyntaxError(`Cannot read what the file says of its model: ${reason}`, {
      cause: error,
    });
  }
}
