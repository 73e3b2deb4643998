// deno-lint-ignore-file no-console -- its test reads what it prints
/** Trains on WebGPU, destroys the device in the second epoch, and continues from the last checkpoint on the CPU. @module */
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { createModel } from "../../src/model/create_model.ts";
import { train } from "../../src/training/train.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { openGpu } from "../devices.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

if (import.meta.main) {
  const split = makeTinySplit();
  const path = await Deno.makeTempDir();
  const device = await chooseDevice("webgpu");
  const gpu = await openGpu(); // the same one
  using run = await openRun(path);
  const model = await createModel(TINY_MODEL, { device, seed: 5 });
  const training = createTraining(model, TINY_OPTIONS);
  try {
    for await (const event of train(training, split, { samples: 0 })) {
      if (event.event !== "epoch") continue;
      await saveToRun(run, await takeCheckpoint(training, TINY_PROBLEM));
      gpu.destroy();
    }
  } catch (error) {
    console.log((error as Error).message);
  }
  const { checkpoint } = await readRun(path);
  console.log(`the checkpoint holds epoch ${checkpoint.progress.history.length}`);
  using rescued = await createModel(TINY_MODEL, {
    device: await chooseDevice("cpu"),
    parameters: checkpoint.parameters,
  });
  using resumed = createTraining(rescued, checkpoint.training, checkpoint);
  for await (const _ of train(resumed, split, { samples: 0 }));
  console.log(`continued on the CPU to epoch ${resumed.progress.history.length}`);
  await Deno.remove(path, { recursive: true });
}
