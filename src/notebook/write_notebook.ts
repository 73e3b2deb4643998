/** Writes the notebook as a file of Jupyter. @module */
import { ADDITION_TOUR } from "./addition_tour.ts";
import { PAIRS_TOUR } from "./pairs_tour.ts";
import { LIBRARY, type TourCell } from "./tour_cells.ts";

/** Deno's kernel, as a notebook names it. */
const METADATA = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript" },
};

/**
 * Writes the notebook, without outputs. The same library gives the same characters.
 *
 * Source: the notebook format 4.5, nbformat.readthedocs.io.
 *
 * @param library how code imports the library: its name, or `jsr:` with name and version
 * @returns the content of an `.ipynb` file
 */
export function writeNotebook(library: string): string {
  const cells = [...ADDITION_TOUR, ...PAIRS_TOUR].map((cell, i) => writeCell(cell, i, library));
  const notebook = { cells, metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}

function writeCell({ kind, text }: TourCell, i: number, library: string): object {
  const source = text.replaceAll(`from "${LIBRARY}`, `from "${library}`);
  const cell = { cell_type: kind, id: `cell-${i + 1}`, metadata: {}, source: splitLines(source) };
  return kind === "code" ? { ...cell, execution_count: null, outputs: [] } : cell;
}

/** Splits a text into lines with their ends, as the format has them. */
function splitLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}
