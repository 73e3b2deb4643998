/** Runs several tasks at the same time, so that processes use all cores. @module */

/** Does the work for every item, several at the same time. No two items have the same lane, a number from 0, at the same time. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T, lane: number) => Promise<void>,
): Promise<void> {
  const rest = items.values(); // shared by all lanes
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    for (const item of rest) await work(item, lane);
  }));
}

/** Number of lanes: the cores of this machine. */
export const LANES: number = navigator.hardwareConcurrency;
