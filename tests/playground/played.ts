/** An engine of the playground with a listener that remembers, for tests. @module */
import type { PageAssets } from "../../src/dashboard/inline_page.ts";
import type { RunState, RunUpdate } from "../../src/dashboard/protocol.ts";
import { type Checkpoint, decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type {
  Engine,
  MadeTask,
  PairsTask,
  PlaygroundOptions,
} from "../../src/playground/engine.ts";
import { createEngine, type EngineOptions } from "../../src/playground/engine/create_engine.ts";
import { createMemoryStore } from "../../src/playground/engine/run_store.ts";

/** Sums of two digits, of which an epoch takes a fraction of a second. */
export const SUMS: MadeTask = { kind: "made", problem: "addition", settings: { digits: 2 } };

/** A small model on the processor, trained for a few epochs. */
export const SMALL: PlaygroundOptions = {
  model: { hiddenSize: 8 },
  training: { epochs: 3 },
  backend: "cpu",
};

/** The same, but trained for longer than any test takes. */
export const LONG: PlaygroundOptions = { ...SMALL, training: { epochs: 100_000 } };

/** An engine, and what it told. Disposing of it ends the training. */
export interface PlayedEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** Every update so far. */
  readonly updates: readonly RunUpdate[];
  /** Every sentence so far. */
  readonly notes: readonly string[];
  /** Waits for an update. */
  until(holds: (update: RunUpdate) => boolean): Promise<RunUpdate>;
}

/** Makes an engine that keeps its run in memory. */
export async function playEngine(options: Partial<EngineOptions> = {}): Promise<PlayedEngine> {
  const updates: RunUpdate[] = [];
  const notes: string[] = [];
  const waiting = new Set<(update: RunUpdate) => void>();
  const engine = createEngine({ store: createMemoryStore(), date: () => 0.5, ...options });
  await engine.listen({
    update(update): void {
      updates.push(structuredClone(update)); // it must be data
      for (const tell of waiting) tell(update);
    },
    note: (text) => void notes.push(text),
  });
  return {
    ...{ engine, updates, notes },
    async until(holds): Promise<RunUpdate> {
      const { promise, resolve } = Promise.withResolvers<RunUpdate>();
      const tell = (update: RunUpdate): void => {
        if (holds(update)) resolve(update);
      };
      updates.slice(-1).forEach(tell);
      waiting.add(tell);
      try {
        return await promise;
      } finally {
        waiting.delete(tell);
      }
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** Says whether a run is in a state. */
export function isIn(state: RunState): (update: RunUpdate) => boolean {
  return ({ status }) => status.state === state;
}

/** Makes a file of pairs: words and how they are written backwards. */
export function makePairs(name = "words.tsv", count = 200): PairsTask {
  const lines = Array.from({ length: count }, (_, i) => {
    const word = (i * 7919 + 11).toString(26).replace(/[0-9]/g, (digit) => "klmnopqrst"[+digit]!);
    return `${word}\t${[...word].reverse().join("")}\n`;
  });
  return { kind: "pairs", name, bytes: new TextEncoder().encode(lines.join("")), settings: {} };
}

/** Reads a run's checkpoint. */
export async function readSaved(engine: Engine): Promise<Checkpoint> {
  return await decodeCheckpoint((await engine.saveCheckpoint()).bytes);
}

/** Gives everything of a checkpoint that must be equal after the same training: its identity and times are its own. */
export function sameIn({ runId: _, progress, ...rest }: Checkpoint): unknown {
  const { elapsedMs: __, history, ...position } = progress;
  return {
    ...rest,
    progress: { ...position, history: history.map(({ elapsedMs: _, ...epoch }) => epoch) },
  };
}

/** Trains the small model to the end without an interruption, and gives what must be equal. */
export async function trainWhole(): Promise<unknown> {
  await using played = await playEngine();
  await played.engine.start(SUMS, SMALL);
  await played.until(isIn("ended"));
  return sameIn(await readSaved(played.engine));
}

/** Waits until a step was reported. */
export function untilStep(played: PlayedEngine, step: number): Promise<unknown> {
  return played.until(({ status }) => status.step >= step);
}

/** The files of a page that shows nothing. */
export const ASSETS: PageAssets = {
  "index.html":
    '<html><head><link rel="icon" href="icon.svg"><link rel="stylesheet" href="page.css"><script type="module" src="page.js"></script></head><body></body></html>',
  ...{ "page.css": "", "page.js": "", "icon.svg": "" },
};
