/** Formats the GPU bench as text: times, and whether targets are met. @module */
import type { PeerRow } from "./gpu_peers.ts";
import type { Race } from "./time_to_match.ts";
import type { Row } from "./webgpu_step.ts";
import { formatTable } from "./setting.ts";

/** The results of the bench. */
export interface GpuReport {
  readonly adapter: Readonly<Record<string, string | number | boolean>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly steps: readonly Row[];
  readonly peers: readonly PeerRow[];
  readonly races: readonly (Race | { readonly contestant: string; readonly missing: string })[];
}

/** A target of the table and its verdict. */
export interface Verdict {
  readonly target: string;
  /** The result in words, or the reason why there is none. */
  readonly found: string;
  readonly verdict: "met" | "not met" | "not measured";
}

/** The targets in words. */
const TARGETS = {
  tfjs: "20 × as fast as tfjs LayersModel at batch 128",
  pytorch: "as fast as PyTorch with cuDNN at batch 128",
  seconds: "99 % exact match in under 5 s",
  race: "99 % exact match before PyTorch with the same recipe",
} as const;

/** Compares the figures with the targets. On a software adapter only the target against tfjs on the same adapter counts. */
export function judge(report: GpuReport): Verdict[] {
  const onHardware = [TARGETS.tfjs, TARGETS.pytorch, TARGETS.seconds, TARGETS.race];
  const ours = stepOf(report, "Carry");
  const tfjs = stepOf(report, "tfjs LayersModel");
  if (report.adapter["isFallbackAdapter"] === true) {
    const unknown = onHardware.map((target) => unmeasured(target, "software adapter"));
    return [...judgeInSoftware(report), ...unknown];
  }
  const [race, other] = ["Carry", "PyTorch"].map((name) =>
    report.races.find(({ contestant }) => contestant.startsWith(name))
  );
  return [
    ratio(TARGETS.tfjs, 20, ours, tfjs),
    judgePyTorch(report, ours),
    judgeRace(TARGETS.seconds, race, (seconds) => seconds < 5),
    judgeRace(TARGETS.race, race, (seconds) => {
      if (other === undefined || "missing" in other) return reasonOf(other);
      if (!other.contestant.endsWith("cuda")) return "PyTorch did not run on the GPU";
      return seconds < (other.secondsTo99 ?? Infinity);
    }),
  ];
}

/** Judges every batch size that was run on a software adapter. */
function judgeInSoftware(report: GpuReport): Verdict[] {
  const batchSizes = new Set(report.steps.map(({ batchSize }) => batchSize));
  return [...batchSizes].map((batchSize) => {
    const [ours, tfjs] = ["Carry", "tfjs LayersModel"].map((name) =>
      stepOf(report, name, batchSize)
    );
    const target = `10 × as fast as tfjs LayersModel at batch ${batchSize}, both in software`;
    return ratio(target, 10, ours, tfjs);
  });
}

/** Writes the whole report as text. */
export function formatReport(report: GpuReport): string {
  const describe = (entries: object): string =>
    Object.entries(entries).map(([name, value]) => `${name}: ${value}`).join("\n");
  const steps = report.steps.map(({ contestant, batchSize, stepMs, calls }) => [
    ...[contestant, String(batchSize), stepMs.toFixed(2), ratioToTfjs(report, batchSize, stepMs)],
    ...[calls.dispatches, calls.submits, calls.readBacks].map(String),
  ]);
  const peers = report.peers.map((row) => {
    const cells = "missing" in row
      ? [`missing: ${row.missing}`, ""]
      : [row.stepMs.toFixed(2), ratioToTfjs(report, row.batchSize, row.stepMs)];
    return [row.contestant, String(row.batchSize), ...cells, "", "", ""];
  });
  const races = report.races.map((race) =>
    "missing" in race
      ? [race.contestant, `missing: ${race.missing}`, ""]
      : [race.contestant, race.secondsTo99?.toFixed(2) ?? "not reached", matchesOf(race)]
  );
  const verdicts = judge(report).map(({ target, found, verdict }) => [target, found, verdict]);
  const head = [
    "contestant",
    "batch",
    "ms per step",
    "× tfjs",
    "dispatches",
    "submits",
    "read-backs",
  ];
  return [
    describe(report.adapter),
    describe(report.limits),
    formatTable([head, ...steps, ...peers]),
    formatTable([["training", "seconds to 99 %", "exact match after each epoch"], ...races]),
    formatTable([["target", "found", "verdict"], ...verdicts]),
  ].join("\n\n");
}

function stepOf({ steps }: GpuReport, name: string, batchSize = 128): number | undefined {
  return steps.find((row) => row.contestant === name && row.batchSize === batchSize)?.stepMs;
}

function ratioToTfjs(report: GpuReport, batchSize: number, stepMs: number): string {
  const tfjs = report.steps.find((row) =>
    row.contestant === "tfjs LayersModel" && row.batchSize === batchSize
  );
  return tfjs === undefined ? "" : (tfjs.stepMs / stepMs).toFixed(2);
}

function ratio(
  target: string,
  atLeast: number,
  ours: number | undefined,
  theirs: number | undefined,
): Verdict {
  if (ours === undefined || theirs === undefined) return unmeasured(target, "no run at batch 128");
  const found = theirs / ours;
  return {
    target,
    found: `${found.toFixed(2)} ×`,
    verdict: found >= atLeast ? "met" : "not met",
  };
}

function judgePyTorch({ peers }: GpuReport, ours: number | undefined): Verdict {
  const torch = peers.find(({ contestant, batchSize }) =>
    batchSize === 128 && contestant.startsWith("PyTorch")
  );
  if (torch === undefined || "missing" in torch) {
    return unmeasured(TARGETS.pytorch, reasonOf(torch));
  }
  if (!torch.contestant.endsWith("cuda")) {
    return unmeasured(TARGETS.pytorch, "PyTorch did not run on the GPU");
  }
  return ratio(TARGETS.pytorch, 1, ours, torch.stepMs);
}

/** Judges a target. `test` says whether it is met, or gives the reason why that is unknown. */
function judgeRace(
  target: string,
  race: GpuReport["races"][number] | undefined,
  test: (seconds: number) => boolean | string,
): Verdict {
  if (race === undefined || "missing" in race) return unmeasured(target, reasonOf(race));
  const { secondsTo99 } = race;
  if (secondsTo99 === null) return { target, found: "99 % not reached", verdict: "not met" };
  const passed = test(secondsTo99);
  if (typeof passed === "string") return unmeasured(target, passed);
  return { target, found: `${secondsTo99.toFixed(2)} s`, verdict: passed ? "met" : "not met" };
}

function unmeasured(target: string, why: string): Verdict {
  return { target, found: why, verdict: "not measured" };
}

function reasonOf(row: { readonly missing: string } | undefined): string {
  return row?.missing ?? "it did not run";
}

function matchesOf({ history }: Race): string {
  return history.map(({ exactMatch }) => `${(100 * exactMatch).toFixed(2)} %`).join(", ");
}
