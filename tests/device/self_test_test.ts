import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Device, Differentiated, Executor } from "../../src/device/executor.ts";
import { createReferenceDevice } from "../../src/device/reference/reference_device.ts";
import { testDevice } from "../../src/device/self_test.ts";
import { CELLS } from "../../src/network/config.ts";
import { changeDevice } from "../changed_device.ts";
import { testOnEveryDevice } from "../devices.ts";

/** A key for what has passed: no GPU is used here. */
function somewhere(): GPUDevice {
  return {} as unknown as GPUDevice;
}

/** A device whose executors are changed, and the number of networks that were loaded. */
async function spoil(
  change: (executor: Executor) => Partial<Executor>,
): Promise<{ readonly device: Device; readonly loads: () => number }> {
  const reference = await createReferenceDevice("cpu", { requested: "cpu", reason: "test" });
  let loads = 0;
  const device = changeDevice(reference, (executor) => {
    loads++;
    return change(executor);
  });
  return { device, loads: () => loads };
}

testOnEveryDevice("testDevice() finds no error with any cell", async (device) => {
  assertEquals(await testDevice(device, somewhere(), CELLS), undefined);
});

Deno.test("testDevice() tests each cell once on a GPU", async () => {
  const { device, loads } = await spoil(() => ({}));
  const gpu = somewhere();
  assertEquals(await testDevice(device, gpu, ["gru"]), undefined);
  assertEquals(await testDevice(device, gpu, ["gru", "simple"]), undefined);
  assertEquals(await testDevice(device, gpu, CELLS), undefined);
  assertEquals(loads(), 3);
  assertEquals(await testDevice(device, somewhere(), ["gru"]), undefined);
  assertEquals(loads(), 4);
});

Deno.test("testDevice() finds gradients of zero, parameters that do not change, and values that are not numbers", async () => {
  const spoiled = [
    (executor: Executor): Partial<Executor> => ({
      async differentiate(...given): Promise<Differentiated> {
        const { figures, gradients } = await executor.differentiate(...given);
        return { figures, gradients: gradients.map((each) => each.map(() => 0)) };
      },
    }),
    (executor: Executor): Partial<Executor> => {
      const before = executor.readState();
      return { readState: () => before };
    },
    (executor: Executor): Partial<Executor> => ({
      async differentiate(...given): Promise<Differentiated> {
        const { figures, gradients } = await executor.differentiate(...given);
        return { figures: { ...figures, loss: NaN }, gradients };
      },
    }),
  ];
  for (const change of spoiled) {
    const { device } = await spoil(change);
    const failure = await testDevice(device, somewhere(), ["lstm"]);
    assertMatch(failure!, /its results are wrong: value \d+ of a step of lstm is off by/);
  }
});

Deno.test("testDevice() gives the error of a device that fails, and tests it again the next time", async () => {
  let fails = true;
  const { device } = await spoil((executor) => ({
    differentiate: (...given) =>
      fails ? Promise.reject(new Error("a shader is wrong")) : executor.differentiate(...given),
  }));
  const gpu = somewhere();
  assertEquals(await testDevice(device, gpu, ["lstm"]), "a shader is wrong");
  fails = false;
  assertEquals(await testDevice(device, gpu, ["lstm"]), undefined);
  assert(!fails);
});
