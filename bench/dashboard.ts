/** Measures what viewers of the dashboard cost: training steps with no page, one page, a hundred pages, and connections with incomplete requests. @module */
import type { StartEvent } from "../src/checkpoint/run_events.ts";
import { startDashboard } from "../src/dashboard/dashboard_server.ts";
import { watchTraining } from "../src/dashboard/live_run.ts";
import { createRunHistory } from "../src/dashboard/run_news.ts";
import { openSplit } from "../src/checkpoint/open_split.ts";
import { chooseDevice } from "../src/device/choose.ts";
import { countModelParameters, createModel } from "../src/model/create_model.ts";
import { resolveAddition } from "../src/problem/addition.ts";
import { resolveTraining } from "../src/training/resolve_training.ts";
import { train } from "../src/training/train.ts";
import { createTraining } from "../src/training/create_training.ts";
import { printText } from "../src/cli/terminal.ts";
import { type BenchUsage, readBenchOptions, readCount } from "./bench_options.ts";
import { median } from "./round.ts";
import { describeSetting, formatSetting, formatTable } from "./setting.ts";
import { configureTask } from "./task.ts";

const AUDIENCES = [
  { name: "none", kind: "pages", count: 0 },
  { name: "1 page", kind: "pages", count: 1 },
  { name: "100 pages", kind: "pages", count: 100 },
  { name: "1,000 incomplete requests", kind: "incomplete", count: 1000 },
] as const;

/** More epochs than are measured. */
const EPOCHS = 10_000;

const USAGE: BenchUsage = {
  command: "deno task bench:dashboard",
  summary: "measure training steps while no, one or many pages show the run",
  options: [
    { name: "rounds", value: "N", help: "rounds per kind of viewer (default 6)" },
    { name: "steps", value: "N", help: "training steps per round, an epoch (default 300)" },
  ],
  examples: ["--rounds 8 --steps 200"],
};

const { rounds, steps } = readBenchOptions(Deno.args, USAGE, (typed) => ({
  rounds: readCount(typed, "rounds", 6),
  steps: readCount(typed, "steps", 300),
}));
const config = configureTask(128, 3);
const setting = await describeSetting("bench:dashboard");
const options = resolveTraining({ epochs: EPOCHS, swap: true, weighted: true });
const problem = resolveAddition({ examples: Math.floor(steps * options.batchSize / 0.9) }); // a tenth is held out
const split = await openSplit({ problem, model: config, training: options });
using model = await createModel(config, { device: await chooseDevice("cpu") });
using training = createTraining(model, options);
const path = await Deno.makeTempDir({ prefix: "carry-" });
const news = createRunHistory(path, () => performance.now());
const start: StartEvent = {
  event: "start",
  run: path,
  runId: null,
  backend: { name: "cpu", reason: "as asked" },
  problem,
  model: config,
  training: options,
  parameters: countModelParameters(config),
  trainingExamples: split.training.count,
  validationExamples: split.validation.count,
  step: 0,
};
news.record(start);
const live = watchTraining({ path, news, training, split, problem });
await using server = await startDashboard([live], {
  port: 0,
  reportError: (error) => {
    throw error;
  },
});

const events = train(training, split, { answers: true });
await takeEpoch();
const times = AUDIENCES.map((): number[] => []);
for (let round = 0; round < rounds; round++) {
  for (const [i, { kind, count }] of AUDIENCES.entries()) {
    const audience = count === 0 ? undefined : gather(kind, count);
    if (audience !== undefined) await takeEpoch(); // until all have connected
    times[i]!.push(await takeEpoch());
    if (audience !== undefined) await dismiss(audience);
  }
}
const medians = times.map(median);
const rows = AUDIENCES.map(({ name }, i) => [
  name,
  medians[i]!.toFixed(2),
  Math.min(...times[i]!).toFixed(2),
  median(times[i]!.map((ms, round) => ms / times[0]![round]!)).toFixed(3),
]);
const table = formatTable([["viewers", "median ms per step", "min ms", "median ratio"], ...rows]);
printText(`${formatSetting(setting)}\n\n${table}`);
await events.return();
await Deno.remove(path, { recursive: true });

/** Takes the steps of an epoch, and records all events up to its samples. @returns milliseconds per step, without the evaluation */
async function takeEpoch(): Promise<number> {
  const startedAt = performance.now();
  let stepsMs = 0;
  for (let taken = 0;;) {
    const { value } = await events.next();
    if (value === undefined) throw new Error("Cannot measure: the training has ended");
    if (value.event === "answers") live.keepAnswers(value);
    else if (value.event !== "end") news.record(value);
    if (value.event === "samples") return stepsMs / taken;
    if (value.event !== "step") continue;
    taken++;
    stepsMs = performance.now() - startedAt;
  }
}

async function dismiss(audience: Deno.ChildProcess): Promise<void> {
  try {
    audience.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // the process has ended, because the server closed its connections
  }
  await audience.status;
}

function gather(kind: string, count: number): Deno.ChildProcess {
  const script = new URL("dashboard_audience.ts", import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-net=127.0.0.1", script, server.url, kind, String(count)],
    stdout: "null",
  }).spawn();
}
