import { assertEquals } from "@std/assert";
import { parseEvent } from "../../src/checkpoint/parse_event.ts";
import { decodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { canRun } from "../permissions.ts";
import { type Ending, runCarry } from "../reliability/carry_process.ts";

/**
 * A run in the format `carry-2`, as commit 8f7607f wrote it:
 * `train --digits 2 --examples 600 --hidden-size 8 --epochs 8 --seed 5 --samples 2 --batch-size 32 --checkpoint-every 7`,
 * killed in the fourth epoch: its last checkpoint is of step 63 of 136, 12 batches after the end of the third epoch.
 */
const RUN = new URL("../vectors/carry_2_run/", import.meta.url);

/** Its files that matter: the older checkpoints are left out. */
const FILES = ["latest.safetensors", "events.jsonl", "metrics.jsonl"];

/**
 * SHA-256 of the trained parameters, in the order of their names, as commit 8f7607f continued the run with each build of the
 * CPU's kernels. With the build `relaxed` a training that was not interrupted gave the same.
 */
const TRAINED = {
  relaxed: "95e2804a9cc207bec5e558630a95eab50daf4d378cdbc8e80364f25a4d1d2dce",
  simd: "837f5a15d106c1de589a658797ec3ec37be40366d7f193779a5013c7f4036368",
};

/** A test with a copy of the run. */
function testRun(name: string, body: (path: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun,
    async fn(): Promise<void> {
      const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
      try {
        for (const file of FILES) await Deno.copyFile(new URL(file, RUN), `${path}/${file}`);
        await body(path);
      } finally {
        await Deno.remove(path, { recursive: true });
      }
    },
  });
}

async function succeed(command: string, ...args: string[]): Promise<Ending> {
  const ending = await runCarry([command, ...args]);
  assertEquals(ending.code, 0, ending.stderr);
  return ending;
}

async function hashParameters(path: string): Promise<string> {
  const { tensors } = decodeSafetensors(await Deno.readFile(path));
  const names = tensors.map(({ name }) => name).filter((name) => !/^(adam|progress)\//.test(name));
  const bytes = names.toSorted().flatMap((name) => {
    const { values } = tensors.find((tensor) => tensor.name === name)!;
    return [...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
  });
  return new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes))).toHex();
}

testRun(
  "a run in the format carry-2 is resumed to the same parameters, bit for bit",
  async (path) => {
    await succeed("train", `--run=${path}`, "--resume", "--backend=cpu", "--json");
    const log = (await Deno.readTextFile(`${path}/events.jsonl`)).trimEnd().split("\n").map(
      parseEvent,
    );
    const starts = log.filter((event) => event.event === "start");
    assertEquals(starts.map(({ step }) => step), [0, 63]);
    assertEquals(
      log.filter((event) => event.event === "step").map(({ step }) => step),
      Array.from({ length: 136 }, (_, i) => i + 1),
    );
    for (const kind of ["learned", "samples", "epoch"] as const) {
      const epochs = log.flatMap((event) => event.event === kind ? [event.epoch] : []);
      assertEquals(epochs, [1, 2, 3, 4, 5, 6, 7, 8], kind);
    }
    const metrics = (await Deno.readTextFile(`${path}/metrics.jsonl`)).trimEnd().split("\n");
    const before = await Deno.readTextFile(new URL("metrics.jsonl", RUN));
    assertEquals(metrics.slice(0, 3), before.trimEnd().split("\n"));
    assertEquals(metrics.length, 8);
    const { build } = starts.at(-1)!.backend;
    assertEquals(await hashParameters(`${path}/latest.safetensors`), TRAINED[build as "relaxed"]);
  },
);

testRun("a run in the format carry-2 answers as it did", async (path) => {
  const { lines } = await succeed("predict", `--run=${path}`, "12+34", "7+8", "99+99", "--json");
  assertEquals(lines.map((line) => JSON.parse(line).answer), ["11", "1", "111"]);
  const probabilities = lines.map((line) => Number(JSON.parse(line).probability.toFixed(6)));
  assertEquals(probabilities, [0.032664, 0.043251, 0.014593]);
});
