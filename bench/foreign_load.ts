/**
 * How much of the machine others took while a process was measured.
 *
 * A step on two threads that has to share a core takes not twice but up to a hundred times as long where its threads
 * wait by spinning, so a round on a busy machine says nothing, and must not count in anybody's favour.
 *
 * @module
 */

/** A result, and the load of others while it came about. */
export interface Loaded<T> {
  readonly result: T;
  /** Cores that neither the process nor the system's idling took; absent where the system does not tell. */
  readonly foreignCores?: number;
}

/** Waits for something that a process does, and counts what all others take meanwhile. Linux alone tells. */
export async function measureForeignLoad<T>(
  pid: number,
  measure: () => Promise<T>,
): Promise<Loaded<T>> {
  const before = await readTicks(pid);
  const result = await measure();
  const after = await readTicks(pid);
  if (before === undefined || after === undefined) return { result };
  const perCore = (after.total - before.total) / navigator.hardwareConcurrency;
  const foreign = (after.busy - before.busy) - (after.own - before.own);
  return { result, foreignCores: perCore === 0 ? 0 : Math.max(0, foreign / perCore) };
}

interface Ticks {
  /** Of all cores together, and of them those not idle; a hypervisor's share counts as busy. */
  readonly total: number;
  readonly busy: number;
  /** Of the process. */
  readonly own: number;
}

/** Reads clock ticks from /proc. Source: man 5 proc_stat and proc_pid_stat. */
async function readTicks(pid: number): Promise<Ticks | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const machine = await Deno.readTextFile("/proc/stat");
  const all = machine.split("\n")[0]!.trim().split(/\s+/).slice(1, 9).map(Number);
  const idle = all[3]! + all[4]!; // idle, waiting for a disk
  const total = all.reduce((a, b) => a + b, 0);
  const process = await Deno.readTextFile(`/proc/${pid}/stat`);
  const afterName = process.slice(process.lastIndexOf(")") + 2).split(" ");
  const own = Number(afterName[11]) + Number(afterName[12]); // user and system time
  return { total, busy: total - idle, own };
}
