/** `--budget`: plans a training that ends about at a time. @module */
import { openSplit } from "../checkpoint/open_split.ts";
import type { Device } from "../device/executor.ts";
import { createModel } from "../model/create_model.ts";
import { createProblem } from "../problem/registry.ts";
import type { Clock } from "../time/clock.ts";
import { type BudgetPlan, measureSpeed, planBudget, type Speed } from "../training/budget.ts";
import { findRecipe } from "../training/recipes.ts";
import { readDuration } from "./duration.ts";
import { describeExpectation } from "../training/expectation.ts";
import type { OptionSpec, TypedOptions } from "./options.ts";
import type { Settings } from "../training/choose_settings.ts";
import { formatDuration } from "./terminal.ts";
import { countHeldBackPairs, countTrainingExamples } from "../training/training_examples.ts";
import { UsageError } from "./usage_error.ts";

/** The option. */
export const BUDGET_OPTION: OptionSpec = {
  name: "budget",
  value: "TIME",
  help:
    "time after which the training shall end, such as 60s, 5m or 1h: the speed is measured, and as many epochs are planned as fit (default: as many as the problem needs)",
};

/** Share of the time that is spent on measuring the speed, and its limits in milliseconds. */
const MEASURING_SHARE = 0.02;
const LEAST_MEASURING_MS = 300;
const MOST_MEASURING_MS = 2000;
/** A training with a smaller share of the recipe's examples is said to be short. */
const SHORT = 0.9;
/** A plan that takes this many times as long as there is time is said to be too long. */
const TOO_LONG = 1.2;

/** Reads the option, in milliseconds; undefined if it was not typed. @throws {UsageError} if it cannot be used */
export function readBudget(typed: TypedOptions): number | undefined {
  const text = typed.text("budget");
  if (text === undefined) return undefined;
  if (typed.flag("resume")) {
    throw new UsageError(
      "Cannot use --budget with --resume: the learning rate of a run was planned for its number of epochs",
    );
  }
  if (typed.text("epochs") !== undefined) {
    throw new UsageError(
      "Cannot use --budget with --epochs: the budget decides how many there are",
    );
  }
  const ms = readDuration(text);
  if (ms !== undefined) return ms;
  throw new UsageError(
    `Cannot read --budget: it must be a positive time in s, m or h, such as 60s, 5m or 1h, but is "${text}"`,
  );
}

/** How a budget is kept. */
export interface BudgetOptions {
  /** The budget in milliseconds, from the moment at which the clock was 0. */
  readonly budgetMs: number;
  /** Number of models that are trained in that time. Default 1. */
  readonly models?: number;
  /** The device of the training. */
  readonly device: Device;
  /** Whether the number of examples was typed, so that it must stay. */
  readonly keepsExamples: boolean;
  /** Measures the time. */
  readonly now: Clock;
  /** Stops the measurement. */
  readonly signal: AbortSignal;
}

/**
 * Measures how fast the device trains, and plans the training.
 *
 * @returns the settings with the epochs and the examples of the plan, and what was chosen in words
 * @throws the signal's reason, if it aborts
 */
export async function applyBudget(
  settings: Settings,
  { budgetMs, models = 1, device, keepsExamples, now, signal }: BudgetOptions,
): Promise<{ readonly settings: Settings; readonly words: readonly string[] }> {
  const { problem, training } = settings;
  const atLeastMs = Math.max(
    LEAST_MEASURING_MS,
    Math.min(MEASURING_SHARE * budgetMs, MOST_MEASURING_MS),
  );
  using model = await createModel(settings.model, { device, seed: 0, signal });
  const examples = settings.model.decoder === "attention"
    ? (await openSplit(settings, { signal })).training
    : undefined;
  const speed = await measureSpeed(model, training, {
    ...{ now, atLeastMs, signal },
    ...(examples && { examples }),
  });
  const { generated } = createProblem(problem, settings.model);
  const trained = countTrainingExamples(settings);
  const heldBack = generated === undefined
    ? countHeldBackPairs(problem)
    : generated.count - trained;
  const all = trained + heldBack;
  const mayChange = generated !== undefined && !keepsExamples;
  const leftMs = Math.max(0, budgetMs - now()) / models;
  const plan = planBudget({
    ...{ leftMs, speed, batchSize: training.batchSize, examples: all, heldBack },
    mostExamples: mayChange ? all : undefined,
  });
  const planned: Settings = {
    ...settings,
    problem: mayChange ? { ...problem, examples: plan.examples } : problem,
    training: { ...training, epochs: plan.epochs },
  };
  return { settings: planned, words: describePlan(planned, { plan, speed, leftMs, models }) };
}

function describePlan(
  settings: Settings,
  { plan, speed, leftMs, models }: {
    readonly plan: BudgetPlan;
    readonly speed: Speed;
    readonly leftMs: number;
    readonly models: number;
  },
): string[] {
  const { epochs, expectedMs } = plan;
  const { problem, model, training } = settings;
  const trained = countTrainingExamples(settings);
  const words = [
    `Budget: a step takes ${speed.stepMs.toFixed(1)} ms here, so ${epochs} ${
      epochs === 1 ? "epoch" : "epochs"
    } of ${trained.toLocaleString("en-US")} examples ${epochs === 1 ? "is" : "are"} planned${
      models === 1 ? "" : ` for each of ${models} models`
    }, about ${formatDuration(models * expectedMs)}`,
  ];
  if (expectedMs > TOO_LONG * leftMs) {
    words.push("The budget is too short for one epoch, which is the least that can be trained");
  }
  const { practised, worst } = findRecipe({
    ...{ problem: createProblem(problem, model), model, examples: trained },
  });
  const share = epochs * trained / practised;
  if (training.recipe !== "fast") return words;
  if (share < SHORT) {
    return [
      ...words,
      `What to expect: the budget ${
        worst === undefined ? "may be" : "is"
      } too short to learn this well. The recipe takes ${
        practised.toLocaleString("en-US")
      } examples, about ${formatDuration(expectedMs / share)} here${
        models === 1 ? "" : " for each model"
      }`,
    ];
  }
  const expectation = describeExpectation(settings);
  return expectation === undefined ? words : [...words, expectation];
}
