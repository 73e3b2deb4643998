import { assertEquals, assertMatch } from "@std/assert";
import { createCpuDevice } from "../../src/device/cpu/cpu_device.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { describeComputer, findComputerChange } from "../../src/checkpoint/trained_on.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import type { DeviceReport } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { KERNELS_VERSION } from "../../src/device/kernels_version.ts";
import { openSplit } from "../../src/checkpoint/open_split.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import { train } from "../../src/training/train.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

Deno.test("a checkpoint says which kernels trained it", async () => {
  for (
    const [build, words] of [
      ["relaxed", "cpu, relaxed SIMD kernels 2"],
      ["simd", "cpu, plain SIMD kernels 2"],
    ] as const
  ) {
    using model = await createModel(TINY_MODEL, { device: createCpuDevice({ build }) });
    using training = createTraining(model);
    assertEquals((await takeCheckpoint(training, TINY_PROBLEM)).trainedOn, words);
  }
});

Deno.test("a description names the executor where it is the reference, and the adapter", () => {
  const of = (report: Partial<DeviceReport>): string =>
    describeComputer({ ...device.report, ...report });
  const [reference, webgpu] = [{ executor: "reference" }, { backend: "webgpu" }] as const;
  const [kernels, adapter] = [{ executor: "kernels" }, { adapter: "Pocket GPU" }] as const;
  assertEquals(of(reference), "cpu, reference");
  assertEquals(of({ ...webgpu, ...kernels, ...adapter }), "webgpu, kernels 2, Pocket GPU");
  assertEquals(of({ ...webgpu, ...reference, ...adapter }), "webgpu, reference, Pocket GPU");
});

Deno.test("findComputerChange() gives a sentence for other kernels, and undefined for the same ones", () => {
  const report: DeviceReport = { ...device.report, executor: "kernels" };
  const here = describeComputer(report);
  assertEquals(findComputerChange({ trainedOn: here }, report), undefined);
  assertEquals(findComputerChange({ trainedOn: null }, report), undefined, "an older file");
  const change = findComputerChange({ trainedOn: "webgpu, some adapter" }, report);
  assertMatch(
    change!,
    /trained on webgpu, some adapter, but continues on cpu, .* not be equal bit for bit/,
  );
});

Deno.test("findComputerChange() gives a sentence for an earlier version of the same kernels", () => {
  const report: DeviceReport = { ...device.report, executor: "kernels", build: "relaxed" };
  const change = findComputerChange({ trainedOn: "cpu, relaxed SIMD kernels" }, report);
  assertMatch(
    change!,
    /trained on cpu, relaxed SIMD kernels, but continues on cpu, relaxed SIMD kernels 2:/,
  );
});

Deno.test("the bits of a training with plain SIMD are those of this version of the kernels", async () => {
  using model = await createModel(TINY_MODEL, {
    seed: 1,
    device: createCpuDevice({ build: "simd" }),
  });
  using training = createTraining(model, { epochs: 2, batchSize: 4 });
  const split = await openSplit({
    ...{ problem: TINY_PROBLEM, model: TINY_MODEL, training: training.options },
  });
  for await (const _ of train(training, split));
  const bytes = (await readParameters(model)).flatMap((
    { values },
  ) => [...new Uint8Array(values.buffer)]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
  // if it differs on purpose, raise KERNELS_VERSION and record it anew
  assertEquals([KERNELS_VERSION, hash.toHex()], [
    2,
    "7dd6b07b95fb0b776866559fe737133216ae70eb0ae04fcc287b7662f1f34f05",
  ]);
});
