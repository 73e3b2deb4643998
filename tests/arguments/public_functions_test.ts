import { assertEquals } from "@std/assert";
import * as addition from "../../addition.ts";
import * as checkpoints from "../../checkpoint.ts";
import * as main from "../../mod.ts";
import * as notebook from "../../notebook.ts";
import * as parts from "../../parts.ts";
import * as plot from "../../plot.ts";
import { checkRows, loose, type Row } from "./hostile.ts";
import { makeTinySplit, TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

/** Everything that the package exports. */
const carry = { ...main, ...addition, ...checkpoints, ...parts, ...plot, ...notebook };

const device = await carry.chooseDevice("cpu");
const split = makeTinySplit();
const model = await carry.createModel(TINY_MODEL, { device, seed: 1 });
const training = carry.createTraining(model, TINY_OPTIONS);
const checkpoint = await carry.takeCheckpoint(training, TINY_PROBLEM);
const bytes = await carry.encodeCheckpoint(checkpoint);
const parameters = await carry.readParameters(model);
const epoch = { step: 7, elapsedMs: 1, loss: 1, validationLoss: 1 };
const history = [{ ...epoch, epoch: 1, characterAccuracy: 0.5, exactMatch: 0.5 }];
const clock = (): number => 0;
const signal = new AbortController().signal;

const OPTIONAL = "undefined {}";
const CLOCK = [clock, "undefined function"] as const;
const SIGNAL = [signal, "undefined"] as const;
const ADDITION = {
  digits: [1, "undefined"],
  examples: [5, "undefined"],
  name: ["addition", "undefined"],
  sampler: ["uniform", "undefined"],
  seed: [1, "undefined -1 1e9"],
} as const;
/** Names of hostile values that are positive or 0 as float32, and below some limit. */
const NUMBERS = "undefined 0.5";

const PAIRS = Array.from({ length: 12 }, (_, i) => ({ question: `${i}`, answer: `${2 * i}` }));
const ADDITIONS = carry.resolveAddition({ digits: 1 });

/** Options of a training that have rules of their own. */
const TRAINING = {
  recipe: ["notebook", "undefined"],
  epochs: [3, "undefined"],
  batchSize: [3, "undefined"],
  learningRate: [0.1, NUMBERS],
  schedule: ["constant", "undefined"],
  warmup: [0.1, NUMBERS],
  beta1: [0.9, NUMBERS],
  beta2: [0.9, NUMBERS],
  epsilon: [1e-7, `${NUMBERS} 1e9`],
  weightDecay: [0.1, NUMBERS],
  clipNorm: [0.1, `${NUMBERS} 1e9`],
  seed: [1, "undefined -1 1e9"],
  stopAt: [{ metric: "loss", value: 1 }, "undefined null"],
  patience: [3, "undefined 1e9"],
  monitor: ["loss", "undefined"],
} as const;

const ROWS: Readonly<Record<string, Row>> = {
  assess: {
    call: loose(carry.assess),
    args: [model, split.validation, {}],
    allowed: { 2: OPTIONAL },
    options: {
      groupings: [[], "undefined []"],
      worst: [3, "undefined"],
      beam: [2, "undefined"],
      lengthPenalty: [0, "undefined"],
      onProgress: [() => {}, "undefined function"],
      signal: SIGNAL,
      now: CLOCK,
    },
  },
  createAddition: {
    call: loose(carry.createAddition),
    args: [{ digits: 1 }],
    allowed: { 0: OPTIONAL },
    options: { digits: [1, "undefined"], terms: [3, "undefined"], base: [16, "undefined"] },
  },
  createDatasetBuilder: { call: loose(carry.createDatasetBuilder), args: [TINY_MODEL] },
  createProblem: { call: loose(carry.createProblem), args: [ADDITIONS, TINY_MODEL] },
  createTextCodec: { call: loose(carry.createTextCodec), args: [TINY_MODEL.source] },
  findKind: { call: loose(carry.findKind), args: ["addition"] },
  fit: {
    call: async (...args) =>
      (await loose(carry.fit)(...args) as main.FittedModel)[Symbol.dispose](),
    args: [PAIRS, { device, hiddenSize: 2, epochs: 1 }],
    allowed: { 1: OPTIONAL },
    options: {
      ...TRAINING,
      cell: ["gru", "undefined"],
      hiddenSize: [4, "undefined"],
      layers: [2, "undefined"],
      reverse: [false, "undefined true"],
      sourceSeparator: [" ", 'undefined "" "x"'],
      targetSeparator: [" ", 'undefined "" "x"'],
      normalize: ["NFD", "undefined"],
      maxLength: [100, "undefined"],
      minCount: [1, "undefined null 1e9"],
      badPairs: ["skip", "undefined"],
      validation: [PAIRS, "undefined"],
      split: [0.5, "undefined null 0.5"],
      device: [device, "undefined"],
      samples: [2, "undefined"],
      onEvent: [() => {}, "undefined function"],
      onProgress: [() => {}, "undefined function"],
      signal: SIGNAL,
      now: CLOCK,
    },
  },
  layOutAddition: {
    call: loose(carry.layOutAddition),
    args: [ADDITIONS, true],
    allowed: { 0: OPTIONAL, 1: "undefined true" },
  },
  resolveProblem: { call: loose(carry.resolveProblem), args: [{ name: "dates" }] },
  additionGroup: { call: loose(carry.additionGroup), args: ["1+2"] },
  batches: {
    call: loose(carry.batches),
    args: [split.training, { batchSize: 8 }],
    options: {
      batchSize: [8, ""],
      order: [Uint32Array.from({ length: 50 }, (_, i) => i), "undefined"],
      from: [1, "undefined 1e9"],
    },
  },
  checkQuestion: { call: loose(carry.checkQuestion), args: [model, "1+2"], allowed: { 1: '""' } },
  characterLayout: {
    call: loose(carry.characterLayout),
    args: ["ab", { inputLength: 3, outputLength: 2 }],
    allowed: { 0: '"x"' },
    options: { inputLength: [3, ""], outputLength: [2, ""], reverse: [true, "undefined true"] },
  },
  chooseDevice: {
    call: loose(carry.chooseDevice),
    args: ["cpu", {}],
    allowed: { 0: "undefined", 1: OPTIONAL },
    options: {
      executor: ["reference", "undefined"],
      threads: [2, "undefined"],
      cell: ["gru", "undefined"],
    },
  },
  chooseTraining: {
    call: loose(carry.chooseTraining),
    args: [{}, { problem: carry.createAddition({ digits: 1 }), model: TINY_MODEL, examples: 50 }],
    allowed: { 0: "{}" },
  },
  countAdditions: { call: loose(carry.countAdditions), args: [3] },
  countModelParameters: { call: loose(carry.countModelParameters), args: [TINY_MODEL] },
  createCharacterTable: {
    call: loose(carry.createCharacterTable),
    args: ["ab"],
    allowed: { 0: '"x"' },
  },
  createDataset: {
    call: loose(carry.createDataset),
    args: [[{ question: "1+1", answer: "2" }], TINY_MODEL],
  },
  createEnsemble: {
    call: (...args) => void loose(carry.createEnsemble)(...args), // disposing of it would dispose of the model
    args: [[model], {}],
    allowed: { 1: OPTIONAL },
    options: { combine: ["vote", "undefined"] },
  },
  createLiveProgress: {
    call: loose(carry.createLiveProgress),
    args: [() => Promise.resolve(), {}],
    allowed: { 0: "function", 1: OPTIONAL },
    options: { everyMs: [100, "undefined 1e9 0.5"], now: CLOCK },
  },
  createMemory: {
    call: loose(carry.createMemory),
    args: [[{ question: "a", answer: "b" }]],
    allowed: { 0: "[]" },
  },
  createModel: {
    call: async (...args) =>
      (await loose(carry.createModel)(...args) as main.Model)[Symbol.dispose](),
    args: [TINY_MODEL, { device }],
    allowed: { 1: OPTIONAL },
    options: {
      device: [device, "undefined"],
      seed: [1, "undefined -1 1e9"],
      parameters: [parameters, "undefined"],
      onProgress: [() => {}, "undefined function"],
      signal: SIGNAL,
      now: CLOCK,
    },
  },
  createTraining: {
    call: (...args) => (loose(carry.createTraining)(...args) as main.Training)[Symbol.dispose](),
    args: [model, {}],
    allowed: { 1: OPTIONAL },
    options: {
      ...TRAINING,
      swap: [false, "undefined true"],
      weighted: [false, "undefined true"],
    },
  },
  describeLayers: { call: loose(carry.describeLayers), args: [TINY_MODEL] },
  describeNetwork: { call: loose(carry.describeNetwork), args: [TINY_MODEL] },
  drawCurves: { call: loose(carry.drawCurves), args: [[{ name: "a", history }]] },
  drawAttention: {
    call: loose(carry.drawAttention),
    args: [{ question: ["a"], answer: ["b"], weights: [[1]] }],
  },
  drawGroups: {
    call: loose(carry.drawGroups),
    args: [{ examples: 1, exactMatch: 1, groups: [{ title: "a", cells: [] }] }],
  },
  drawModel: { call: loose(carry.drawModel), args: [TINY_MODEL] },
  evaluate: {
    call: loose(carry.evaluate),
    args: [model, split.validation, {}],
    allowed: { 2: OPTIONAL },
    options: {
      batchSize: [2, "undefined"],
      answers: [new Uint8Array(10), "undefined"],
      signal: SIGNAL,
      now: CLOCK,
    },
  },
  generateAddition: {
    call: loose(carry.generateAddition),
    args: [{ digits: 1 }],
    allowed: { 0: OPTIONAL },
    options: ADDITION,
  },
  parseAddition: { call: loose(carry.parseAddition), args: ["1+2"] },
  practiseAddition: { call: loose(carry.practiseAddition), args: [] },
  prepareSplit: {
    call: loose(carry.prepareSplit),
    args: [{
      generated: carry.createAddition({ digits: 1 }).generated,
      ...{ layout: TINY_MODEL, seed: 1, training: { swap: false, weighted: false } },
    }, {}],
    allowed: { 1: OPTIONAL },
    options: { onProgress: [() => {}, "undefined function"], signal: SIGNAL, now: CLOCK },
  },
  predict: {
    call: loose(carry.predict),
    args: [model, ["1+2"], {}],
    allowed: { 1: "[]", 2: OPTIONAL },
    options: {
      batchSize: [2, "undefined"],
      beam: [2, "undefined"],
      nBest: [1, "undefined"],
      lengthPenalty: [0, "undefined"],
      probabilities: [true, "undefined true"],
      attention: [false, "undefined"],
      now: CLOCK,
    },
  },
  readExample: { call: loose(carry.readExample), args: [split.training, 3] },
  readParameters: { call: loose(carry.readParameters), args: [model] },
  renderPng: {
    call: loose(carry.renderPng),
    args: [carry.drawModel(TINY_MODEL), () => Promise.reject(new Error("Cannot read in a test"))],
  },
  resolveAddition: {
    call: loose(carry.resolveAddition),
    args: [{ digits: 1 }],
    allowed: { 0: OPTIONAL },
    options: ADDITION,
  },
  resolveTraining: {
    call: loose(carry.resolveTraining),
    args: [{}],
    allowed: { 0: OPTIONAL },
    options: { epochs: [3, "undefined"] },
  },
  showSummary: { call: loose(carry.showSummary), args: [TINY_MODEL] },
  splitDataset: {
    call: loose(carry.splitDataset),
    args: [split.training, {}],
    allowed: { 1: OPTIONAL },
    options: {
      validationShare: [0.2, "undefined 0.5"],
      seed: [1, "undefined -1 1e9"],
      groupOf: [({ question }: main.Example) => question, "undefined"],
      swapOf: [carry.practiseAddition().swapOf, "undefined"],
      weightOf: [() => 3, "undefined function"],
      keep: [() => false, "undefined"],
    },
  },
  summarizeModel: {
    call: loose(carry.summarizeModel),
    args: [TINY_MODEL, {}],
    allowed: { 1: OPTIONAL },
    options: { columns: [40, "undefined 1e9"] },
  },
  train: {
    call: loose(carry.train),
    args: [training, split, {}],
    allowed: { 2: OPTIONAL },
    options: {
      signal: SIGNAL,
      samples: [3, "undefined"],
      answers: [true, "undefined true"],
      settleEvery: [5, "undefined 1e9"],
      now: CLOCK,
    },
  },
  writeParameters: { call: loose(carry.writeParameters), args: [model, parameters] },
  decodeCheckpoint: { call: loose(carry.decodeCheckpoint), args: [bytes] },
  encodeCheckpoint: { call: loose(carry.encodeCheckpoint), args: [checkpoint] },
  takeCheckpoint: { call: loose(carry.takeCheckpoint), args: [training, TINY_PROBLEM] },
};

Deno.test("every public function has a row in this table", () => {
  const functions = Object.entries(carry)
    .filter(([, value]) => typeof value === "function" && !/^[A-Z]/.test(value.name))
    .map(([name]) => name);
  const elsewhere = [
    "createNumberedRun",
    "loadEnsemble",
    "loadModel",
    "openRun",
    "readRun",
    "saveToRun",
  ]; // run_arguments_test.ts
  assertEquals(Object.keys(ROWS).concat(elsewhere).sort(), functions.sort());
});

checkRows(ROWS);
