/** Simulates a loss of power at every call; data that was not synced survives at random. @module */
import { forkPrng, type Prng } from "../../src/random/prng.ts";
import { createFailures, type Failures, type Outcome } from "./check.ts";
import { recordCalls } from "./fault_check.ts";
import { createFaultyFileSystem, Killed } from "./faulty_file_system.ts";
import { audit, type Ledger, openLedger } from "./ledger.ts";
import { LIFE, perform } from "./life_of_a_run.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./simulated_disk.ts";

/** After one loss of this many, the run continues and loses power again. */
const LOSSES_A_SEQUEL = 25;

/** Simulates losses of power, equally many at every call of a run's life. */
export async function checkPowerLoss(trials: number, part = 0): Promise<Outcome> {
  const calls = (await recordCalls()).length;
  const failures = createFailures();
  const losses = Math.ceil(trials / calls);
  let audited = 0;
  for (let at = 0; at < calls; at++) {
    const prng = forkPrng(part, `power/${at}`);
    audited += await loseAt(at, { losses, prng, failures });
  }
  return { trials: losses * calls, failures: failures.list, sums: { "different disks": audited } };
}

/** Loses power at one call. Of equal disks only one is read, because the result depends only on the disk. */
async function loseAt(
  at: number,
  { losses, prng, failures }: {
    readonly losses: number;
    readonly prng: Prng;
    readonly failures: Failures;
  },
): Promise<number> {
  const { disk, ledger } = await liveUntil(at);
  const seen = new Set<string>();
  for (let loss = 0; loss < losses; loss++) {
    const found = disk.losePower(prng);
    const condition = `call ${at}, loss ${loss}`;
    const state = found.state();
    if (!seen.has(state)) failures.add(condition, await audit("run", ledger, found));
    seen.add(state);
    if (loss % LOSSES_A_SEQUEL > 0) continue;
    failures.add(`${condition}, later`, await saveAndLoseAgain(found, ledger, prng));
  }
  return seen.size;
}

async function liveUntil(at: number): Promise<{ disk: SimulatedDisk; ledger: Ledger }> {
  const disk = createSimulatedDisk();
  const dying = createFaultyFileSystem(disk, { kind: "kill", at });
  const ledger = openLedger();
  try {
    for (const action of LIFE) await perform(action, ledger, dying);
  } catch (error) {
    if (!(error instanceof Killed || (error as Error).cause instanceof Killed)) throw error;
  }
  return { disk, ledger };
}

/** Checks that the next save after a loss of power works, and is as safe as any. */
async function saveAndLoseAgain(
  disk: SimulatedDisk,
  ledger: Ledger,
  prng: Prng,
): Promise<string[]> {
  const later: Ledger = { ...ledger, clearing: false };
  await perform({ save: 15, best: true }, later, disk);
  return await audit("run", later, disk.losePower(prng));
}
