/** The option `stopAt`: training stops when a metric reaches a value. @module */
import { resolveOptions } from "../arguments/resolve_options.ts";
import { choice, isObject, numberRule, type Rule } from "../arguments/rule.ts";
import { nullableSetting, type Setting } from "../arguments/setting.ts";
import { isLoss, type MetricName, METRICS } from "./metrics.ts";

/** A metric and the value at which to stop. */
export interface StopAt {
  /** The metric. */
  readonly metric: MetricName;
  /** The value. Training stops when an accuracy reaches it from below, or a loss from above. Accuracies are from 0 to 1. */
  readonly value: number;
}

/** The setting. It is typed as `exactMatch=0.99`, `exactMatch=99%` or `none`. */
export const STOP_AT: Setting<StopAt | null> = nullableSetting<StopAt>({
  must: "a metric and a value",
  findFault: (value) => isObject(value) ? undefined : "type",
  title: "Stop at",
  help:
    `stop when a metric reaches a value, such as exactMatch=0.99 or exactMatch=99%; the metrics are ${
      METRICS.join(", ")
    }`,
  placeholder: "METRIC=X",
  read: readStopAt,
  write: ({ metric, value }) => `${metric}=${value}`,
});

/**
 * Checks both fields.
 *
 * @returns a frozen copy
 * @throws {TypeError | RangeError} if one is missing or not possible
 */
export function resolveStopAt(action: string, stopAt: StopAt): StopAt {
  const rules = { metric: choice(METRICS), value: stopValueRule(stopAt.metric) };
  const table = { action, what: "stopAt", prefix: "stopAt.", rules, defaults: {} };
  return Object.freeze(resolveOptions<StopAt, object>(stopAt, table));
}

/** Gives the rule for the value. Accuracies are shares: 90 % is 0.9. */
function stopValueRule(metric: MetricName): Rule<number> {
  return isLoss(metric)
    ? numberRule("finite, and 0 or more", (value) => value >= 0 && value < Infinity)
    : numberRule(`from 0 to 1 for ${metric}`, (value) => value >= 0 && value <= 1);
}

/** Reads a metric and its value; an accuracy may be typed as a percentage, as the output shows it. */
function readStopAt(text: string): StopAt {
  const [, name, number, percent] =
    /^(\w+)=((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?(%?)$/i.exec(text) ?? [];
  const metric = METRICS.find((candidate) => candidate === name);
  if (metric === undefined || (percent === "%" && isLoss(metric))) {
    throw new SyntaxError(
      `it must be METRIC=NUMBER with one of ${
        METRICS.join(", ")
      }, as exactMatch=0.99, exactMatch=99% or loss=0.1, but is "${text}"`,
    );
  }
  const value = percent === "%" ? Number(number) / 100 : Number(number);
  if (value <= 1 || isLoss(metric)) return { metric, value };
  const meant = percent === "" && value <= 100 ? `; ${number} % is ${metric}=${number}%` : "";
  throw new SyntaxError(
    `${metric} must be a share from 0 to 1, or 0% to 100%, but is ${number}${percent}${meant}`,
  );
}
