/** `export`: writes a run, or the playground, to a file that works without this program. @module */
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
const TARGETS = { page: [".html", ".htm"], playground: [".html", ".htm"] } as const;

type Target = keyof typeof TARGETS;

/** The command. */
export const EXPORT_COMMAND: Command = {
  positionals: "FILE",
  options: [
    {
      name: "to",
      value: "TARGET",
      help:
        "page: one HTML file with the curves, answers and model of the run; playground: one HTML file that trains in the browser; neither needs a server (required)",
    },
    RUN_OPTION,
    WEIGHTS_OPTION,
    OVERWRITE_OPTION,
  ],
  examples: [
    "export --to page run.html",
    "export --to page best.html --run ./checkpoints/run-0001 --weights best",
    "export --to playground playground.html",
  ],
  run: runExport,
};

async function runExport(typed: TypedOptions): Promise<number> {
  const target = typed.choice("to", Object.keys(TARGETS) as Target[]);
  if (target === undefined) {
    throw new UsageError("Cannot export: the option --to is required, as in --to page FILE");
  }
  const file = readFileName(typed.positionals, target);
  if (target === "playground") refuseRunOptions(typed);
  const page = target === "page" ? await planRunPage(typed) : writePlaygroundPage;
  const output = await openOutput(file, { overwrite: typed.flag("overwrite") });
  await output.write([new TextEncoder().encode(await page())]);
  print(file);
  return 0;
}

/** Refuses options of a run for the playground, which holds none. */
function refuseRunOptions(typed: TypedOptions): void {
  const option = [RUN_OPTION, WEIGHTS_OPTION].find(({ name }) => typed.text(name) !== undefined);
  if (option === undefined) return;
  throw new UsageError(`Cannot use --${option.name} with --to playground: it holds no run`);
}

/** Writes the playground. Its page is loaded only here. */
async function writePlaygroundPage(): Promise<string> {
  const { writePlayground } = await import("../playground/write_playground.ts");
  return await writePlayground();
}

/** Finds the run that is exported. @returns makes its page */
async function planRunPage(typed: TypedOptions): Promise<() => Promise<string>> {
  const weights = typed.choice("weights", ["latest", "best"] as const) ?? "latest";
  const path = typed.text("run") ?? await findNewestRun();
  if (await readEnsemble(path) !== undefined) {
    throw new UsageError(
      `Cannot export "${path}": it is an ensemble, and a page holds one model; name one of its models, as in --run ${path}/member-1`,
    );
  }
  return () => makePage(path, weights);
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
