/**
 * All checks by name, with their numbers of trials. `checks.ts NAME TRIALS [PART]` runs one, or a part of it, prints its
 * outcome as JSON, and exits with 3 if it fails. A check is loaded only when it runs, so that the process starts fast.
 *
 * @module
 */
import type { Check, Outcome } from "./check.ts";
import { hasAdapter } from "./lost_gpu_check.ts";
import { canLimitMemory } from "./memory_limit.ts";
import { canMount } from "./mounted.ts";
import { canTrace } from "./traced.ts";

/** How thoroughly the checks run. */
export type Scale = "test" | "task" | "full";

/** A check in the table. */
export interface NamedCheck {
  readonly name: string;
  /** The property that holds, as a sentence. */
  readonly title: string;
  readonly run: Check;
  /** Numbers of trials; a check that is exhaustive ignores them. With 0 it does not run. */
  readonly trials: Readonly<Record<Scale, number>>;
  /** Trials per part, if the check may be divided into parts, which run in their own processes or are left out. */
  readonly partTrials?: number;
  /** Whether it measures times, so that no other check may run meanwhile. */
  readonly alone?: boolean;
  /** Whether it measures the memory of its process, so that it needs its own. */
  readonly ownProcess?: boolean;
  /** Says whether it can run on this machine. Default: it can. */
  readonly isAvailable?: () => Promise<boolean>;
}

const ALL = { test: 1, task: 1, full: 1 } as const;
/** Makes the check that stops at each step of a run on the CPU, and continues on another number of threads. */
const resumeOnCpu = (threads: number, threadsAfter: number): NamedCheck => ({
  name: threads === 1 ? "resume" : `resume on ${threads} threads`,
  title:
    `a training that is stopped at any of 32 steps and resumed equals one without a stop, threads: ${threads}, resumed on ${threadsAfter}`,
  run: async (trials) => {
    const plan = { backend: "cpu", threads, threadsAfter } as const;
    return (await import("./resume_check.ts")).checkResume(plan, trials);
  },
  trials: { test: 32, task: 32, full: 32 },
});

/** All checks. */
export const CHECKS: readonly NamedCheck[] = [
  {
    name: "kills while saving",
    title: "SIGKILL while saving loses no acknowledged checkpoint and mixes no two",
    run: async (...task) => (await import("./kill_check.ts")).checkKillsWhileSaving(...task),
    trials: { test: 20, task: 200, full: 9_800 },
    partTrials: 100,
  },
  {
    name: "kills while training",
    title: "a training that is killed repeatedly and resumed ends as one that was not killed",
    run: async (trials) => (await import("./kill_check.ts")).checkKillsWhileTraining(trials),
    trials: { test: 10, task: 200, full: 200 },
  },
  {
    name: "faults",
    title:
      "every call of saving and deleting may be killed, fail or write less without loss of a saved checkpoint",
    run: async () => (await import("./fault_check.ts")).checkFaults(),
    trials: ALL,
  },
  {
    name: "power loss",
    title: "a loss of power loses no acknowledged checkpoint",
    run: async (...task) => (await import("./power_loss_check.ts")).checkPowerLoss(...task),
    trials: { test: 5_000, task: 50_000, full: 10_000_000 },
    partTrials: 250_000,
  },
  {
    name: "damage",
    title: "every flipped bit, every cut and every zeroed sector of a small checkpoint is detected",
    run: async () => (await import("./damage_check.ts")).checkAllDamage(),
    trials: ALL,
  },
  {
    name: "random damage",
    title: "random damage to the notebook model's checkpoint is detected",
    run: async (...task) => (await import("./damage_check.ts")).checkRandomDamage(...task),
    trials: { test: 50, task: 10_000, full: 10_000 },
    partTrials: 2_500,
  },
  {
    name: "newest damaged",
    title:
      "if any of four checkpoints are damaged, the newest intact one is used and newer ones are named",
    run: async () => (await import("./newest_damaged_check.ts")).checkNewestDamaged(),
    trials: ALL,
  },
  resumeOnCpu(1, 3),
  resumeOnCpu(2, 1),
  {
    name: "resume on WebGPU",
    title:
      "a training on WebGPU that is stopped at any of 32 steps and resumed on the same adapter equals one without a stop, bit for bit",
    run: async (trials) => {
      const plan = { backend: "webgpu", threads: 1, threadsAfter: 1 } as const;
      return (await import("./resume_check.ts")).checkResume(plan, trials);
    },
    trials: { test: 4, task: 32, full: 32 },
    isAvailable: hasAdapter,
  },
  {
    name: "fuzz",
    title:
      "hostile input causes only documented errors, each case within a second and in bounded memory",
    run: async (...task) => (await import("./fuzz_check.ts")).checkFuzz(...task),
    trials: { test: 20_000, task: 1_000_000, full: 100_000_000 },
    partTrials: 500_000,
    ownProcess: true,
  },
  {
    name: "fuzz pairs",
    title:
      "a hostile file of pairs causes only documented errors, and pairs that are accepted can be encoded, asked and grouped",
    run: async (...task) => (await import("./fuzz_check.ts")).checkPairFuzz(...task),
    trials: { test: 20_000, task: 200_000, full: 10_000_000 },
    partTrials: 100_000,
    ownProcess: true,
  },
  {
    name: "signals",
    title:
      "SIGINT and SIGTERM save and exit with 130 and 143, within the time of a save plus a second",
    run: async (trials) => (await import("./signal_check.ts")).checkSignals(trials),
    trials: { test: 5, task: 50, full: 50 },
    alone: true,
  },
  {
    name: "resources",
    title: "if the machine refuses something, a message says so, and saved checkpoints stay",
    run: async (trials) => (await import("./resource_check.ts")).checkResources(trials),
    trials: { test: 10, task: 10, full: 10 },
  },
  {
    name: "memory limit",
    title: "a training that the kernel kills for its memory continues from its newest checkpoint",
    run: async () => (await import("./memory_check.ts")).checkMemoryLimit(),
    trials: ALL,
    isAvailable: canLimitMemory,
  },
  {
    name: "lost GPU",
    title: "if the GPU is lost, a message says so, and the run continues on the CPU",
    run: async () => (await import("./lost_gpu_check.ts")).checkLostGpu(),
    trials: ALL,
    isAvailable: hasAdapter,
  },
  {
    name: "clock",
    title:
      "a clock that is set back or forward changes no result and no order of steps or checkpoints",
    run: async (trials) => (await import("./clock_check.ts")).checkClock(trials),
    trials: { test: 10, task: 1_000, full: 1_000 },
  },
  {
    name: "mounts",
    title: "a disk that is full at any write, or read-only, ends training with a message",
    run: async (trials) => (await import("./mount_check.ts")).checkMounts(trials),
    trials: { test: 3, task: 1_000, full: 1_000 },
    isAvailable: canMount,
  },
  {
    name: "system calls",
    title:
      "every system call of a save, a rotation and a deletion may fail or be the last without loss of a saved checkpoint",
    run: async (trials) => (await import("./system_call_check.ts")).checkSystemCalls(trials),
    trials: { test: 3, task: 3, full: 3 },
    isAvailable: canTrace,
  },
  {
    name: "seeded faults",
    title: "these checks detect faults that are seeded in our own code",
    run: async (trials) => (await import("./seeded_fault_check.ts")).checkSeededFaults(trials),
    trials: { test: 10, task: 1_000, full: 1_000 },
  },
  {
    name: "cost",
    title:
      "a checkpoint of a million parameters takes at most 100 ms, and 1 % of the default interval",
    run: async (trials) => (await import("./cost_check.ts")).checkCost(trials),
    trials: { test: 0, task: 9, full: 9 },
    alone: true,
  },
];

/** Runs a check, or a part of it, by its name. */
async function runCheck(name: string, trials: number, part: number): Promise<Outcome> {
  const check = CHECKS.find((candidate) => candidate.name === name);
  if (check === undefined) {
    throw new RangeError(`Cannot run the check "${name}": there is no such check`);
  }
  return await check.run(trials, part);
}

/** Gives the outcome of a check. An error that ends the check is a failure too, except an undefined name. */
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
