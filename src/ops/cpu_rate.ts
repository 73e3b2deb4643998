/** Measures how fast this processor multiplies matrices. @module */
import type { Clock } from "../time/clock.ts";
import { type KernelCall, kernelHeap, runKernels } from "./kernels.ts";
import { panelBytes } from "./layout.ts";
import { withScratch } from "./resident_tensors.ts";
import { edgeBytes, multiplyPanels } from "./weight_gradients.ts";

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
  const sizes = {
    a: panelBytes(DEPTH, COLUMNS, 8),
    b: panelBytes(DEPTH, ROWS, 4),
    out: 4 * ROWS * COLUMNS,
  };
  return withScratch(sizes.a + sizes.b + sizes.out + edgeBytes(COLUMNS), (a) => {
    const b = a + sizes.a, out = b + sizes.b, edges = out + sizes.out;
    new Uint8Array(kernelHeap().memory.buffer, a, sizes.a + sizes.b).fill(0); // denormal numbers may be slow
    const call: KernelCall = multiplyPanels({
      ...{ a, b, out, edges, panelRows: DEPTH, aFrom: 0, columns: COLUMNS, rows: ROWS },
      ...{ depth: DEPTH, outStrideBytes: 4 * COLUMNS },
    });
    let best = Infinity;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const started = now();
      runKernels([call], 0); // only on this thread
      best = Math.min(best, now() - started);
    }
    return 2 * ROWS * COLUMNS * DEPTH / (best / 1000);
  });
}
