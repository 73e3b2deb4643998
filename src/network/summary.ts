/** The table of layers that Keras prints. @module */
import { resolveOptions, type Rules } from "../arguments/resolve_options.ts";
import { numberRule } from "../arguments/rule.ts";
import type { GivenModelConfig } from "./config.ts";
import { countParameters, describeLayers } from "./layers.ts";

/** How to format a summary. */
export interface SummaryOptions {
  /** Most characters of a line. A narrow table has several lines for each layer. Default: no limit. */
  readonly columns?: number;
}

const RULES: Rules<SummaryOptions> = {
  columns: numberRule(
    "a positive integer, or Infinity",
    (value) => value === Infinity || (Number.isSafeInteger(value) && value >= 1),
  ),
};

/**
 * Summarises a model as Keras does: layers, output shapes, numbers of parameters, and their total.
 *
 * @returns the lines of the table, separated by newlines
 * @throws {TypeError | RangeError | SyntaxError} if the config or an option is not valid
 * @example
 * ```ts
 * import { characterLayout, summarizeModel } from "@carry/seq2seq";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const summary = summarizeModel({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * });
 * assertStringIncludes(summary, "Total params: 205,324");
 * ```
 */
export function summarizeModel(config: GivenModelConfig, options: SummaryOptions = {}): string {
  const { columns } = resolveOptions(options, {
    action: "summarize a model",
    rules: RULES,
    defaults: { columns: Infinity },
  });
  const layers = describeLayers(config);
  const rows: Row[] = [
    { name: "Layer", type: "type", shape: "Output shape", count: "Param #" },
    ...layers.map((layer) => ({
      name: layer.name,
      type: layer.type,
      shape: `(${["None", ...layer.outputShape].join(", ")})`,
      count: formatCount(countParameters(layer)),
    })),
  ];
  const total = layers.reduce((sum, layer) => sum + countParameters(layer), 0);
  const [head, ...body] = [layInLines, layInPairs].map((lay) => lay(rows))
    .find((laid) => laid.every((lines) => lines.every(({ length }) => length <= columns))) ??
    layInColumn(rows, columns);
  const width = Math.max(
    ...head!.map(({ length }) => length),
    ...body.flat().map(({ length }) => length),
  );
  const rule = "─".repeat(width);
  const end = `Total params: ${formatCount(total)}`;
  return [rule, ...head!, rule, ...body.flat(), rule, ...breakText(end, columns)].join("\n");
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly shape: string;
  readonly count: string;
}

/** Formats every layer as one line, as Keras does. */
function layInLines(rows: readonly Row[]): string[][] {
  const names = rows.map(({ name, type }) => `${name} (${type})`);
  const [nameWidth, shapeWidth, countWidth] = [
    measureWidest(names),
    measureWidest(rows.map(({ shape }) => shape)),
    measureWidest(rows.map(({ count }) => count)),
  ];
  return rows.map(({ shape, count }, i) => [
    `${names[i]!.padEnd(nameWidth)}  ${shape.padEnd(shapeWidth)}  ${count.padStart(countWidth)}`,
  ]);
}

/** Formats every layer as two lines: name and number of parameters, then type and shape. */
function layInPairs(rows: readonly Row[]): string[][] {
  const below = rows.map(({ type, shape }) => `  ${type} ${shape}`);
  const width = Math.max(
    measureWidest(below),
    measureWidest(rows.map(({ name, count }) => `${name}  ${count}`)),
  );
  return rows.map(({ name, count }, i) => [name + count.padStart(width - name.length), below[i]!]);
}

/** Formats every text as a line of its own, and breaks those that are too long. */
function layInColumn(rows: readonly Row[], columns: number): string[][] {
  return rows.map(({ name, type, shape, count }) =>
    [name, ` ${type}`, ` ${shape}`, ` ${count}`].flatMap((text) => breakText(text, columns))
  );
}

function measureWidest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}

function breakText(text: string, columns: number): string[] {
  if (text.length <= columns) return [text];
  const width = Math.max(1, Math.floor(columns));
  return [text.slice(0, width), ...breakText(text.slice(width), columns)];
}

/** Writes a number with separators: 205324 → 205,324. */
function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
