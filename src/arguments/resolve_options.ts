/** The one check of what callers of public functions give: options as a whole, and single arguments. @module */
import { describeFound, isObject, type Rule } from "./rule.ts";
import { suggest } from "./suggest.ts";

/** A rule for every option. */
export type Rules<T> = {
  readonly [Name in keyof T]-?: Rule<Exclude<T[Name], undefined>>;
};

/** Options as a function takes them: what each must be, and what it is where it is not given. */
export interface OptionTable<T, Defaults> {
  /** What cannot be done without them, after "Cannot": `train`. */
  readonly action: string;
  /** What they are called in an error. Default `the options`. */
  readonly what?: string;
  /** What stands before the name of an option in an error: `stopAt.` Default: nothing. */
  readonly prefix?: string;
  /** A rule for every option; no other option is accepted. */
  readonly rules: Rules<T>;
  /** Values of options that are not given. One without must be given, unless its rule is optional. */
  readonly defaults: Defaults;
}

/** Options with their defaults. */
export type Resolved<T, Defaults> =
  & Readonly<Omit<T, keyof Defaults>>
  & { readonly [Name in keyof Defaults & keyof T]-?: Exclude<T[Name], undefined> };

/**
 * Checks options as a whole, before anything else is done, and fills in the defaults. What is returned is the callee's own:
 * a caller who changes the object later changes nothing.
 *
 * An option that is undefined has its default.
 *
 * @throws {TypeError} if the options are no object, have an option that is not known, or one has a wrong type
 * @throws {RangeError} if a value is out of its range
 */
export function resolveOptions<T extends object, Defaults extends Partial<T>>(
  given: unknown,
  table: OptionTable<T, Defaults>,
): Resolved<T, Defaults> {
  const { action, what = "the options", prefix = "", rules, defaults } = table;
  if (!isObject(given)) {
    throw new TypeError(
      `Cannot ${action}: ${what} must be an object, but ${verbOf(what)} ${describeFound(given)}`,
    );
  }
  const names = Object.keys(rules);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot ${action}: there is no option ${describeFound(unknown)}${
        suggest(unknown, names) || `; the options are ${names.join(", ")}`
      }`,
    );
  }
  const resolved: Record<string, unknown> = {};
  for (const name of names) {
    const rule = rules[name as keyof T] as Rule<unknown>;
    const value = given[name] === undefined ? defaults[name as keyof Defaults] : given[name];
    if (value === undefined && rule.optional) continue;
    checkValue(action, prefix + name, value, rule);
    resolved[name] = rule.copy ? rule.copy(value) : value;
  }
  return resolved as Resolved<T, Defaults>;
}

/**
 * Checks one value.
 *
 * @throws {TypeError} if it has a wrong type
 * @throws {RangeError} if it is out of its range
 */
export function checkValue(
  action: string,
  name: string,
  value: unknown,
  rule: Pick<Rule<never>, "must" | "findFault">,
): void {
  const fault = rule.findFault(value);
  if (fault === undefined) return;
  const message = `Cannot ${action}: ${name} must be ${rule.must}, but ${verbOf(name)} ${
    describeFound(value)
  }`;
  throw fault === "type" ? new TypeError(message) : new RangeError(message);
}

/** Names of several things take "are": `the options`, `examples`. An option's own name is one word, and takes "is". */
function verbOf(name: string): string {
  return /^the .*[^s]s$/.test(name) ? "are" : "is";
}
