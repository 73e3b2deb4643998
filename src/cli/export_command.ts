/** `export`: writes a run to a file that works without this program. @module */
import { chooseDevice } from "../device/choose.ts";
import { readEnsemble } from "../checkpoint/ensemble_file.ts";
import { findNewestRun } from "../checkpoint/run_directory.ts";
import type { CheckpointChoice } from "../checkpoint/read_run.ts";
import { embedRun, renderPage } from "../dashboard/export_page.ts";
import { followRun } from "../dashboard/follow_run.ts";
import { PAGE_ASSETS } from "../dashboard/page_assets.ts";
import { type Command, RUN_OPTION, WEIGHTS_OPTION } from "./command.ts";
import type { TypedOptions } from "./options.ts";
import { openOutput, OVERWRITE_OPTION } from "./output_file.ts";
import { print, printError } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** The formats of an export, and the endings of their file names. */
const TARGETS = { page: [".html", ".htm"] } as const;

type Target = keyof typeof TARGETS;

/** The command. */
export const EXPORT_COMMAND: Command = {
  positionals: "FILE",
  options: [
    {
      name: "to",
      value: "TARGET",
      help:
        "page: one HTML file with the curves, answers and model of the run; it needs no server (required)",
    },
    RUN_OPTION,
    WEIGHTS_OPTION,
    OVERWRITE_OPTION,
  ],
  examples: [
    "export --to page run.html",
    "export --to page best.html --run ./checkpoints/run-0001 --weights best",
  ],
  run: runExport,
};

async function runExport(typed: TypedOptions): Promise<number> {
  const target = typed.choice("to", Object.keys(TARGETS) as Target[]);
  if (target === undefined) {
    throw new UsageError("Cannot export: the option --to is required, as in --to page FILE");
  }
  const file = readFileName(typed.positionals, target);
  const weights = typed.choice("weights", ["latest", "best"] as const) ?? "latest";
  const path = typed.text("run") ?? await findNewestRun();
  if (await readEnsemble(path) !== undefined) {
    throw new UsageError(
      `Cannot export "${path}": it is an ensemble, and a page holds one model; name one of its models, as in --run ${path}/member-1`,
    );
  }
  const output = await openOutput(file, { overwrite: typed.flag("overwrite") });
  const page = await makePage(path, weights);
  await output.write([new TextEncoder().encode(page)]);
  print(file);
  return 0;
}

async function makePage(path: string, weights: CheckpointChoice): Promise<string> {
  const skipped = new Set<string>(); // every read gives the same reason again
  await using watched = await followRun(path, {
    device: await chooseDevice("cpu"), // a GPU takes longer to start than to answer
    weights,
    onSkipped: (reason) => skipped.add(reason),
  });
  const page = await renderPage(PAGE_ASSETS, await embedRun(watched));
  for (const reason of skipped) printError(`Skipped ${reason}`);
  return page;
}

function readFileName(positionals: readonly string[], target: Target): string {
  const endings = TARGETS[target];
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    throw new UsageError(
      `Cannot export: one file must be named, as in --to ${target} run${
        endings[0]
      }, but ${positionals.length} are named`,
    );
  }
  if (endings.some((ending) => file.toLowerCase().endsWith(ending))) return file;
  throw new UsageError(
    `Cannot export to "${file}": its name must end in ${endings.join(" or ")}`,
  );
}
