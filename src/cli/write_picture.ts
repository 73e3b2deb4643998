/** Writes pictures to files, as SVG or PNG. @module */
import { renderPng } from "../plot/png.ts";
import type { TypedOptions } from "./options.ts";
import { openOutput } from "./output_file.ts";
import { print } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** Reads `--to-file`, if it was given. @throws {UsageError} if the name does not end in .svg or .png */
export function readPictureFile(typed: TypedOptions): string | undefined {
  const file = typed.text("to-file");
  if (file === undefined || /\.(svg|png)$/i.test(file)) return file;
  throw new UsageError(`Cannot plot to "${file}": its name must end in .svg or .png`);
}

/**
 * Draws a picture, writes it in the format of the file name, and prints the path.
 *
 * @throws {UsageError} if the file exists and may not be replaced; then nothing is drawn
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
