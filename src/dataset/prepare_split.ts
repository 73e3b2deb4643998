/** Makes and splits the examples of a problem that makes its examples itself. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { type Fault, isObject, objectRule, type Rule, SEED } from "../arguments/rule.ts";
import type { Layout } from "../codec/layout.ts";
import type { GeneratedExamples } from "../problem/problem.ts";
import {
  runInTurns,
  scaleProgress,
  type Sliced,
  TURN_RULES,
  type TurnOptions,
} from "../time/slices.ts";
import { encodeExamples } from "./dataset.ts";
import { prepareFreshExamples } from "./fresh_examples.ts";
import type { OrderOptions } from "./order.ts";
import { divideDataset, type Split } from "./split.ts";

/** What `prepareSplit` does, for errors. */
const ACTION = "prepare examples";

const GENERATED: Rule<GeneratedExamples> = {
  must: "examples that a problem makes, as its field `generated` has them",
  findFault: (value) =>
    isObject(value) && typeof value.count === "number" && typeof value.examples === "function" &&
      typeof value.stream === "function"
      ? undefined
      : "type",
};

const ORDER: Rule<SplitRecipe["training"]> = {
  must: "an object with swap, weighted and fresh, each true or false",
  findFault(value): Fault | undefined {
    if (!isObject(value)) return "type";
    const { swap, weighted, fresh = false } = value;
    return [swap, weighted, fresh].every((each) => typeof each === "boolean") ? undefined : "type";
  },
};

/** Share of the questions held back for validation. */
const VALIDATION_SHARE = 0.1;

/**
 * Checks that there are enough examples to hold some back, before any is made.
 *
 * @throws {RangeError} if there are too few
 */
export function checkCanSplit(examples: number): void {
  if (countTrainingSplit(examples) < examples) return;
  throw new RangeError(
    `Cannot train on ${examples} examples: at least ${
      Math.ceil(1 / VALIDATION_SHARE)
    } are needed to hold a tenth of them back for validation`,
  );
}

/** Counts the examples on the training side of a split, before any is made. */
export function countTrainingSplit(examples: number): number {
  return examples - Math.floor(examples * VALIDATION_SHARE);
}

/** What determines the split of examples that a problem makes. */
export interface SplitRecipe {
  /** The examples. */
  readonly generated: GeneratedExamples;
  /** How they are laid out. */
  readonly layout: Layout;
  /** Seed of what is held back. */
  readonly seed: number;
  /** How examples are taken: if `weighted`, some questions are never held back. */
  readonly training: Pick<OrderOptions, "swap" | "weighted"> & Partial<OrderOptions>;
}

const RULES: Rules<SplitRecipe> = {
  ...{ generated: GENERATED, layout: objectRule(), seed: SEED, training: ORDER },
};

/**
 * Makes the examples of a problem and splits them. The same recipe gives the same split. Timers, signals and servers keep
 * working meanwhile. Progress is counted in examples.
 *
 * @throws {TypeError} if an argument has a wrong type
 * @throws {RangeError} if there are too few examples to hold any back
 * @throws the signal's reason, if it aborts
 * @example Train on other sums in every epoch
 * ```ts
 * import { chooseDevice, createModel, createTraining, train } from "@carry/seq2seq";
 * import { createProblem, findKind, prepareSplit, resolveProblem } from "@carry/seq2seq/addition";
 *
 * const settings = resolveProblem({ name: "addition", digits: 2, examples: 200 });
 * const layout = findKind("addition").layOut!(settings, true);
 * const { generated } = createProblem(settings, layout);
 * const order = { swap: false, weighted: true, fresh: true };
 * const split = await prepareSplit({ generated: generated!, layout, seed: 0, training: order });
 * using model = await createModel({ cell: "lstm", hiddenSize: 16, layers: 1, ...layout }, {
 *   device: await chooseDevice("cpu"),
 * });
 * using training = createTraining(model, { epochs: 2, ...order });
 * for await (const event of train(training, split)) {
 *   if (event.event === "epoch") console.log(event.epoch, event.exactMatch);
 * }
 * ```
 */
export async function prepareSplit(recipe: SplitRecipe, options: TurnOptions = {}): Promise<Split> {
  const checked = resolveOptions<SplitRecipe, object>(recipe, {
    ...{ action: ACTION, what: "the recipe", rules: RULES, defaults: {} },
  });
  const turns = resolveOptions(options, { action: ACTION, rules: TURN_RULES, defaults: {} });
  return await runInTurns(generateSplit(checked), checked.generated.count, turns);
}

/** Makes and splits; yields the number of examples made. */
function* generateSplit(
  { generated, layout, seed, training: { swap, weighted, fresh = false } }: SplitRecipe,
): Sliced<Split> {
  checkCanSplit(generated.count);
  const dataset = yield* encodeExamples(generated.examples(), layout);
  const { swapOf, weightOf, keep } = generated.practice ?? {};
  const dividing = divideDataset(dataset, {
    seed,
    validationShare: VALIDATION_SHARE,
    ...(swap && swapOf && { swapOf }),
    ...(weighted && !fresh && weightOf && { weightOf }),
    ...(weighted && keep && { keep }),
  });
  const split = yield* scaleProgress(dividing, () => dataset.count); // an eighth of the time; with swap, most of it
  if (!fresh) return split;
  const { training: { count }, validation } = split;
  return {
    ...split,
    fresh: prepareFreshExamples({ generated, layout, validation, count, weighted }),
  };
}
