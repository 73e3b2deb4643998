import { assertEquals } from "@std/assert";
import { parseEvent } from "../../src/checkpoint/parse_event.ts";
import { decodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { canRun } from "../permissions.ts";
import { type Ending, runCarry } from "../reliability/carry_process.ts";

/** A run as a commit of Carry wrote it, killed in an epoch. */
interface RecordedRun {
  /** Folder of its files under tests/vectors. The older checkpoints are left out. */
  readonly folder: string;
  /** Step of its last checkpoint. */
  readonly step: number;
  /** Steps of the whole training. */
  readonly steps: number;
  /** Epochs of the whole training. */
  readonly epochs: number;
  /** Epochs that were complete. */
  readonly complete: number;
  /**
   * SHA-256 of the trained parameters, in the order of their names, as the same commit continued the run with each build of the
   * CPU's kernels. With the build `relaxed` a training that was not interrupted gave the same.
   */
  readonly trained: Readonly<Record<string, string>>;
  /** Questions, and what the model answered, with the probability. */
  readonly answers: readonly (readonly [question: string, answer: string, probability: number])[];
}

const RUNS: Readonly<Record<string, RecordedRun>> = {
  /**
   * Commit 8f7607f: `train --digits 2 --examples 600 --hidden-size 8 --epochs 8 --seed 5 --samples 2 --batch-size 32
   * --checkpoint-every 7`. Examples are swapped and weighted.
   */
  "carry-2": {
    ...{ folder: "carry_2_run", step: 63, steps: 136, epochs: 8, complete: 3 },
    trained: {
      relaxed: "95e2804a9cc207bec5e558630a95eab50daf4d378cdbc8e80364f25a4d1d2dce",
      simd: "837f5a15d106c1de589a658797ec3ec37be40366d7f193779a5013c7f4036368",
    },
    answers: [["12+34", "11", 0.032664], ["7+8", "1", 0.043251], ["99+99", "111", 0.014593]],
  },
  /**
   * Commit 6d69565: `train --problem dates --examples 600 --hidden-size 8 --epochs 6 --seed 5 --samples 2 --batch-size 32
   * --checkpoint-every 7 --weighted off --swap off`.
   */
  "carry-3": {
    ...{ folder: "carry_3_run", step: 42, steps: 102, epochs: 6, complete: 2 },
    trained: {
      relaxed: "f0582647bab84f97b9197c0d7d391f6a70409d517e285883dda3d230c1d7c76c",
      simd: "020822d75656170c3abccab4f256fa91af0d810ed8495a23c7a3f47f84c56d0c",
    },
    answers: [["3 March 2021", "999-------", 0.000001]],
  },
};

const FILES = ["latest.safetensors", "events.jsonl", "metrics.jsonl"];

/** A test with a copy of the run. */
function testRun(
  name: string,
  { folder }: RecordedRun,
  body: (path: string, source: URL) => Promise<void>,
): void {
  const source = new URL(`../vectors/${folder}/`, import.meta.url);
  Deno.test({
    name,
    ignore: !canRun,
    async fn(): Promise<void> {
      const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
      try {
        for (const file of FILES) await Deno.copyFile(new URL(file, source), `${path}/${file}`);
        await body(path, source);
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

/** Counts from 1. */
function countTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

for (const [format, run] of Object.entries(RUNS)) {
  const title = `a run in the format ${format}`;

  testRun(`${title} is resumed to the same parameters, bit for bit`, run, async (path, source) => {
    await succeed("train", `--run=${path}`, "--resume", "--backend=cpu", "--json");
    const log = (await readLines(`${path}/events.jsonl`)).map(parseEvent);
    const starts = log.filter((event) => event.event === "start");
    assertEquals(starts.map(({ step }) => step), [0, run.step]);
    const steps = log.flatMap((event) => event.event === "step" ? [event.step] : []);
    assertEquals(steps, countTo(run.steps));
    for (const kind of ["learned", "samples", "epoch"] as const) {
      const epochs = log.flatMap((event) => event.event === kind ? [event.epoch] : []);
      assertEquals(epochs, countTo(run.epochs), kind);
    }
    const metrics = await readLines(`${path}/metrics.jsonl`);
    assertEquals(metrics.slice(0, run.complete), await readLines(new URL("metrics.jsonl", source)));
    assertEquals(metrics.length, run.epochs);
    const build = starts.at(-1)!.backend.build!;
    assertEquals(await hashParameters(`${path}/latest.safetensors`), run.trained[build]);
  });

  testRun(`${title} answers as it did`, run, async (path) => {
    const questions = run.answers.map(([question]) => question);
    const { lines } = await succeed("predict", `--run=${path}`, ...questions, "--json");
    const found = lines.map((line) => {
      const { question, answer, probability } = JSON.parse(line);
      return [question, answer, Number(probability.toFixed(6))];
    });
    assertEquals<unknown>(found, run.answers);
  });
}

async function readLines(path: string | URL): Promise<string[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\n");
}
