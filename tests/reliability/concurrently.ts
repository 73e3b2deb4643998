/** Several things at once, so that processes that are waited for use all cores. @module */

/** Does the work for every item, so many at once; the lane, from 0, is one that no other item has at that time. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T, lane: number) => Promise<void>,
): Promise<void> {
  const rest = items.values(); // all lanes take from it
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    for (const item of rest) await work(item, lane);
  }));
}

/** As many lanes as this machine has cores. */
export const LANES: number = navigator.hardwareConcurrency;
