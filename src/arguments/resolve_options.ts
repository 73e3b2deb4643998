/** Checks the arguments of public functions: whole option objects, and single values. @module */
import { describeFound, isObject, type Rule } from "./rule.ts";
import { suggest } from "./suggest.ts";

/** A rule for every option. */
export type Rules<T> = {
  readonly [Name in keyof T]-?: Rule<Exclude<T[Name], undefined>>;
};

/** The options of a function: the rule of each, and its default. */
export interface OptionTable<T, Defaults> {
  /** The action that fails on a wrong option; it follows "Cannot": `train`. */
  readonly action: string;
  /** The name of the options in an error. Default: `the options`. */
  readonly what?: string;
  /** A prefix for the name of an option in an error: `stopAt.` Default: none. */
  readonly prefix?: string;
  /** A rule for every option; no other option is accepted. */
  readonly rules: Rules<T>;
  /** Values of options that are not given. An option without a default must be given, unless its rule is optional. */
  readonly defaults: Defaults;
}

/** Options with their defaults. */
export type Resolved<T, Defaults> =
  & Readonly<Omit<T, keyof Defaults>>
  & { readonly [Name in keyof Defaults & keyof T]-?: Exclude<T[Name], undefined> };

/**
 * Checks all options before anything else is done, and fills in the defaults. The result is a copy: a caller who changes the
 * object later does not change it.
 *
 * An option that is undefined gets its default.
 *
 * @throws {TypeError} if the options are not an object, if an option is unknown, or if one has a wrong type
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
        suggest(unknown, names) || listNames(names)
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

/** Most names that an error lists. */
const MOST_LISTED = 30;

function listNames(names: readonly string[]): string {
  return names.length <= MOST_LISTED
    ? `; the options are ${names.join(", ")}`
    : `; there are ${names.length} options, such as ${names.slice(0, 10).join(", ")}`;
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
  rule: Pick<Rule<never>, "must" | "findFault" | "findWrongPart">,
): void {
  if (rule.findFault(value) !== undefined) throw createFaultError(action, name, value, rule);
}

/**
 * Checks one value whose type is not known yet, such as one that was read from a file.
 *
 * @returns the value, with the type of the rule
 * @throws {TypeError | RangeError} as {@linkcode checkValue} does
 */
export function checkUnknown<T>(action: string, name: string, value: unknown, rule: Rule<T>): T {
  if (satisfies(value, rule)) return value;
  throw createFaultError(action, name, value, rule);
}

/** Says whether a value satisfies a rule. */
export function satisfies<T>(value: unknown, rule: Rule<T>): value is T {
  return rule.findFault(value) === undefined;
}

function createFaultError(
  action: string,
  name: string,
  value: unknown,
  rule: Pick<Rule<never>, "must" | "findFault" | "findWrongPart">,
): Error {
  const message = `Cannot ${action}: ${describeWrong(name, value, rule)}`;
  return rule.findFault(value) === "type" ? new TypeError(message) : new RangeError(message);
}

/**
 * Describes a wrong value, or its innermost part that is wrong: `cells[2].key must be a string, but is 3`.
 *
 * @param name its name. With an article, a part is `epoch of the event`; without, `event.epoch`
 */
export function describeWrong(
  name: string,
  value: unknown,
  { must, findWrongPart }: Pick<Rule<never>, "must" | "findWrongPart">,
): string {
  const part = findWrongPart?.(value);
  if (part === undefined) {
    return `${name} must be ${must}, but ${verbOf(name)} ${describeFound(value)}`;
  }
  const { path, problem } = part;
  const isOwn = path === "" || !name.startsWith("the ");
  return `${isOwn ? name + path : `${path.replace(/^\./, "")} of ${name}`} ${problem}`;
}

/** Chooses the verb: a plural such as `the options` takes "are"; the name of an option is one word and takes "is". */
function verbOf(name: string): string {
  return /^the .*[^s]s$/.test(name) ? "are" : "is";
}
