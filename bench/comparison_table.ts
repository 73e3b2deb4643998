/** Formats a comparison as a table. @module */
import type { Target } from "./competitors.ts";
import type { Ratio, Row } from "./comparison.ts";
import { formatTable } from "./setting.ts";

/** What was compared. */
export interface Compared {
  readonly title: string;
  /** A name of a rate, such as `examples/s`, and how many of these a measured time contains. */
  readonly rate: { readonly name: string; readonly count: number };
  /** Numbers of threads of our runs. */
  readonly threads: readonly number[];
}

/** Writes the rows as a Markdown table under their title. */
export function formatRows(rows: readonly Row[], { title, rate, threads }: Compared): string {
  const head = [
    "implementation",
    "version",
    "median ms",
    "min ms",
    rate.name,
    "quiet rounds",
    ...threads.map((count) => `× Carry on ${nameThreads(count)} (lowest–highest)`),
    "target",
  ];
  const body = rows.map((row) => [
    row.label,
    row.version ?? "",
    row.medianMs?.toFixed(2) ?? `missing: ${row.missing?.replaceAll("|", "/")}`,
    row.minMs?.toFixed(2) ?? "",
    row.medianMs === undefined ? "" : formatRate(1000 * rate.count / row.medianMs),
    row.quietRounds?.toString() ?? "",
    ...threads.map((count) => formatRatio(row.ratios.find((ratio) => ratio.threads === count))),
    row.targets.map(({ target, verdict }) => `${formatTarget(target)}: ${verdict}`).join("; "),
  ]);
  return [title, "", formatTable([head, ...body])].join("\n");
}

function nameThreads(count: number): string {
  return count === 1 ? "1 thread" : `${count} threads`;
}

function formatRate(rate: number): string {
  return rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en");
}

function formatTarget(target: Target): string {
  return "mostMs" in target
    ? `at most ${target.mostMs} ms`
    : `${target.atLeast}× of ${nameThreads(target.threads)}`;
}

function formatRatio(ratio: Ratio | undefined): string {
  if (ratio === undefined) return "";
  const { median, lowest, highest } = ratio;
  return `${median.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;
}
