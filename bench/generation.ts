// deno-lint-ignore-file no-console -- a bench prints what it measured
/**
 * Time and memory of making the questions of a training: generation, encoding, split, order of an epoch.
 *
 * `deno run -A bench/generation.ts --digits 4 --examples 500000` prints one line of JSON. One process a size, because
 * the system tells a process' peak of memory over its whole life.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { createCharacterTable } from "../src/codec/character_table.ts";
import { shuffleForEpoch } from "../src/dataset/batches.ts";
import { createDataset } from "../src/dataset/dataset.ts";
import { splitDataset } from "../src/dataset/split.ts";
import {
  ADDITION_CHARACTERS,
  additionAnswerLength,
  additionLayout,
  generateAddition,
} from "../src/problem/addition.ts";
import { measureForeignLoad } from "./foreign_load.ts";

/** What one run tells. */
export interface GenerationFigures {
  readonly digits: number;
  readonly examples: number;
  /** Generating and encoding, in one pass. */
  readonly generateMs: number;
  readonly splitMs: number;
  /** Order of one epoch. */
  readonly shuffleMs: number;
  /** The dataset's two arrays. */
  readonly datasetBytes: number;
  /** Peak of the process' memory, and how much of it was there before anything was made. */
  readonly peakBytes: number;
  readonly startBytes: number;
  /** Cores that others took meanwhile; absent where the system does not tell. */
  readonly foreignCores?: number;
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      digits: { type: "string", default: "4" },
      examples: { type: "string", default: "50000" },
    },
  });
  const { result, foreignCores } = await measureForeignLoad(
    Deno.pid,
    () => Promise.resolve(measureGeneration(Number(values.digits), Number(values.examples))),
  );
  console.log(JSON.stringify({ ...result, foreignCores }));
}

function measureGeneration(digits: number, examples: number): GenerationFigures {
  const startBytes = Deno.memoryUsage().rss;
  const problem = { digits, examples, reverse: true };
  const [dataset, generateMs] = time(() =>
    createDataset(generateAddition(problem), createCharacterTable(ADDITION_CHARACTERS), {
      inputLength: additionLayout(problem).length,
      outputLength: additionAnswerLength(problem),
    })
  );
  const [{ training }, splitMs] = time(() => splitDataset(dataset));
  const [, shuffleMs] = time(() => shuffleForEpoch(training, 0, 1));
  return {
    digits,
    examples,
    generateMs,
    splitMs,
    shuffleMs,
    datasetBytes: dataset.sources.byteLength + dataset.targets.byteLength,
    peakBytes: 1024 * process.resourceUsage().maxRSS,
    startBytes,
  };
}

function time<T>(run: () => T): [T, number] {
  const start = performance.now();
  const result = run();
  return [result, performance.now() - start];
}
