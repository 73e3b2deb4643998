/** Formats the GPU bench as text. @module */
import type { PeerRow } from "./gpu_peers.ts";
import { judge } from "./gpu_verdicts.ts";
import { formatTable } from "./setting.ts";
import type { Row } from "./webgpu_step.ts";
import type { WholeTraining } from "./whole_training.ts";

/** The results of the bench. */
export interface GpuReport {
  readonly adapter: Readonly<Record<string, string | number | boolean>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly steps: readonly Row[];
  readonly peers: readonly PeerRow[];
  readonly trainings: readonly WholeTraining[];
}

/** Writes the whole report as text. */
export function formatReport(report: GpuReport): string {
  const describe = (entries: object): string =>
    Object.entries(entries).map(([name, value]) => `${name}: ${value}`).join("\n");
  const verdicts = judge(report).map(({ target, found, verdict }) => [target, found, verdict]);
  return [
    describe(report.adapter),
    describe(report.limits),
    formatSteps(report),
    ...(report.trainings.length > 0 ? [formatTrainings(report.trainings)] : []),
    formatTable([["target", "found", "verdict"], ...verdicts]),
  ].join("\n\n");
}

function formatSteps({ steps, peers }: GpuReport): string {
  const ratio = (batchSize: number, stepMs: number): string => {
    const ours = steps.find((row) => row.contestant === "Carry" && row.batchSize === batchSize);
    return ours === undefined ? "" : (stepMs / ours.stepMs).toFixed(2);
  };
  const head = [
    "contestant",
    "batch",
    "ms per step",
    "× Carry",
    "JavaScript ms",
    "submit ms",
    "dispatches",
    "submits",
    "read-backs",
  ];
  const measured = steps.map(({ contestant, batchSize, stepMs, scriptMs, submitMs, calls }) => [
    ...[contestant, String(batchSize), stepMs.toFixed(3), ratio(batchSize, stepMs)],
    ...[scriptMs?.toFixed(4) ?? "", submitMs.toFixed(4)],
    ...[calls.dispatches, calls.submits, calls.readBacks].map((count) =>
      String(Number(count.toPrecision(3)))
    ),
  ]);
  const theirs = peers.map((row) => {
    const cells = "missing" in row
      ? [`missing: ${row.missing}`, ""]
      : [row.stepMs.toFixed(3), ratio(row.batchSize, row.stepMs)];
    return [row.contestant, String(row.batchSize), ...cells, "", "", "", "", ""];
  });
  return formatTable([head, ...measured, ...theirs]);
}

function formatTrainings(trainings: readonly WholeTraining[]): string {
  const head = [
    "training",
    "seed",
    "training s to 99 %",
    "process s to 99 %",
    "process s in all",
    "exact match after each epoch",
  ];
  const rows = trainings.map((training) => {
    const { contestant, seed } = training;
    if ("missing" in training) {
      return [contestant, String(seed), `missing: ${training.missing}`, "", "", ""];
    }
    const { reached, wholeSeconds, history } = training;
    return [
      ...[contestant, String(seed)],
      ...(reached === null
        ? ["not reached", "not reached"]
        : [reached.trainingSeconds.toFixed(2), reached.processSeconds.toFixed(2)]),
      wholeSeconds.toFixed(2),
      history.map(({ exactMatch }) => `${(100 * exactMatch).toFixed(2)} %`).join(", "),
    ];
  });
  return formatTable([head, ...rows]);
}
