/** What Carry's tests use of `@std/assert`, over `node:assert`, for machines that reach only the npm registry. @module */
import nodeAssert from "node:assert";

// deno-lint-ignore no-explicit-any
type ErrorConstructorOf<E extends Error> = abstract new (...args: any[]) => E;

/** Fails unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  nodeAssert.ok(expr, msg || undefined);
}

/** Fails unless the two values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, msg);
}

/** Fails if the two values are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, msg);
}

/** Fails unless `|actual - expected| <= tolerance` (1e-7 of the expected value when omitted). */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  const allowed = tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 0);
  if (Object.is(actual, expected) || Math.abs(actual - expected) <= allowed) return;
  nodeAssert.fail(msg ?? `Expected ${actual} to be within ${allowed} of ${expected}`);
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  nodeAssert.ok(actual.includes(expected), msg ?? `Expected "${actual}" to contain "${expected}"`);
}

/** Fails unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  nodeAssert.match(actual, expected, msg);
}

/** Fails unless `fn` throws; with a class, unless the error is one and its message includes the text. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorConstructorOf<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  classOrMessage?: ErrorConstructorOf<E> | string,
  msgIncludes = "",
): unknown {
  let caught: unknown;
  let threw = false;
  try {
    fn();
  } catch (error) {
    caught = error;
    threw = true;
  }
  if (!threw) nodeAssert.fail("Expected function to throw");
  return checkError(caught, classOrMessage, msgIncludes);
}

/** Fails unless `fn` rejects; with a class, unless the error is one and its message includes the text. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorConstructorOf<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  classOrMessage?: ErrorConstructorOf<E> | string,
  msgIncludes = "",
): Promise<unknown> {
  let caught: unknown;
  let threw = false;
  try {
    await fn();
  } catch (error) {
    caught = error;
    threw = true;
  }
  if (!threw) nodeAssert.fail("Expected function to reject");
  return checkError(caught, classOrMessage, msgIncludes);
}

function checkError<E extends Error>(
  caught: unknown,
  classOrMessage: ErrorConstructorOf<E> | string | undefined,
  msgIncludes: string,
): unknown {
  if (typeof classOrMessage !== "function") return caught;
  if (!(caught instanceof classOrMessage)) {
    nodeAssert.fail(`Expected a ${classOrMessage.name}, found ${caught}`);
  }
  if (!caught.message.includes(msgIncludes)) {
    nodeAssert.fail(`Expected the message "${caught.message}" to include "${msgIncludes}"`);
  }
  return caught;
}
