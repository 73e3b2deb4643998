import { panelStride } from "../../../src/device/cpu/layout.ts";
import { edgeBytes } from "../../../src/device/cpu/training_layout.ts";
import { assertClose } from "../../assert_close.ts";
import { BUILDS, KernelCalls, waves } from "./kernel_calls.ts";

/** The tile is 8 columns by 4 rows, a block 512 deep. Sizes are equal to these, below, above, not a multiple, 1, and a depth of none. */
const SIZES = [
  { depth: 8, columns: 8, rows: 4, group: 1 },
  { depth: 1, columns: 1, rows: 1, group: 1 },
  { depth: 0, columns: 9, rows: 5, group: 1 },
  { depth: 7, columns: 7, rows: 3, group: 1 },
  { depth: 9, columns: 9, rows: 5, group: 2 },
  { depth: 512, columns: 24, rows: 8, group: 2 },
  { depth: 513, columns: 33, rows: 7, group: 4 },
  { depth: 1100, columns: 43, rows: 13, group: 3 },
];

/** Packs rows of a matrix (depth, features) into panels; what no feature needs is NaN. */
function packPanels(
  values: Float32Array,
  { depth, features, width }: { depth: number; features: number; width: 4 | 8 },
): Float32Array {
  const stride = panelStride(depth, width) / 4;
  const panels = new Float32Array(stride * Math.ceil(features / width)).fill(NaN);
  for (let k = 0; k < depth; k++) {
    for (let f = 0; f < features; f++) {
      panels[Math.floor(f / width) * stride + k * width + f % width] = values[k * features + f]!;
    }
  }
  return panels;
}

for (const build of BUILDS) {
  for (const { depth, columns, rows, group } of SIZES) {
    Deno.test(`multiplyPanels of the ${build} build equals float64 for depth ${depth}, ${columns} columns and ${rows} rows`, () => {
      const a = waves(depth * columns, 1), b = waves(depth * rows, 2);
      const product = new Float64Array(rows * columns), sums = new Float64Array(columns);
      for (let k = 0; k < depth; k++) {
        for (let m = 0; m < columns; m++) {
          sums[m]! += a[k * columns + m]!;
          for (let n = 0; n < rows; n++) {
            product[n * columns + m]! += b[k * rows + n]! * a[k * columns + m]!;
          }
        }
      }
      using calls = new KernelCalls(build);
      const out = calls.floats(rows * columns), bias = calls.floats(columns);
      calls.run("multiplyPanels", {
        name: "ProductArgs",
        values: {
          a: calls.floats(packPanels(a, { depth, features: columns, width: 8 })),
          b: calls.floats(packPanels(b, { depth, features: rows, width: 4 })),
          ...{ aStride: panelStride(depth, 8), bStride: panelStride(depth, 4) },
          ...{ out, outStride: 4 * columns, depth, columns, rows, group, bias },
          edges: calls.floats(edgeBytes(columns) / 4),
        },
        tasks: Math.ceil(Math.ceil(columns / 8) / group),
      });
      const tolerance = { relative: 1e-5, absolute: 1e-6 * Math.sqrt(depth + 1) };
      assertClose(calls.read(out, rows * columns), product, "product", tolerance);
      assertClose(calls.read(bias, columns), sums, "sums", tolerance);
    });
  }
}
