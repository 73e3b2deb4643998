/**
 * Migrations: every older form of a checkpoint's state and of an event becomes the current one, here alone. What comes out is
 * checked like everything that is read.
 *
 * @module
 */
import { isObject } from "../arguments/rule.ts";
import { TRAINING_SETTINGS, type TrainingSetting } from "../training/options.ts";

/** Fields of an object that was read and not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The format of checkpoints that is written. The history is a tensor. */
export const FORMAT = "carry-2";

/** A format that is read. In `carry-1` the history is in the state, and `runId` and `trainedOn` are missing. */
export type Format = typeof FORMAT | "carry-1";

/** Every format that is read, the newest first. */
export const FORMATS: readonly Format[] = [FORMAT, "carry-1"];

/** Converts the state of a checkpoint of any format. */
export function migrateState(state: Fields, format: Format): Fields {
  const older = format === "carry-1" ? migrateCarry1(state) : state;
  return { ...older, training: addOptions(older.training) };
}

/** Converts an event of any log. */
export function migrateEvent(event: Fields): Fields {
  return event.event === "start"
    ? { runId: null, ...event, training: addOptions(event.training) } // runs had no identity
    : event;
}

/** Adds the options of a training that did not exist when it was saved, with the value that tells what it did. */
function addOptions(training: unknown): unknown {
  return isObject(training) ? { ...BEFORE, ...training } : training;
}

const BEFORE: Fields = Object.fromEntries(
  Object.entries<TrainingSetting<unknown>>(TRAINING_SETTINGS).flatMap(([name, { before }]) =>
    before === undefined ? [] : [[name, before]]
  ),
);

/** In carry-1, `stopAt` could ask for an accuracy above 1. That value is never reached, so the state gets no `stopAt`. */
function migrateCarry1(state: Fields): Fields {
  const training = isObject(state.training) ? state.training : {};
  const { metric, value } = Object(training.stopAt);
  const isNever = (metric === "exactMatch" || metric === "characterAccuracy") && value > 1;
  return {
    ...{ runId: null, trainedOn: null },
    ...state,
    ...(isNever && { training: { ...training, stopAt: null } }),
  };
}
