/** `notebook`: writes a Jupyter notebook that trains a model. @module */
import { writeNotebook } from "../notebook/write_notebook.ts";
import type { Command } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { openOutput, OVERWRITE_OPTION } from "./output_file.ts";
import { findLibrary } from "./notebook_library.ts";
import { print } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

const DEFAULT_FILE = "carry.ipynb";

/** The command. */
export const NOTEBOOK_COMMAND: Command = {
  positionals: "[FILE.ipynb]",
  options: [OVERWRITE_OPTION],
  examples: ["notebook", "notebook lessons/addition.ipynb --overwrite"],
  run: runNotebook,
};

async function runNotebook(typed: TypedOptions): Promise<number> {
  const [file = DEFAULT_FILE, ...others] = typed.positionals;
  if (others.length > 0) {
    throw new UsageError(
      `Cannot write a notebook: one file may be named, but ${typed.positionals.length} are named`,
    );
  }
  if (!file.toLowerCase().endsWith(".ipynb")) {
    throw new UsageError(`Cannot write a notebook to "${file}": its name must end in .ipynb`);
  }
  const library = await findLibrary(file);
  const output = await openOutput(file, { overwrite: typed.flag("overwrite") });
  await output.write([new TextEncoder().encode(writeNotebook(library))]);
  print(file);
  print("Open it in Jupyter with the kernel Deno, which deno jupyter --install installs");
  return 0;
}
