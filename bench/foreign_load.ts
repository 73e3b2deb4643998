/**
 * Measures how much of the machine other processes used while one was measured.
 *
 * A step on two threads whose threads wait by spinning takes up to a hundred times as long when it has to share a core. So a
 * round on a busy machine is not comparable, and does not count.
 *
 * @module
 */

/** A result, and the load of other processes during its measurement. */
export interface Loaded<T> {
  readonly result: T;
  /** Number of cores that other processes used; absent if the system does not report it. */
  readonly foreignCores?: number;
}

/** Waits for a result of a process, and measures the load of all others meanwhile. Only Linux reports it. */
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
  /** Ticks of all cores, and those that were not idle; the hypervisor's share counts as busy. */
  readonly total: number;
  readonly busy: number;
  /** Ticks of the process. */
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
