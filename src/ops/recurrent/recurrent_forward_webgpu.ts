/** The forward pass of a recurrent layer on WebGPU: one or two dispatches per time step. @module */
import type { TensorInfo } from "@tensorflow/tfjs";
import { checkHostIndices } from "../webgpu/check_host_indices.ts";
import { makeOnDevice, shareTensor, type WebGpuBackend } from "../webgpu/device.ts";
import { multiply } from "../webgpu/product.ts";
import { type Dispatch, runShaders } from "../webgpu/run_shader.ts";
import { chooseTile } from "../webgpu/tile.ts";
import { CELL_SHADERS, type KeptName } from "./cell_shaders.ts";
import { placeOfStep, type RecurrentShape } from "./recurrent_shape.ts";

type ForwardInputs = Readonly<Record<"x" | "kernel" | "recurrentKernel" | "bias", TensorInfo>>;

/**
 * Runs a recurrent layer forward.
 *
 * @returns states, float32 (B, T, H) or (B, 1, H); if a gradient will be computed, also x, kernel and recurrent kernel again, and the
 * results that the cell keeps
 * @throws {RangeError} if an index that is still on the host is not below I
 */
export function runRecurrentForwardOnWebGpu(
  inputs: ForwardInputs,
  { shape, keep }: { readonly shape: RecurrentShape; readonly keep: boolean },
  backend: WebGpuBackend,
): TensorInfo[] {
  const { batch, steps, hidden, width, inputSize, kind, wanted, cell } = shape;
  if (kind === "indices") {
    const named = { what: "run the recurrent layer", each: "index" };
    checkHostIndices(inputs.x, inputSize, named, backend);
  }
  const y = makeOnDevice([batch, wanted === "last" ? 1 : steps, hidden], backend);
  const { kept: names } = CELL_SHADERS[cell.name];
  const kept = names.map((name) =>
    makeOnDevice([steps, batch, name === "gates" ? width : hidden], backend)
  );
  const byName = Object.fromEntries(names.map((name, i) => [name, kept[i]!]));
  const projected = kind === "indices" ? undefined : project(inputs, shape, backend);
  for (let time = 0; time < steps; time++) {
    runShaders(
      stepDispatches({ ...inputs, projected, ...byName, y }, { shape, time, backend }),
      backend,
    );
  }
  if (projected !== undefined) backend.disposeData(projected.dataId);
  if (keep) {
    const { x, kernel, recurrentKernel } = inputs;
    return [y, ...[x, kernel, recurrentKernel].map((each) => shareTensor(each, backend)), ...kept];
  }
  for (const { dataId } of kept) backend.disposeData(dataId);
  return [y];
}

/** Computes x W + b: float32 (T, B, G H), or (B, G H) for a repeated input. */
function project(
  { x, kernel, bias }: ForwardInputs,
  { batch, steps, width, inputSize, kind }: RecurrentShape,
  backend: WebGpuBackend,
): TensorInfo {
  const times = kind === "repeated" ? 1 : steps;
  const projected = makeOnDevice([times, batch, width], backend);
  multiply({
    ...{ rows: times * batch, columns: width, depth: inputSize, bias },
    a: {
      tensor: x,
      rows: { inner: batch, outer: inputSize, step: times * inputSize },
      depth: { step: 1 },
    },
    b: { tensor: kernel, depthStride: width, columnStride: 1 },
    c: { tensor: projected },
  }, backend);
  return projected;
}

type StepTensors =
  & ForwardInputs
  & Readonly<Partial<Record<KeptName, TensorInfo>>>
  & { readonly projected: TensorInfo | undefined; readonly y: TensorInfo };

function stepDispatches(
  at: StepTensors,
  { shape, time, backend }: { shape: RecurrentShape; time: number; backend: WebGpuBackend },
): Dispatch[] {
  const { batch, steps, hidden, width, kind, cell } = shape;
  return CELL_SHADERS[cell.name].forward.map(({ shader, groups, tensors }) => {
    const tiling = chooseTile(
      { rows: batch, groups: groups(hidden), depth: hidden },
      { a: true, b: false },
      backend.device,
    );
    return {
      shader: shader[tiling.kind],
      constants: { ...tiling.constants, INDICES: kind === "indices" },
      parameters: {
        ...{ batch, steps, hidden, width, time },
        ...{
          sourceRow: kind === "sequence" ? time * batch : 0,
          across: tiling.across,
          tiles: tiling.tiles,
        },
        ...placeOfStep(shape, time),
      },
      tensors: [
        kind === "indices" ? at.x : undefined,
        at.projected ?? at.kernel,
        ...[at.recurrentKernel, at.bias],
        ...tensors.map((name) => at[name]),
      ],
      workgroups: tiling.tiles,
    };
  });
}
