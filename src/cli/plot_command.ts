/** `plot`: the picture of a model, as the notebook's `plot(model, to_file='model.png', show_shapes=True)`. @module */
import { replaceFile } from "../checkpoint/files.ts";
import { findNewestRun } from "../checkpoint/run_directory.ts";
import { readRun } from "../checkpoint/run_files.ts";
import type { ModelConfig } from "../model/config.ts";
import { drawModel } from "../model/picture.ts";
import { renderPng } from "../model/png.ts";
import { type Command, RUN_OPTION } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { readSettings } from "./settings.ts";
import { hasShapeOptions, refuseShapeOptions, SHAPE_OPTIONS } from "./summary_command.ts";
import { print } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The command. */
export const PLOT_COMMAND: Command = {
  options: [
    {
      name: "to-file",
      value: "FILE",
      help: "file to write, ending in .svg or .png (default: model.svg in the run's directory)",
    },
    RUN_OPTION,
    ...SHAPE_OPTIONS.map((option) => ({ ...option, help: `${option.help}; instead of a run` })),
  ],
  examples: ["plot", "plot --to-file model.png", "plot --layers 2 --to-file two-layers.svg"],
  run: runPlot,
};

async function runPlot(typed: TypedOptions): Promise<number> {
  if (typed.positionals.length > 0) {
    throw new UsageError(
      `Cannot plot "${typed.positionals[0]}": name the file with --to-file ${typed.positionals[0]}`,
    );
  }
  if (typed.text("run") !== undefined) refuseShapeOptions(typed);
  const typedFile = typed.text("to-file");
  if (typedFile !== undefined && !/\.(svg|png)$/i.test(typedFile)) {
    throw new UsageError(`Cannot plot to "${typedFile}": its name must end in .svg or .png`);
  }
  const { model, folder } = await findShape(typed);
  const file = typedFile ?? `${folder}/model.svg`;
  const svg = drawModel(model);
  const bytes = /\.png$/i.test(file)
    ? await renderPng(svg, Deno.readFile)
    : new TextEncoder().encode(svg);
  await replaceFile(file, [bytes]);
  print(file);
  return 0;
}

async function findShape(typed: TypedOptions): Promise<{ model: ModelConfig; folder: string }> {
  if (hasShapeOptions(typed)) return { model: readSettings(typed).model, folder: "." };
  const folder = typed.text("run") ?? await findNewestRun();
  return { model: (await readRun(folder)).checkpoint.model, folder };
}
