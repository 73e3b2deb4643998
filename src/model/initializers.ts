/** Keras' initialisers, with a seed, computed on the host. @module */
import {
  type OrthonormalOptions,
  orthonormalRows,
} from "../device/cpu/orthonormal/orthonormal_rows.ts";
import type { Prng } from "../random/prng.ts";
import type { Sliced } from "../time/slices.ts";
import type { Initializer } from "../network/layers.ts";

/** Count of numbers that are drawn in a few milliseconds. */
const NUMBERS_A_SLICE = 65_536;

/**
 * Draws the first values of a parameter, as {@linkcode Initializer} describes. It yields the share of the work that is done.
 *
 * @param options how many threads compute a large orthogonal matrix; the result does not depend on it
 * @returns float32, row-major
 */
export function* initialize(
  initializer: Initializer,
  shape: readonly number[],
  prng: Prng,
  options: OrthonormalOptions = {},
): Sliced<Float32Array> {
  const size = shape.reduce((a, b) => a * b, 1);
  switch (initializer) {
    case "glorotUniform":
      return yield* drawUniform(Math.sqrt(6 / (shape[0]! + shape[1]!)), size, prng);
    case "normal":
      return yield* drawNormals(size, prng);
    case "orthogonal":
      return yield* drawOrthogonal([shape[0]!, shape[1]!], prng, options);
    case "zeros":
      return new Float32Array(size);
    case "unitForgetBias":
      return new Float32Array(size).fill(1, size / 4, size / 2);
  }
}

function* drawNormals(size: number, prng: Prng): Sliced<Float32Array> {
  const values = new Float32Array(size);
  for (let i = 0; i < values.length; i++) {
    values[i] = drawNormal(prng);
    if ((i + 1) % NUMBERS_A_SLICE === 0) yield (i + 1) / values.length;
  }
  return values;
}

function* drawUniform(limit: number, size: number, prng: Prng): Sliced<Float32Array> {
  const matrix = new Float32Array(size);
  for (let i = 0; i < matrix.length; i++) {
    matrix[i] = (2 * prng.nextFloat() - 1) * limit;
    if ((i + 1) % NUMBERS_A_SLICE === 0) yield (i + 1) / matrix.length;
  }
  return matrix;
}

/** Up to this many vectors are made orthonormal one by one, without the compute kernels: 20 ms for the default model. */
const FEW_VECTORS = 128;

/**
 * Draws a matrix uniformly (by Haar measure) from those with orthonormal rows, or columns if it is tall: Gram–Schmidt
 * over normal vectors. The compute kernels do this for larger matrices. The two results differ by rounding alone.
 */
function* drawOrthogonal(
  [rows, columns]: readonly [number, number],
  prng: Prng,
  options: OrthonormalOptions,
): Sliced<Float32Array> {
  const size = { count: Math.min(rows, columns), length: Math.max(rows, columns) };
  const vectors = size.count <= FEW_VECTORS
    ? yield* orthonormalizeOneByOne((vector) => fillNormal(vector, prng), size)
    : yield* orthonormalRows((vector) => fillNormal(vector, prng), size, options);
  return rows <= columns ? vectors : yield* transpose(vectors, size);
}

/** Orthogonalizes each vector twice against all before it, which gives float64 orthogonality (Giraud et al. 2005). */
function* orthonormalizeOneByOne(
  fill: (vector: Float64Array) => void,
  { count, length }: { readonly count: number; readonly length: number },
): Sliced<Float32Array> {
  const result = new Float32Array(count * length);
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = new Float64Array(length);
    fill(vector);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) subtractScaled(vector, other, dot(vector, other));
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i]! /= norm;
    result.set(vector, vectors.length * length);
    vectors.push(vector);
    yield (vectors.length / count) ** 2;
  }
  return result;
}

/** Writes rows as columns, in square blocks that fit into the cache. */
function* transpose(
  from: Float32Array,
  { count, length }: { readonly count: number; readonly length: number },
): Sliced<Float32Array> {
  const to = new Float32Array(from.length);
  const side = 64;
  for (let row = 0; row < count; row += side) {
    for (let column = 0; column < length; column += side) {
      for (let i = row; i < Math.min(count, row + side); i++) {
        for (let j = column; j < Math.min(length, column + side); j++) {
          to[j * count + i] = from[i * length + j]!;
        }
      }
    }
    yield 1;
  }
  return to;
}

/** Fills a vector from the standard normal distribution. */
function fillNormal(vector: Float64Array, prng: Prng): void {
  for (let i = 0; i < vector.length; i++) vector[i] = drawNormal(prng);
}

/** Draws from the standard normal distribution (Box & Muller 1958). */
function drawNormal(prng: Prng): number {
  const radius = Math.sqrt(-2 * Math.log(1 - prng.nextFloat()));
  return radius * Math.cos(2 * Math.PI * prng.nextFloat());
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtractScaled(target: Float64Array, other: Float64Array, scale: number): void {
  for (let i = 0; i < target.length; i++) target[i]! -= scale * other[i]!;
}
