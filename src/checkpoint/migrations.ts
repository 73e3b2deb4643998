/**
 * Migrations: every older form of a checkpoint's state and of an event becomes the current one, here alone. What comes out is
 * checked like everything that is read.
 *
 * @module
 */
import { describeFound, isObject } from "../arguments/rule.ts";
import { characterLayout } from "../codec/layout.ts";
import { REPEAT_SHAPE } from "../network/config.ts";
import { groupByCarries, groupByLengths } from "../problem/arithmetic/groupings.ts";
import type { Grouping } from "../problem/problem.ts";
import { TRAINING_SETTINGS, type TrainingSetting } from "../training/options.ts";

/** Fields of an object that was read and not checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The format of checkpoints that is written. The model has a decoder. */
export const FORMAT = "carry-4";

/**
 * A format that is read. In `carry-3` every model has the decoder `repeat`, and does not say so. In `carry-2` the model has one
 * table of characters, and the problem is an addition; its first files have the history in the state, and no `trainedOn`. In
 * `carry-1` the history is in the state, and `runId` and `trainedOn` are missing.
 */
export type Format = typeof FORMAT | "carry-3" | "carry-2" | "carry-1";

/** Every format that is read, the newest first. */
export const FORMATS: readonly Format[] = [FORMAT, "carry-3", "carry-2", "carry-1"];

/** Converts the state of a checkpoint of any format. */
export function migrateState(state: Fields, format: Format): Fields {
  if (format === FORMAT) return addPairsSettings(state);
  const older = format === "carry-1" ? migrateCarry1(state) : state;
  const laidOut = format === "carry-3" ? older : migrateLayout({ trainedOn: null, ...older });
  return addPairsSettings(addNewFields(laidOut));
}

/** Converts an event of any log. */
export function migrateEvent(event: Fields): Fields {
  if (event.event === "learned" && Object.hasOwn(event, "carries")) return migrateLearned(event);
  return event.event === "start"
    ? addPairsSettings(addNewFields({ runId: null, ...migrateLayout(event) })) // runs had no identity
    : event;
}

/** Adds what did not exist when a model and its training were saved, with the values that tell what they were. */
function addNewFields(saved: Fields): Fields {
  const { model, training } = saved;
  return {
    ...saved,
    ...(isObject(model) && { model: { ...REPEAT_SHAPE, ...model } }),
    ...(isObject(training) && { training: { ...BEFORE, ...training } }),
  };
}

/** Before they could be chosen, answers were written as texts, and features stood as in the file. */
function addPairsSettings(saved: Fields): Fields {
  const { problem } = saved;
  if (!isObject(problem) || problem.name !== "pairs") return saved;
  return { ...saved, problem: { answers: "text", featureOrder: "file", ...problem } };
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
    runId: null,
    ...state,
    ...(isNever && { training: { ...training, stopAt: null } }),
  };
}

/** The ways to divide additions into groups when there were no others. */
const OLD_GROUPINGS: Readonly<Record<"carries" | "lengths", Grouping>> = {
  carries: groupByCarries({ base: 10 }),
  lengths: groupByLengths({ terms: 2 }),
};

/** Converts what an addition had learned to groups. */
function migrateLearned({ carries, lengths, characters, ...event }: Fields): Fields {
  const groups = Object.entries({ carries, lengths }).map(([key, cells]) => {
    const { name, title, grid } = OLD_GROUPINGS[key as "carries"];
    return { name, title, ...(grid && { grid }), cells };
  });
  const symbols = typeof characters === "string" ? Array.from(characters) : characters;
  return { ...event, groups, symbols };
}

/**
 * Converts a problem and a model that were saved when every problem was an addition of two decimal numbers. What does not look as
 * it was saved then stays as it is, for the checks that follow.
 *
 * @throws {TypeError | RangeError | SyntaxError} if the table of characters, the lengths or the directions are not possible
 */
function migrateLayout(saved: Fields): Fields {
  const { problem, model } = saved;
  if (!isObject(problem) || !isObject(model) || Object.hasOwn(problem, "name")) return saved;
  const { reverse, ...settings } = problem;
  if (reverse !== model.reverse) {
    throw new RangeError(
      `Cannot read: reverse must be the same in the problem and in the model, but is ${
        describeFound(reverse)
      } and ${describeFound(model.reverse)}`,
    );
  }
  return {
    ...saved,
    problem: { name: "addition", terms: 2, base: 10, ...settings },
    model: migrateModel(model),
  };
}

function migrateModel(
  { characters, inputLength, outputLength, reverse, ...config }: Fields,
): Fields {
  const layout = characterLayout(characters as string, {
    inputLength: inputLength as number,
    outputLength: outputLength as number,
    reverse: reverse as boolean,
  });
  if (layout.source.symbols.join("") === characters) return { ...config, ...layout };
  throw new RangeError(
    `Cannot read: characters must be sorted, but are ${describeFound(characters)}`,
  );
}
