/** A queue that does one task after another, and refuses a task when too many wait. @module */
import { Refusal } from "./refusal.ts";

/** Does a task when all tasks before it are done. @throws {Refusal} 503 if too many wait */
export type WorkQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a queue. @param most most tasks that wait or run */
export function createWorkQueue(most: number): WorkQueue {
  let size = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    if (size >= most) {
      throw new Refusal(503, "Cannot answer now: too many requests wait", {
        headers: { "Retry-After": "1" },
      });
    }
    size++;
    const done = last.then(work);
    last = done.catch(() => {}); // the caller gets the error
    try {
      return await done;
    } finally {
      size--;
    }
  };
}
