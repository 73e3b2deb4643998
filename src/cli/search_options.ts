/** Options of the commands that search for answers. @module */
import {
  type GivenSearchSettings,
  resolveSearch,
  SEARCH_SETTINGS,
} from "../model/search_settings.ts";
import { USUAL_BEAM } from "../model/plan_search.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import { SHADES_HELP } from "./terminal_attention.ts";
import { describeOptions, readTypedSettings } from "./typed_settings.ts";
import { checkTyped } from "./usage_error.ts";

/** The heading of the options of a search in help texts. */
const SEARCH_GROUP = "Search options";

/** How answers are searched. */
export const SEARCH_OPTIONS: readonly OptionSpec[] = describeOptions(
  SEARCH_SETTINGS,
  SEARCH_GROUP,
);

/** Whether attention is shown. */
export const ATTENTION_OPTION: OptionSpec = {
  name: "attention",
  group: SEARCH_GROUP,
  help:
    `show how much a model with attention looks at each symbol of the question (columns) for each symbol of its answer (rows): ${SHADES_HELP}`,
};

/** How answers are searched where one is wanted for each question. */
export const BEAM_OPTIONS: readonly OptionSpec[] = SEARCH_OPTIONS.filter(({ name }) =>
  name !== "n-best"
);

/**
 * Reads how answers are searched. What was not typed is left out.
 *
 * Which beam is usual depends on the model: {@linkcode planSearch} checks the rest when it is open.
 *
 * @param action follows "Cannot" in an error: `predict`
 * @throws {UsageError} if a value is wrong, or the values do not fit together
 */
export function readSearch(typed: TypedOptions, action: string): GivenSearchSettings {
  const given = readTypedSettings(typed, SEARCH_SETTINGS);
  checkTyped(() => resolveSearch(action, given, USUAL_BEAM));
  return given;
}
