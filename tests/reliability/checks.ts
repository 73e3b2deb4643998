/**
 * All checks by name, with how often each tries. `checks.ts NAME TRIALS [PART]` runs one, or a part of it, prints its
 * outcome as JSON, and exits with 3 if it fails. Each is loaded when it is run: a process that loads little starts fast.
 *
 * @module
 */
import type { Check, Outcome } from "./check.ts";
import { hasAdapter } from "./lost_gpu_check.ts";
import { canLimitMemory } from "./memory_limit.ts";
import { canMount } from "./mounted.ts";
import { canTrace } from "./traced.ts";

/** How thoroughly. */
export type Scale = "test" | "task" | "full";

/** A check in the table. */
export interface NamedCheck {
  readonly name: string;
  /** What holds, as a sentence. */
  readonly title: string;
  readonly run: Check;
  /** How often it tries; a check that is exhaustive ignores it. 0: not at all. */
  readonly trials: Readonly<Record<Scale, number>>;
  /** Trials a part, where parts may be done apart: in processes of their own, or not all. */
  readonly partTrials?: number;
  /** Whether it measures times, so that nothing else may run. */
  readonly alone?: boolean;
  /** Whether it measures the memory of its process, in which nothing else may compute then. */
  readonly ownProcess?: boolean;
  /** Says whether it can be done on this machine. Default: it can. */
  readonly isAvailable?: () => Promise<boolean>;
}

const ALL = { test: 1, task: 1, full: 1 } as const;
/** Stops at each step of a run on so many threads. */
const resumeOn = (threads: number): NamedCheck => ({
  name: threads === 1 ? "resume" : `resume on ${threads} threads`,
  title:
    `a training stopped at any of 32 steps equals one that was not, on ${threads} of the threads`,
  run: async (trials) => (await import("./resume_check.ts")).checkResume(threads, trials),
  trials: { test: 32, task: 32, full: 32 },
});

/** The table. */
export const CHECKS: readonly NamedCheck[] = [
  {
    name: "kills while saving",
    title: "SIGKILL while saving loses no acknowledged checkpoint, and mixes none",
    run: async (...task) => (await import("./kill_check.ts")).checkKillsWhileSaving(...task),
    trials: { test: 20, task: 200, full: 9_800 },
    partTrials: 100,
  },
  {
    name: "kills while training",
    title: "a training killed again and again ends as one that was left alone",
    run: async (trials) => (await import("./kill_check.ts")).checkKillsWhileTraining(trials),
    trials: { test: 10, task: 200, full: 200 },
  },
  {
    name: "faults",
    title:
      "every call of saving and deleting may be killed, fail or write less, and what was saved stays",
    run: async () => (await import("./fault_check.ts")).checkFaults(),
    trials: ALL,
  },
  {
    name: "power loss",
    title: "a loss of power takes no acknowledged checkpoint",
    run: async (...task) => (await import("./power_loss_check.ts")).checkPowerLoss(...task),
    trials: { test: 5_000, task: 50_000, full: 10_000_000 },
    partTrials: 250_000,
  },
  {
    name: "damage",
    title:
      "every flipped bit, every length and every zeroed sector of a small checkpoint is noticed",
    run: async () => (await import("./damage_check.ts")).checkAllDamage(),
    trials: ALL,
  },
  {
    name: "random damage",
    title: "random damage to the notebook model's checkpoint is noticed",
    run: async (...task) => (await import("./damage_check.ts")).checkRandomDamage(...task),
    trials: { test: 50, task: 10_000, full: 10_000 },
    partTrials: 2_500,
  },
  {
    name: "newest damaged",
    title: "of four checkpoints, any damaged, the newest good one is used and the others are named",
    run: async () => (await import("./newest_damaged_check.ts")).checkNewestDamaged(),
    trials: ALL,
  },
  resumeOn(1),
  resumeOn(2),
  {
    name: "fuzz",
    title:
      "hostile input brings about only the errors that are documented, each case within a second and in bounded memory",
    run: async (...task) => (await import("./fuzz_check.ts")).checkFuzz(...task),
    trials: { test: 20_000, task: 1_000_000, full: 100_000_000 },
    partTrials: 500_000,
    ownProcess: true,
  },
  {
    name: "signals",
    title: "SIGINT and SIGTERM save, and exit with 130 and 143, within a second and a save",
    run: async (trials) => (await import("./signal_check.ts")).checkSignals(trials),
    trials: { test: 5, task: 50, full: 50 },
    alone: true,
  },
  {
    name: "resources",
    title: "what the machine refuses is a sentence, and what was saved stays",
    run: async (trials) => (await import("./resource_check.ts")).checkResources(trials),
    trials: { test: 10, task: 10, full: 10 },
  },
  {
    name: "memory limit",
    title: "a training that the kernel kills for its memory goes on from its newest checkpoint",
    run: async () => (await import("./memory_check.ts")).checkMemoryLimit(),
    trials: ALL,
    isAvailable: canLimitMemory,
  },
  {
    name: "lost GPU",
    title: "a GPU that is lost is a sentence, and the run goes on on the CPU",
    run: async () => (await import("./lost_gpu_check.ts")).checkLostGpu(),
    trials: ALL,
    isAvailable: hasAdapter,
  },
  {
    name: "clock",
    title: "a clock set back or forward changes no result, and no order of steps or checkpoints",
    run: async (trials) => (await import("./clock_check.ts")).checkClock(trials),
    trials: { test: 10, task: 1_000, full: 1_000 },
  },
  {
    name: "mounts",
    title: "a disk that is full, at any write, or read-only ends training with a sentence",
    run: async (trials) => (await import("./mount_check.ts")).checkMounts(trials),
    trials: { test: 3, task: 1_000, full: 1_000 },
    isAvailable: canMount,
  },
  {
    name: "system calls",
    title:
      "every system call of a save, a rotation and a deletion may fail, or be the last, and what was saved stays",
    run: async (trials) => (await import("./system_call_check.ts")).checkSystemCalls(trials),
    trials: { test: 3, task: 3, full: 3 },
    isAvailable: canTrace,
  },
  {
    name: "seeded faults",
    title: "faults seeded in our own code are caught by these checks",
    run: async (trials) => (await import("./seeded_fault_check.ts")).checkSeededFaults(trials),
    trials: { test: 10, task: 1_000, full: 1_000 },
  },
  {
    name: "cost",
    title: "a checkpoint of a million parameters: at most 100 ms, and 1 % of the default interval",
    run: async (trials) => (await import("./cost_check.ts")).checkCost(trials),
    trials: { test: 0, task: 9, full: 9 },
    alone: true,
  },
];

/** Runs a check, or a part of it, by its name. */
async function runCheck(name: string, trials: number, part: number): Promise<Outcome> {
  const check = CHECKS.find((candidate) => candidate.name === name);
  if (check === undefined) throw new RangeError(`Cannot check "${name}": there is no such check`);
  return await check.run(trials, part);
}

/** What breaks a check off is a failure too, but for a name that is not defined. */
async function findOutcome([name, trials, part = "0"]: readonly string[]): Promise<Outcome> {
  try {
    return await runCheck(name!, Number(trials), Number(part));
  } catch (error) {
    if (error instanceof ReferenceError) throw error;
    return { trials: 0, failures: [String(error)] };
  }
}

if (import.meta.main) {
  const outcome = await findOutcome(Deno.args);
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(outcome) + "\n"));
  Deno.exit(outcome.failures.length > 0 ? 3 : 0);
}
