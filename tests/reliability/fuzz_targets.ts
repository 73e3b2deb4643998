/** Every parser of foreign input, with functions that make its input hostile. @module */
import { assertEquals } from "@std/assert";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/checkpoint/safetensors.ts";
import {
  CHECKPOINT_EVERY_OPTION,
  readCheckpointInterval,
} from "../../src/cli/checkpoint_interval.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { parseEvent } from "../../src/checkpoint/parse_event.ts";
import { readLines } from "../../src/checkpoint/read_lines.ts";
import { PROBLEM_OPTIONS } from "../../src/cli/problem_options.ts";
import {
  MODEL_OPTIONS,
  readSettings,
  REVERSE_ANSWERS_OPTION,
  REVERSE_OPTION,
  TRAINING_OPTIONS,
} from "../../src/cli/settings.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import { parseAddition } from "../../src/problem/addition.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import type { Example } from "../../src/problem/example.ts";
import { PAIR_FORMATS } from "../../src/problem/pairs/fields.ts";
import { createPairMeter, type MeasuredPairs } from "../../src/problem/pairs/pair_meter.ts";
import { createPairReader } from "../../src/problem/pairs/pair_reader.ts";
import { PAIRS } from "../../src/problem/pairs/pairs.ts";
import { resolvePairs } from "../../src/problem/pairs/resolve_pairs.ts";
import type { Prng } from "../../src/random/prng.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";
import { mutateJson } from "./mutate_json.ts";
import { createHeaderMutator, mutateBytes, mutateText, rehash } from "./mutation.ts";
import { EVENTS, OLD_EVENTS, writeOldState } from "./saved_examples.ts";

/** A parser under attack. */
export interface FuzzTarget {
  readonly name: string;
  attack(prng: Prng): unknown;
  /** The documented errors. */
  readonly errors: readonly (new (message: string) => Error)[];
}

const SPECS = [
  ...PROBLEM_OPTIONS,
  REVERSE_ANSWERS_OPTION,
  REVERSE_OPTION,
  ...MODEL_OPTIONS,
  ...TRAINING_OPTIONS,
  CHECKPOINT_EVERY_OPTION,
];
const VALUES = [
  "1",
  "0",
  "-1",
  "1e309",
  "NaN",
  "fast",
  "lstm",
  "__proto__",
  "",
  "exactMatch=1",
  "30s",
];
/** Names that are not options; every object has some of them. */
const NO_OPTIONS = ["constructor", "__proto__", "toString", "no-valueOf", ""];
/** Input that `predict` and other programs read by lines: questions, TSV and JSON. */
const LINES = [
  "12+34\n535+61\n",
  "12+34\t46\r\n535+61\t596\r\n",
  '{"question":"12+34","answer":"46"}\n{"question":"535+61","answer":"596"}\n',
].map((text) => new TextEncoder().encode(text.repeat(2)));

/** Files of pairs, each with a header or keys. */
const PAIR_FILES = {
  tsv:
    "question\tanswer\tfeatures\ngo\twent\tV;PST\nsché\tʃ e\tN\n\n가\t각 ab\t\r\ngo\tgone\tV;PTCP\n",
  jsonl: [
    { question: "go", answer: "went", features: "V;PST", 3: "x;y" },
    { question: "sché", answer: "ʃ e", features: "N", 3: "" },
    { question: "가", answer: "각 ab\t", features: "", 3: ";" },
  ].map((pair) => JSON.stringify(pair)).join("\n"),
};

/** Makes the targets. */
export async function createFuzzTargets(): Promise<Record<string, FuzzTarget>> {
  const bytes = await encodeCheckpoint(markCheckpoint(2));
  const mutateHeader = createHeaderMutator(bytes);
  const { tensors, metadata } = decodeSafetensors(bytes);
  const state = JSON.parse(metadata.carry!);
  const states = [["carry-4", state], ["carry-2", writeOldState(state)]] as const;
  const events = [...EVENTS, ...OLD_EVENTS];
  return {
    checkpoint: {
      name: "checkpoint",
      attack: (prng) => decodeCheckpoint(rehash(mutateBytes(bytes, prng))),
      errors: [SyntaxError],
    },
    state: {
      name: "checkpoint state",
      async attack(prng): Promise<void> {
        const [format, state] = states[prng.nextInt(states.length)]!;
        const changed = { ...metadata, format, carry: mutateSaved(state, prng) };
        const forged = rehash(encodeSafetensors({ tensors, metadata: changed }));
        const checkpoint = await decodeCheckpoint(forged);
        const again = await decodeCheckpoint(await encodeCheckpoint(checkpoint)); // accepted input can be written and read
        assertEquals(again, checkpoint);
      },
      errors: [SyntaxError],
    },
    header: {
      name: "safetensors header",
      attack(prng): void {
        const mutated = prng.nextInt(2) === 0 ? mutateBytes(bytes, prng) : mutateHeader(prng);
        encodeSafetensors(decodeSafetensors(mutated)); // accepted input can be encoded again
      },
      errors: [SyntaxError],
    },
    events: {
      name: "event log",
      attack(prng): void {
        const event = parseEvent(mutateSaved(events[prng.nextInt(events.length)]!, prng));
        assertEquals(parseEvent(JSON.stringify(event)), event); // accepted input can be written and read
      },
      errors: [SyntaxError],
    },
    lines: { name: "lines", attack: attackLines, errors: [SyntaxError] },
    pairs: {
      name: "files of pairs",
      attack: attackPairs,
      errors: [SyntaxError, RangeError],
    },
    table: { name: "character table", attack: attackTable, errors: [SyntaxError, RangeError] },
    commandLine: { name: "command line", attack: attackCommandLine, errors: [UsageError] },
  };
}

/** Changes a value that was saved: the text of its JSON, or a field. */
function mutateSaved(value: unknown, prng: Prng): string {
  return prng.nextInt(2) === 0
    ? mutateText(JSON.stringify(value), prng)
    : JSON.stringify(mutateJson(value, prng));
}

/** Reads lines that arrive in pieces, and reads each as a question. */
async function attackLines(prng: Prng): Promise<void> {
  const bytes = mutateBytes(LINES[prng.nextInt(LINES.length)]!, prng);
  for await (const line of readLines(cut(bytes, prng), "the input")) {
    try {
      parseAddition(line);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
}

/** Reads a file of pairs that arrives in pieces, measures it, lays it out, and encodes what was read. */
function attackPairs(prng: Prng): void {
  const format = PAIR_FORMATS[prng.nextInt(PAIR_FORMATS.length)]!;
  const bytes = mutateBytes(new TextEncoder().encode(PAIR_FILES[format]), prng);
  const settings = resolvePairs(drawPairsSettings(prng));
  const meter = createPairMeter(settings);
  const measure = meter.begin("data");
  const pairs: Example[] = [];
  const reader = createPairReader({ ...settings, name: "the file", format }, (pair, line) => {
    measure(pair, line);
    pairs.push(pair);
  });
  for (let start = 0; start < bytes.length;) {
    const stop = start + 1 + prng.nextInt(bytes.length);
    reader.write(bytes.subarray(start, stop));
    start = stop;
  }
  meter.end(reader.end());
  usePairs(pairs, meter.conclude(true));
}

/** Uses pairs that were accepted. @throws {TypeError} if they cannot be encoded, asked or grouped */
function usePairs(
  pairs: readonly Example[],
  { laidOut: { layout }, settings }: MeasuredPairs,
): void {
  try {
    createDataset(pairs, layout);
    const { groupings, readQuestion } = PAIRS.create(settings, layout);
    for (const pair of pairs) {
      readQuestion(pair.question);
      for (const { keyOf } of groupings) keyOf(pair);
    }
  } catch (error) {
    throw new TypeError(`pairs that were accepted cannot be used: ${error}`);
  }
}

function drawPairsSettings(prng: Prng): Record<string, unknown> {
  const draw = <T>(...values: readonly T[]): T => values[prng.nextInt(values.length)]!;
  return {
    seed: prng.nextInt(10),
    badLines: draw("stop", "skip", "skip"),
    normalize: draw("NFC", "NFD", "none"),
    sourceSeparator: draw("", "", " ", "ab"),
    targetSeparator: draw("", "", " ", ";"),
    featureColumns: draw<readonly string[]>([], ["features"], ["3"]),
    questionColumn: draw(null, null, "question"),
    maxLength: draw(3, 64, 4096),
    minCount: draw(null, 1, 2, 3),
    split: draw(0.1, 0.5),
  };
}

async function* cut(bytes: Uint8Array<ArrayBuffer>, prng: Prng): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < bytes.length;) {
    const stop = start + 1 + prng.nextInt(bytes.length);
    yield bytes.subarray(start, stop);
    start = stop;
  }
}

function attackTable(prng: Prng): void {
  const table = createCharacterTable(mutateText("0123456789+ ", prng));
  const text = mutateText("12+345", prng);
  table.decode(table.encode(text, prng.nextInt(12)));
  table.decodeIndices(table.encodeIndices(text, prng.nextInt(12)));
}

function attackCommandLine(prng: Prng): void {
  const typed = parseOptions(drawArguments(prng), SPECS);
  readSettings(typed);
  readCheckpointInterval(typed.text("checkpoint-every"));
}

function drawArguments(prng: Prng): string[] {
  return Array.from({ length: prng.nextInt(5) }, () => {
    const name = prng.nextInt(8) === 0
      ? NO_OPTIONS[prng.nextInt(NO_OPTIONS.length)]
      : SPECS[prng.nextInt(SPECS.length)]!.name;
    const argument = `--${name}=${VALUES[prng.nextInt(VALUES.length)]}`;
    return prng.nextInt(2) === 0 ? argument : mutateText(argument, prng);
  });
}
