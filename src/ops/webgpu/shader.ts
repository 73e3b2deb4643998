/** A compute shader's text, its buffers, and its pipelines. A pipeline is made once per device and set of constants. @module */

/** A WGSL shader with the entry point `main`, its uniform `Parameters` at binding 0 and its buffers after it. */
export interface Shader {
  /** Its name in error messages and in the keys of its pipelines. */
  readonly name: string;
  /** Its text in WGSL. */
  readonly code: string;
  /** How it uses its buffers, from binding 1 on. tfjs's device allows eight. */
  readonly buffers: readonly ("read" | "write")[];
}

/** Values of `override` constants. */
export type Constants = Readonly<Record<string, number | boolean>>;

/** A compiled shader. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Identifies the pipeline in the key of a bind group. */
  readonly id: number;
}

/** The pipelines and errors of one device. */
export interface CompiledShaders {
  readonly pipelines: Map<string, Pipeline>;
  /** The first error the device reported, in words that name the shader. */
  failure: string | undefined;
  /** Resolves when every compilation so far has succeeded or failed. */
  judged: Promise<void>;
}

const devices = new WeakMap<GPUDevice, CompiledShaders>();

/** Gives the pipelines and errors of a device. The first call begins to listen for its errors. */
export function compiledShaders(device: GPUDevice): CompiledShaders {
  const known = devices.get(device);
  if (known !== undefined) return known;
  const compiled: CompiledShaders = {
    pipelines: new Map(),
    failure: undefined,
    judged: Promise.resolve(),
  };
  devices.set(device, compiled);
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault(); // otherwise Deno prints the error and continues
    compiled.failure ??= describeError((event as GPUUncapturedErrorEvent).error);
  });
  device.lost.then(({ message }) => {
    compiled.failure ??= `the device was lost${message ? `: ${message}` : ""}`;
  });
  return compiled;
}

/** Describes an error: its kind, of WebGPU's three, and its message. */
function describeError(error: GPUError): string {
  if (error instanceof GPUOutOfMemoryError) {
    return `the device's memory is used up: ${error.message}; a smaller batch needs less`;
  }
  return error instanceof GPUValidationError
    ? `a command was not valid: ${error.message}`
    : error.message;
}

/**
 * Checks that the device was not lost and reported no error. It waits for the result of every compilation.
 *
 * @throws {Error} with WebGPU's message; for a shader that does not compile, with the line
 */
export async function checkDevice(device: GPUDevice): Promise<void> {
  const compiled = compiledShaders(device);
  await compiled.judged;
  throwFailure(compiled);
}

/** Throws if an error is known. */
export function throwFailure({ failure }: CompiledShaders): void {
  if (failure === undefined) return;
  throw new Error(
    `Cannot continue with WebGPU: ${failure}; to continue from the last checkpoint on the CPU, resume with the backend "cpu" (train --resume --backend cpu)`,
  );
}

/** Gives a shader's pipeline for some constants. */
export function pipelineOf(device: GPUDevice, shader: Shader, constants: Constants): Pipeline {
  const { pipelines } = compiledShaders(device);
  const key = `${shader.name} ${Object.values(constants).join()}`;
  const known = pipelines.get(key);
  if (known !== undefined) return known;
  const made = { ...compile(device, shader, constants), id: pipelines.size };
  pipelines.set(key, made);
  return made;
}

function compile(
  device: GPUDevice,
  { name, code, buffers }: Shader,
  constants: Constants,
): Omit<Pipeline, "id"> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: name, code: setConstants(code, constants) });
  const types = buffers.map((use) => use === "read" ? "read-only-storage" : "storage");
  const layout = device.createBindGroupLayout({
    label: name,
    entries: (["uniform", ...types] as GPUBufferBindingType[]).map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  });
  const compiled = compiledShaders(device);
  const verdict = device.popErrorScope().then((error) => {
    if (error !== null) {
      compiled.failure ??= `the shader ${name} does not compile: ${error.message}`;
    }
  });
  compiled.judged = Promise.all([compiled.judged, verdict]).then(() => {});
  return { pipeline, layout };
}

/**
 * Replaces `override` declarations by constants, each with its given value or its default.
 *
 * WebGPU could set them, but naga 29 (Deno 2.9) panics if one is the size of a workgroup array.
 */
function setConstants(code: string, constants: Constants): string {
  return code.replace(
    /^override (\w+): (\w+) = (\w+);/gm,
    (_, name: string, type: string, otherwise: string) =>
      `const ${name}: ${type} = ${constants[name] ?? otherwise};`,
  );
}
