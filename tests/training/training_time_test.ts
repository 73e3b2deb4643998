import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { describeTrainingTime } from "../../src/training/training_time.ts";
import type { Settings } from "../../src/training/choose_settings.ts";
import { checkModelConfig } from "../../src/network/config.ts";
import { countStepCost } from "../../src/network/cost.ts";
import { describeNetwork } from "../../src/network/describe_network.ts";
import { resolveAddition } from "../../src/problem/addition.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import { canRun } from "../permissions.ts";
import { inFolder, runCarry } from "../reliability/carry_process.ts";
import { layOutTexts, TINY_MODEL } from "../tiny_training.ts";

function settingsOf(hiddenSize: number): Settings {
  return {
    problem: resolveAddition(),
    model: { ...TINY_MODEL, hiddenSize, ...layOutTexts(7, 4) },
    training: resolveTraining(),
  };
}

Deno.test("describeTrainingTime() measures nothing for a usual model", () => {
  const measureRate = (): number => {
    throw new Error("it was measured");
  };
  assertEquals(describeTrainingTime(settingsOf(128), { threads: 1, measureRate }), undefined);
});

Deno.test("describeTrainingTime() says nothing if a step is short on this machine", () => {
  const speed = { threads: 64, measureRate: () => 50e9 };
  assertEquals(describeTrainingTime(settingsOf(1024), speed), undefined);
});

Deno.test("describeTrainingTime() says the time of steps and epochs, and the memory of training", () => {
  const slow = { threads: 1, measureRate: () => 1e9 };
  const text = describeTrainingTime(settingsOf(1024), slow)!;
  const found = /a step takes about (\d+) s on 1 thread, an epoch about (\d) h.*needs 0.3 GB/.exec(
    text,
  );
  const [step, epoch] = found!.slice(1).map(Number);
  assertEquals(step! > 10 && step! < 20, true, text);
  assertEquals(epoch, Math.round(step! * 704 / 3600), text); // 45,000 examples in batches of 64
});

Deno.test("describeTrainingTime() takes texts with attention to be half as long as they can be", () => {
  const model = checkModelConfig({
    ...{ cell: "lstm", hiddenSize: 2048, layers: 1, decoder: "attention" },
    ...layOutTexts(40, 40),
  });
  const slow = { threads: 1, measureRate: () => 1e9 };
  const text = describeTrainingTime({ ...settingsOf(128), model }, slow)!;
  const { operations } = countStepCost(describeNetwork(model), 64, { source: 20, target: 20 });
  const minutes = Number(/a step takes about (\d+) min/.exec(text)?.[1]);
  assertAlmostEquals(minutes, operations / 1e9 / 60, 1, text);
  assertMatch(text, /Training needs \d+\.\d GB/);
});

Deno.test({
  name: "train refuses a model that does not fit at once, and makes no files",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const args = ["train", "--hidden-size=4096", "--backend=cpu", "--batch-size=128"];
      const { code, stderr } = await runCarry([...args, `--run=${folder}/run`]);
      assertEquals(code, 2, stderr);
      assertMatch(
        stderr,
        /a step needs 4\.\d+ GiB of the compute kernels' memory.*hiddenSize of at most 3\d\d\d/,
      );
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    }),
});
