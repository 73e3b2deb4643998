/** All checks by name, with how often each tries. `checks.ts NAME TRIALS` runs one and exits with 3 if it fails. @module */
import type { Check, Outcome } from "./check.ts";
import { checkAllDamage, checkRandomDamage } from "./damage_check.ts";
import { checkFaults } from "./fault_check.ts";
import { checkFuzz } from "./fuzz_check.ts";
import { checkKillsWhileSaving, checkKillsWhileTraining } from "./kill_check.ts";
import { canMount, checkMounts } from "./mount_check.ts";
import { checkNewestDamaged } from "./newest_damaged_check.ts";
import { checkPowerLoss } from "./power_loss_check.ts";
import { checkResources } from "./resource_check.ts";
import { checkResume } from "./resume_check.ts";
import { checkSeededFaults } from "./seeded_fault_check.ts";
import { checkSignals } from "./signal_check.ts";
import { canTrace, checkSystemCalls } from "./system_call_check.ts";

/** How thoroughly. */
export type Scale = "test" | "task" | "full";

/** A check in the table. */
export interface NamedCheck {
  readonly name: string;
  /** What holds, as a sentence. */
  readonly title: string;
  readonly run: Check;
  /** How often it tries; a check that is exhaustive ignores it. */
  readonly trials: Readonly<Record<Scale, number>>;
  /** Says whether it can be done on this machine. Default: it can. */
  readonly isAvailable?: () => Promise<boolean>;
}

const ALL = { test: 1, task: 1, full: 1 } as const;
/** Steps of the run that is stopped at each; the trials say on how many threads. */
const resumeOn = (threads: number): NamedCheck => ({
  name: threads === 1 ? "resume" : `resume on ${threads} threads`,
  title:
    `a training stopped at any of 32 steps equals one that was not, on ${threads} of the threads`,
  run: () => checkResume(threads),
  trials: ALL,
});

/** The table. */
export const CHECKS: readonly NamedCheck[] = [
  {
    name: "kills while saving",
    title: "SIGKILL while saving loses no acknowledged checkpoint, and mixes none",
    run: checkKillsWhileSaving,
    trials: { test: 20, task: 200, full: 9_800 },
  },
  {
    name: "kills while training",
    title: "a training killed again and again ends as one that was left alone",
    run: checkKillsWhileTraining,
    trials: { test: 10, task: 200, full: 200 },
  },
  {
    name: "faults",
    title: "every call of saving and deleting may be killed or fail, and what was saved stays",
    run: checkFaults,
    trials: ALL,
  },
  {
    name: "power loss",
    title: "a loss of power takes no acknowledged checkpoint",
    run: checkPowerLoss,
    trials: { test: 5_000, task: 50_000, full: 10_000_000 },
  },
  {
    name: "damage",
    title:
      "every flipped bit, every length and every zeroed sector of a small checkpoint is noticed",
    run: checkAllDamage,
    trials: ALL,
  },
  {
    name: "random damage",
    title: "random damage to the notebook model's checkpoint is noticed",
    run: checkRandomDamage,
    trials: { test: 50, task: 10_000, full: 10_000 },
  },
  {
    name: "newest damaged",
    title: "of four checkpoints, any damaged, the newest good one is used and the others are named",
    run: checkNewestDamaged,
    trials: ALL,
  },
  resumeOn(1),
  resumeOn(2),
  {
    name: "fuzz",
    title: "hostile input brings about only the errors that are documented, each within a second",
    run: checkFuzz,
    trials: { test: 20_000, task: 1_000_000, full: 100_000_000 },
  },
  {
    name: "signals",
    title: "SIGINT and SIGTERM save, and exit with 130 and 143",
    run: checkSignals,
    trials: { test: 5, task: 50, full: 50 },
  },
  {
    name: "resources",
    title: "what the machine refuses is a sentence, and what was saved stays",
    run: checkResources,
    trials: ALL,
  },
  {
    name: "mounts",
    title: "a full disk and a read-only one are sentences before training starts",
    run: checkMounts,
    trials: ALL,
    isAvailable: canMount,
  },
  {
    name: "system calls",
    title: "system calls that strace makes fail, or the last of a process, lose nothing saved",
    run: checkSystemCalls,
    trials: { test: 1, task: 3, full: 3 },
    isAvailable: canTrace,
  },
  {
    name: "seeded faults",
    title: "faults seeded in our own code are caught by these checks",
    run: checkSeededFaults,
    trials: { test: 10, task: 1_000, full: 1_000 },
  },
];

/** Runs a check by its name. */
export async function runCheck(name: string, trials: number): Promise<Outcome> {
  const check = CHECKS.find((candidate) => candidate.name === name);
  if (check === undefined) throw new RangeError(`Cannot check "${name}": there is no such check`);
  return await check.run(trials);
}

/** The failures of a check; what breaks it off is one too, but for a name that is not defined. */
async function findFailures(): Promise<readonly string[]> {
  try {
    return (await runCheck(Deno.args[0]!, Number(Deno.args[1]))).failures;
  } catch (error) {
    if (error instanceof ReferenceError) throw error;
    return [String(error)];
  }
}

if (import.meta.main) {
  const failures = await findFailures();
  for (const failure of failures) Deno.stdout.writeSync(new TextEncoder().encode(failure + "\n"));
  Deno.exit(failures.length > 0 ? 3 : 0);
}
