/** Compiles shaders, each once per device and text. @module */
import { checkGpu, noteGpuFailure, watchGpu } from "../gpu_failure.ts";
import { type Shader, writeShader } from "./shader.ts";

/** The compiled shaders of a device. */
interface Compiled {
  readonly pipelines: Map<string, GPUComputePipeline>;
  /** Resolves when every compilation so far has succeeded or failed. */
  judged: Promise<unknown>;
}

const COMPILED = new WeakMap<GPUDevice, Compiled>();

/**
 * Compiles a shader; if it is wrong, {@linkcode checkDevice} tells.
 *
 * Commands are encoded in the order of the calls, so nothing may wait for a pipeline. A browser compiles beside other work anyway,
 * and Deno's `createComputePipelineAsync` compiles before it returns.
 */
export function compileShader(device: GPUDevice, shader: Shader): GPUComputePipeline {
  const compiled = compiledOf(device);
  const text = writeShader(shader);
  const known = compiled.pipelines.get(text);
  if (known !== undefined) return known;
  device.pushErrorScope("validation");
  const made = device.createComputePipeline(describePipeline(device, shader, text));
  const verdict = device.popErrorScope().then((error) => {
    if (error === null) return;
    noteGpuFailure(device, `the shader ${shader.name} does not compile: ${error.message}`);
  });
  compiled.judged = Promise.all([compiled.judged, verdict]);
  compiled.pipelines.set(text, made);
  return made;
}

/**
 * Checks that the device was not lost and reported no error. It waits for the result of every compilation.
 *
 * @throws {Error} with WebGPU's message, and how to continue; for a shader that does not compile, with the line
 */
export async function checkDevice(device: GPUDevice): Promise<void> {
  await compiledOf(device).judged;
  checkGpu(device);
}

function compiledOf(device: GPUDevice): Compiled {
  const known = COMPILED.get(device);
  if (known !== undefined) return known;
  watchGpu(device);
  const made: Compiled = { pipelines: new Map(), judged: Promise.resolve() };
  COMPILED.set(device, made);
  return made;
}

function describePipeline(
  device: GPUDevice,
  { name, bindings }: Shader,
  code: string,
): GPUComputePipelineDescriptor {
  const types = { uniform: "uniform", read: "read-only-storage", write: "storage" } as const;
  const layout = device.createBindGroupLayout({
    label: name,
    entries: bindings.map(({ use }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: types[use] },
    })),
  });
  return {
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: name, code }), entryPoint: "main" },
  };
}
