/** Measures how fast this processor multiplies matrices. @module */
import type { Clock } from "../../time/clock.ts";
import { Engine } from "./engine.ts";
import { layOut, panelBytes, panelStride } from "./layout.ts";
import { structBytes, writeStruct } from "./structs.ts";
import { edgeBytes } from "./training_layout.ts";

/** Sizes of the product: its panels stay in the second-level cache, as those of a layer do. */
const [ROWS, COLUMNS, DEPTH] = [256, 64, 512] as const;
/** Number of runs of about a millisecond. The fastest counts, because a busy machine only makes a run slower. */
const ATTEMPTS = 5;

/**
 * Measures the floating-point operations per second of one thread; this takes some milliseconds.
 *
 * @param now default: the platform's monotonic clock
 */
export function measureCpuRate(now: Clock = () => performance.now()): number {
  using engine = new Engine({ threads: 1 });
  const { heap } = engine;
  const layout = layOut([
    ["a", panelBytes(DEPTH, COLUMNS, 8)],
    ["b", panelBytes(DEPTH, ROWS, 4)],
    ["out", 4 * ROWS * COLUMNS],
    ["edges", edgeBytes(COLUMNS)],
    ["args", structBytes("ProductArgs")],
  ]);
  const block = heap.allocate(layout.sizeBytes); // zeros: denormal numbers may be slow
  const at = (name: string): number => layout.at(block, name);
  writeStruct(heap.memory, {
    name: "ProductArgs",
    address: at("args"),
    values: {
      ...{ a: at("a"), aStride: panelStride(DEPTH, 8), b: at("b"), bStride: panelStride(DEPTH, 4) },
      ...{ out: at("out"), outStride: 4 * COLUMNS, depth: DEPTH, columns: COLUMNS, rows: ROWS },
      ...{ group: COLUMNS / 8, edges: at("edges"), bias: 0 },
    },
  });
  const phases = [[{ kernel: "multiplyPanels", args: at("args"), tasks: 1 }]];
  let best = Infinity;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const started = now();
    engine.run({ phases, work: 0 });
    best = Math.min(best, now() - started);
  }
  return 2 * ROWS * COLUMNS * DEPTH / (best / 1000);
}
