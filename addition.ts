/**
 * Problems that Carry makes itself: additions and other calculations, dates, and numbers in words. They need no data, and know
 * the correct answer to every question.
 *
 * @example Draw sums, and ask the problem about them
 * ```ts
 * import { generateAddition, layOutAddition, parseAddition, resolveAddition } from "@carry/seq2seq/addition";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = resolveAddition({ digits: 2, examples: 100, seed: 1 });
 * const examples = [...generateAddition(settings)];
 * assertEquals(examples.length, 100);
 * const layout = layOutAddition(settings, true);
 * assertEquals([layout.source.length, layout.target.length], [5, 3]);
 * ```
 *
 * @example Make the examples of another problem
 * ```ts
 * import { createProblem, findKind, resolveProblem } from "@carry/seq2seq/addition";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = resolveProblem({ name: "dates", examples: 1000 });
 * const problem = createProblem(settings, findKind("dates").layOut!(settings, true));
 * const [example] = problem.generated!.examples();
 * assertEquals(problem.answer!(example!.question), example!.answer);
 * ```
 *
 * @module
 */
export {
  ADDITION_CHARACTERS,
  additionGroup,
  type AdditionOptions,
  type AdditionSettings,
  countAdditions,
  createAddition,
  generateAddition,
  layOutAddition,
  parseAddition,
  practiseAddition,
  resolveAddition,
} from "./src/problem/addition.ts";
export type { ArithmeticSettings } from "./src/problem/arithmetic/settings.ts";
export type { Sampler } from "./src/problem/arithmetic/draw.ts";
export type {
  AskedQuestion,
  GeneratedExamples,
  Grouping,
  Practice,
  Problem,
  ProblemKind,
  ProblemSettings,
} from "./src/problem/problem.ts";
export { createProblem, findKind, resolveProblem } from "./src/problem/registry.ts";
export { prepareSplit, type SplitRecipe } from "./src/dataset/prepare_split.ts";
export { chooseTraining } from "./src/training/choose_training.ts";
export type { TrainingTask } from "./src/training/recipes.ts";
export type { Example } from "./src/problem/example.ts";
export type { AnySettings, Setting, SettingWords } from "./src/arguments/setting.ts";
export type { Fault, Rule, WrongPart } from "./src/arguments/rule.ts";
