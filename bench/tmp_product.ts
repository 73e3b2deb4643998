import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../src/backend/backend.ts";
import { makeOnDevice, webGpuBackend } from "../src/ops/webgpu/device.ts";
import { multiply } from "../src/ops/webgpu/product.ts";
import { submitCommands } from "../src/ops/webgpu/run_shader.ts";
await selectBackend("webgpu");
const b = webGpuBackend();
async function time(name: string, M: number, N: number, K: number, ta: boolean, tb: boolean) {
  const A = tf.randomNormal([M * K]), B = tf.randomNormal([K * N]);
  const c = makeOnDevice([M, N], b);
  const run = async (n: number) => {
    const t = performance.now();
    for (let i = 0; i < n; i++) {
      multiply({
        rows: M,
        columns: N,
        depth: K,
        a: { tensor: A, rows: { step: ta ? 1 : K }, depth: { step: ta ? M : 1 } },
        b: { tensor: B, depthStride: tb ? 1 : N, columnStride: tb ? K : 1 },
        c: { tensor: c },
      }, b);
    }
    submitCommands(b);
    await b.device.queue.onSubmittedWorkDone();
    return (performance.now() - t) / n;
  };
  await run(2);
  const ms = Math.min(await run(5), await run(5), await run(5));
  console.log(name, M, N, K, ms.toFixed(2), "ms", (2 * M * N * K / ms / 1e6).toFixed(1), "GFLOP/s");
}
await time("h U", 128, 512, 128, false, false);
await time("dz Ut", 128, 128, 512, false, true);
await time("dU", 128, 512, 768, true, false);
await time("dW", 13, 512, 896, true, false);
await time("big", 512, 512, 512, false, false);
