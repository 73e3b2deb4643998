/** Rules for the values that callers give: type, range, and the words that describe both. @module */

/** A rule for a value. */
export interface Rule<T> {
  /** The rule in words; they follow "must be": `an integer from 1 to 9`. */
  readonly must: string;
  /** Whether the value may be left out although it has no default. */
  readonly optional?: boolean;
  /** Says whether the type or the value is wrong; undefined if neither is. */
  findFault(value: unknown): Fault | undefined;
  /** Finds the innermost part of a wrong value that is wrong. Absent for values without parts. */
  findWrongPart?(value: unknown): WrongPart | undefined;
  /** Copies a value that the caller could change later. Absent for values that cannot be changed. */
  copy?(value: T): T;
}

/** A part of a value that is wrong. */
export interface WrongPart {
  /** Where it is, after the name of the whole: `.cells[2].key`. */
  readonly path: string;
  /** What is wrong: `must be a string, but is 3`. */
  readonly problem: string;
}

/** What is wrong with a value. A wrong type is a TypeError, a wrong value a RangeError. */
export type Fault = "type" | "value";

/** The smallest float32 of full precision: devices treat smaller ones as 0. */
const SMALLEST_FLOAT32 = 2 ** -126;
const FLOAT32_RANGE = "1.18e-38 to 3.4e+38";

/** An integer from `least` to `most`. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Rule<number> {
  const must = most < Number.MAX_SAFE_INTEGER
    ? `an integer from ${least} to ${most}`
    : least === 1
    ? "a positive integer"
    : `${least} or a positive integer`;
  return numberRule(
    must,
    (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  );
}

/** The seed of a generator. */
export const SEED: Rule<number> = numberRule("a safe integer", Number.isSafeInteger);

/** A number that satisfies a condition. */
export function numberRule(must: string, holds: (value: number) => boolean): Rule<number> {
  return {
    must,
    findFault(value): Fault | undefined {
      if (typeof value !== "number") return "type";
      return holds(value) ? undefined : "value";
    },
  };
}

/**
 * A number that is converted to float32, and must not become 0 or infinite by the conversion.
 *
 * @param range whether 0 itself is allowed, and the value that the float32 must be below
 */
export function float32(range: { readonly zero?: boolean; readonly below?: number }): Rule<number> {
  const { zero = false, below = Infinity } = range;
  const words = below < Infinity
    ? `a positive float32 below ${below}`
    : `a positive float32 (${FLOAT32_RANGE})`;
  return numberRule(zero ? `0 or ${words}` : words, (value) => {
    if (value === 0) return zero;
    const rounded = Math.fround(value);
    return rounded >= SMALLEST_FLOAT32 && rounded < below;
  });
}

/** True or false. */
export const BOOLEAN: Rule<boolean> = typeRule(
  "true or false",
  (value) => typeof value === "boolean",
);

/** A string. */
export const TEXT: Rule<string> = typeRule("a string", (value) => typeof value === "string");

/** The path of a file or a directory. */
export const PATH: Rule<string> = {
  must: "a path",
  findFault(value): Fault | undefined {
    if (typeof value !== "string") return "type";
    return value !== "" && !value.includes("\0") ? undefined : "value";
  },
};

/** A function. */
export function functionRule<T>(): Rule<T> {
  return typeRule("a function", (value) => typeof value === "function");
}

/** One of several strings. */
export function choice<T extends string>(choices: readonly T[]): Rule<T> {
  return {
    must: `one of ${choices.join(", ")}`,
    findFault(value): Fault | undefined {
      if (typeof value !== "string") return "type";
      return (choices as readonly string[]).includes(value) ? undefined : "value";
    },
  };
}

/** An instance of a class. */
export function instanceOf<T>(
  type: abstract new (...args: never[]) => T,
  copy?: (value: T) => T,
): Rule<T> {
  return {
    must: withArticle(type.name),
    findFault: (value) => value instanceof type ? undefined : "type",
    ...(copy && { copy }),
  };
}

/** A signal that stops a long operation. */
export const SIGNAL: Rule<AbortSignal> = instanceOf(AbortSignal);

/** An array. The caller checks its elements. */
export function arrayRule<T extends readonly unknown[]>(must = "an array"): Rule<T> {
  return typeRule(must, Array.isArray);
}

/** An object. The caller checks its fields. */
export function objectRule<T extends object>(must = "an object"): Rule<T> {
  return typeRule(must, isObject);
}

/** The same rule for a value that may be left out. */
export function optional<T>(rule: Rule<T>): Rule<T> {
  return { ...rule, optional: true };
}

/** Says whether a value is an object with fields, and not an array or a function. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Length of the longest text that an error quotes in full. */
const MOST_QUOTED = 60;

/** Describes the value that was found, for an error: short, and on one line. */
export function describeFound(value: unknown): string {
  switch (typeof value) {
    case "string": {
      const quoted = JSON.stringify(value);
      return quoted.length <= MOST_QUOTED ? quoted : `${quoted.slice(0, MOST_QUOTED)}…`;
    }
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  const name = value.constructor?.name;
  if (typeof name !== "string" || name === "" || name === "Object") return "an object";
  return withArticle(name);
}

/** Puts the article before a name: `an AbortSignal`, but `a Uint8Array`. */
function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

function typeRule<T>(must: string, isOfType: (value: unknown) => boolean): Rule<T> {
  return { must, findFault: (value) => isOfType(value) ? undefined : "type" };
}
