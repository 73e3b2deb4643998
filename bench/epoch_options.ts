/** The options of the benches that measure an epoch on a file of pairs. @module */
import type { OptionSpec, TypedOptions } from "../src/cli/options.ts";
import { UsageError } from "../src/cli/usage_error.ts";
import { readCount } from "./bench_options.ts";

/** What is trained. */
export interface EpochOptions {
  /** The file of pairs. */
  readonly data: string;
  readonly targetSeparator: string;
  readonly hiddenSize: number;
  readonly embeddingSize: number;
  readonly batchSize: number;
  readonly dropout: number;
  readonly threads: number;
  /** The hidden size grows until the model has as many parameters. */
  readonly leastParameters: number;
}

const DEFAULTS = { hiddenSize: 128, embeddingSize: 64, batchSize: 32, dropout: 0.2 };

/** Options of every bench of an epoch. */
export const EPOCH_OPTIONS: readonly OptionSpec[] = [
  { name: "data", value: "FILE", help: "file of pairs, each line a question, a tab and an answer" },
  {
    name: "target-separator",
    value: "TEXT",
    help: "text between two symbols of an answer (default none)",
  },
  { name: "hidden-size", value: "N", help: `hidden size (default ${DEFAULTS.hiddenSize})` },
  {
    name: "embedding-size",
    value: "N",
    help: `size of an embedding (default ${DEFAULTS.embeddingSize})`,
  },
  { name: "batch-size", value: "N", help: `pairs of a step (default ${DEFAULTS.batchSize})` },
  { name: "dropout", value: "X", help: `dropout (default ${DEFAULTS.dropout})` },
  { name: "threads", value: "N", help: "threads (default 1)" },
  {
    name: "least-parameters",
    value: "N",
    help: "take the next hidden size with as many parameters (default 1)",
  },
];

/** Reads them. @throws {UsageError} if one cannot be used */
export function readEpochOptions(typed: TypedOptions): EpochOptions {
  const data = typed.text("data");
  if (data === undefined) {
    throw new UsageError("Cannot measure without --data FILE, a file of pairs");
  }
  const dropout = typed.number("dropout") ?? DEFAULTS.dropout;
  if (!(dropout >= 0 && dropout < 1)) {
    throw new UsageError(
      `Cannot read --dropout: it must be 0 or more and less than 1, but is ${dropout}`,
    );
  }
  return {
    data,
    targetSeparator: typed.text("target-separator") ?? "",
    hiddenSize: readCount(typed, "hidden-size", DEFAULTS.hiddenSize),
    embeddingSize: readCount(typed, "embedding-size", DEFAULTS.embeddingSize),
    batchSize: readCount(typed, "batch-size", DEFAULTS.batchSize),
    dropout,
    threads: readCount(typed, "threads", 1),
    leastParameters: readCount(typed, "least-parameters", 1),
  };
}
