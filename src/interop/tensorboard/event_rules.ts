/** The rules for what an event of an event file is made of. @module */
import { listRule, recordRule } from "../../arguments/record.ts";
import {
  BOOLEAN,
  choice,
  describeFound,
  type Fault,
  integer,
  isObject,
  numberRule,
  optional,
  type Rule,
  TEXT,
  type WrongPart,
} from "../../arguments/rule.ts";
import type { GraphNode } from "./graph_def.ts";
import type { HyperparameterValue, SessionStatus } from "./summary_values.ts";

/** The step of an event. */
export const STEP: Rule<number> = integer(0);
/** The time of an event. */
export const TIME: Rule<number> = numberRule("finite", Number.isFinite);
/** How a training has ended. */
export const STATUS: Rule<SessionStatus> = choice(["success", "failure"]);

const NUMBER: Rule<number> = numberRule("a number", () => true); // a loss may be NaN, and TensorBoard shows it
const SIMPLE: Rule<HyperparameterValue> = {
  must: "a string, a number, or true or false",
  findFault: (value) =>
    [TEXT, NUMBER, BOOLEAN].some((rule) => rule.findFault(value) === undefined)
      ? undefined
      : "type",
};

/** Numbers by their tags. */
export const SCALARS: Rule<Readonly<Record<string, number>>> = namedRule(NUMBER);
/** Texts by their tags. */
export const TEXTS: Rule<Readonly<Record<string, string>>> = namedRule(TEXT);
/** Hyperparameters by their names. */
export const HYPERPARAMETERS: Rule<Readonly<Record<string, HyperparameterValue>>> = namedRule(
  SIMPLE,
);

/** The nodes of a graph. */
export const NODES: Rule<readonly GraphNode[]> = listRule<GraphNode>(recordRule<GraphNode>({
  ...{ name: TEXT, op: TEXT, inputs: optional(listRule(TEXT)) },
  shape: optional(listRule(integer(-1))),
}));

/** An object of any names whose values keep one rule. */
function namedRule<T>(item: Rule<T>): Rule<Readonly<Record<string, T>>> {
  return {
    must: "an object",
    findFault(value): Fault | undefined {
      if (!isObject(value)) return "type";
      return Object.values(value).map(item.findFault).find((fault) => fault !== undefined);
    },
    findWrongPart(value): WrongPart | undefined {
      const wrong = isObject(value) &&
        Object.entries(value).find(([, each]) => item.findFault(each) !== undefined);
      return wrong
        ? {
          path: `[${describeFound(wrong[0])}]`,
          problem: `must be ${item.must}, but is ${describeFound(wrong[1])}`,
        }
        : undefined;
    },
  };
}
