/** Hostile input for every parser: only the errors that are documented, quickly, and nothing else changed. @module */
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { readLines } from "../../src/checkpoint/read_lines.ts";
import {
  MODEL_OPTIONS,
  PROBLEM_OPTIONS,
  readSettings,
  REVERSE_OPTION,
  TRAINING_OPTIONS,
} from "../../src/cli/settings.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import { forkPrng, type Prng } from "../../src/random/prng.ts";
import { createFailures, type Outcome } from "./check.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";
import { mutateBytes, mutateText, rehash } from "./mutation.ts";

/** A parser under attack. */
interface Target {
  readonly name: string;
  attack(prng: Prng): unknown;
  /** The errors that it documents. */
  readonly errors: readonly (new (message: string) => Error)[];
}

const MOST_MS = 1000;
const SPECS = [...PROBLEM_OPTIONS, REVERSE_OPTION, ...MODEL_OPTIONS, ...TRAINING_OPTIONS];

/** Attacks all parsers in turns, so many times in all. */
export async function checkFuzz(trials: number): Promise<Outcome> {
  const bytes = await encodeCheckpoint(markCheckpoint(2));
  const targets = makeTargets(bytes);
  const failures = createFailures();
  const before = describePrototype();
  let slowestMs = 0;
  for (let trial = 0; trial < trials; trial++) {
    const target = targets[trial % targets.length]!;
    const started = performance.now();
    const found = await attack(target, forkPrng(trial, "fuzz"));
    const ms = performance.now() - started;
    slowestMs = Math.max(slowestMs, ms);
    if (ms > MOST_MS) found.push(`it took ${ms} ms`);
    if (describePrototype() !== before) found.push("Object.prototype has changed");
    failures.add(`${target.name}, trial ${trial}`, found);
  }
  return { trials, failures: failures.list, note: `slowest ${slowestMs.toFixed(0)} ms` };
}

function makeTargets(bytes: Uint8Array<ArrayBuffer>): readonly Target[] {
  return [
    {
      name: "checkpoint",
      attack: async (prng) => decodeCheckpoint(await rehash(mutateBytes(bytes, prng))),
      errors: [SyntaxError],
    },
    {
      name: "safetensors header",
      attack: (prng) => encodeSafetensors(decodeSafetensors(mutateBytes(bytes, prng))), // what is accepted makes sense
      errors: [SyntaxError],
    },
    {
      name: "lines",
      attack: (prng) =>
        Array.fromAsync(readLines(ReadableStream.from(cut(mutateBytes(bytes, prng), prng)))),
      errors: [SyntaxError],
    },
    {
      name: "character table",
      attack(prng): void {
        const table = createCharacterTable(mutateText("0123456789+ ", prng));
        const text = mutateText("12+345", prng);
        table.decode(table.encode(text, prng.nextInt(12)));
        table.decodeIndices(table.encodeIndices(text, prng.nextInt(12)));
      },
      errors: [SyntaxError, RangeError],
    },
    {
      name: "command line",
      attack: (prng) => readSettings(parseOptions(drawArguments(prng), SPECS)),
      errors: [UsageError],
    },
  ];
}

async function attack(target: Target, prng: Prng): Promise<string[]> {
  try {
    await target.attack(prng);
    return [];
  } catch (error) {
    const typed = target.errors.some((TypedError) => error instanceof TypedError);
    return typed ? [] : [`it threw ${error}`];
  }
}

function* cut(bytes: Uint8Array<ArrayBuffer>, prng: Prng): Generator<Uint8Array, void> {
  for (let start = 0; start < bytes.length;) {
    const stop = start + 1 + prng.nextInt(bytes.length);
    yield bytes.subarray(start, stop);
    start = stop;
  }
}

function drawArguments(prng: Prng): string[] {
  const values = ["1", "0", "-1", "1e309", "NaN", "fast", "lstm", "__proto__", "", "exactMatch=1"];
  return Array.from({ length: prng.nextInt(5) }, () => {
    const { name } = SPECS[prng.nextInt(SPECS.length)]!;
    const argument = `--${name}=${values[prng.nextInt(values.length)]}`;
    return prng.nextInt(2) === 0 ? argument : mutateText(argument, prng);
  });
}

function describePrototype(): string {
  return Reflect.ownKeys(Object.prototype).map(String).join();
}
