/** How answers are searched: what a person can choose. @module */
import { checkValue, type Rules } from "../arguments/resolve_options.ts";
import { integer, numberRule, optional } from "../arguments/rule.ts";
import { numberSetting, type SettingTable } from "../arguments/setting.ts";

/** How answers are searched. */
export interface SearchSettings {
  /**
   * Number of hypotheses that are kept at every symbol, 1 to 256. 1 chooses the most probable symbol at every position; more find
   * answers that are more probable as a whole.
   */
  readonly beam: number;
  /** Number of answers to give, at most the beam. */
  readonly nBest: number;
  /**
   * Exponent α of the length, 0 to 10: answers are compared by log p / length^α. 0 compares their probabilities, more prefers longer
   * answers. It needs a beam of 2 or more.
   */
  readonly lengthPenalty: number;
}

/** Search settings as they are given; see {@linkcode resolveSearch}. */
export type GivenSearchSettings = Partial<SearchSettings>;

const MAX_BEAM = 256;
const MAX_PENALTY = 10;

/** How answers are searched. Checks, options of the command line and help come from this table. */
export const SEARCH_SETTINGS: SettingTable<SearchSettings> = {
  beam: numberSetting(integer(1, MAX_BEAM), {
    title: "Beam",
    help:
      `number of beginnings of an answer that are kept at every symbol, 1 to ${MAX_BEAM}: 1 takes the most probable symbol each time, more finds answers that are more probable as a whole (default 5 with attention, 1 without)`,
  }),
  nBest: numberSetting(integer(1, MAX_BEAM), {
    title: "Answers",
    help:
      "number of answers to each question, the best first; at most --beam, which is at least as wide as this if it is not given",
    default: 1,
  }),
  lengthPenalty: numberSetting(
    numberRule(
      `a number from 0 to ${MAX_PENALTY}`,
      (value) => value >= 0 && value <= MAX_PENALTY,
    ),
    {
      title: "Length penalty",
      help:
        `with a beam: compare answers by log probability / length^X, X from 0 to ${MAX_PENALTY}; more than 0 prefers longer answers`,
      default: 0,
      placeholder: "X",
    },
  ),
};

/** The rules of search settings as options, all of which may be left out. */
export const SEARCH_RULES: Rules<GivenSearchSettings> = {
  beam: optional(SEARCH_SETTINGS.beam),
  nBest: optional(SEARCH_SETTINGS.nBest),
  lengthPenalty: optional(SEARCH_SETTINGS.lengthPenalty),
};

/**
 * Fills in search settings, and checks them together. Without a beam it is the usual one, or as wide as the number of answers if they are
 * more.
 *
 * @param action follows "Cannot" in an error: `predict`
 * @param usualBeam the beam if none is given
 * @throws {TypeError | RangeError} if a value is wrong, more answers are asked for than the beam has, or a length penalty without a beam
 */
export function resolveSearch(
  action: string,
  given: GivenSearchSettings,
  usualBeam: number,
): SearchSettings {
  const { nBest = 1, lengthPenalty = 0 } = given;
  checkValue(action, "nBest", nBest, SEARCH_SETTINGS.nBest);
  const { beam = Math.max(nBest, usualBeam) } = given;
  checkValue(action, "beam", beam, SEARCH_SETTINGS.beam);
  checkValue(action, "lengthPenalty", lengthPenalty, SEARCH_SETTINGS.lengthPenalty);
  if (nBest > beam) {
    throw new RangeError(
      `Cannot ${action}: nBest must be at most the beam, which is ${beam}, but is ${nBest}`,
    );
  }
  if (lengthPenalty > 0 && beam === 1) {
    throw new RangeError(
      `Cannot ${action}: lengthPenalty must be 0 with a beam of 1, which compares no answers, but is ${lengthPenalty}`,
    );
  }
  return { beam, nBest, lengthPenalty };
}
