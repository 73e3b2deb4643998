/** A run whose news and answers a test makes. @module */
import type { Answered, RunUpdate } from "../../src/dashboard/protocol.ts";
import type { Cursor, News, WatchedRun } from "../../src/dashboard/watched_run.ts";

/** A run of points that a test adds. */
export interface FakeRun extends WatchedRun {
  /** Adds points to its curves. */
  addSteps(count: number): void;
  /** How often news were asked for. */
  readonly asked: number;
}

/** Makes a run without a point. */
export function createFakeRun(path = "fake/run-0001"): FakeRun {
  const losses: number[] = [];
  let version = 0;
  let asked = 0;
  const cursorNow = (): Cursor => ({
    generation: 1,
    version,
    starts: 0,
    told: [losses.length, 0, 0, 0],
  });

  function since(cursor: Cursor | undefined): News | undefined {
    asked++;
    if (cursor?.version === version) return undefined;
    const told = cursor?.told[0] ?? 0;
    const loss = losses.slice(told);
    const step = loss.map((_, i) => told + i + 1);
    const update: RunUpdate = {
      run: 0,
      name: "run-0001",
      ...(cursor === undefined ? { reset: true } : {}),
      steps: { step, loss, characterAccuracy: loss, learningRate: loss },
      status: {
        state: "training",
        reason: null,
        step: losses.length,
        steps: 1e6,
        examplesPerSecond: null,
        leftMs: null,
      },
    };
    return { update, cursor: cursorNow() };
  }

  return {
    path,
    news: {
      get version() {
        return version;
      },
      since,
    },
    ask(question): Promise<Answered> {
      if (question === "secret failure") return Promise.reject(new Error("/etc/passwd at line 1"));
      if (!/^[0-9+]+$/.test(question)) {
        return Promise.reject(new SyntaxError(`Cannot read "${question}": it is no sum`));
      }
      return Promise.resolve({
        question,
        answer: "46",
        probability: 1,
        chosen: [0, 1],
        alternatives: [{ answer: "46", probability: 1 }],
        symbols: ["4", "6"],
        probabilities: [[1, 0], [0, 1]],
        step: 7,
      });
    },
    answers: () =>
      Promise.resolve({ step: 7, examples: 1, questions: ["1+1"], targets: ["2"], guesses: ["2"] }),
    readModel: () => Promise.resolve(new Uint8Array([1, 2, 3, 255])),
    addSteps(count): void {
      for (let i = 0; i < count; i++) losses.push(1 / (losses.length + 1));
      version++;
    },
    get asked() {
      return asked;
    },
  };
}
