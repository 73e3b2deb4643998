import * as checkpoints from "../../checkpoint.ts";
import * as main from "../../mod.ts";
import * as parts from "../../parts.ts";
import { memberPath, memberRunId, writeEnsemble } from "../../src/checkpoint/ensemble_file.ts";
import { canUseFiles } from "../permissions.ts";
import { TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";
import { checkRows, loose, type Row } from "./hostile.ts";

const carry = { ...main, ...parts, ...checkpoints };

/** Calls a function in a temporary folder of its own. */
let folder = "";
const inFolder =
  (call: (path: string, ...rest: unknown[]) => Promise<unknown>): Row["call"] =>
  async (path, ...rest) => {
    folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      return await call(path === "HERE" ? folder : path as string, ...rest);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };

const opening = (open: unknown): Row["call"] =>
  inFolder(async (path, ...rest) => {
    const run = await loose(open)(path, ...rest) as checkpoints.RunDirectory;
    run[Symbol.dispose]();
  });

const reading = (read: unknown): Row["call"] =>
  inFolder(async (path, ...rest) => {
    if (path === folder) await save(path, {});
    const found = await loose(read)(path, ...rest) as Partial<Disposable>;
    found[Symbol.dispose]?.();
  });

async function save(path: string, options: checkpoints.SaveOptions): Promise<void> {
  using run = await carry.openRun(path);
  using model = await carry.createModel(TINY_MODEL);
  using training = carry.createTraining(model, TINY_OPTIONS);
  await carry.saveToRun(run, await carry.takeCheckpoint(training, TINY_PROBLEM), options);
}

async function saveEnsemble(path: string): Promise<void> {
  const training = carry.resolveTraining(TINY_OPTIONS);
  const state = { id: "x", models: 2, problem: TINY_PROBLEM, model: TINY_MODEL, training };
  using run = await carry.openRun(path);
  await writeEnsemble(run, state);
  for (const number of [1, 2]) {
    using member = await carry.openRun(memberPath(path, number), {
      runId: memberRunId(state, number),
    });
    using model = await carry.createModel(TINY_MODEL);
    using begun = carry.createTraining(model, TINY_OPTIONS);
    await carry.saveToRun(member, await carry.takeCheckpoint(begun, TINY_PROBLEM));
  }
}

const OPENING = {
  runId: ["a-run", '"x" undefined'],
  onWarning: [() => {}, "undefined function"],
} as const;

checkRows({
  createNumberedRun: {
    call: opening(carry.createNumberedRun),
    args: ["HERE", {}],
    allowed: { 1: "undefined {}" },
    untried: { 0: 'undefined "x"' },
    options: OPENING,
  },
  openRun: {
    call: opening(carry.openRun),
    args: ["HERE", {}],
    allowed: { 1: "undefined {}" },
    untried: { 0: '"x"' },
    options: OPENING,
  },
  loadEnsemble: {
    call: inFolder(async (path, ...rest) => {
      if (path === folder) await saveEnsemble(path);
      (await loose(carry.loadEnsemble)(path, ...rest) as main.Ensemble)[Symbol.dispose]();
    }),
    args: ["HERE", {}],
    allowed: { 1: "undefined {}" },
    options: { weights: ["latest", "undefined"], combine: ["vote", "undefined"] },
  },
  loadModel: {
    call: reading(carry.loadModel),
    args: ["HERE", {}],
    allowed: { 1: "undefined {}" },
    options: { weights: ["latest", "undefined"] },
  },
  readRun: {
    call: reading(carry.readRun),
    args: ["HERE", "latest"],
    allowed: { 1: "undefined" },
  },
  saveToRun: {
    call: inFolder(async (what, checkpoint, options) => {
      using run = await carry.openRun(folder);
      using model = await carry.createModel(TINY_MODEL);
      using training = carry.createTraining(model, TINY_OPTIONS);
      const right = await carry.takeCheckpoint(training, TINY_PROBLEM);
      await loose(carry.saveToRun)(
        what === folder ? run : what,
        checkpoint === "RIGHT" ? right : checkpoint,
        options,
      );
    }),
    args: ["HERE", "RIGHT", {}],
    allowed: { 2: "undefined {}" },
    options: { best: [true, "undefined true"], fileSystem: [undefined, "undefined"] },
  },
}, !canUseFiles);
