/** The backward pass of a recurrent layer on WebGPU: one or two dispatches per time step, then products over all time steps. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { makeOnDevice, type WebGpuBackend, withScratchTensors } from "../webgpu/device.ts";
import { multiply } from "../webgpu/product.ts";
import { runShaders } from "../webgpu/run_shader.ts";
import type { Shader } from "../webgpu/shader.ts";
import { chooseTile } from "../webgpu/tile.ts";
import { CELL_SHADERS, type KeptName } from "./cell_shaders.ts";
import { placeOfStep, type RecurrentShape } from "./recurrent_shape.ts";
import { WGSL } from "../wgsl.ts";

/** Names of the saved outputs of the forward pass: x, kernel, recurrent kernel, and the results that the cell keeps. */
export type KeptOnWebGpu = "ticket" | "kept0" | "kept1" | "kept2" | "kept3" | "kept4";

/** The tensors of a backward pass. */
interface BackwardTensors extends Partial<Record<KeptName, TensorInfo>> {
  readonly x: TensorInfo;
  readonly kernel: TensorInfo;
  readonly recurrentKernel: TensorInfo;
  readonly dy: TensorInfo;
  readonly dz: TensorInfo;
}

const SUM_STEPS: Shader = {
  name: "sum_steps",
  code: WGSL["recurrent/sum_steps"],
  buffers: ["read", "write"],
};

/**
 * Runs a recurrent layer backward.
 *
 * @returns gradients of kernel, recurrent kernel and bias, then of x unless it is indices
 */
export function runRecurrentBackwardOnWebGpu(
  inputs: Readonly<Record<KeptOnWebGpu | "dy", TensorInfo>>,
  shape: RecurrentShape,
  backend: WebGpuBackend,
): TensorInfo[] {
  const { batch, steps, hidden, width, cell } = shape;
  const { ticket: x, kept0: kernel, kept1: recurrentKernel, dy } = inputs;
  const saved = [inputs.kept2, inputs.kept3, inputs.kept4];
  const kept = Object.fromEntries(CELL_SHADERS[cell.name].kept.map((name, i) => [name, saved[i]!]));
  return withScratchTensors(
    [[steps, batch, width], [batch, hidden]],
    backend,
    ([dz, carry]) => {
      const at = { ...kept, x, kernel, recurrentKernel, dy, dz: dz! };
      for (let time = steps - 1; time >= 0; time--) {
        runStep(at, carry!, { shape, time, backend });
      }
      const dRecurrentKernel = makeOnDevice([hidden, width], backend);
      multiplyStates(at, dRecurrentKernel, shape, backend);
      const [dKernel, dBias, ...dx] = shape.kind === "repeated"
        ? withScratchTensors([[batch, width]], backend, ([sums]) => {
          sumSteps(at.dz, sums!, shape, backend);
          return inputGradients({ ...at, dz: sums! }, { ...shape, steps: 1 }, backend);
        })
        : inputGradients(at, shape, backend);
      return [dKernel!, dRecurrentKernel, dBias!, ...dx];
    },
  );
}

function runStep(
  at: BackwardTensors,
  carry: TensorInfo,
  run: { shape: RecurrentShape; time: number; backend: WebGpuBackend },
): void {
  const { batch, steps, hidden, width, cell } = run.shape;
  const { kind, constants, across, tiles } = chooseTile(
    { rows: batch, groups: Math.ceil(hidden / 4), depth: width },
    { a: true, b: true },
    run.backend.device,
  );
  const { backward, read } = CELL_SHADERS[cell.name];
  runShaders(
    backward.map((shader) => ({
      shader: shader[kind],
      constants,
      parameters: {
        ...{ batch, steps, hidden, width, time: run.time, across, tiles },
        ...placeOfStep(run.shape, run.time),
      },
      tensors: [at.recurrentKernel, at.gates, at[read], at.dy, at.dz, carry],
      workgroups: tiles,
    })),
    run.backend,
  );
}

/** dU = sum over t >= 1 of h_{t-1}ᵀ dz_t; for a GRU's candidate, with the reset state instead of h. */
function multiplyStates(
  at: BackwardTensors,
  c: TensorInfo,
  { batch, steps, hidden, width, split }: RecurrentShape,
  backend: WebGpuBackend,
): void {
  const parts = [{ tensor: at.states!, from: 0, column: 0, columns: split }];
  if (split < width) {
    const from = batch * hidden;
    parts.push({ tensor: at.resets!, from, column: split, columns: width - split });
  }
  for (const { tensor, from, column, columns } of parts) {
    multiply({
      ...{ rows: hidden, columns, depth: batch * (steps - 1) },
      a: { tensor, from, rows: { step: 1 }, depth: { step: hidden } },
      b: {
        tensor: at.dz,
        from: batch * width + column,
        depthStride: width,
        columnStride: 1,
      },
      c: { tensor: c, from: column, rows: { step: width } },
    }, backend);
  }
}

/** dW = xᵀ dz, db, and, unless x is indices, dx = dz Wᵀ, float32 (B, T, I). A repeated input counts as one time step, with the sum of dz. */
function inputGradients(
  { x, kernel, dz }: BackwardTensors,
  { batch, steps, width, inputSize, kind }: RecurrentShape,
  backend: WebGpuBackend,
): TensorInfo[] {
  const dKernel = makeOnDevice([inputSize, width], backend);
  const dBias = makeOnDevice([width], backend);
  const size = kind === "indices" ? 1 : inputSize;
  const examples = { inner: batch, outer: size, step: steps * size }; // dz is time-major, x is not
  multiply({
    ...{ rows: inputSize, columns: width, depth: batch * steps, columnSums: dBias },
    a: { tensor: x, ...(kind === "indices" ? {} : { rows: { step: 1 } }), depth: examples },
    b: { tensor: dz, depthStride: width, columnStride: 1 },
    c: { tensor: dKernel },
  }, backend);
  if (kind === "indices") return [dKernel, dBias];
  const dx = makeOnDevice([...x.shape], backend);
  multiply({
    ...{ rows: batch * steps, columns: inputSize, depth: width },
    a: { tensor: dz, rows: { step: width }, depth: { step: 1 } },
    b: { tensor: kernel, depthStride: 1, columnStride: width },
    c: { tensor: dx, rows: examples },
  }, backend);
  return [dKernel, dBias, dx];
}

function sumSteps(
  dz: TensorInfo,
  sums: TensorInfo,
  { batch, steps, width }: RecurrentShape,
  backend: WebGpuBackend,
): void {
  runShaders([{
    shader: SUM_STEPS,
    parameters: { size: batch * width, steps },
    tensors: [dz, sums],
    workgroups: Math.ceil(batch * width / 64),
  }], backend);
}
