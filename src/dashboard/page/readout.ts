/// <reference lib="dom" />
/** Writes the values of a chart under the cursor, or the last ones. @module */
import type { ChartOptions, ChartView } from "./chart_style.ts";
import { runColor } from "./color_scale.ts";
import { type ChartData, valueAt } from "./curve_data.ts";
import { element } from "./dom.ts";
import { formatCount } from "./format.ts";

/** Writes the values. @param cursor index on the axis; without it, the last one */
export function writeReadout(
  readout: HTMLElement,
  { lines, columns: [x, ...columns] }: ChartData,
  { xAxis }: ChartView,
  { format }: ChartOptions,
  cursor: number | null | undefined,
): void {
  const index = cursor ?? x.length - 1;
  const at = x[index];
  const several = new Set(lines.map(({ run }) => run)).size > 1;
  const values = lines.flatMap((line, i) => {
    const value = at === undefined || at > line.end ? undefined : valueAt(columns[i]!, index);
    if (value === undefined) return [];
    const properties = { "--color": `var(${runColor(line.run)})` };
    const text = several ? format(value) : `${line.kind} ${format(value)}`;
    const title = `${line.name}, ${line.kind}`;
    return [
      element("span", { class: `value ${line.kind}`, properties, attributes: { title } }, text),
    ];
  });
  const where = at === undefined
    ? ""
    : `${xAxis} ${xAxis === "step" ? formatCount(at) : at.toFixed(2)}`;
  readout.replaceChildren(element("span", { class: "where" }, where), ...values);
}
