/** Formats the rows as a table, and as a progress line. @module */
import { meanMs, type Row } from "./reliability_pool.ts";

/** Writes the rows as a Markdown table. */
export function describeRows(rows: readonly Row[], unavailable: readonly string[]): string {
  const lines = rows.map(describeRow);
  const missing = unavailable.map((title) => `| ${title} | 0 | not available here | | |`);
  const head = [
    "| check | trials | result | time | figures |",
    "| --- | ---: | --- | ---: | --- |",
  ];
  return [...head, ...lines, ...missing].join("\n");
}

/** Describes in one line what is done and about how much time is left. */
export function describeProgress(
  rows: readonly Row[],
  { lanes, deadline }: { readonly lanes: number; readonly deadline: number },
): string {
  const open = rows.filter(({ parts, partsDone }) => partsDone < parts);
  const known = open.filter(({ partsDone }) => partsDone > 0);
  const restMs = known.reduce((sum, row) => sum + (row.parts - row.partsDone) * meanMs(row), 0);
  const leftMs = Math.min(restMs / lanes, Math.max(0, deadline - performance.now()));
  const left = known.length === open.length ? "about" : "at least";
  const counts = known.map(({ check, outcome, trials }) =>
    `${check.name} ${group(outcome.trials)} of ${group(trials)}`
  );
  const done = `${rows.length - open.length} of ${rows.length} checks`;
  const time = known.length === 0
    ? "time left unknown"
    : `${left} ${Math.ceil(leftMs / 60_000)} min left`;
  return [done, ...counts, time].join(", ");
}

function describeRow({ check, outcome, parts, partsDone, trials, seconds }: Row): string {
  const { failures, note, sums = {}, peaks = {} } = outcome;
  const tried = partsDone < parts && check.partTrials !== undefined
    ? `${group(outcome.trials)} of ${group(trials)}`
    : group(outcome.trials);
  const result = failures.length > 0 ? "FAILED" : partsDone === 0 ? "not run" : "held";
  const figures = [
    ...(note === undefined ? [] : [note]),
    ...Object.entries(sums).map(([name, count]) => `${group(count)} ${name}`),
    ...Object.entries(peaks).map(([name, value]) => `${name}: ${value}`),
  ];
  return `| ${check.title} | ${tried} | ${result} | ${seconds.toFixed(0)} s | ${
    figures.join("; ")
  } |`;
}

function group(count: number): string {
  return count.toLocaleString("en-US");
}
