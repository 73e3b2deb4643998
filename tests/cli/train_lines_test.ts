import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { StartEvent } from "../../src/checkpoint/run_events.ts";
import { countColumns } from "../../src/evaluation/columns.ts";
import { renderLine } from "../../src/cli/terminal.ts";
import {
  describeEnd,
  describeEpoch,
  describeSamples,
  describeStart,
  describeStep,
} from "../../src/cli/train_lines.ts";
import { resolveTraining } from "../../src/training/resolve_training.ts";
import type { Sample } from "../../src/training/events.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";
import { makeHistory } from "../training/learning_history.ts";

const SETTINGS = { problem: TINY_PROBLEM, model: TINY_MODEL, training: resolveTraining() };

/** Widths of terminals; a line has one column less. */
const WIDTHS = [200, 80, 60, 40, 20];

const STEP = {
  event: "step",
  epoch: 99,
  step: 34650,
  steps: 69696,
  loss: 0.0102,
  characterAccuracy: 1,
  learningRate: 0.001,
} as const;
const EPOCH = { ...makeHistory(1)[0]!, event: "epoch", epoch: 99, best: true } as const;
const LONGEST_EPOCH = {
  ...EPOCH,
  loss: 0.0102,
  validationLoss: 0.0046,
  characterAccuracy: 0.9999,
  exactMatch: 0.9999,
  elapsedMs: 123_400,
};

function describeStepAt(columns: number, step: Partial<typeof STEP> = {}): string {
  return describeStep({ ...STEP, ...step }, { epochs: 99, stepsPerSecond: 9.4, columns });
}

Deno.test("the progress line shows less on a narrower terminal, and the time left on every one", () => {
  assertEquals(WIDTHS.map((width) => describeStepAt(width - 1)), [
    "Epoch 99/99 ━━━━━━━━━━━━──────────── step 34650/69696  loss 0.0102  accuracy 100.00 %  1:02:08 left",
    "Epoch 99/99 ━━━━━━━━━━━──────────── step 34650/69696  loss 0.0102  1:02:08 left",
    "Epoch 99/99  step 34650/69696  loss 0.0102  1:02:08 left",
    "Epoch 99/99  49 %  1:02:08 left",
    "49 %  1:02:08",
  ]);
  const early = { epoch: 1, step: 704, steps: 3520, characterAccuracy: 0.5653 };
  assertEquals(
    WIDTHS.map((width) =>
      describeStep({ ...STEP, ...early }, { epochs: 5, stepsPerSecond: 100, columns: width - 1 })
    ),
    [
      "Epoch 1/5 ━━━━━─────────────────── step 704/3520  loss 0.0102  accuracy 56.53 %  0:28 left",
      "Epoch 1/5 ━━━────────── step 704/3520  loss 0.0102  accuracy 56.53 %  0:28 left",
      "Epoch 1/5 ━━───────── step 704/3520  loss 0.0102  0:28 left",
      "Epoch 1/5  step 704/3520  0:28 left",
      "1/5  20 %  0:28",
    ],
  );
});

Deno.test("the progress line fits at every width from 13 columns on", () => {
  for (let columns = 13; columns <= 120; columns++) {
    for (const step of [1, 999, 69696]) {
      const line = describeStep({ ...STEP, step }, { epochs: 99, stepsPerSecond: 9.4, columns });
      assert(countColumns(line) <= columns, `${columns}: ${line}`);
      assertMatch(line, /\d:\d\d/);
      const first = describeStep({ ...STEP, step }, { epochs: 99, stepsPerSecond: null, columns });
      assert(countColumns(first) <= columns, `${columns}: ${first}`);
      assertMatch(first, /step \d+|\d %/);
    }
  }
});

Deno.test("an epoch is a line at 80 columns, and a small table at 60 and 40", () => {
  assertEquals(describeEpoch(LONGEST_EPOCH, 99, 79), [
    "Epoch 99/99  loss 0.0102  val 0.0046  chars 99.99 %  exact 99.99 %  2:03  best",
  ]);
  assertEquals(describeEpoch({ ...LONGEST_EPOCH, exactMatch: 0.035 }, 99, 59), [
    "Epoch    loss     val    chars    exact  time",
    "99/99  0.0102  0.0046  99.99 %   3.50 %  2:03  best",
  ]);
  assertEquals(describeEpoch(LONGEST_EPOCH, 99, 39), [
    "Epoch    loss     val    chars    exact",
    "99/99  0.0102  0.0046  99.99 %  99.99 %",
  ]);
  assertEquals(describeEpoch(LONGEST_EPOCH, 99, 19), [
    "Epoch 99/99",
    "  loss 0.0102",
    "  val 0.0046",
    "  chars 99.99 %",
    "  exact 99.99 %",
    "  2:03  best",
  ]);
});

Deno.test("an epoch is written in full without a terminal", () => {
  assertEquals(describeEpoch({ ...LONGEST_EPOCH, exactMatch: 1 }, 99, Infinity), [
    "Epoch 99/99  loss 0.0102  validation 0.0046  characters 99.99 %  exact match 100.00 %  123.4 s  best",
  ]);
});

const SAMPLES = [
  { question: "819+17", target: "836", guess: "826" },
  { question: "123456789+987654321", target: "1111111110", guess: "1111111110" },
] as unknown as readonly Sample[];

function renderSamples(samples: readonly Sample[], columns: number): string[] {
  return describeSamples(samples, columns).map((line) => renderLine(line, false));
}

Deno.test("samples take one line each if there is room, else two or three", () => {
  assertEquals(renderSamples(SAMPLES, 79), [
    "  Q 819+17               T 836         ☒ 826",
    "  Q 123456789+987654321  T 1111111110  ☑ 1111111110",
  ]);
  assertEquals(renderSamples(SAMPLES, 39), [
    "  Q 819+17",
    "  T 836         ☒ 826",
    "  Q 123456789+987654321",
    "  T 1111111110  ☑ 1111111110",
  ]);
  assertEquals(renderSamples(SAMPLES.slice(0, 1), 9), ["  Q 819+17", "  T 836", "  ☒ 826"]);
});

Deno.test("samples are aligned by columns of the terminal, not by characters", () => {
  const samples = [
    { question: "日本", target: "a", guess: "a" },
    { question: "e\u0301\x1b", target: "b", guess: "c" },
  ] as unknown as readonly Sample[];
  assertEquals(renderSamples(samples, 79), [
    "  Q 日本   T a  ☑ a",
    "  Q e\u0301\\x1b  T b  ☒ c",
  ]);
});

Deno.test("marks are coloured only where colours are shown", () => {
  const [line] = describeSamples(SAMPLES, 79);
  assertStringIncludes(renderLine(line!, true), "\x1b[91m☒\x1b[0m 826");
  assertStringIncludes(renderLine(line!, false), "  ☒ 826");
});

function makeStart(run: string): StartEvent {
  return {
    event: "start",
    runId: "run",
    run,
    backend: { name: "cpu", reason: "the WebGPU adapter is software (llvmpipe (LLVM 15.0.6))" },
    problem: TINY_PROBLEM,
    model: TINY_MODEL,
    training: resolveTraining({ epochs: 1 }),
    parameters: 1000,
    trainingExamples: 50,
    validationExamples: 5,
    step: 0,
  };
}

Deno.test("the lines of the start fit on every terminal, and count one digit and one epoch as one", () => {
  for (const width of WIDTHS) {
    const lines = describeStart(makeStart("./checkpoints/run-0001"), width - 1);
    for (const line of lines) assert(countColumns(line) < width, `${width}: ${line}`);
    const text = lines.join(" ").replace(/\s+/g, " ");
    assertMatch(text, / additions of 1 digit, .* 1 epoch, /);
    assertMatch(text, /Training questions \(50, 3, 12\), answers \(50, 2, 12\)/);
  }
});

Deno.test("the start names the executor where it is the reference", () => {
  const start = makeStart("run");
  const textOf = (executor: string): string =>
    describeStart({ ...start, backend: { ...start.backend, executor } }, 200).join("\n");
  assertMatch(textOf("kernels"), /^Backend cpu: the WebGPU/m);
  assertMatch(textOf("reference"), /^Backend cpu, executor reference: the WebGPU/m);
});

Deno.test("the start names the seed of the model where it is not that of the questions", () => {
  const start = makeStart("run");
  const textOf = (seed: number): string =>
    describeStart({ ...start, training: { ...start.training, seed } }, 200).join("\n");
  assertMatch(textOf(Number(start.problem.seed)), /, seed \d+$/m);
  assertMatch(textOf(Number(start.problem.seed) + 1), /, seed \d+, seed of this model \d+$/m);
});

Deno.test("the recipe says what becomes of the numbers of a sum, and of short sums where there are longer ones", () => {
  const recipeOf = (digits: number, order: { swap: boolean; weighted: boolean }): string => {
    const start = makeStart("r");
    const training = { ...start.training, ...order };
    const problem = { ...start.problem, digits };
    return describeStart({ ...start, training, problem }, Infinity).at(-1)!;
  };
  const both = { swap: true, weighted: true };
  assertMatch(
    recipeOf(2, both),
    /flat learning rate 0\.024, numbers swapped at random, short calculations more often$/,
  );
  assertMatch(recipeOf(1, both), /numbers swapped at random$/);
  assertMatch(recipeOf(2, { swap: false, weighted: false }), /flat learning rate 0\.024$/);
});

Deno.test("the recipe says what keeps a training from memorising", () => {
  const start = makeStart("r");
  const training = { ...start.training, dropout: 0.3, labelSmoothing: 0.1, swap: false };
  const recipe = describeStart({ ...start, training }, Infinity).at(-1)!;
  assertMatch(recipe, /flat learning rate 0\.024, dropout 0\.3, label smoothing 0\.1/);
});

Deno.test("the end names the run so that a shell and the option's parser read it", () => {
  const describe = (checkpoint: string, reason: "epochs" | "interrupted"): string =>
    describeEnd(
      { event: "end", reason, epochs: 5, exactMatch: 0.9, checkpoint },
      { settings: SETTINGS, history: [], passing: ["--dashboard"], columns: 79 },
    ).at(-1)!;
  assertMatch(
    describe("./my run/latest.safetensors", "epochs"),
    /^Ask the model: deno run -A \S*cli\.ts predict 1\+2 --run '\.\/my run'$/,
  );
  assertMatch(
    describe("-x/latest.safetensors", "interrupted"),
    /^To continue: deno run -A \S*cli\.ts train --resume --run=-x --dashboard$/,
  );
});

Deno.test("the end says whether the model has learned", () => {
  const describe = (exactMatch: number, reason: "epochs" | "interrupted"): string =>
    describeEnd(
      { event: "end", reason, epochs: 1, exactMatch, checkpoint: "r/latest.safetensors" },
      {
        settings: SETTINGS,
        history: [{ ...makeHistory(1)[0]!, exactMatch }],
        passing: [],
        columns: Infinity,
      },
    ).join("\n");
  assertMatch(describe(0.499, "epochs"), /has not learned its task: it answers 49\.90 % /);
  assert(!describe(0.5, "epochs").includes("not learned"));
  assert(!describe(0.1, "interrupted").includes("not learned"));
});
