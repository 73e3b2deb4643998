/** `check`: says what files of pairs contain, and what a training would make of them. @module */
import { SEED_SETTING } from "../arguments/setting.ts";
import type { MeasuredPairs } from "../problem/pairs/pair_meter.ts";
import { PAIRS_SETTINGS } from "../problem/pairs/settings_table.ts";
import { resolvePairs } from "../problem/pairs/resolve_pairs.ts";
import { chooseDecoder, readsReversed } from "../training/choose_model.ts";
import { type Command, JSON_OPTION } from "./command.ts";
import { describePairs } from "../evaluation/pairs/describe_pairs.ts";
import type { TypedOptions } from "./options.ts";
import { advisePairs } from "../evaluation/pairs/pairs_advice.ts";
import { measureTyped } from "./pairs_options.ts";
import { listenForSignals } from "./signals.ts";
import { lineColumns, print, printError, printJson } from "./terminal.ts";
import { describeOptions, readTypedSettings } from "./typed_settings.ts";
import { checkTyped, UsageError } from "./usage_error.ts";

const { data: _data, ...OTHER_SETTINGS } = PAIRS_SETTINGS;
const SETTINGS = { ...OTHER_SETTINGS, seed: SEED_SETTING };

/** The command. */
export const CHECK_COMMAND: Command = {
  positionals: "FILE",
  options: [...describeOptions(SETTINGS), JSON_OPTION],
  examples: [
    "check pairs.tsv",
    'check words.tsv --target-separator " "',
    "check train.jsonl --validation dev.jsonl --json",
  ],
  run: runCheck,
};

async function runCheck(typed: TypedOptions): Promise<number> {
  const [data, other] = typed.positionals;
  if (data === undefined) {
    throw new UsageError("Cannot check: it needs a file, as in check pairs.tsv");
  }
  if (other !== undefined) {
    throw new UsageError(
      `Cannot check "${other}" too: check takes one file; --validation and --test name the others`,
    );
  }
  const given = readTypedSettings(typed, SETTINGS);
  const settings = checkTyped(() => resolvePairs({ ...given, data }));
  const reverse = readsReversed(chooseDecoder(settings));
  await using signals = await listenForSignals();
  try {
    const measured = await measureTyped(settings, { reverse, signal: signals.signal });
    if (typed.flag("json")) printJson(summarize(measured));
    else describePairs(measured, lineColumns()).forEach(print);
    return 0;
  } catch (error) {
    if (!signals.signal.aborted || error !== signals.signal.reason) throw error;
    printError("Interrupted");
    return signals.exitCode!;
  }
}

/** Gives everything that was found as JSON. */
function summarize(measured: MeasuredPairs): Record<string, unknown> {
  const { settings, files, overlap, held, laidOut, form } = measured;
  return {
    ...{ settings, data: files.data, validation: files.validation, test: files.test, overlap },
    held: held && { pairs: held.heldBack.pairs, questions: held.questions, copied: held.copied },
    ...(form && { form }),
    ...{ layout: laidOut.layout, unknown: laidOut.unknown, unknownShare: laidOut.unknownShare },
    advice: advisePairs(measured),
  };
}
