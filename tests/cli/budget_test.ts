import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { applyBudget, BUDGET_OPTION, readBudget } from "../../src/cli/budget.ts";
import { parseOptions } from "../../src/cli/options.ts";
import type { TypedOptions } from "../../src/cli/options.ts";
import { TRAINED_PROBLEM_OPTIONS } from "../../src/cli/problem_options.ts";
import type { Settings } from "../../src/training/choose_settings.ts";
import { MODEL_OPTIONS, readSettings, TRAINING_OPTIONS } from "../../src/cli/settings.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { createFakeDevice, type FakeDevice } from "../training/fake_device.ts";

function type(...args: string[]): TypedOptions {
  return parseOptions(args, [
    ...[...TRAINED_PROBLEM_OPTIONS, ...MODEL_OPTIONS, ...TRAINING_OPTIONS, BUDGET_OPTION],
    { name: "resume", help: "" },
  ]);
}

/** A clock by which a step takes 4 ms, whatever the machine, and two seconds have passed before. */
function createClock({ calls }: FakeDevice): () => number {
  return () => 2000 + 4 * calls.taken.length;
}

async function plan(
  budgetMs: number,
  ...args: string[]
): Promise<{ settings: Settings; words: readonly string[]; leftMs: number }> {
  const device = createFakeDevice({ bunch: 50 });
  const now = createClock(device);
  const chosen = readSettings(type(...args, "--hidden-size=8"));
  const planned = await applyBudget(chosen, {
    ...{ budgetMs, device, now, signal: new AbortController().signal },
    keepsExamples: args.some((arg) => /^--examples=\d/.test(arg)),
  });
  assertEquals(device.calls.held, 0);
  return { ...planned, leftMs: budgetMs - now() };
}

Deno.test("--budget is a time, and excludes --epochs and --resume", () => {
  assertEquals(readBudget(type()), undefined);
  assertEquals(["60s", "1.5m", "2h"].map((text) => readBudget(type(`--budget=${text}`))), [
    60_000,
    90_000,
    7_200_000,
  ]);
  for (const text of ["60", "0s", "-1s", "1d", "s", "1e9h", "Infinitys"]) {
    assertThrows(
      () => readBudget(type(`--budget=${text}`)),
      UsageError,
      "must be a positive time in s, m or h",
    );
  }
  assertThrows(() => readBudget(type("--budget=1m", "--epochs=3")), UsageError, "with --epochs");
  assertThrows(() => readBudget(type("--budget=1m", "--resume")), UsageError, "with --resume");
});

Deno.test("a budget becomes the number of epochs that fit into what is left of it", async () => {
  const { settings, words, leftMs } = await plan(62_000);
  const { problem, training } = settings;
  const epochMs = 704 * 4;
  assertEquals([problem.examples, training.epochs], [50_000, Math.floor(leftMs / epochMs)]);
  assertMatch(
    words[0]!,
    /^Budget: a step takes 4\.0 ms here, so 20 epochs of 45,000 examples are planned, about 0:56$/,
  );
});

Deno.test("a budget for one epoch says that it is planned", async () => {
  const { words } = await plan(5000, "--examples=50000");
  assertMatch(words[0]!, /so 1 epoch of 45,000 examples is planned, about/);
});

Deno.test("a budget of few epochs changes the number of examples, unless it was typed", async () => {
  const { settings: { problem, training }, leftMs } = await plan(9000);
  const steps = training.epochs * Math.ceil((problem.examples as number) * 0.9 / 64);
  assertAlmostEquals(4 * steps / leftMs, 1, 0.02);
  const typed = (await plan(9000, "--examples=50000")).settings;
  assertEquals([typed.problem.examples, typed.training.epochs], [50_000, 2]);
});

Deno.test("what is chosen are plain settings, and the rest stays as it was", async () => {
  const { settings } = await plan(62_000, "--digits=4");
  const chosen = readSettings(type("--digits=4", "--hidden-size=8"));
  const { epochs } = settings.training;
  assertEquals(settings, { ...chosen, training: { ...chosen.training, epochs } });
});

Deno.test("a budget that is too short to learn is said to be so, with the time that it takes", async () => {
  assertMatch(
    (await plan(7000)).words.join("\n"),
    /too short to learn .* 180,000 examples, about 0:11 here$/,
  );
  assert(!(await plan(60_000)).words.join("\n").includes("too short"));
  const one = await plan(2100, "--examples=50000");
  assertEquals(one.settings.training.epochs, 1);
  assertMatch(one.words.join("\n"), /too short for one epoch/);
});

Deno.test("a short budget only may be too short where no training is known that learns for certain", async () => {
  assertMatch((await plan(7000)).words.join("\n"), /the budget is too short to learn/);
  const unknown = (await plan(7000, "--problem=mixed")).words.join("\n");
  assertMatch(unknown, /the budget may be too short to learn this well/);
});

Deno.test("a budget is not planned if the signal aborts", async () => {
  const device = createFakeDevice();
  const signal = AbortSignal.abort(new Error("stop"));
  const options = { budgetMs: 60_000, device, now: createClock(device), signal };
  const settings = readSettings(type("--hidden-size=8"));
  await assertRejects(
    () => applyBudget(settings, { ...options, keepsExamples: false }),
    Error,
    "stop",
  );
});
