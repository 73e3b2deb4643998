/** Makes the engine of the playground: it holds one run, trains it, answers with it, and keeps it. @module */
import { encodeCheckpoint } from "../../checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../checkpoint/take_checkpoint.ts";
import { renderPage } from "../../dashboard/export_page.ts";
import type { PageAssets } from "../../dashboard/inline_page.ts";
import type { DeviceReport } from "../../device/executor.ts";
import { chooseDevice } from "../../device/choose.ts";
import { describePairs } from "../../evaluation/pairs/describe_pairs.ts";
import { advisePairs } from "../../evaluation/pairs/pairs_advice.ts";
import type {
  CheckReport,
  Engine,
  EngineListener,
  KeptRun,
  PairsTask,
  SavedFile,
} from "../engine.ts";
import { checkHead, reasonOf } from "./check_kept.ts";
import type { OpenDevice } from "./device_request.ts";
import { embedPaused } from "./embed_paused.ts";
import { createIndexedStore } from "./indexed_store.ts";
import type { Surroundings } from "./open_run.ts";
import { openCheckpointRun, openKeptRun, openNewRun } from "./open_sources.ts";
import { measureTask } from "./plan_task.ts";
import { RunSlot } from "./run_slot.ts";
import type { RunStore } from "./run_store.ts";

/** What an engine uses. */
export interface EngineOptions {
  /** Where the run is kept. Default: the browser's IndexedDB. */
  readonly store?: RunStore;
  /** Opens what computes. Default: as `chooseDevice()` does. */
  readonly openDevice?: OpenDevice;
  /** Tells the time of day in milliseconds since 1970. It may have a fraction, as a browser's has. */
  readonly date: () => number;
}

/** Columns of the report about pairs. */
const COLUMNS = 100;

/** Makes an engine. Disposing of it ends the training, keeps the run, and frees all memory. */
export function createEngine(options: EngineOptions): Engine & AsyncDisposable {
  const { store = createIndexedStore(), openDevice = chooseDevice, date } = options;
  const slot = new RunSlot();
  let listener: EngineListener | undefined;
  const surroundings: Surroundings = {
    ...{ store, openDevice, date },
    update: (update) => listener?.update(update),
    note: (text) => listener?.note(text),
  };
  return {
    listen(given): Promise<void> {
      listener = given;
      return Promise.resolve();
    },
    findKept: () => findKept(surroundings),
    openKept: () => slot.replace((opening) => openKeptRun(surroundings, opening)),
    async forgetKept(): Promise<void> {
      const keeper = slot.run?.keeper;
      if (keeper === undefined || keeper.isForgotten) await store.clear();
      else await keeper.forget();
    },
    check: checkPairs,
    async start(task, options = {}): Promise<DeviceReport> {
      const open = { task, options };
      await slot.replace((opening) => openNewRun(open, surroundings, opening), { trains: true });
      return slot.require("start").training.model.executor.report;
    },
    pause: () => slot.pause(),
    goOn: () => slot.goOn(),
    stop: () => slot.stop(),
    ask: (question) => slot.ask(question),
    readAnswers: () => slot.readAnswers(),
    saveCheckpoint: () => saveCheckpoint(slot),
    openCheckpoint: (bytes, pairs) =>
      slot.replace((opening) => openCheckpointRun({ bytes, pairs }, surroundings, opening)),
    exportPage: (assets) => exportPage(slot, assets),
    [Symbol.asyncDispose]: () => slot[Symbol.asyncDispose](),
  };
}

async function findKept({ store, note }: Surroundings): Promise<KeptRun | null> {
  const found = await store.readHead().catch((error: unknown) => {
    note(`This browser keeps no run, so a reload loses it: ${reasonOf(error)}`);
    return undefined;
  });
  if (found === undefined) return null;
  try {
    const { title, step, steps, savedAt } = checkHead(found);
    return { title, step, steps, savedAt };
  } catch (error) {
    note(
      `What this browser keeps is no run that can be opened, and a new one replaces it: ${
        reasonOf(error)
      }`,
    );
    return null;
  }
}

async function checkPairs(task: PairsTask): Promise<CheckReport> {
  const measured = await measureTask(task, new AbortController().signal);
  return { lines: describePairs(measured, COLUMNS, []), advice: advisePairs(measured) };
}

/** Gives the run as the newest checkpoint of a run's directory, under its name there. */
async function saveCheckpoint(slot: RunSlot): Promise<SavedFile> {
  const { training, settings: { problem }, runId } = slot.require("save a checkpoint");
  const checkpoint = await takeCheckpoint(training, problem);
  return {
    name: "latest.safetensors",
    type: "application/octet-stream",
    bytes: await encodeCheckpoint({ ...checkpoint, runId }),
  };
}

async function exportPage(slot: RunSlot, assets: PageAssets): Promise<SavedFile> {
  const { name, live } = slot.require("export a page");
  await slot.readAnswers(); // those of the newest weights, if the training is paused
  const embedded = await slot.visit(() => embedPaused(live));
  const page = await renderPage(assets, embedded);
  return { name: `${name}.html`, type: "text/html", bytes: new TextEncoder().encode(page) };
}
