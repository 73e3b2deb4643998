import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Device, Differentiated } from "../../../src/device/executor.ts";
import type { DeviceLimits } from "../../../src/device/webgpu/laid_out_network.ts";
import { createWebGpuDevice } from "../../../src/device/webgpu/webgpu_device.ts";
import type { AttentionSize } from "../../describe_attention.ts";
import { makePaddedExamples, TINY_ATTENTION } from "../../describe_attention.ts";
import { hasWebGpu, openDevice, openGpu } from "../../devices.ts";
import { countDeviceCalls } from "../../device_calls.ts";
import { ADAM, drawRows, makeAttentionTrial, takeSteps } from "../trial.ts";
import { assertSameResults, computeTrial } from "../trial_results.ts";
import { assertClose } from "../../assert_close.ts";
import { CARD, SMALLEST } from "./limits.ts";

const FOUND = { requested: "webgpu", reason: "as the test asks" } as const;
const REGULARIZATION = { dropout: 0.3, seed: 7, labelSmoothing: 0.1 };

function test(title: string, fn: () => Promise<void>): void {
  const sanitize = { sanitizeOps: false, sanitizeResources: false };
  Deno.test({ name: `${title} on webgpu`, ignore: !hasWebGpu, ...sanitize, fn });
}

async function openLimited(limits: DeviceLimits): Promise<Device> {
  return createWebGpuDevice(await openGpu(), FOUND, { limits });
}

for (const [cell, threads] of [["lstm", 8], ["gru", 4]] as const) {
  test(`a network with attention has more units than the ${threads} threads: ${cell}`, async () => {
    const size = { ...TINY_ATTENTION, cell, hiddenSize: threads + 6, embeddingSize: 9 };
    const trial = makeAttentionTrial(size);
    const examples = makePaddedExamples(trial.network, 5);
    const setup = { trial, examples, batchSize: 1, regularization: REGULARIZATION };
    const device = await openLimited({
      ...SMALLEST,
      ...{ maxComputeInvocationsPerWorkgroup: threads, maxComputeWorkgroupSizeX: threads },
    });
    const found = await computeTrial(device, setup);
    assertSameResults(found, await computeTrial(await openDevice("reference"), setup));
  });
}

/** A network of which a buffer of 4 KiB takes one row, and its examples. */
const LONG: AttentionSize = {
  ...{ ...TINY_ATTENTION, cell: "simple", bidirectional: false, inputLength: 8, outputLength: 8 },
};
const NARROW: DeviceLimits = {
  ...CARD,
  ...{ maxStorageBufferBindingSize: 4096, maxBufferSize: 2 ** 20 },
};

test("a batch of a network with attention is taken in slices, its examples uploaded as they are needed", async () => {
  const { network, values } = makeAttentionTrial(LONG);
  const examples = makePaddedExamples(network, 300);
  const rows = drawRows(300, 5);
  const differentiate = async (device: Device): Promise<Differentiated> => {
    using executor = await device.load(network, values);
    assertEquals(executor.report.executor, device.report.executor);
    using held = executor.hold(examples);
    return await executor.differentiate(held, rows, { ...REGULARIZATION, step: 4 });
  };
  const found = await differentiate(await openLimited(NARROW));
  const expected = await differentiate(await openDevice("reference"));
  const tolerance = { relative: 1e-4, absolute: 1e-6 };
  assertClose([found.figures.loss], [expected.figures.loss], "loss", tolerance);
  expected.gradients.forEach((gradient, i) =>
    assertClose(found.gradients[i]!, gradient, network.parameters[i]!.name, tolerance)
  );
});

test("sources and hypotheses that no buffer takes cannot be decoded at once", async () => {
  const { network, values } = makeAttentionTrial(LONG);
  const device = await openLimited(NARROW);
  using executor = await device.load(network, values);
  const sourcesOf = (count: number): Uint8Array => new Uint8Array(count * network.inputLength);
  assertThrows(
    () => executor.decode(sourcesOf(100)),
    Error,
    "Cannot decode symbol by symbol: a buffer of the WebGPU adapter has room for ",
  );
  using decoding = executor.decode(sourcesOf(executor.examplesAtOnce));
  await decoding.step();
  const many = { parents: new Uint32Array(100), symbols: new Uint8Array(100) };
  await assertRejects(() => decoding.step(many), Error, "hypotheses, but there are 100");
  await decoding.step({ parents: Uint32Array.of(0), symbols: Uint8Array.of(1) });
  assertEquals(decoding.steps, 2);
});

test("a step with attention takes three dispatches, and nothing is uploaded in it", async () => {
  const device = createWebGpuDevice(await openGpu(), FOUND, { now: () => 0 });
  const { network, values } = makeAttentionTrial(TINY_ATTENTION);
  using executor = await device.load(network, values);
  using examples = executor.hold(makePaddedExamples(network, 20));
  using optimizer = executor.createOptimizer(ADAM);
  const plan = { examples, optimizer, batchSize: 3, regularization: REGULARIZATION };
  await takeSteps(executor, { ...plan, order: drawRows(20, 3) });
  using calls = countDeviceCalls();
  const figures = await takeSteps(executor, { ...plan, order: drawRows(20, 300) });
  assertEquals(figures.length, 100);
  assertEquals(calls.dispatches, 300);
  assertEquals(calls.readBacks <= 10, true);
});
