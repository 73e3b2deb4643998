/** `plot`: draws a model, learning curves, or the attention of an answer. @module */
import { findNewestRun } from "../checkpoint/run_directory.ts";
import type { ModelConfig } from "../network/config.ts";
import { drawModel } from "../plot/picture.ts";
import { type Command, RUN_OPTION } from "./command.ts";
import { openShape } from "./open_model.ts";
import type { TypedOptions } from "./options.ts";
import { OVERWRITE_OPTION } from "./output_file.ts";
import { plotAttention } from "./plot_attention.ts";
import { plotCurves } from "./plot_curves.ts";
import { readSettings } from "./settings.ts";
import { hasShapeOptions, refuseShapeOptions, SHAPE_OPTIONS } from "./summary_command.ts";
import { UsageError } from "./usage_error.ts";
import { readPictureFile, writePicture } from "./write_picture.ts";

/** The command. */
export const PLOT_COMMAND: Command = {
  positionals: "[--curves RUN… | --attention QUESTION]",
  options: [
    {
      name: "to-file",
      value: "FILE",
      help:
        "file to write; its name ends in .svg or .png (default: model.svg, curves.svg or attention.svg in the run's directory, ./model.svg for a model described by options; required for several runs)",
    },
    {
      name: "curves",
      help:
        "instead of a model, draw loss and accuracy of the named runs in one picture (default: of the run in --run)",
    },
    {
      name: "attention",
      value: "QUESTION",
      help:
        "instead of a model, draw how much the one in --run looks at each symbol of a question for each symbol of its answer; it needs a model with attention",
    },
    OVERWRITE_OPTION,
    {
      name: "terminal",
      help: "with --curves or --attention: print as text instead of writing a file",
    },
    {
      ...RUN_OPTION,
      help: "directory of the run to draw (default: the newest under ./checkpoints)",
    },
    ...SHAPE_OPTIONS.map((option) => ({
      ...option,
      help: `${option.help}; draws such a model instead of a run`,
    })),
  ],
  examples: [
    "plot",
    "plot --layers 2 --to-file two-layers.png",
    "plot --curves",
    "plot --curves --run checkpoints/run-0001",
    "plot --curves checkpoints/run-0001 checkpoints/run-0002 --to-file curves.png",
    "plot --curves --terminal",
    'plot --attention "3 March 2021" --to-file attention.svg',
  ],
  run: runPlot,
};

async function runPlot(typed: TypedOptions): Promise<number> {
  const question = typed.text("attention");
  if (question !== undefined) return await plotAttention(typed, question);
  if (typed.flag("curves")) return await plotCurves(typed);
  const [given] = typed.positionals;
  if (given !== undefined) {
    throw new UsageError(
      `Cannot plot "${given}": without --curves, plot takes options only; name a file with --to-file, or runs after --curves`,
    );
  }
  if (typed.flag("terminal")) {
    throw new UsageError(
      "Cannot plot a model in the terminal: --terminal requires --curves or --attention",
    );
  }
  if (typed.text("run") !== undefined) refuseShapeOptions(typed);
  const file = readPictureFile(typed);
  const { model, folder } = await findShape(typed);
  await writePicture(typed, file ?? `${folder}/model.svg`, () => drawModel(model));
  return 0;
}

/** Finds the model to draw: the one that options describe, or the one of a run. */
async function findShape(typed: TypedOptions): Promise<{ model: ModelConfig; folder: string }> {
  if (hasShapeOptions(typed)) return { model: readSettings(typed).model, folder: "." };
  const folder = typed.text("run") ?? await findNewestRun();
  return { model: (await openShape(folder)).model, folder };
}
