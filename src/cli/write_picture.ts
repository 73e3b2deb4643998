/** Pictures in files: SVG or PNG, as the name says. @module */
import { renderPng } from "../plot/png.ts";
import type { TypedOptions } from "./options.ts";
import { openOutput } from "./output_file.ts";
import { print } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** Reads `--to-file`, if it was given. @throws {UsageError} if the name is not that of a picture */
export function readPictureFile(typed: TypedOptions): string | undefined {
  const file = typed.text("to-file");
  if (file === undefined || /\.(svg|png)$/i.test(file)) return file;
  throw new UsageError(`Cannot plot to "${file}": its name must end in .svg or .png`);
}

/**
 * Draws a picture, writes it as the name of the file and `--overwrite` say, and prints where it is.
 *
 * @throws {UsageError} if a file is there and may not be replaced; then nothing is drawn
 */
export async function writePicture(
  typed: TypedOptions,
  file: string,
  draw: () => string,
): Promise<void> {
  const output = await openOutput(file, { overwrite: typed.flag("overwrite") });
  const svg = draw();
  const bytes = /\.png$/i.test(file)
    ? await renderPng(svg, Deno.readFile)
    : new TextEncoder().encode(svg);
  await output.write([bytes]);
  print(file);
}
