/**
 * Settings: what a person can choose about a problem, a model or a training. A setting is a rule for a value, and how the value
 * is typed and described, so that one table gives checks, defaults, options of the command line and help.
 *
 * @module
 */
import { resolveOptions, type Rules } from "./resolve_options.ts";
import { BOOLEAN, choice, describeFound, type Rule, SEED, TEXT } from "./rule.ts";

/** A setting. Its value is plain JSON. */
export interface Setting<T> extends Rule<T>, SettingWords<T> {
  /** Placeholder of the text in help: `N`. */
  readonly placeholder: string;
  /** The texts that can be typed, if they are few. */
  readonly choices?: readonly string[];
  /**
   * Reads a typed value. It is not checked by the rule yet.
   *
   * @throws {SyntaxError} with what follows `Cannot read --NAME: `: `it must be a number, but is "x"`
   */
  read(text: string): T;
  /** Writes a value as it is typed: what {@linkcode Setting.read} reads as this value. */
  write(value: T): string;
}

/** A setting in words. */
export interface SettingWords<T> {
  /** Its name for people, as on the page: `Learning rate`. */
  readonly title: string;
  /** What it is, for help texts: beginning with a small letter, without its default and a full stop. */
  readonly help: string;
  /** The default. Absent if it depends on other settings, or if the setting has none. */
  readonly default?: T;
  /** The default in words, for help: `50000, or all possible ones if there are fewer`. Default: the default as it is typed. */
  readonly defaultHelp?: string;
  /** Its option in the command line, without dashes. Default: its name with dashes, as `hidden-size`. */
  readonly flag?: string;
}

/** A setting for each field of a type. */
export type SettingTable<T> = {
  readonly [Name in keyof T]-?: Setting<Exclude<T[Name], undefined>>;
};

/** Settings of an unknown type by name, such as those of any kind of problem. */
export type AnySettings = Readonly<Record<string, Setting<unknown>>>;

/** Words that may name another placeholder than that of their kind. */
type Words<T> = SettingWords<T> & Partial<Pick<Setting<T>, "placeholder" | "optional">>;

/** A number: `0.5`, `1e-7`. */
export function numberSetting(rule: Rule<number>, words: Words<number>): Setting<number> {
  return { placeholder: "N", ...rule, ...words, read: readNumber, write: writeNumber };
}

/** The seed of a problem and of a training. */
export const SEED_SETTING: Setting<number> = numberSetting(SEED, {
  title: "Seed",
  help: "seed of all random numbers; the same seed gives the same result",
  default: 0,
});

/** The name of a kind of problem, in its own settings: one word is possible. */
export function nameSetting<Name extends string>(name: Name): Setting<Name> {
  return choiceSetting([name], { title: "Problem", help: "the problem", default: name });
}

/** A share from 0 to 1, which may be typed as a percentage: `0.1` or `10%`. */
export function shareSetting(rule: Rule<number>, words: Words<number>): Setting<number> {
  return {
    ...{ placeholder: "X", ...rule, ...words, write: writeNumber },
    read: (text) => /%$/.test(text) ? readNumber(text.replace(/ ?%$/, "")) / 100 : readNumber(text),
  };
}

/** One of several words. */
export function choiceSetting<T extends string>(
  choices: readonly T[],
  words: Words<T>,
): Setting<T> {
  return {
    ...{ placeholder: "NAME", choices, ...choice(choices), ...words, write: (value) => value },
    read: (text) => readChoice(text, choices),
  };
}

const SWITCH = ["on", "off"] as const;

/** True or false, typed as `on` or `off`. */
export function switchSetting(words: Words<boolean>): Setting<boolean> {
  return {
    ...{ placeholder: "on|off", choices: SWITCH, ...BOOLEAN, ...words },
    read: (text) => readChoice(text, SWITCH) === "on",
    write: (value) => value ? "on" : "off",
  };
}

/** A text as it is typed. */
export function textSetting(words: Words<string>, rule: Rule<string> = TEXT): Setting<string> {
  const asTyped = (text: string): string => text;
  return { placeholder: "TEXT", ...rule, ...words, read: asTyped, write: asTyped };
}

/** The same setting for a value that may be null, typed as a word such as `none`. */
export function nullableSetting<T>(
  setting: Setting<T>,
  { word = "none", ...words }: Partial<SettingWords<T | null>> & { readonly word?: string } = {},
): Setting<T | null> {
  const { copy } = setting;
  return {
    ...setting,
    ...(setting.choices && { choices: [word, ...setting.choices] }),
    must: `null, or ${setting.must}`,
    findFault: (value) => value === null ? undefined : setting.findFault(value),
    ...(copy && { copy: (value: T | null): T | null => value === null ? null : copy(value) }),
    ...words,
    read: (text) => text === word ? null : setting.read(text),
    write: (value) => value === null ? word : setting.write(value),
  };
}

/**
 * Checks settings and fills in their defaults. The result is a copy.
 *
 * @param action follows "Cannot" in an error: `make additions`
 * @throws {TypeError} if a setting is unknown, is missing and has no default, or has a wrong type
 * @throws {RangeError} if a value is out of its range
 */
export function resolveSettings<T extends object>(
  given: unknown,
  { action, settings }: { readonly action: string; readonly settings: SettingTable<T> },
): T {
  return resolveOptions<T, Partial<T>>(given, {
    ...{ action, what: "the settings", defaults: defaultsOf<Partial<T>>(settings) },
    rules: settings as Rules<T>,
  }) as T;
}

/** Gives the defaults of settings that have one. */
export function defaultsOf<T>(settings: SettingTable<T>): T {
  return Object.fromEntries(
    Object.entries<Setting<unknown>>(settings).map(([name, setting]) => [name, setting.default]),
  ) as T;
}

/** Gives the option of a setting in the command line, without dashes: `hidden-size` for `hiddenSize`. */
export function flagOf(name: string, { flag }: Pick<Setting<never>, "flag"> = {}): string {
  return flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Describes a setting for help, with its default. */
export function describeSetting<T>(setting: Setting<T>): string {
  const { help, defaultHelp, default: value } = setting;
  const text = defaultHelp ?? (value === undefined ? undefined : setting.write(value));
  return text === undefined ? help : `${help} (default ${text})`;
}

/** Reads a number: digits, perhaps with a point, a sign and an exponent. `Infinity`, `0x10` and `1_000` are refused. */
export function readNumber(text: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  throw new SyntaxError(`it must be a number, but is ${describeFound(text)}`);
}

/** Writes a number. `String(-0)` is "0". */
function writeNumber(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Reads one of several words. */
export function readChoice<T extends string>(text: string, choices: readonly T[]): T {
  const found = choices.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw new SyntaxError(
    `it must be one of ${choices.join(", ")}, but is ${describeFound(text)}`,
  );
}
