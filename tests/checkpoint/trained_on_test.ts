import { assertEquals, assertMatch } from "@std/assert";
import { selectBackend } from "../../src/backend/backend.ts";
import { describeComputer, findComputerChange } from "../../src/checkpoint/trained_on.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createModel } from "../../src/model/create_model.ts";
import { useKernelBuild } from "../../src/ops/kernels.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

await selectBackend("cpu");

Deno.test("a checkpoint says which kernels trained it", async () => {
  try {
    for (
      const [build, words] of [
        ["relaxed", "cpu, relaxed SIMD kernels"],
        ["simd", "cpu, plain SIMD kernels"],
      ] as const
    ) {
      useKernelBuild(build);
      using model = await createModel(TINY_MODEL);
      using training = createTraining(model);
      assertEquals((await takeCheckpoint(training, TINY_PROBLEM)).trainedOn, words);
    }
  } finally {
    useKernelBuild(undefined);
  }
});

Deno.test("findComputerChange() gives a sentence for other kernels, and undefined for the same ones", async () => {
  assertEquals(await findComputerChange({ trainedOn: await describeComputer() }), undefined);
  assertEquals(await findComputerChange({ trainedOn: null }), undefined, "an older file");
  const change = await findComputerChange({ trainedOn: "webgpu, some adapter" });
  assertMatch(
    change!,
    /trained on webgpu, some adapter, but continues on cpu, .* not be equal bit for bit/,
  );
});
