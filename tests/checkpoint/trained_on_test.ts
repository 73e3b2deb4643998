import { assertEquals, assertMatch } from "@std/assert";
import { createCpuDevice } from "../../src/device/cpu/cpu_device.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { describeComputer, findComputerChange } from "../../src/checkpoint/trained_on.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import type { DeviceReport } from "../../src/device/executor.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

Deno.test("a checkpoint says which kernels trained it", async () => {
  for (
    const [build, words] of [
      ["relaxed", "cpu, relaxed SIMD kernels"],
      ["simd", "cpu, plain SIMD kernels"],
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
  assertEquals(of({ ...webgpu, ...kernels, ...adapter }), "webgpu, Pocket GPU");
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
