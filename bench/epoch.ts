/**
 * Measures an epoch of our training of a model with attention on a file of pairs.
 *
 * `echo | deno run -A bench/epoch.ts --data FILE` measures one epoch, after one to warm up.
 *
 * @module
 */
import process from "node:process";
import { readPairFile } from "../src/checkpoint/pair_files.ts";
import { formatOf } from "../src/problem/pairs/format_of.ts";
import { createCpuDevice } from "../src/device/cpu/cpu_device.ts";
import { countModelParameters, createModel } from "../src/model/create_model.ts";
import type { GivenModelConfig } from "../src/network/config.ts";
import type { Example } from "../src/problem/example.ts";
import { resolvePairs } from "../src/problem/pairs/resolve_pairs.ts";
import { createTraining } from "../src/training/create_training.ts";
import { resolveFit } from "../src/training/fit_options.ts";
import { preparePairs } from "../src/training/prepare_pairs.ts";
import { train } from "../src/training/train.ts";
import { readBenchOptions } from "./bench_options.ts";
import { EPOCH_OPTIONS, type EpochOptions, readEpochOptions } from "./epoch_options.ts";
import { printJson } from "../src/cli/terminal.ts";
import { readLines, type Round } from "./round.ts";

/** As many epochs as anybody asks. */
const MOST_EPOCHS = 10_000;
/** Pairs that are asked after an epoch. Their time counts, and is short. */
const ASKED = 10;
/** A hidden size is a multiple of this. */
const SIZE_STEP = 8;

if (import.meta.main) {
  await serveEpochs(readBenchOptions(Deno.args, {
    command: "deno run -A bench/epoch.ts",
    summary: "measure an epoch on pairs for every line of standard input",
    options: EPOCH_OPTIONS,
    examples: ["--data pairs.tsv --hidden-size 256 < /dev/null"],
  }, readEpochOptions));
}

async function serveEpochs(options: EpochOptions): Promise<void> {
  const { batchSize, dropout, threads } = options;
  const pairs = await readPairs(options);
  const texts = { targetSeparator: options.targetSeparator, minCount: 1 };
  const { layout, split } = await preparePairs(
    pairs,
    resolveFit({ ...texts, validation: pairs.slice(0, ASKED) }),
  );
  const config = chooseConfig(options, (shape) => ({ ...shape, ...layout }));
  using model = await createModel(config, { device: createCpuDevice({ threads }), seed: 1 });
  using training = createTraining(model, {
    ...{ batchSize, dropout, epochs: MOST_EPOCHS, schedule: "constant", learningRate: 1e-3 },
  });
  const requests = readLines(Deno.stdin.readable);
  let started = performance.now();
  let processor = process.cpuUsage();
  for await (const event of train(training, split, { samples: 0 })) {
    if (event.event !== "epoch") continue;
    const used = process.cpuUsage(processor);
    if (event.epoch > 1) {
      printJson(describeRound(performance.now() - started, (used.user + used.system) / 1000));
    }
    if ((await requests.next()).done) return;
    started = performance.now();
    processor = process.cpuUsage();
  }

  function describeRound(elapsedMs: number, processorMs: number): Round {
    return {
      ...{ peer: "carry", version: "", threads, batchSize, hiddenSize: config.hiddenSize },
      ...{ parameters: countModelParameters(config), losses: [], steps: 1 },
      ...{ medianMs: elapsedMs, minMs: elapsedMs, processorMs },
    };
  }
}

/** Chooses the hidden size: that of the options, or the least one above it with as many parameters as are wanted. */
function chooseConfig(
  { hiddenSize, embeddingSize, leastParameters }: EpochOptions,
  describe: (shape: Omit<GivenModelConfig, "source" | "target">) => GivenModelConfig,
): GivenModelConfig {
  for (let size = hiddenSize;; size += SIZE_STEP) {
    const config = describe({
      ...{ cell: "lstm", layers: 1, decoder: "attention", hiddenSize: size, embeddingSize },
    });
    if (countModelParameters(config) >= leastParameters) return config;
  }
}

async function readPairs({ data }: EpochOptions): Promise<Example[]> {
  const pairs: Example[] = [];
  await readPairFile({ path: data, format: formatOf(data, "auto") }, resolvePairs({}), (pair) => {
    pairs.push(pair);
  }, {});
  return pairs;
}
