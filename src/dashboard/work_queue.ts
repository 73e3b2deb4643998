/** One thing after another, and not too many waiting. @module */
import { Refusal } from "./refusal.ts";

/** Carries out work when all before it is done. @throws {Refusal} 503 if too much waits already */
export type WorkQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a queue in which so much may wait or be under way. */
export function createWorkQueue(most: number): WorkQueue {
  let size = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    if (size >= most) {
      throw new Refusal(503, "Cannot answer now: too many questions wait", {
        headers: { "Retry-After": "1" },
      });
    }
    size++;
    const done = last.then(work);
    last = done.catch(() => {}); // whoever asked is told
    try {
      return await done;
    } finally {
      size--;
    }
  };
}
