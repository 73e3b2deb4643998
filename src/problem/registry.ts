/** Every kind of problem. @module */
import { describeFound, isObject } from "../arguments/rule.ts";
import { suggest } from "../arguments/suggest.ts";
import type { Layout } from "../codec/layout.ts";
import { ADDITION } from "./addition_problem.ts";
import { DATES } from "./dates.ts";
import { MIXED } from "./mixed.ts";
import { MULTIPLICATION } from "./multiplication.ts";
import { NUMBERS } from "./numbers.ts";
import { PAIRS } from "./pairs/pairs.ts";
import type { Problem, ProblemKind, ProblemSettings } from "./problem.ts";
import { SUBTRACTION } from "./subtraction.ts";

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
    `Cannot find the problem ${describeFound(name)}${
      (typeof name === "string" && suggest(name, names)) ||
      `: it must be one of ${names.join(", ")}`
    }`,
  );
}

/**
 * Fills in the defaults of a problem's settings and checks them.
 *
 * @throws {TypeError | RangeError} with the first fault
 */
export function resolveProblem(given: Readonly<Record<string, unknown>>): ProblemSettings {
  if (!isObject(given)) {
    throw new TypeError(
      `Cannot make a problem: the settings must be an object, but are ${describeFound(given)}`,
    );
  }
  return findKind(given.name).resolve(given);
}

/** Makes a problem of its settings and the layout of its model. */
export function createProblem(settings: ProblemSettings, layout: Layout): Problem {
  return findKind(settings.name).create(settings, layout);
}
