/** Every kind of problem. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { describeFound, objectRule } from "../arguments/rule.ts";
import { suggest } from "../arguments/suggest.ts";
import { checkTextLayout, type Layout } from "../codec/layout.ts";
import { ADDITION } from "./addition_problem.ts";
import { DATES } from "./dates.ts";
import { MIXED } from "./mixed.ts";
import { MULTIPLICATION } from "./multiplication.ts";
import { NUMBERS } from "./numbers.ts";
import { PAIRS } from "./pairs/pairs.ts";
import type { Problem, ProblemKind, ProblemSettings } from "./problem.ts";
import { SUBTRACTION } from "./subtraction.ts";

const ACTION = "make a problem";

/** Every kind of problem. */
export const PROBLEMS: readonly ProblemKind[] = [
  ADDITION,
  SUBTRACTION,
  MULTIPLICATION,
  MIXED,
  DATES,
  NUMBERS,
  PAIRS,
];

/**
 * Finds a kind of problem.
 *
 * @throws {RangeError} if there is none of this name, with the nearest one
 */
export function findKind(name: unknown): ProblemKind {
  const kind = PROBLEMS.find((each) => each.name === name);
  if (kind !== undefined) return kind;
  const names = PROBLEMS.map((each) => each.name);
  throw new RangeError(
    `Cannot ${ACTION}: the problem must be one of ${names.join(", ")}, but is ${
      describeFound(name)
    }${typeof name === "string" ? suggest(name, names) : ""}`,
  );
}

/**
 * Fills in the defaults of a problem's settings and checks them.
 *
 * @throws {TypeError | RangeError} with the first fault
 */
export function resolveProblem(given: Readonly<Record<string, unknown>>): ProblemSettings {
  checkValue(ACTION, "the settings", given, objectRule());
  return findKind(given.name).resolve(given);
}

/**
 * Makes a problem of its complete settings, such as `resolveProblem()` gives, and the layout of its model.
 *
 * @throws {TypeError | RangeError | SyntaxError} if there is no such problem, or the layout is not valid
 */
export function createProblem(settings: ProblemSettings, layout: Layout): Problem {
  checkValue(ACTION, "the settings", settings, objectRule());
  checkValue(ACTION, "the layout", layout, objectRule());
  checkTextLayout(ACTION, layout.source, "the source's layout");
  checkTextLayout(ACTION, layout.target, "the target's layout");
  return findKind(settings.name).create(settings, layout);
}
