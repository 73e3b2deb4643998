import { assert, assertEquals, assertRejects } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { createLocalModel } from "../../src/dashboard/page/local_model.ts";
import { followRun } from "../../src/dashboard/follow_run.ts";
import { createModel } from "../../src/model/create_model.ts";
import { predict } from "../../src/model/predict.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { canUseFiles } from "../permissions.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

/** A run as the library saves it, without a log. */
async function withRun(body: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "carry-" });
  try {
    using model = await createModel(TINY_MODEL, { device, seed: 1 });
    using training = createTraining(model, TINY_OPTIONS);
    using run = await openRun(path);
    for await (const event of train(training, makeTinySplit())) {
      if (event.event === "epoch") {
        await saveToRun(run, await takeCheckpoint(training, TINY_PROBLEM));
      }
    }
    await body(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

function testRun(name: string, body: (path: string) => Promise<void>): void {
  Deno.test({ name, ignore: !canUseFiles, fn: () => withRun(body) });
}

testRun("followRun() shows of a run without a log what its checkpoint knows", async (path) => {
  await using run = await followRun(path, { device });
  const { update } = run.news.since(undefined)!;
  assertEquals(update.epochs!.map(({ epoch }) => epoch), [1, 2, 3, 4]);
  assertEquals([update.status.state, update.learned!.length], ["ended", 1]);
  assertEquals([update.status.step, update.status.steps], [28, 28]);
  const right = update.learned![0]!.groups[0]!.cells.reduce((sum, cell) => sum + cell.right, 0);
  assertEquals(right / 5, update.epochs!.at(-1)!.exactMatch);
});

testRun(
  "followRun() reads a log as it grows, and again when another takes its place",
  async (path) => {
    const log = `${path}/events.jsonl`;
    const line = (step: number): string =>
      `{"event":"step","epoch":1,"step":${step},"steps":28,"loss":1,"characterAccuracy":0,"learningRate":1}\n`;
    await Deno.writeTextFile(log, line(1) + line(2));
    await using run = await followRun(path, { device, pollMs: 5 });
    let news = run.news.since(undefined)!;
    assertEquals(news.update.steps!.step, [1, 2]);
    const next = async (): Promise<typeof news> => {
      for (;;) {
        const found = run.news.since(news.cursor);
        if (found?.update.steps !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await Deno.writeTextFile(log, line(3).slice(0, 20), { append: true });
    await Deno.writeTextFile(log, line(3).slice(20), { append: true });
    news = await next();
    assertEquals([news.update.reset, news.update.steps!.step], [undefined, [3]]);
    await Deno.remove(log);
    await Deno.writeTextFile(log, line(7));
    news = await next();
    assertEquals([news.update.reset, news.update.steps!.step], [true, [7]]);
  },
);

testRun("a followed run answers by its weights, and gives them without moments", async (path) => {
  await using run = await followRun(path, { device });
  const { parameters, moments, progress } = await decodeCheckpoint(
    Uint8Array.from(await run.readModel()),
  );
  assertEquals(moments, []);
  using model = await createModel(TINY_MODEL, { device, parameters });
  const [prediction] = await predict(model, ["3+4"]);
  const answered = await run.ask(" 3 + 4 ");
  assertEquals(answered.answer, prediction!.answer);
  assertEquals([answered.question, answered.step], ["3+4", progress.step]);
  assertEquals(answered.probabilities.map((row) => row.length), [12, 12]);
  for (const row of answered.probabilities) {
    assert(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-6);
  }
  const answers = await run.answers();
  assertEquals(answers.examples, 5);
  const predicted = await predict(model, answers.questions);
  assertEquals(answers.guesses, predicted.map(({ answer }) => answer));
});

testRun("a followed run refuses what is no question with a sentence", async (path) => {
  await using run = await followRun(path, { device });
  await assertRejects(() => run.ask("3*4"), SyntaxError, 'Cannot read "3*4"');
  await assertRejects(() => run.ask("33+4"), RangeError);
});

testRun("followRun() answers by the weights that were asked for", async (path) => {
  await Deno.copyFile(`${path}/previous.safetensors`, `${path}/best.safetensors`); // of epoch 3
  for (const [weights, step] of [["latest", 28], ["best", 21]] as const) {
    await using run = await followRun(path, { device, weights });
    using model = await createLocalModel(await run.readModel());
    const answered = await run.ask("3+4");
    const found = await model.ask("3+4");
    assertEquals(found.answer, answered.answer);
    assertEquals([found.step, answered.step, (await run.answers()).step], [
      step,
      step,
      step,
    ]);
  }
});

testRun("followRun() says which checkpoint it had to pass over", async (path) => {
  await Deno.remove(`${path}/latest.safetensors`);
  const skipped: string[] = [];
  await using run = await followRun(path, { device, onSkipped: (reason) => skipped.push(reason) });
  assertEquals((await run.ask("3+4")).step, 21);
  assertEquals(new Set(skipped), new Set([`${path}/latest.safetensors: it does not exist`]));
});

testRun(
  "followRun() shows what the checkpoint knows where the log is damaged, and says so",
  async (path) => {
    const lines = [
      '{"event":"end","reason":"epochs","epochs":1,"exactMatch":0,"checkpoint":"r"}',
      '{"event":"step"}',
    ];
    await Deno.writeTextFile(`${path}/events.jsonl`, lines.join("\n") + "\n");
    const skipped: string[] = [];
    await using run = await followRun(path, {
      device,
      onSkipped: (reason) => skipped.push(reason),
    });
    assertEquals(skipped, [
      `${path}/events.jsonl, line 2: epoch of the event must be a positive integer, but is missing`,
    ]);
    assertEquals(run.news.since(undefined)!.update.epochs!.length, 4);
  },
);
