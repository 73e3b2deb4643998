/** Options of the command line that choose a problem that Carry makes itself, and set it. @module */
import {
  type AnySettings,
  describeSetting,
  flagOf,
  SEED_SETTING,
  type Setting,
} from "../arguments/setting.ts";
import { suggest } from "../arguments/suggest.ts";
import type { ProblemKind } from "../problem/problem.ts";
import { findKind, PROBLEMS } from "../problem/registry.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { readTypedSettings } from "./typed_settings.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

/** The problem that is learned unless another is named. */
const DEFAULT_PROBLEM = "addition";

/** The heading of the options in help texts. */
const GROUP = "Problem options";

/** The kinds of problem that make their own examples. */
const KINDS: readonly ProblemKind[] = PROBLEMS.filter(({ layOut }) => layOut !== undefined);

/** The problem itself. */
const PROBLEM_OPTION: OptionSpec = {
  name: "problem",
  group: GROUP,
  value: "NAME",
  help: `${
    KINDS.map(({ name, summary }) => `${name} (${summary})`).join("; ")
  } (default ${DEFAULT_PROBLEM})`,
};

/** The problem, and the settings of all problems that make their own examples. */
export const PROBLEM_OPTIONS: readonly OptionSpec[] = [
  PROBLEM_OPTION,
  ...describeKinds(),
];

/** The value of `--examples` that asks for other examples in every epoch. */
export const STREAM = "stream";

/** The problem and its settings in a training, in which examples may be fresh. */
export const TRAINED_PROBLEM_OPTIONS: readonly OptionSpec[] = PROBLEM_OPTIONS.map((option) =>
  option.name !== "examples" ? option : {
    ...option,
    value: `N|${STREAM}`,
    help:
      `${option.help}. With a number, questions are the same in every epoch; with ${STREAM}, others that are not held out (default: ${STREAM} where that is better)`,
  }
);

/**
 * Reads the problem and its settings, as they were typed. Others are left out.
 *
 * @param stored the name of the problem if none was typed: that of a run that is resumed
 * @throws {UsageError} if the problem is unknown, a value cannot be read, or a setting is one of other problems
 */
export function readProblem(
  typed: TypedOptions,
  stored: string = DEFAULT_PROBLEM,
): Readonly<Record<string, unknown>> {
  const named = typed.text("problem");
  if (named !== undefined) checkNamed(named);
  const kind = checkTyped(() => findKind(named ?? stored));
  const settings = settingsOf(kind);
  for (const { name } of PROBLEM_OPTIONS.slice(1)) {
    if (Object.hasOwn(settings, name) || typed.text(name) === undefined) continue;
    const others = KINDS.filter((other) => Object.hasOwn(settingsOf(other), name));
    throw new UsageError(
      `Cannot use --${name} with the problem ${kind.name}: it is an option of ${
        others.map((other) => other.name).join(", ")
      }; the options of ${kind.name} are ${
        Object.keys(settings).map((flag) => `--${flag}`).join(", ")
      }`,
    );
  }
  const own = readTypedSettings<Record<string, unknown>>(typed, problemSettings(kind.name));
  return { name: kind.name, ...own };
}

function checkNamed(name: string): void {
  const names = KINDS.map((kind) => kind.name);
  if (names.includes(name)) return;
  throw new UsageError(
    `Cannot read --problem: it must be one of ${names.join(", ")}, but is "${name}"${
      suggest(name, names)
    }`,
  );
}

/** Gives the settings of a kind by their names, with its seed. */
export function problemSettings(name: string): AnySettings {
  return { ...findKind(name).options, seed: SEED_SETTING };
}

/** Gives the settings of a kind by their options, without dashes. */
function settingsOf({ name }: ProblemKind): AnySettings {
  return Object.fromEntries(
    Object.entries(problemSettings(name)).map((entry) => [flagOf(...entry), entry[1]]),
  );
}

/** Describes each option once. Where problems differ in it, it says what it is for each. */
function describeKinds(): readonly OptionSpec[] {
  const settings = KINDS.map((kind) => ({ kind: kind.name, options: settingsOf(kind) }));
  const flags = new Set(settings.flatMap(({ options }) => Object.keys(options)));
  flags.delete("seed"); // last, because it belongs to every problem
  return [...flags, "seed"].map((flag) => {
    const meanings = new Map<string, string[]>();
    let placeholder = "";
    for (const { kind, options } of settings) {
      const setting: Setting<unknown> | undefined = options[flag];
      if (setting === undefined) continue;
      placeholder ||= setting.placeholder;
      const help = describeSetting(setting);
      meanings.set(help, [...meanings.get(help) ?? [], kind]);
    }
    return { name: flag, group: GROUP, value: placeholder, help: joinMeanings(meanings) };
  });
}

/** Joins what an option means for different problems. The default problem's meaning is not named. */
function joinMeanings(meanings: ReadonlyMap<string, readonly string[]>): string {
  return [...meanings].map(([help, kinds]) =>
    kinds.includes(DEFAULT_PROBLEM) ? help : `${kinds.join(", ")}: ${help}`
  ).join("; ");
}
