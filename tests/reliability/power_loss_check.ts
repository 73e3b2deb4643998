/** The power goes at a random call, and what was not synced is at chance's mercy. @module */
import { forkPrng } from "../../src/random/prng.ts";
import { createFailures, type Outcome } from "./check.ts";
import { recordCalls } from "./fault_check.ts";
import { createFaultyFileSystem, Killed } from "./faulty_file_system.ts";
import { audit, type Ledger, openLedger } from "./ledger.ts";
import { LIFE, perform } from "./life_of_a_run.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./simulated_disk.ts";

/** Draws from each disk so many times: living up to the loss costs more than the loss. */
const LOSSES_A_LIFE = 25;

/** Loses power so many times. */
export async function checkPowerLoss(trials: number): Promise<Outcome> {
  const calls = (await recordCalls()).length;
  const failures = createFailures();
  const lives = Math.ceil(trials / LOSSES_A_LIFE);
  for (let life = 0; life < lives; life++) {
    const at = life % calls;
    const { disk, ledger } = await liveUntil(at);
    for (let loss = 0; loss < LOSSES_A_LIFE; loss++) {
      const prng = forkPrng(life, `power/${loss}`);
      const found = disk.losePower(prng);
      const condition = `life ${life}, call ${at}, loss ${loss}`;
      failures.add(condition, await audit("run", ledger, found));
      if (loss > 0) continue;
      failures.add(`${condition}, later`, await saveAndLoseAgain(found, ledger, prng));
    }
  }
  return { trials: lives * LOSSES_A_LIFE, failures: failures.list };
}

async function liveUntil(at: number): Promise<{ disk: SimulatedDisk; ledger: Ledger }> {
  const disk = createSimulatedDisk();
  const dying = createFaultyFileSystem(disk, { kind: "kill", at });
  const ledger = openLedger();
  try {
    for (const deed of LIFE) await perform(deed, ledger, dying);
  } catch (error) {
    if (!(error instanceof Killed || (error as Error).cause instanceof Killed)) throw error;
  }
  return { disk, ledger };
}

/** What is left can be saved over, and that save is as safe as any. */
async function saveAndLoseAgain(
  disk: SimulatedDisk,
  ledger: Ledger,
  prng: Parameters<SimulatedDisk["losePower"]>[0],
): Promise<string[]> {
  const later: Ledger = { ...ledger, clearing: false };
  await perform({ save: 15, best: true }, later, disk);
  return await audit("run", later, disk.losePower(prng));
}
