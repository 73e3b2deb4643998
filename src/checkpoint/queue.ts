/** Does pieces of work one after another, so that they do not overlap. @module */

/** A queue of work. */
export interface Queue {
  /** Does the work when all earlier work has ended, with or without an error. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Calls back when no work is left: immediately if there is none now. */
  whenIdle(callback: () => void): void;
}

/** Makes an empty queue. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      waiting++;
      const next = last.then(work).finally(() => waiting--);
      last = next.catch(() => {}); // the caller gets the error
      return next;
    },
    whenIdle(callback): void {
      if (waiting === 0) callback();
      else last.then(() => this.whenIdle(callback));
    },
  };
}
