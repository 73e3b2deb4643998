/** Damages any of the four kept checkpoints; the newest intact one must be used, and newer ones named. @module */
import { readRun } from "../../src/checkpoint/read_run.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { createFailures, type Outcome } from "./check.ts";
import { damage } from "./damage_check.ts";
import { openLedger } from "./ledger.ts";
import { perform } from "./life_of_a_run.ts";
import { createSimulatedDisk } from "./simulated_disk.ts";

const NAMES = ["latest", "previous", "previous-2", "previous-3"].map((name) =>
  `run/${name}.safetensors`
);

/** Tries every non-empty set of damaged checkpoints. */
export async function checkNewestDamaged(): Promise<Outcome> {
  const failures = createFailures();
  const sets = 2 ** NAMES.length - 1;
  for (let set = 1; set <= sets; set++) {
    failures.add(`set ${set.toString(2)}`, await readWithDamage(set));
  }
  return { trials: sets, failures: failures.list };
}

async function readWithDamage(set: number): Promise<string[]> {
  const disk = createSimulatedDisk();
  const ledger = openLedger();
  for (const save of [1, 2, 3, 4]) await perform({ save, best: false }, ledger, disk);
  const prng = forkPrng(set, "newest");
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [i, name] of NAMES.entries()) {
    using file = await disk.openFile(name);
    const bytes = await file.read(0, file.sizeBytes);
    files.set(name, (set >> i) & 1 ? damage(bytes, prng)[1] : bytes);
  }
  const good = NAMES.findIndex((_, i) => !((set >> i) & 1));
  const damaged = NAMES.slice(0, good < 0 ? NAMES.length : good);
  try {
    const found = await readRun("run", "latest", createSimulatedDisk(files));
    const named = damaged.every((name, i) => found.skipped[i]?.startsWith(`${name}: Cannot read`));
    return found.path === NAMES[good] && found.checkpoint.progress.step === 4 - good &&
        found.skipped.length === damaged.length && named
      ? []
      : [`${found.path} was used; skipped: ${found.skipped}`];
  } catch (error) {
    const named = damaged.every((name) => (error as Error).message.includes(name));
    return good < 0 && named ? [] : [String(error)];
  }
}
