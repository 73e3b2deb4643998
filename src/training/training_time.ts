/** Estimates how long the steps of a large model take, before the first one. @module */
import { countCpuBytes } from "../device/cpu/cpu_cost.ts";
import { countStepCost, estimateStepMs } from "../network/cost.ts";
import { describeNetwork } from "../network/describe_network.ts";
import type { Settings } from "./choose_settings.ts";
import { countTrainingExamples } from "./training_examples.ts";

/** A shorter step needs no announcement, because the progress line soon says more. */
const LONG_MS = 2000;
/** Operations a second that a thread of any processor reaches. If a step is short at this rate, no rate is measured. */
const SLOWEST_RATE = 2e9;

/** Length of a usual text, as a share of the longest: with attention padding takes no time. */
const USUAL = 0.5;

/** The speed of the CPU. */
export interface Speed {
  readonly threads: number;
  /** Measures the floating-point operations a second of a thread. */
  readonly measureRate: () => number;
}

/** Describes the time of steps and epochs on the CPU; undefined if a step takes less than two seconds. */
export function describeTrainingTime(
  { model, training, problem }: Settings,
  { threads, measureRate }: Speed,
): string | undefined {
  const examples = countTrainingExamples({ problem, model });
  const batchSize = Math.min(training.batchSize, examples);
  const network = describeNetwork(model);
  const lengths = { source: USUAL * model.source.length, target: USUAL * model.target.length };
  const cost = countStepCost(network, batchSize, lengths);
  if (estimateStepMs(cost, { rate: SLOWEST_RATE, threads: 1 }) < LONG_MS) return undefined;
  const stepMs = estimateStepMs(cost, { rate: measureRate(), threads });
  if (stepMs < LONG_MS) return undefined;
  const { total } = countCpuBytes(network, { examples: batchSize, threads });
  const epochMs = stepMs * Math.ceil(examples / batchSize);
  return `This model is large: a step takes about ${formatAbout(stepMs)} on ${
    threads === 1 ? "1 thread" : `${threads} threads`
  }, an epoch about ${formatAbout(epochMs)}. Training needs ${
    (total / 1e9).toFixed(1)
  } GB of memory.`;
}

/** Formats an estimated duration in its largest unit: `12 s`, `3 min`, `2 h`, `5 days`. */
function formatAbout(ms: number): string {
  const units = [["s", 1000, 120], ["min", 60_000, 120], ["h", 3_600_000, 72]] as const;
  for (const [name, unitMs, below] of units) {
    if (ms / unitMs < below) return `${Math.max(1, Math.round(ms / unitMs))} ${name}`;
  }
  return `${Math.round(ms / 86_400_000)} days`;
}
