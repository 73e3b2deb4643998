/** `--checkpoint-every`: a number of steps, or a time. @module */
import type { CheckpointInterval } from "../checkpoint/save_points.ts";
import { readDuration } from "./duration.ts";
import type { OptionSpec } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/** The option. */
export const CHECKPOINT_EVERY_OPTION: OptionSpec = {
  name: "checkpoint-every",
  value: "N|TIME",
  help:
    "steps (500) or time (30s, 2m, 1h) between checkpoints within an epoch; 0: save only after every epoch (default 60s)",
};

/** A save of the notebook's model takes about ten milliseconds, which is far below a hundredth of this interval. */
export const DEFAULT_INTERVAL_MS = 60_000;

/** Reads the value of the option. @throws {UsageError} if it is neither steps nor a time */
export function readCheckpointInterval(text: string | undefined): CheckpointInterval {
  if (text === undefined) return { ms: DEFAULT_INTERVAL_MS };
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return { steps: Number(text) };
  const ms = readDuration(text);
  if (ms !== undefined) return { ms };
  throw new UsageError(
    `Cannot read --checkpoint-every: it must be a number of steps such as 500, a positive time in s, m or h such as 30s, or 0 to save only after every epoch, but is "${text}"`,
  );
}
