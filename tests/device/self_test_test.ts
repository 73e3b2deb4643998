import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Device, Differentiated, Executor } from "../../src/device/executor.ts";
import { createReferenceDevice } from "../../src/device/reference/reference_device.ts";
import { testDevice } from "../../src/device/self_test.ts";
import { type Cell, CELLS, type Decoder, DECODERS } from "../../src/network/config.ts";
import { changeDevice } from "../changed_device.ts";
import { testOnEveryDevice } from "../devices.ts";

const GRU = { cells: ["gru"], decoders: ["repeat"] } as const;

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

for (const decoder of DECODERS) {
  testOnEveryDevice(
    `testDevice() finds no error with any cell and the decoder ${decoder}`,
    async (device) => {
      const tested = { cells: CELLS, decoders: [decoder] };
      assertEquals(await testDevice(device, somewhere(), tested), undefined);
    },
  );
}

Deno.test("testDevice() tests each cell with each decoder once on a GPU", async () => {
  const { device, loads } = await spoil(() => ({}));
  const gpu = somewhere();
  const test = async (cells: readonly Cell[], decoders: readonly Decoder[]): Promise<number> => {
    assertEquals(await testDevice(device, gpu, { cells, decoders }), undefined);
    return loads();
  };
  assertEquals(await test(["gru"], ["repeat"]), 1);
  assertEquals(await test(["gru", "simple"], ["repeat"]), 2);
  assertEquals(await test(["gru", "simple"], DECODERS), 4);
  assertEquals(await test(CELLS, DECODERS), 6);
  assertEquals(await testDevice(device, somewhere(), GRU), undefined);
  assertEquals(loads(), 7);
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
    for (const decoder of DECODERS) {
      const failure = await testDevice(device, somewhere(), {
        cells: ["lstm"],
        decoders: [decoder],
      });
      const words = `value \\d+ of a step of lstm with the decoder ${decoder} is off by`;
      assertMatch(failure!, new RegExp(`its results are wrong: ${words}`));
    }
  }
});

Deno.test("testDevice() gives the error of a device that fails, and tests it again the next time", async () => {
  let fails = true;
  const { device } = await spoil((executor) => ({
    differentiate: (...given) =>
      fails ? Promise.reject(new Error("a shader is wrong")) : executor.differentiate(...given),
  }));
  const gpu = somewhere();
  assertEquals(await testDevice(device, gpu, GRU), "a shader is wrong");
  fails = false;
  assertEquals(await testDevice(device, gpu, GRU), undefined);
  assert(!fails);
});
