/** Reads events from a log, which may be damaged. @module */
import { checkModelConfig } from "../network/config.ts";
import { resolveProblem } from "../problem/registry.ts";
import { METRICS } from "../training/metrics.ts";
import { resolveTraining } from "../training/resolve_training.ts";
import { parseStrictJson } from "../arguments/strict_json.ts";
import { type Fields, migrateEvent } from "./migrations.ts";
import type { RunEndEvent, RunEvent } from "./run_events.ts";

const END_REASONS: readonly RunEndEvent["reason"][] = [
  "epochs",
  "stopAt",
  "patience",
  "interrupted",
  "nonFiniteLoss",
  "error",
];

/** Checks the fields of each kind of event. @throws {Error} with the fault */
const CHECKS: Readonly<Record<RunEvent["event"], (event: Fields) => void>> = {
  start(event): void {
    checkTexts(event, ["run"]);
    if (event.runId !== null) checkTexts(event, ["runId"]);
    checkTexts(event.backend, ["name", "reason"]);
    checkNumbers(event, ["parameters", "trainingExamples", "validationExamples", "step"]);
    resolveProblem(asFields(event.problem));
    checkModelConfig(asFields(event.model));
    resolveTraining(asFields(event.training));
  },
  step: (event) =>
    checkNumbers(event, ["epoch", "step", "steps", "loss", "characterAccuracy", "learningRate"]),
  epoch: (event) => checkNumbers(event, ["epoch", "step", "elapsedMs", ...METRICS]),
  samples(event): void {
    checkNumbers(event, ["epoch"]);
    for (const sample of asList(event.samples)) {
      checkTexts(sample, ["question", "target", "guess"]);
      checkNumbers(sample, ["probability"]);
      asList(asFields(sample).characterProbabilities).forEach(checkNumber);
    }
  },
  learned(event): void {
    checkNumbers(event, ["epoch"]);
    for (const symbol of asList(event.symbols)) {
      if (typeof symbol !== "string") throw new TypeError("a symbol must be a text");
    }
    for (const group of asList(event.groups)) {
      checkTexts(group, ["name", "title"]);
      const { grid } = asFields(group);
      if (grid !== undefined) checkTexts(grid, ["rows", "columns"]);
    }
    const cells = asList(event.groups).map((group) => asFields(group).cells);
    for (const cell of [...cells, event.positions].flatMap(asList)) {
      checkTexts(cell, ["key"]);
      checkNumbers(cell, ["examples", "right"]);
    }
    asList(event.confusion).forEach(checkNumber);
  },
  end(event): void {
    checkNumbers(event, ["epochs"]);
    if (event.exactMatch !== null) checkNumber(event.exactMatch);
    if (END_REASONS.some((reason) => reason === event.reason)) return;
    throw new TypeError(`its reason must be one of ${END_REASONS.join(", ")}`);
  },
};

/** Reads a line of a log. @throws {SyntaxError} if it is not an event, with the fault */
export function parseEvent(line: string): RunEvent {
  try {
    const event = migrateEvent(asFields(parseStrictJson(line)));
    const check = Object.entries(CHECKS).find(([kind]) => kind === event.event)?.[1];
    if (check === undefined) {
      throw new TypeError(`an event must be one of ${Object.keys(CHECKS).join(", ")}`);
    }
    check(event);
    return event as unknown as RunEvent;
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
}

function asFields(value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new TypeError("an object is needed");
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("a list is needed");
}

function checkTexts(value: unknown, names: readonly string[]): void {
  const fields = asFields(value);
  const wrong = names.find((name) => typeof fields[name] !== "string");
  if (wrong !== undefined) throw new TypeError(`${wrong} must be a text`);
}

function checkNumbers(value: unknown, names: readonly string[]): void {
  const fields = asFields(value);
  const wrong = names.find((name) => !Number.isFinite(fields[name]));
  if (wrong !== undefined) throw new TypeError(`${wrong} must be a finite number`);
}

function checkNumber(value: unknown): void {
  if (!Number.isFinite(value)) throw new TypeError("a finite number is needed");
}
