/** Reads events from a log, which may be damaged. @module */
import { describeWrong, satisfies } from "../arguments/resolve_options.ts";
import { describeFound, isObject, type Rule } from "../arguments/rule.ts";
import { parseStrictJson } from "../arguments/strict_json.ts";
import { checkModelConfig } from "../network/config.ts";
import { resolveProblem } from "../problem/registry.ts";
import { resolveTraining } from "../training/resolve_training.ts";
import { migrateEvent } from "./migrations.ts";
import { EVENT_RULES, type RunEvent } from "./run_events.ts";

/** Reads a line of a log. @throws {SyntaxError} if it is not an event, with the fault */
export function parseEvent(line: string): RunEvent {
  try {
    const event: unknown = parseStrictJson(line);
    if (!isObject(event)) {
      throw new TypeError(`the event must be an object, but is ${describeFound(event)}`);
    }
    return checkEvent(migrateEvent(event));
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
}

/**
 * Checks an event.
 *
 * @throws {Error} with the first fault
 */
export function checkEvent(event: Readonly<Record<string, unknown>>): RunEvent {
  const kind = event.event;
  if (!isKind(kind)) {
    throw new TypeError(
      `event must be one of ${Object.keys(EVENT_RULES).join(", ")}, but is ${describeFound(kind)}`,
    );
  }
  const rule: Rule<RunEvent> = EVENT_RULES[kind];
  if (!satisfies<RunEvent>(event, rule)) {
    throw new TypeError(describeWrong("the event", event, rule));
  }
  if (event.event === "start") {
    resolveProblem(event.problem);
    checkModelConfig(event.model);
    resolveTraining(event.training);
  }
  return event;
}

function isKind(kind: unknown): kind is RunEvent["event"] {
  return typeof kind === "string" && Object.hasOwn(EVENT_RULES, kind);
}
