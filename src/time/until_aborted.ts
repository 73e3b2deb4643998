/** Waits for what may never come, but no longer than until a signal aborts. @module */
import { createDeferred } from "./deferred.ts";

/**
 * Iterates over values that come with time. When the signal aborts, it ends at once, also while it waits for a value, and tells the
 * iterator that no more are wanted, without waiting for its answer: a generator that waits does not give one.
 *
 * @throws the signal's reason, if it aborts
 */
export async function* untilAborted<T>(
  values: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  const iterator = values[Symbol.asyncIterator]();
  let mayHaveMore = true;
  try {
    for (;;) {
      const next = await waitUntilAborted(iterator.next(), signal);
      mayHaveMore = next.done !== true;
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    mayHaveMore &&= signal.aborted; // an iterator that has thrown has ended
    throw error;
  } finally {
    const closed = mayHaveMore ? close(iterator) : undefined;
    if (signal.aborted) closed?.catch(() => {}); // the signal's reason is thrown
    else await closed;
  }
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

/** Waits for a promise. The listener is removed, because a promise that stays would keep every value that it was compared with. */
async function waitUntilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = createDeferred<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
