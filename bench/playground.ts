/** Measures the playground beside the command line: the same training in a browser's worker and in a process, by turns. @module */
import { chromium } from "playwright-core";
import { printText } from "../src/cli/terminal.ts";
import { startPlaygroundServer } from "../src/playground/playground_server.ts";
import { type BenchUsage, readBenchOptions, readCount, readCounts } from "./bench_options.ts";
import { trainOnCommandLine } from "./playground/cli_training.ts";
import { trainInPage } from "./playground/page_training.ts";
import type { TimedTraining } from "./playground/timed_training.ts";
import { describeSetting, formatSetting, formatTable } from "./setting.ts";

const USAGE: BenchUsage = {
  command: "deno task bench:playground",
  summary: "compare a training in the playground with the same one on the command line, by turns",
  options: [
    {
      name: "rounds",
      value: "N",
      help: "trainings of each kind and number of threads (default 3)",
    },
    { name: "epochs", value: "N", help: "epochs of a training (default 4)" },
    { name: "examples", value: "N", help: "sums of 3 digits (default 20000)" },
    { name: "threads", value: "N,…", help: "numbers of threads (default 1,2)" },
    { name: "browser", value: "PATH", help: "a Chromium (default /usr/bin/chromium)" },
  ],
  examples: ["--rounds 5 --threads 1,2,4"],
};

const options = readBenchOptions(Deno.args, USAGE, (typed) => ({
  rounds: readCount(typed, "rounds", 3),
  epochs: readCount(typed, "epochs", 4),
  examples: readCount(typed, "examples", 20_000),
  threads: readCounts(typed, "threads") ?? [1, 2],
  browser: typed.text("browser") ?? "/usr/bin/chromium",
}));
const setting = await describeSetting("bench:playground");
await using server = await startPlaygroundServer({ port: 0, reportError: printError });
await using browser = await chromium.launch({
  executablePath: options.browser,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

const rows = [["threads", "command line", "page", "page's speed", "long tasks", "longest"]];
for (const threads of options.threads) rows.push(await compare(threads));
printText(`${formatSetting(setting)}; Chromium ${browser.version()}\n\n${formatTable(rows)}\n`);

/** Trains by turns. Every training does the same, so that the sums of all epochs are compared. */
async function compare(threads: number): Promise<string[]> {
  const { rounds, epochs, examples } = options;
  const trained: Record<"process" | "page", TimedTraining[]> = { process: [], page: [] };
  for (let round = 0; round < rounds; round++) {
    trained.process.push(
      await trainOnCommandLine([
        `--examples=${examples}`,
        `--epochs=${epochs}`,
        `--threads=${threads}`,
      ]),
    );
    trained.page.push(
      await trainInPage(browser, server.url, {
        "questions-examples": `${examples}`,
        "training-epochs": `${epochs}`,
        "device-backend": "cpu",
        "device-threads": `${threads}`,
      }),
    );
  }
  const [process, page] = [trained.process, trained.page].map((each) =>
    each.flatMap(({ epochMs }) => epochMs).reduce((sum, ms) => sum + ms, 0) / (epochs * rounds)
  ) as [number, number];
  const tasks = trained.page.flatMap(({ longTasks }) => longTasks);
  return [
    ...[`${threads}`, `${process.toFixed(0)} ms an epoch`, `${page.toFixed(0)} ms an epoch`],
    ...[(process / page).toFixed(2), `${tasks.length}`, `${Math.max(0, ...tasks).toFixed(0)} ms`],
  ];
}

function printError(error: unknown): void {
  printText(`${error instanceof Error ? error.message : error}\n`);
}
