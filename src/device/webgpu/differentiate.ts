/** The gradient of a batch, by the first two phases of a step. @module */
import type { Differentiated, StepRegularization } from "../executor.ts";
import { describeRegularization } from "./batch.ts";
import { DeviceBuffers, readParts } from "./device_buffers.ts";
import { unpackParameters } from "./pack_parameters.ts";
import { compileStep } from "./step_machine.ts";
import {
  bindStep,
  FIGURES_BYTES,
  makeOrderBuffers,
  makeStepMemory,
  makeStepTables,
  writeOrder,
  writeStepShaders,
} from "./step_program.ts";
import type { WebGpuExamples } from "./webgpu_examples.ts";
import type { LaidOutNetwork } from "./laid_out_network.ts";
import { chooseStepShape } from "./step_shape.ts";

/** Computes figures and gradient of a batch. @param order its rows */
export async function differentiateRows(
  device: GPUDevice,
  laidOut: LaidOutNetwork,
  examples: WebGpuExamples,
  order: Uint32Array<ArrayBuffer>,
  { regularization, ...parameters }: Readonly<Record<"weights" | "transposed", GPUBuffer>> & {
    readonly regularization: StepRegularization | undefined;
  },
): Promise<Differentiated> {
  const { quads } = laidOut.parameters;
  const shape = chooseStepShape(laidOut, order.length);
  const shaders = writeStepShaders(shape);
  const pipelines = compileStep(device, shaders);
  using buffers = new DeviceBuffers(device);
  const memory = makeStepMemory(buffers, laidOut, shape);
  const tables = makeStepTables(buffers, laidOut, shape);
  const to = makeOrderBuffers(buffers, shape, { most: 1, rates: 0 });
  const gathered = examples.gather(order);
  writeOrder(device.queue, to, shape, {
    ...{
      order,
      counts: examples.countPositions(order, order.length),
      rates: new Float32Array(),
      gathered: gathered !== undefined,
    },
    regularization: describeRegularization(regularization, regularization?.step ?? 0),
  });
  const given = {
    ...parameters,
    examples: gathered === undefined
      ? examples.source.buffer!
      : buffers.upload("examples", gathered),
  };
  const { batches, ...ordered } = to;
  const step = { laidOut, shaders, pipelines, shape };
  const program = bindStep(device, step, { ...given, ...memory, ...tables, ...ordered }, batches);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  program.encodeGradients(pass, order.length);
  pass.end();
  device.queue.submit([encoder.finish()]);
  const [figures, gradient] = await readParts(device, [
    { buffer: to.figures, sizeBytes: FIGURES_BYTES },
    { buffer: memory.gradient, sizeBytes: 16 * quads },
  ]);
  const [loss, characterAccuracy, exactMatch] = new Float32Array(figures!);
  const packed = new Float32Array(gradient!);
  return {
    figures: { loss: loss!, characterAccuracy: characterAccuracy!, exactMatch: exactMatch! },
    gradients: unpackParameters(laidOut.network, laidOut.parameters, packed),
  };
}
