/** Pictures in files: SVG or PNG, as the name says. @module */
import { replaceFile } from "../checkpoint/files.ts";
import { renderPng } from "../model/png.ts";
import type { TypedOptions } from "./options.ts";
import { print } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** Reads `--to-file`, if it was given. @throws {UsageError} if the name is not that of a picture */
export function readPictureFile(typed: TypedOptions): string | undefined {
  const file = typed.text("to-file");
  if (file === undefined || /\.(svg|png)$/i.test(file)) return file;
  throw new UsageError(`Cannot plot to "${file}": its name must end in .svg or .png`);
}

/** Writes a picture, and prints where it is. */
export async function writePicture(file: string, svg: string): Promise<void> {
  const bytes = /\.png$/i.test(file)
    ? await renderPng(svg, Deno.readFile)
    : new TextEncoder().encode(svg);
  await replaceFile(file, [bytes]);
  print(file);
}
