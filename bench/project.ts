/** Carry's library in a checkout, which may be an older commit with another API. @module */
import type * as carry from "../mod.ts";
import { type BenchUsage, readBenchOptions, readCount } from "./bench_options.ts";
import { configureTask } from "./task.ts";

/** The functions that the benches use and that every commit has. */
type Common = Pick<
  typeof carry,
  "countModelParameters" | "createTraining" | "predict" | "splitDataset" | "train"
>;

/** How a model is made: on a device that is given, or, before devices existed, on the backend of the process. */
interface Library extends Common {
  createModel(
    config: unknown,
    options: { readonly seed: number; readonly device?: unknown },
  ): Promise<carry.Model>;
  chooseDevice?(backend: "cpu", options: { readonly threads: number }): Promise<unknown>;
  selectBackend?(backend: "cpu"): Promise<unknown>;
  setThreads?(threads: number): void;
  /** How datasets are made: of a layout, or, before layouts existed, of a table and lengths. */
  createDataset(examples: unknown, layout: unknown, lengths?: unknown): carry.Dataset;
  createCharacterTable(characters: string): unknown;
  generateAddition(options: Readonly<Record<string, unknown>>): unknown;
  readonly characterLayout?: unknown;
}

/** The library of a checkout, and a model of the notebook's size. */
export interface Project {
  readonly library: Common & { makeAdditions(count: number): carry.Dataset };
  readonly model: carry.Model;
}

/** The command-line options of a bench of a checkout. */
export interface ProjectOptions {
  /** The folder of the checkout. */
  readonly project: string;
  readonly threads: number;
  /** Number of steps or questions of a round. */
  readonly count: number;
}

/** Opens a checkout, and makes the notebook's model on some of the CPU's threads. */
export async function openProject(folder: string, threads: number): Promise<Project> {
  const found = await importLibrary(await Deno.realPath(folder));
  const config = found.characterLayout === undefined ? OLD_CONFIG : configureTask(128);
  const library = { ...found, makeAdditions: (count: number) => makeAdditions(found, count) };
  if (found.chooseDevice !== undefined) {
    const device = await found.chooseDevice("cpu", { threads });
    return { library, model: await found.createModel(config, { seed: 0, device }) };
  }
  await found.selectBackend!("cpu");
  found.setThreads!(threads);
  return { library, model: await found.createModel(config, { seed: 0 }) };
}

/** Imports a checkout's library. Additions have a module of their own, or, before it existed, are in the main one. */
async function importLibrary(folder: string): Promise<Library> {
  const main: Library = await import(`file://${folder}/mod.ts`);
  const isWhole = "generateAddition" in (main as object);
  return isWhole ? main : { ...main, ...await import(`file://${folder}/addition.ts`) };
}

/** The notebook's model before layouts existed. */
const OLD_CONFIG = {
  ...{ cell: "lstm", hiddenSize: 128, layers: 1, inputLength: 7, outputLength: 4 },
  ...{ characters: " +0123456789", reverse: true },
};

/** Makes additions of 3 digits in the layout of the notebook. */
function makeAdditions(library: Library, examples: number): carry.Dataset {
  if (library.characterLayout !== undefined) {
    const questions = library.generateAddition({ digits: 3, examples });
    return library.createDataset(questions, configureTask(128));
  }
  const questions = library.generateAddition({ digits: 3, examples, reverse: true });
  const table = library.createCharacterTable(OLD_CONFIG.characters);
  return library.createDataset(questions, table, OLD_CONFIG);
}

/** Reads the command line of a bench of a checkout. @param counted what a round has a number of */
export function readProjectOptions(
  args: readonly string[],
  usage: Pick<BenchUsage, "command" | "summary">,
  counted: { readonly name: string; readonly otherwise: number },
): ProjectOptions {
  const { name, otherwise } = counted;
  const options = [
    { name: "project", value: "DIR", help: "the checkout (default: this one)" },
    { name: "threads", value: "N", help: "threads (default 1)" },
    { name, value: "N", help: `${name} of a round (default ${otherwise})` },
  ];
  return readBenchOptions(args, { ...usage, options, examples: ["--threads 2"] }, (typed) => ({
    project: typed.text("project") ?? new URL("..", import.meta.url).pathname,
    threads: readCount(typed, "threads", 1),
    count: readCount(typed, name, otherwise),
  }));
}
