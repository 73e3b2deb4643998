/** Makes every call of saving, rotating and deleting fail once in every way. @module */
import { createFailures, type Outcome } from "./check.ts";
import {
  createFaultyFileSystem,
  type Fault,
  FAULT_KINDS,
  type FaultyFileSystem,
  Killed,
} from "./faulty_file_system.ts";
import { audit, type Ledger, openLedger } from "./ledger.ts";
import { LIFE, perform, SIMULATED_RUN } from "./life_of_a_run.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./simulated_disk.ts";

/** Tries every fault at every call. */
export async function checkFaults(): Promise<Outcome> {
  const calls = await recordCalls();
  const failures = createFailures();
  let trials = 0;
  for (const kind of FAULT_KINDS) {
    for (const [at, name] of calls.entries()) {
      if (kind === "short write" && name !== "write") continue;
      trials++;
      failures.add(`${kind} at call ${at}, ${name}`, await runWithFault({ kind, at }));
    }
  }
  return { trials, failures: failures.list, note: `${calls.length} calls` };
}

/** Records the calls of a run's life without a fault. */
export async function recordCalls(): Promise<readonly string[]> {
  const fileSystem = createFaultyFileSystem(createSimulatedDisk());
  const ledger = openLedger();
  for (const action of LIFE) await perform(action, ledger, fileSystem);
  return fileSystem.calls;
}

async function runWithFault(fault: Fault): Promise<string[]> {
  const disk = createSimulatedDisk();
  const faulty = createFaultyFileSystem(disk, fault);
  const ledger = openLedger();
  const found: string[] = [];
  let seen = 0;
  for (const action of LIFE) {
    const error = await failureOf(() => perform(action, ledger, faulty));
    if (error === undefined) continue;
    seen++;
    found.push(...await audit("run", ledger, disk));
    const temporary = disk.names().filter((name) => name.endsWith(".tmp"));
    if (!(error instanceof Killed) && temporary.length > 0) {
      found.push(`the temporary file ${temporary} was not removed`);
    }
    if (!(error instanceof Killed) && action !== "clear" && !hasLatest(disk, ledger)) {
      found.push("the latest checkpoint has lost its name");
    }
    await retryAfter(
      faulty,
      error,
      () => perform(action, ledger, error instanceof Killed ? disk : faulty),
    );
    if (error instanceof Killed) break;
  }
  if (seen !== (fault.kind === "short write" ? 0 : 1)) {
    found.push(`the fault was reported ${seen} times`);
  }
  return [...found, ...await audit(SIMULATED_RUN.path, ledger, disk)];
}

function hasLatest(disk: SimulatedDisk, { latest }: Ledger): boolean {
  return latest === undefined || disk.names().includes("run/latest.safetensors");
}

/** Removes the cause of a failure, and makes the call again, which must succeed. */
async function retryAfter(
  faulty: FaultyFileSystem,
  error: Error,
  again: () => Promise<void>,
): Promise<void> {
  if (!(error instanceof Killed)) faulty.repair();
  await again();
}

async function failureOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    const { cause } = error as Error;
    return cause instanceof Killed ? cause : error as Error;
  }
}
