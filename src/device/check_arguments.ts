/** Checks of what an executor is given, before anything is computed. Every device makes them, so that errors are the same. @module */
import { describeFound } from "../arguments/rule.ts";
import type { Network } from "../network/network.ts";
import type { ParameterShape } from "../network/layers.ts";
import { checkRegularization } from "./check_regularization.ts";
import type { Examples, MeasureRange, Steps, StepsPlan } from "./executor.ts";
import { nameOptimizerState, OPTIMIZER_SLOTS, type OptimizerSettings } from "./optimizer.ts";

/** What may have been disposed of, with its verb. */
const VERBS = {
  "the executor": "was",
  "the examples": "were",
  "the optimiser's state": "was",
  "the decoding": "was",
} as const;

/** Checks that something was not disposed of. @param action what is to be done, for the error: `take steps` */
export function checkNotDisposed(
  action: string,
  what: keyof typeof VERBS,
  disposed: boolean,
): void {
  if (disposed) throw new Error(`Cannot ${action}: ${what} ${VERBS[what]} disposed of`);
}

/**
 * Checks the type of an array. What a device reads as integers of some size must be such integers: anything else, such as a
 * number below 0, would be found too late, or read what is beside it.
 *
 * @param what names the array, for the error: `the sources`
 * @throws {TypeError} if it is no array of that type
 */
export function checkArrayType(
  action: string,
  what: string,
  values: unknown,
  type: Uint8ArrayConstructor | Uint32ArrayConstructor | Float32ArrayConstructor,
): void {
  if (values instanceof type) return;
  throw new TypeError(
    `Cannot ${action}: ${what} must be a ${type.name}, but is ${describeFound(values)}`,
  );
}

/**
 * Checks values of all parameters.
 *
 * @throws {TypeError} if their number, or that of an array's values, is not what the network has
 */
export function checkParameterValues(
  action: string,
  network: Network,
  values: readonly Float32Array[],
): void {
  checkArrays(action, network.parameters, values);
}

/**
 * Checks an optimiser's state, in the order of `nameOptimizerState`.
 *
 * @throws {TypeError} if the number of tensors, or of a tensor's values, is not what the network needs
 */
export function checkOptimizerValues(
  network: Network,
  { name }: OptimizerSettings,
  values: readonly Float32Array[],
): void {
  const names = nameOptimizerState(name, network.parameters);
  const shapes = OPTIMIZER_SLOTS[name].flatMap(() => network.parameters);
  const tensors = shapes.map(({ shape }, i) => ({ name: names[i]!, shape }));
  checkArrays("make the optimiser's state", tensors, values);
}

/**
 * Checks examples for a network.
 *
 * @throws {TypeError} if an array has another type, or a length that is not what count and network say
 * @throws {RangeError} if there are none, or an index is not below the number of symbols of its side
 */
export function checkExamples(network: Network, examples: Examples): void {
  const action = "hold the examples";
  const { count, sources, targets } = examples;
  if (!(Number.isSafeInteger(count) && count >= 1)) {
    throw new RangeError(`Cannot ${action}: there must be at least one, but there are ${count}`);
  }
  checkIndices(action, "sources", sources, ofSources(network, count));
  checkIndices(action, "targets", targets, {
    length: count * network.outputLength,
    vocabularySize: network.targetVocabularySize,
  });
}

/**
 * Checks sources to be answered.
 *
 * @param action what is to be done, for the error
 * @returns their number, N
 * @throws {TypeError} if they are no Uint8Array, or the length is not a multiple of the network's
 * @throws {RangeError} if there are none, or an index is not below the number of symbols of its side
 */
export function checkSources(network: Network, sources: Uint8Array, action = "answer"): number {
  checkArrayType(action, "the sources", sources, Uint8Array);
  const count = Math.ceil(sources.length / network.inputLength);
  if (count === 0) throw new RangeError(`Cannot ${action}: there must be at least one source`);
  checkIndices(action, "sources", sources, ofSources(network, count));
  return count;
}

/**
 * Checks rows of held examples.
 *
 * @throws {TypeError} if they are no Uint32Array
 * @throws {RangeError} if there are none, or one does not exist
 */
export function checkRows(action: string, rows: Uint32Array, count: number): void {
  checkArrayType(action, "the order", rows, Uint32Array);
  if (rows.length === 0) throw new RangeError(`Cannot ${action}: there must be at least one row`);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i]! < count) continue;
    throw new RangeError(
      `Cannot ${action}: every row must be below ${count}, the number of examples, but row ${i} of the order is ${
        rows[i]
      }`,
    );
  }
}

/**
 * Checks a plan of steps.
 *
 * @param executor its network, and its steps of another plan, if they were not disposed of
 * @throws {RangeError} if a row does not exist, or a number is impossible
 * @throws {Error} if there are steps of another plan
 */
export function checkPlan(
  plan: StepsPlan,
  { network, before }: { readonly network: Network; readonly before: Steps | undefined },
): void {
  const action = "take steps";
  const { batchSize, from, step, order, examples } = plan;
  checkRows(action, order, examples.count);
  checkInteger(action, "batchSize", batchSize, 1, Infinity);
  checkInteger(action, "from", from, 0, Math.ceil(order.length / batchSize));
  checkInteger(action, "step", step, 0, Infinity);
  if (plan.regularization) checkRegularization(action, network, plan.regularization);
  if (before === undefined) return;
  throw new Error(`Cannot ${action}: those of another plan must be disposed of first`);
}

/**
 * Checks that steps can be taken.
 *
 * @param most largest number of steps to take
 * @throws {Error} if they were disposed of
 * @throws {RangeError} if none is left, or `most` is impossible
 */
export function checkTake(
  { ended, left }: { readonly ended: boolean; readonly left: number },
  most: number,
): void {
  const action = "take steps";
  if (ended) throw new Error(`Cannot ${action}: they were disposed of`);
  if (left === 0) throw new RangeError(`Cannot ${action}: none is left`);
  if (most !== Infinity) checkInteger(action, "most", most, 1, Infinity);
}

/** Checks a range of held examples. @throws {RangeError} if it is empty, or not within them */
export function checkRange({ from, to }: MeasureRange, count: number): void {
  checkInteger("measure", "from", from, 0, count - 1);
  checkInteger("measure", "to", to, from + 1, count);
}

function checkArrays(
  action: string,
  tensors: readonly Pick<ParameterShape, "name" | "shape">[],
  values: readonly Float32Array[],
): void {
  if (values.length !== tensors.length) {
    throw new TypeError(
      `Cannot ${action}: there must be ${tensors.length} arrays of values, but there are ${values.length}`,
    );
  }
  for (const [i, { name, shape }] of tensors.entries()) {
    const size = shape.reduce((a, b) => a * b, 1);
    checkArrayType(action, `"${name}"`, values[i], Float32Array);
    if (values[i]!.length === size) continue;
    throw new TypeError(
      `Cannot ${action}: "${name}" must have ${size} values, but has ${values[i]!.length}`,
    );
  }
}

/** What indices must be: their number, and the number of symbols, which is above every index. */
interface ExpectedIndices {
  readonly length: number;
  readonly vocabularySize: number;
}

function ofSources({ inputLength, sourceVocabularySize }: Network, count: number): ExpectedIndices {
  return { length: count * inputLength, vocabularySize: sourceVocabularySize };
}

function checkIndices(
  action: string,
  what: "sources" | "targets",
  indices: Uint8Array,
  { length, vocabularySize: V }: ExpectedIndices,
): void {
  checkArrayType(action, `the ${what}`, indices, Uint8Array);
  if (indices.length !== length) {
    throw new TypeError(
      `Cannot ${action}: the ${what} must have ${length} indices, but have ${indices.length}`,
    );
  }
  for (let i = 0; i < length; i++) {
    if (indices[i]! < V) continue;
    throw new RangeError(
      `Cannot ${action}: every index must be below ${V}, the number of symbols of ${what}, but index ${i} of the ${what} is ${
        indices[i]
      }`,
    );
  }
}

function checkInteger(
  action: string,
  name: string,
  value: number,
  least: number,
  most: number,
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Infinity ? `${least} or more` : `from ${least} to ${most}`;
  throw new RangeError(`Cannot ${action}: ${name} must be an integer ${range}, but is ${value}`);
}
