import { assertEquals } from "@std/assert";
import { createArgumentWriter } from "../../../src/device/cpu/arguments.ts";
import { packedBytes } from "../../../src/device/cpu/layout.ts";
import { partTableBytes, writePartTable } from "../../../src/device/cpu/part_table.ts";
import type { Part } from "../../../src/device/cpu/parts.ts";
import { assertClose } from "../../assert_close.ts";
import { BUILDS, KernelCalls, waves } from "./kernel_calls.ts";

/** Parts of matrices: one task and several, incomplete groups of 4 rows and columns, a part of the columns; and vectors. */
const PARTS: readonly Part[] = [
  { rows: 97, columns: 101, column: 0, width: 101 },
  { rows: 3, columns: 4, column: 0, width: 4 },
  { rows: 6, columns: 5, column: 10, width: 15 },
  { rows: 1, columns: 5, column: 0, width: 5 },
  { rows: 1, columns: 1, column: 0, width: 1 },
  { rows: 64, columns: 64, column: 0, width: 64 },
].map((place, layer) => ({
  ...{ layer, role: place.rows > 1 ? "kernel" : "bias", parameter: layer },
  ...{ packed: place.rows > 1, row: 0, ...place },
}));

const RATES = { alpha: 0.02, decay: 0.99, firstRate: 0.1, secondRate: 0.01, epsilon: 1e-6 };

/** One update in float64. */
function update(part: Part, factor: number): Record<"parameter" | "m" | "v", Float64Array> {
  const [p, m, v, g] = [0, 1, 2, 3].map((phase) => inputOf(part, phase)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const { alpha, decay, firstRate, secondRate, epsilon } = RATES;
  const result = {
    parameter: Float64Array.from(p),
    m: Float64Array.from(m),
    v: Float64Array.from(v),
  };
  for (let row = 0; row < part.rows; row++) {
    for (let column = part.column; column < part.column + part.columns; column++) {
      const i = row * part.width + column, gradient = g[i]! * factor;
      const first = m[i]! + (gradient - m[i]!) * firstRate;
      const second = v[i]! + (gradient ** 2 - v[i]!) * secondRate;
      result.m[i] = first;
      result.v[i] = second;
      result.parameter[i] = p[i]! * (part.role === "bias" ? 1 : decay) -
        alpha * first / (Math.sqrt(second) + epsilon);
    }
  }
  return result;
}

/** Parameter, first and second moment, gradient. */
function inputOf(part: Part, phase: number): Float32Array {
  const values = waves(part.rows * part.width, part.layer + 7 * phase);
  return phase === 2 ? values.map(Math.abs) : values;
}

for (const build of BUILDS) {
  for (const clipNorm of [0, 2, 1e9]) {
    Deno.test(`updateParameters of the ${build} build equals float64 and packs, with a clipNorm of ${clipNorm}`, () => {
      using calls = new KernelCalls(build);
      const gradient = PARTS.map((part) => inputOf(part, 3));
      const norm = Math.hypot(...gradient.flatMap((values) => [...values]));
      const squares = calls.floats(4); // two float64
      new Float64Array(calls.engine.heap.memory.buffer, squares, 2).set([norm ** 2 - 1, 1]);
      const placed = PARTS.map((part) => {
        const { rows, columns, packed } = part;
        const [parameter, m, v, g] = [0, 1, 2, 3].map((phase) =>
          calls.floats(inputOf(part, phase))
        ) as [number, number, number, number];
        const forward = packed ? calls.floats(packedBytes(rows, columns) / 4) : 0;
        const transposed = packed ? calls.floats(packedBytes(columns, rows) / 4) : 0;
        return { parameter, m, v, gradient: g, forward, transposed };
      });
      const sizeBytes = partTableBytes(PARTS);
      const writer = createArgumentWriter(calls.engine.heap.memory, {
        address: calls.engine.heap.allocate(sizeBytes),
        sizeBytes,
      });
      const table = writePartTable(writer, PARTS, ({ layer }) => placed[layer]!);
      calls.run("updateParameters", {
        name: "AdamArgs",
        values: { ...RATES, clipNorm, squares, squareCount: 2, parts: table.address },
        tasks: table.tasks,
      });
      const factor = clipNorm > 0 ? clipNorm / Math.max(norm, clipNorm) : 1;
      for (const part of PARTS) {
        const at = placed[part.layer]!, count = part.rows * part.width;
        const found = calls.read(at.parameter, count);
        const expected = update(part, factor);
        assertClose(found, expected.parameter, `parameter ${part.layer}`);
        assertClose(calls.read(at.m, count), expected.m, `m of ${part.layer}`);
        assertClose(calls.read(at.v, count), expected.v, `v of ${part.layer}`);
        if (part.packed) checkPacked(calls, { part, at, found });
      }
    });
  }
}

/** Compares both copies with the parameter, bit for bit; places without a row or column are zeros. */
function checkPacked(calls: KernelCalls, { part, at, found }: {
  readonly part: Part;
  readonly at: { readonly forward: number; readonly transposed: number };
  readonly found: Float32Array;
}): void {
  const { rows, columns, column, width } = part;
  const valueAt = (row: number, c: number): number =>
    row < rows && c < columns ? found[row * width + column + c]! : 0;
  const forward = calls.read(at.forward, packedBytes(rows, columns) / 4);
  forward.forEach((value, i) => {
    const panel = Math.floor(i / (4 * rows)), row = Math.floor(i / 4) % rows;
    if (value !== valueAt(row, 4 * panel + i % 4)) {
      assertEquals(value, valueAt(row, 4 * panel + i % 4));
    }
  });
  const transposed = calls.read(at.transposed, packedBytes(columns, rows) / 4);
  transposed.forEach((value, i) => {
    const panel = Math.floor(i / (4 * columns)), c = Math.floor(i / 4) % columns;
    if (value !== valueAt(4 * panel + i % 4, c)) assertEquals(value, valueAt(4 * panel + i % 4, c));
  });
}

Deno.test("sumSquares adds the squares of all values, of odd counts too", () => {
  for (const count of [1, 2, 7, 4096, 10_001]) {
    using calls = new KernelCalls("simd");
    const values = waves(count, 3), chunk = 4096, tasks = Math.ceil(count / chunk);
    const sums = calls.floats(2 * tasks);
    calls.run("sumSquares", {
      ...{ name: "SquaresArgs", tasks },
      values: { values: calls.floats(values), count, chunk, sums },
    });
    const found = new Float64Array(calls.engine.heap.memory.buffer, sums, tasks);
    const expected = values.reduce((sum, value) => sum + value * value, 0);
    assertClose([found.reduce((a, b) => a + b, 0)], [expected], `${count}`, {
      ...{ relative: 1e-12, absolute: 0 },
    });
  }
});
