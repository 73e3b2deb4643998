/** Steps of training that are handed to a GPU some at a time. @module */
import { describeRegularization } from "./batch.ts";
import { checkTake } from "../check_arguments.ts";
import type { BatchFigures, Steps, StepsPlan } from "../executor.ts";
import { stageParts, takeStaged } from "./device_buffers.ts";
import type { Pace } from "./pace.ts";
import { FIGURES_BYTES, type OrderBuffers, type StepProgram, writeOrder } from "./step_program.ts";
import type { StepShape } from "./step_shape.ts";

/** What the steps need of their executor. */
export interface StepsOwner {
  readonly device: GPUDevice;
  readonly program: StepProgram;
  readonly shape: StepShape;
  /** The buffers of the order, which are filled again and again. */
  readonly buffers: OrderBuffers;
  /** The examples, or those of the part of the order that lies on the device. */
  readonly examples: GPUBuffer;
  /** Number of batches that they have room for. */
  readonly window: number;
  readonly pace: Pace;
  /** Gives the bytes of rows, if the examples do not lie on the device. */
  gather(rows: Uint32Array): Uint8Array<ArrayBuffer> | undefined;
  /** Counts the positions of targets that count, of each batch in some rows. */
  countPositions(rows: Uint32Array): Uint32Array<ArrayBuffer>;
  /** Gives the optimiser's rates of a step, by its number. */
  ratesOf(step: number): readonly number[];
  /** Checks that what the steps use was not disposed of. */
  check(): void;
  /** Notes that steps were handed to the device. */
  taken(count: number): void;
  /** Ends the steps, so that others may begin. */
  end(): void;
}

/** Steps under way whose figures are read together. */
interface Chunk {
  reading: Promise<readonly BatchFigures[]>;
  /** Whether the reading is over. */
  done: boolean;
}

/** Number of steps that are submitted together: a submission costs as much as 10 dispatches. */
const STEPS_A_SUBMISSION = 10;
/** Number of chunks that may be under way: the device computes one while the figures of the other are read. */
const MOST_CHUNKS = 2;

/** Steps of a plan that was checked. */
export class WebGpuSteps implements Steps {
  readonly #plan: StepsPlan;
  readonly #owner: StepsOwner;
  readonly #order: Uint32Array<ArrayBuffer>;
  readonly #count: number;
  #taken = 0;
  /** The first batch, and the batch after the last, of those that lie on the device. */
  #window = { from: 0, to: 0 };
  #chunks: Chunk[] = [];
  #ended = false;

  constructor(plan: StepsPlan, owner: StepsOwner) {
    this.#plan = plan;
    this.#owner = owner;
    this.#order = plan.order.slice(plan.from * plan.batchSize);
    this.#count = Math.ceil(this.#order.length / plan.batchSize);
  }

  get left(): number {
    return this.#count - this.#taken;
  }

  take(most = Infinity): number {
    checkTake({ ended: this.#ended, left: this.left }, most);
    this.#owner.check();
    if (this.#taken === this.#window.to) this.#moveWindow();
    const count = Math.min(most, this.#owner.pace.pieces, this.#window.to - this.#taken);
    const end = this.#owner.pace.begin(count); // before it is submitted: a software adapter computes in `submit()`
    const staging = this.#encode(count);
    const chunk: Chunk = { done: false, reading: this.#read(staging, count) };
    chunk.reading = chunk.reading.finally(() => {
      chunk.done = true;
      end();
    });
    chunk.reading.catch(() => {}); // an error is thrown by `figures`, or nobody asks any more
    this.#chunks.push(chunk);
    this.#taken += count;
    this.#owner.taken(count);
    return count;
  }

  async figures(): Promise<readonly BatchFigures[]> {
    const underWay = this.#chunks.filter(({ done }) => !done);
    const mustWait = this.left > 0 &&
      (underWay.length >= MOST_CHUNKS || this.#owner.pace.isBehind);
    if (mustWait) await underWay[0]?.reading;
    const firstUnderWay = this.#chunks.findIndex(({ done }) => !done);
    return await this.#give(firstUnderWay < 0 ? this.#chunks.length : firstUnderWay);
  }

  async settle(): Promise<readonly BatchFigures[]> {
    return await this.#give(this.#chunks.length);
  }

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#owner.end();
  }

  /** Gives the figures of the first chunks. */
  async #give(count: number): Promise<readonly BatchFigures[]> {
    const chunks = this.#chunks.splice(0, count);
    return (await Promise.all(chunks.map(({ reading }) => reading))).flat();
  }

  /** Uploads the next part of the order, and the rates of its steps. Nothing else is uploaded. */
  #moveWindow(): void {
    const { batchSize, step, regularization } = this.#plan;
    const from = this.#taken;
    const to = Math.min(this.#count, from + this.#owner.window);
    const rates = Array.from(
      { length: to - from },
      (_, i) => this.#owner.ratesOf(step + from + i + 1),
    );
    const { device: { queue }, examples } = this.#owner;
    const rows = this.#order.subarray(from * batchSize, to * batchSize);
    const gathered = this.#owner.gather(rows);
    if (gathered !== undefined) queue.writeBuffer(examples, 0, gathered);
    writeOrder(queue, this.#owner.buffers, this.#owner.shape, {
      ...{
        order: rows,
        counts: this.#owner.countPositions(rows),
        rates: Float32Array.from(rates.flat()),
        gathered: gathered !== undefined,
      },
      regularization: describeRegularization(regularization, step + from + 1),
    });
    this.#window = { from, to };
  }

  /** Encodes and submits the next steps. @returns the buffer that gets their figures */
  #encode(count: number): GPUBuffer {
    const { device, program, buffers } = this.#owner;
    for (let at = 0;;) {
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const until = Math.min(count, at + STEPS_A_SUBMISSION); at < until; at++) {
        program.encodeGradients(pass, this.#rowsOf(this.#taken + at));
        program.encodeUpdate(pass);
      }
      pass.end();
      if (at < count) {
        device.queue.submit([encoder.finish()]);
        continue;
      }
      const staging = stageParts(device, encoder, [{
        buffer: buffers.figures,
        offset: FIGURES_BYTES * (this.#taken - this.#window.from),
        sizeBytes: FIGURES_BYTES * count,
      }]);
      device.queue.submit([encoder.finish()]);
      return staging;
    }
  }

  /** Gives the number of rows of a batch. */
  #rowsOf(batch: number): number {
    const { batchSize } = this.#plan;
    return Math.min(batchSize, this.#order.length - batch * batchSize);
  }

  async #read(staging: GPUBuffer, count: number): Promise<readonly BatchFigures[]> {
    const values = new Float32Array(await takeStaged(this.#owner.device, staging));
    return Array.from({ length: count }, (_, i) => ({
      loss: values[4 * i]!,
      characterAccuracy: values[4 * i + 1]!,
      exactMatch: values[4 * i + 2]!,
    }));
  }
}
