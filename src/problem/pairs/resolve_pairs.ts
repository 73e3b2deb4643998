/** Fills in the defaults of the settings of pairs and checks them. @module */
import { resolveOptions, type Rules } from "../../arguments/resolve_options.ts";
import { describeFound, SEED } from "../../arguments/rule.ts";
import { namesOf, type PairColumns } from "./fields.ts";
import { HELD_BACK } from "./setting_rules.ts";
import type { PairsSettings } from "./settings.ts";
import { PAIRS_SETTINGS } from "./settings_table.ts";

/** Share of the pairs that is held back if there is no validation file. */
const DEFAULT_SPLIT = 0.1;

const RULES = {
  ...PAIRS_SETTINGS,
  seed: SEED,
  heldBack: HELD_BACK,
} as Rules<Omit<PairsSettings, "name">>;

/**
 * Fills in the defaults and checks the settings. Complete settings are returned unchanged.
 *
 * @throws {TypeError | RangeError} with the first fault
 */
export function resolvePairs(given: Readonly<Record<string, unknown>>): PairsSettings {
  const { name: _, ...rest } = given;
  const defaults = Object.fromEntries(
    Object.entries(PAIRS_SETTINGS).map(([name, setting]) => [name, setting.default]),
  );
  const resolved = resolveOptions<Omit<PairsSettings, "name">, Partial<PairsSettings>>(rest, {
    action: "learn from pairs",
    what: "the settings",
    rules: RULES,
    defaults: { ...defaults, seed: 0, heldBack: null },
  });
  const { validation, data } = resolved;
  const split = resolved.split ?? (validation === null ? DEFAULT_SPLIT : null);
  const settings = { ...resolved, name: "pairs", split } as PairsSettings;
  if (validation !== null && split !== null) {
    throw new RangeError(
      "Cannot learn from pairs: with a validation file nothing else is held back, so split must be left out",
    );
  }
  if (data === null && (validation !== null || settings.test !== null)) {
    throw new RangeError(
      "Cannot learn from pairs: there is a validation or a test file, but data, the file to learn from, is missing",
    );
  }
  if (settings.answers === "edits" && settings.sourceSeparator !== settings.targetSeparator) {
    throw new RangeError(
      `Cannot learn from pairs: with answers as edits both sides must have the same separator, but they have ${
        describeFound(settings.sourceSeparator)
      } and ${describeFound(settings.targetSeparator)}`,
    );
  }
  checkColumns(settings);
  return settings;
}

/** Checks that every column is used once: an answer among the features would be in the question. */
function checkColumns(settings: PairColumns): void {
  for (const defaults of [["1", "2"], ["question", "answer"]] as const) {
    const names = namesOf(settings, defaults);
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice === undefined) continue;
    throw new RangeError(
      `Cannot learn from pairs: every column must be used once, but ${
        describeFound(twice)
      } is used more often (${names.join(", ")})`,
    );
  }
}
