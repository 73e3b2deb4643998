/** Checks a part of a foreign file. @module */
import { describeWrong, satisfies } from "../../arguments/resolve_options.ts";
import type { Rule } from "../../arguments/rule.ts";
import { IMPORT_ACTION } from "./tfjs_format.ts";

/**
 * Checks a value that was read from a foreign file.
 *
 * @param name what it is, for an error: `the layer "lstm"`
 * @throws {SyntaxError} if it has another type than the format says, or an unknown key
 * @throws {RangeError} if its value is one that our models do not have
 */
export function checkPart<T>(name: string, value: unknown, rule: Rule<T>): T {
  if (satisfies(value, rule)) return value;
  const message = `Cannot ${IMPORT_ACTION}: ${describeWrong(name, value, rule)}`;
  throw rule.findFault(value) === "type" ? new SyntaxError(message) : new RangeError(message);
}

/** One of a few values: what our models do, in the words of another program. */
export function only(...values: readonly (string | number | boolean | null)[]): Rule<unknown> {
  return {
    must: values.map((value) => JSON.stringify(value)).join(" or "),
    findFault: (value) => values.some((each) => each === value) ? undefined : "value",
  };
}

/** A value that does not matter to a model that has its weights. */
export const ANYTHING: Rule<unknown> = { must: "anything", findFault: () => undefined };
