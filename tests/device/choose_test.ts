import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { chooseDevice, EXECUTORS } from "../../src/device/choose.ts";
import { openGpu } from "../../src/device/open_gpu.ts";
import { findAdapter, hasWebGpu } from "../devices.ts";
import { importsAtStart } from "../module_graph.ts";
import { canRun } from "../permissions.ts";

/** A GPU's device, and its `lost` promise, stay until the process ends. */
const KEEPS_GPU = { sanitizeOps: false, sanitizeResources: false };

Deno.test("chooseDevice() takes the CPU when asked, with each executor", async () => {
  for (const executor of EXECUTORS) {
    const { report } = await chooseDevice("cpu", { executor });
    const { backend, requested, reason } = report;
    assertEquals([backend, requested, reason], ["cpu", "cpu", "as asked"]);
    assertEquals(report.executor, executor);
  }
});

Deno.test("chooseDevice() gives the number of threads that is asked for", async () => {
  assertEquals((await chooseDevice("cpu", { threads: 3 })).report.threads, 3);
  assertEquals((await chooseDevice("cpu", { executor: "reference" })).report.threads, 1);
});

Deno.test("chooseDevice() refuses threads of what has none", async () => {
  const error = await assertRejects(
    () => chooseDevice("cpu", { threads: 3, executor: "reference" }),
    RangeError,
  );
  assertEquals(
    error.message,
    'Cannot choose a device: only the kernels of the CPU have threads, but 3 are asked of the executor "reference"',
  );
  await assertRejects(() => chooseDevice("webgpu", { threads: 1 }), RangeError, '"webgpu"');
});

Deno.test("chooseDevice() refuses an unknown backend, executor, cell, decoder, and number of threads", async () => {
  await assertRejects(() => chooseDevice("gpu" as "cpu"), RangeError, 'but is "gpu"');
  for (
    const wrong of [{ executor: "fast" }, { cell: "rnn" }, { decoder: "beam" }, { threads: 0 }, {
      threads: 257,
    }]
  ) {
    await assertRejects(() => chooseDevice("cpu", wrong as object), RangeError, "Cannot choose");
  }
});

Deno.test({
  name: "chooseDevice() prefers the CPU to a software adapter, and gives the reason",
  ignore: !hasWebGpu || !(await findAdapter())!.info.isFallbackAdapter,
  async fn(): Promise<void> {
    const { backend, reason, adapter } = (await chooseDevice("auto")).report;
    assertEquals(backend, "cpu");
    assert(reason.includes("software") && reason.includes(adapter!), reason);
  },
});

for (const executor of EXECUTORS) {
  Deno.test({
    name:
      `chooseDevice() takes a software adapter when asked, after its self-test, for ${executor}`,
    ignore: !hasWebGpu,
    ...KEEPS_GPU,
    async fn(): Promise<void> {
      const { report } = await chooseDevice("webgpu", { cell: "gru", executor });
      assertEquals([report.backend, report.executor], ["webgpu", executor]);
      assertStringIncludes(report.reason, "self-test passed");
    },
  });
}

Deno.test({
  name:
    "chooseDevice() falls back to the CPU if there is no adapter, and fails if WebGPU is requested",
  ignore: hasWebGpu,
  async fn(): Promise<void> {
    const { backend, reason } = (await chooseDevice("auto")).report;
    assertEquals(backend, "cpu");
    assert(/WebGPU/.test(reason), reason);
    await assertRejects(() => chooseDevice("webgpu"), Error, "Cannot use WebGPU");
  },
});

Deno.test({
  name: "chooseDevice() computes on the GPU that is given",
  ignore: !hasWebGpu,
  ...KEEPS_GPU,
  async fn(): Promise<void> {
    const gpu = await (await findAdapter())!.requestDevice();
    const made: string[] = [];
    const counted = new Proxy(gpu, {
      get(target, name): unknown {
        made.push(String(name));
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const { report } = await chooseDevice("webgpu", {
      ...{ gpu: counted, cell: "simple", decoder: "repeat" },
    });
    assertEquals(report.backend, "webgpu");
    assert(made.includes("createComputePipeline") && made.includes("createBuffer"));
    gpu.destroy();
  },
});

Deno.test("chooseDevice() refuses a GPU that is none, and one for what would not compute on it", async () => {
  await assertRejects(
    () =>
      chooseDevice("webgpu", { gpu: { createComputePipeline: () => {} } as unknown as GPUDevice }),
    TypeError,
    "Cannot choose a device: gpu must be a GPUDevice",
  );
  const gpu = { createComputePipeline: () => {}, limits: {} } as unknown as GPUDevice;
  const only = "only the kernels of WebGPU compute on a given GPU, but one is given to";
  await assertRejects(
    () => chooseDevice("cpu", { gpu }),
    RangeError,
    `Cannot choose a device: ${only} the backend "cpu"`,
  );
  await assertRejects(
    () => chooseDevice("webgpu", { gpu, executor: "reference" }),
    RangeError,
    `${only} the executor "reference"`,
  );
});

Deno.test({
  name: "openGpu() opens one device for all, and another one when that has failed or was lost",
  ignore: !hasWebGpu,
  ...KEEPS_GPU,
  async fn(): Promise<void> {
    const open = async (): Promise<GPUDevice> => await openGpu((await findAdapter())!);
    const [first, second] = await Promise.all([open(), open()]);
    assert(first === second);
    first!.destroy();
    await first!.lost;
    const [third, fourth] = await Promise.all([open(), open()]);
    assert(third !== first && third === fourth);
  },
});

Deno.test({
  name: "choosing WebGPU loads no tfjs",
  ignore: !canRun,
  async fn(): Promise<void> {
    const imports = await importsAtStart("src/device/choose.ts");
    assert(imports.some((name) => name.endsWith("/webgpu_executor.ts")));
    assertEquals(imports.filter((name) => /tensorflow|device\/reference/.test(name)), []);
  },
});
