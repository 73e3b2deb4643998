/** The targets of the GPU bench, and whether they are met. @module */
import type { GpuReport } from "./gpu_table.ts";
import type { Row } from "./webgpu_step.ts";

/** A target of the table and its verdict. */
export interface Verdict {
  readonly target: string;
  /** The result in words, or the reason why there is none. */
  readonly found: string;
  readonly verdict: "met" | "not met" | "not measured";
}

/** Most milliseconds of a step, by the batch size. They were set for an NVIDIA H100. */
const MOST_STEP_MS: readonly (readonly [batchSize: number, ms: number])[] = [
  [64, 0.25],
  [128, 0.35],
  [1024, 0.8],
  [8192, 4],
];
/** Least ratios of a peer's step to ours at batch 64 and 128. */
const LEAST_RATIOS = { "Keras on JAX": 3, "PyTorch": 10 } as const;
const MOST_TRAINING_SECONDS = 1;
const MOST_PROCESS_SECONDS = 2;
const MOST_SCRIPT_MS = 0.05;
const MOST_DISPATCHES = 4;
const MOST_SUBMITS = 0.2;
const MOST_READ_BACKS = 0.02;

/** Compares the figures of the notebook's model with the targets. On a software adapter only dispatches and JavaScript count: its steps are too slow to be bunched. */
export function judge(report: GpuReport): Verdict[] {
  const ours = report.steps.filter(({ contestant }) => contestant === "Carry");
  const isSoftware = report.adapter["isFallbackAdapter"] === true;
  const most = (name: string, limit: number, read: (row: Row) => number): Verdict => {
    const target = `at most ${limit} ${name} a step`;
    if (ours.length === 0) return unmeasured(target, "no step was measured");
    const found = Math.max(...ours.map(read));
    return decide(target, { found: found.toPrecision(3), isMet: found <= limit });
  };
  const verdicts = [
    ...MOST_STEP_MS.map(([batchSize, limit]) => judgeStep(ours, batchSize, limit)),
    ...[64, 128].flatMap((batchSize) => judgePeers(report, ours, batchSize)),
    judgeTrainings(report, "training", MOST_TRAINING_SECONDS),
    judgeTrainings(report, "process", MOST_PROCESS_SECONDS),
    most(
      "ms of JavaScript and of submit()",
      MOST_SCRIPT_MS,
      ({ scriptMs, submitMs }) => scriptMs! + submitMs,
    ),
    most("submits", MOST_SUBMITS, ({ calls }) => calls.submits),
    most("read-backs", MOST_READ_BACKS, ({ calls }) => calls.readBacks),
  ];
  return [
    ...isSoftware ? verdicts.map(({ target }) => unmeasured(target, "software adapter")) : verdicts,
    ...(isSoftware
      ? [most("ms of JavaScript without submit()", MOST_SCRIPT_MS, ({ scriptMs }) => scriptMs!)]
      : []),
    most("dispatches", MOST_DISPATCHES, ({ calls }) => calls.dispatches),
  ];
}

function judgeStep(ours: readonly Row[], batchSize: number, limit: number): Verdict {
  const target = `a step of ${batchSize} examples in ${limit} ms (on an H100)`;
  const row = ours.find((row) => row.batchSize === batchSize);
  if (row === undefined) return unmeasured(target, "this batch size was not measured");
  return decide(target, { found: `${row.stepMs.toFixed(3)} ms`, isMet: row.stepMs <= limit });
}

function judgePeers({ peers }: GpuReport, ours: readonly Row[], batchSize: number): Verdict[] {
  const row = ours.find((row) => row.batchSize === batchSize);
  return Object.entries(LEAST_RATIOS).map(([name, least]) => {
    const target = `${least} × as fast as ${name} at batch ${batchSize}`;
    const peer = peers.find((peer) =>
      peer.batchSize === batchSize && peer.contestant.startsWith(name)
    );
    if (row === undefined || peer === undefined) {
      return unmeasured(target, "this batch size was not measured");
    }
    if ("missing" in peer) return unmeasured(target, peer.missing);
    if (!peer.contestant.endsWith("cuda")) return unmeasured(target, "it did not run on the GPU");
    const ratio = peer.stepMs / row.stepMs;
    return decide(target, { found: `${ratio.toFixed(2)} ×`, isMet: ratio >= least });
  });
}

/** Judges the slowest training. */
function judgeTrainings(
  { trainings }: GpuReport,
  kind: "training" | "process",
  limit: number,
): Verdict {
  const target = `99 % exact match within ${limit} s of ${kind}, every seed`;
  const ours = trainings.filter(({ contestant }) => contestant.startsWith("Carry"));
  if (ours.length === 0) return unmeasured(target, "no training was run");
  const seconds = ours.map((training) => {
    if ("missing" in training) return training.missing;
    if (training.reached === null) return Infinity;
    return kind === "training" ? training.reached.trainingSeconds : training.reached.processSeconds;
  });
  const reason = seconds.find((each) => typeof each === "string");
  if (reason !== undefined) return unmeasured(target, reason);
  const slowest = Math.max(...seconds as number[]);
  const found = slowest === Infinity ? "99 % was not reached" : `${slowest.toFixed(2)} s`;
  return decide(target, { found, isMet: slowest <= limit });
}

function decide(
  target: string,
  { found, isMet }: { readonly found: string; readonly isMet: boolean },
): Verdict {
  return { target, found, verdict: isMet ? "met" : "not met" };
}

function unmeasured(target: string, why: string): Verdict {
  return { target, found: why, verdict: "not measured" };
}
