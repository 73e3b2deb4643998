/** Work that must not overlap, one piece after another. @module */

/** A queue of work. */
export interface Queue {
  /** Does the work when all that was given before it is done, also where that failed. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Calls back when nothing is left to do: at once if that is so now. */
  whenIdle(callback: () => void): void;
}

/** Makes a queue with nothing in it. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      waiting++;
      const next = last.then(work).finally(() => waiting--);
      last = next.catch(() => {}); // its caller has the error
      return next;
    },
    whenIdle(callback): void {
      if (waiting === 0) callback();
      else last.then(() => this.whenIdle(callback));
    },
  };
}
