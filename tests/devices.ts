/** Registers tests for the devices of this machine. @module */
import { quietDrivers } from "../src/device/quiet_drivers.ts";
import type { Device, DeviceReport } from "../src/device/executor.ts";
import { createCpuDevice } from "../src/device/cpu/cpu_device.ts";
import { createReferenceDevice } from "../src/device/reference/reference_device.ts";
import { openGpu as openAdapter } from "../src/device/open_gpu.ts";
import { probeAdapter } from "../src/device/probe_adapter.ts";
import { createWebGpuDevice } from "../src/device/webgpu/webgpu_device.ts";

/** A device that tests run on: the kernels of the CPU, those of a GPU, or the reference on the CPU. */
export type DeviceName = "cpu" | "webgpu" | "reference";

/** Whether this machine has a WebGPU adapter; a software one is enough to test correctness. */
export const hasWebGpu: boolean = await findAdapter() != null;

/** How each device is made. */
const MAKERS: Readonly<Record<DeviceName, (() => Promise<Device>) | undefined>> = {
  cpu: () => Promise.resolve(createCpuDevice(asTest("cpu"))),
  webgpu: openWebGpu,
  reference: () => createReferenceDevice("cpu", asTest("cpu")),
};

const opened = new Map<DeviceName, Promise<Device>>();

/** Registers one test body for the compute kernels of every backend; the test of an absent device is ignored by name. */
export function testOnDevices(title: string, body: (device: Device) => Promise<void>): void {
  testOn("cpu", title, body);
  testOn("webgpu", title, body);
}

/** Registers one test body for the compute kernels of every backend, and for the reference. */
export function testOnEveryDevice(title: string, body: (device: Device) => Promise<void>): void {
  testOn("reference", title, body);
  testOnDevices(title, body);
}

/** Registers a test only for the compute kernels of `webgpu`; without an adapter it is ignored by name. */
export function testOnWebGpu(title: string, body: (device: Device) => Promise<void>): void {
  testOn("webgpu", title, body);
}

/** Registers a test only for the compute kernels of `cpu`. */
export function testOnCpu(title: string, body: (device: Device) => Promise<void>): void {
  testOn("cpu", title, body);
}

/** Registers a test for one device; if this machine does not have it, the test is ignored by name. */
export function testOn(
  name: DeviceName,
  title: string,
  body: (device: Device) => Promise<void>,
): void {
  Deno.test({
    name: `${title} on ${name}`,
    ignore: !hasDevice(name),
    // a GPU's device, and its `lost` promise, stay until the process ends
    sanitizeOps: name === "cpu",
    sanitizeResources: name === "cpu",
    fn: async () => await body(await openDevice(name)),
  });
}

/** Whether this machine has a device. */
export function hasDevice(name: DeviceName): boolean {
  return MAKERS[name] !== undefined && (name !== "webgpu" || hasWebGpu);
}

/** Gives a device, which is made once per process. */
export function openDevice(name: DeviceName): Promise<Device> {
  const known = opened.get(name);
  if (known !== undefined) return known;
  const make = MAKERS[name];
  if (make === undefined) throw new Error(`Cannot open the device "${name}": there is none`);
  const made = make();
  opened.set(name, made);
  return made;
}

/** Looks for an adapter, without the warnings of drivers. */
export async function findAdapter(): Promise<GPUAdapter | null | undefined> {
  using _quiet = quietDrivers();
  return await navigator.gpu?.requestAdapter();
}

/** Gives the GPU that the tests of this process share: that of chooseDevice(). */
export async function openGpu(): Promise<GPUDevice> {
  using _quiet = quietDrivers();
  const probe = await probeAdapter();
  if (!probe.found) throw new Error(`Cannot open a GPU: ${probe.why}`);
  return await openAdapter(probe.adapter);
}

async function openWebGpu(): Promise<Device> {
  return createWebGpuDevice(await openGpu(), asTest("webgpu"));
}

function asTest(requested: DeviceReport["requested"]): Pick<DeviceReport, "requested" | "reason"> {
  return { requested, reason: "as the test asks" };
}
