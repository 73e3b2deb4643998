/** Errors of files that cannot be imported from Keras. @module */
import { describeFound, isObject } from "../../arguments/rule.ts";

/** Makes the error of a file whose form or content is refused. */
export function refuse(reason: string): SyntaxError {
  return new SyntaxError(`Cannot import the Keras model: ${reason}`);
}

/** Makes the error of a value that is refused. */
export function refuseValue(reason: string): RangeError {
  return new RangeError(`Cannot import the Keras model: ${reason}`);
}

/** JSON as it is in a file: nothing is known of its fields. */
export type Json = Readonly<Record<string, unknown>>;

/** Gives an object. */
export function needObject(what: string, value: unknown): Json {
  if (isObject(value)) return value;
  throw refuse(`${what} must be an object, but is ${describeFound(value)}`);
}

/** Gives a list. */
export function needList(what: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw refuse(`${what} must be a list, but is ${describeFound(value)}`);
}

/** Gives a text. */
export function needText(what: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw refuse(`${what} must be a text, but is ${describeFound(value)}`);
}

/** Gives an integer within bounds. */
export function needInteger(what: string, value: unknown, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) {
    return value;
  }
  throw refuseValue(`${what} must be an integer from 1 to ${most}, but is ${describeFound(value)}`);
}

/** Refuses a field that is not known. @param remedy what a person can do, after the sentence */
export function checkFields(
  what: string,
  value: Json,
  known: Iterable<string>,
  remedy = "",
): void {
  const names = new Set(known);
  const other = Object.keys(value).find((name) => !names.has(name));
  if (other !== undefined) {
    throw refuse(`${what} must have only what is known, but has ${describeFound(other)}${remedy}`);
  }
}
