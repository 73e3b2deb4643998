/**
 * Trains a tiny model for some steps, saves after each, then allocates memory until none is left: `memory_hog.ts RUN STEPS`.
 *
 * @module
 */
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";
import { takeSingly } from "./single_steps.ts";

if (import.meta.main) {
  const [path, steps] = Deno.args;
  const device = takeSingly(await chooseDevice("cpu"));
  using run = await openRun(path!);
  using model = await createModel(TINY_MODEL, { device });
  using training = createTraining(model, TINY_OPTIONS);
  for await (const event of train(training, makeTinySplit(), { samples: 0 })) {
    if (event.event !== "step") continue;
    await saveToRun(run, await takeCheckpoint(training, TINY_PROBLEM));
    if (event.step === Number(steps)) break;
  }
  Deno.stdout.writeSync(new TextEncoder().encode("saved\n"));
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 10_000 }, (_, i) => i + 0.5));
}
