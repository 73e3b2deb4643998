/** The table of layers that Keras prints. @module */
import type { ModelConfig } from "./config.ts";
import { countParameters, describeLayers } from "./layers.ts";

/**
 * Summarises a model as Keras does: layers, output shapes, numbers of parameters, and their total.
 *
 * @example
 * ```ts
 * import { summarizeModel } from "@carry/seq2seq";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const summary = summarizeModel({
 *   cell: "lstm", hiddenSize: 128, layers: 1, inputLength: 7, outputLength: 4,
 *   characters: " +0123456789", reverse: true,
 * });
 * assertStringIncludes(summary, "Total params: 205,324");
 * ```
 */
export function summarizeModel(config: ModelConfig): string {
  const layers = describeLayers(config);
  const rows = [
    ["Layer (type)", "Output shape", "Param #"],
    ...layers.map((layer) => [
      `${layer.name} (${layer.type})`,
      `(${["None", ...layer.outputShape].join(", ")})`,
      formatCount(countParameters(layer)),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((text, column) =>
      column === 2 ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)
    ).join("  ")
  );
  const rule = "─".repeat(lines[0]!.length);
  const total = layers.reduce((sum, layer) => sum + countParameters(layer), 0);
  return [
    rule,
    lines[0],
    rule,
    ...lines.slice(1),
    rule,
    `Total params: ${formatCount(total)}`,
  ].join("\n");
}

/** 205324 → 205,324 */
function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
