/** Formats the comparison as a table. @module */
import type { Ratio, Row } from "./comparison.ts";
import type { OurRun } from "./competitors.ts";
import { formatTable } from "./setting.ts";

/** The setting of the steps. */
export interface ComparisonShape {
  readonly hiddenSize: number;
  readonly batchSize: number;
  /** Necessary arithmetic of a step, in floating-point operations. */
  readonly stepFlops: number;
  /** Number of threads that "all cores" means. */
  readonly cores: number;
}

/** Writes the rows as a Markdown table, and our arithmetic rate below it. */
export function formatRows(rows: readonly Row[], shape: ComparisonShape): string {
  const { hiddenSize, batchSize, stepFlops, cores } = shape;
  const runs: readonly OurRun[] = cores === 1 ? ["one"] : ["one", "all"];
  const nameRun = (run: OurRun): string => run === "one" ? "1 thread" : `${cores} threads`;
  const isNotebook = hiddenSize === 128 && batchSize === 128;
  const head = [
    "implementation",
    "version",
    "median ms",
    "min ms",
    "quiet rounds",
    ...runs.map((run) => `× Carry on ${nameRun(run)} (lowest–highest)`),
    "target",
  ];
  const body = rows.map((row) => [
    row.label,
    row.version ?? "",
    row.medianMs?.toFixed(2) ?? `missing: ${row.missing?.replaceAll("|", "/")}`,
    row.minMs?.toFixed(2) ?? "",
    row.quietRounds?.toString() ?? "",
    ...runs.map((run) => formatRatio(row.ratios[run])),
    isNotebook
      ? row.targets.map(({ ours, atLeast, verdict }) =>
        `${atLeast}× of ${nameRun(ours)}: ${verdict}`
      ).join("; ")
      : "",
  ]);
  const rates = rows.filter(({ name, medianMs }) =>
    name.startsWith("carry-") && medianMs !== undefined
  ).map(({ label, medianMs }) =>
    `${label}: ${(stepFlops / medianMs! / 1e6).toFixed(1)} GFLOP/s of necessary arithmetic`
  );
  const title = `One training step, hidden ${hiddenSize}, batch ${batchSize}, ${
    (stepFlops / 1e6).toFixed(0)
  } MFLOP`;
  return [title, "", formatTable([head, ...body]), "", ...rates].join("\n");
}

function formatRatio(ratio: Ratio | undefined): string {
  if (ratio === undefined) return "";
  const { median, lowest, highest } = ratio;
  return `${median.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
}
