/** Shows models, and their summaries, in a notebook. @module */
import { DISPLAY, type Displayed, type MediaBundle } from "../display/display.ts";
import { formatCount } from "../evaluation/format.ts";
import { checkModelConfig, type GivenModelConfig } from "../network/config.ts";
import { countParameters, describeLayers } from "../network/layers.ts";
import { summarizeModel } from "../network/summary.ts";
import { drawModel } from "../plot/picture.ts";
import { html } from "../plot/report/markup.ts";
import { writePlainTable } from "./write_plain_table.ts";

/** Shows a model as a picture of its layers; as text it is the summary. */
export function showModel(config: GivenModelConfig): MediaBundle {
  return { "text/plain": summarizeModel(config), "image/svg+xml": drawModel(config) };
}

/**
 * Shows the summary of a model in a notebook, as a table. `summarizeModel()` gives the same as text.
 *
 * @returns an object that shows itself as the last expression of a cell
 * @throws {TypeError | RangeError | SyntaxError} if the config is not valid
 * @example
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { showSummary } from "@carry/seq2seq/notebook";
 * import { assert } from "@std/assert";
 *
 * const summary = showSummary({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * });
 * assert(Symbol.for("Jupyter.display") in summary);
 * ```
 */
export function showSummary(config: GivenModelConfig): Displayed {
  const shape = checkModelConfig(config);
  return { [DISPLAY]: () => tabulate(shape) };
}

function tabulate(config: GivenModelConfig): MediaBundle {
  const layers = describeLayers(config);
  const total = layers.reduce((sum, layer) => sum + countParameters(layer), 0);
  const rows = layers.map((layer) => [
    `${layer.name} (${layer.type})`,
    `(${["None", ...layer.outputShape].join(", ")})`,
    { number: formatCount(countParameters(layer)) },
  ]);
  return {
    "text/plain": summarizeModel(config),
    "text/html":
      html`${
        writePlainTable(["Layer (type)", "Output shape", { number: "Param #" }], rows)
      }<p>Total params: ${formatCount(total)}</p>`.markup,
  };
}
