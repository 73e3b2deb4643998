/** Files that must be refused, as tables. @module */
import { assert, assertEquals } from "@std/assert";

/** A file that must be refused. */
export interface HostileCase {
  /** What is wrong with it. */
  readonly name: string;
  /** A part of the sentence that refuses it. */
  readonly says: string;
  readonly make: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

/** Longest time that a case may take. */
const MOST_MS = 2000;

/** Registers a test of every case: it is refused with a sentence, soon, and nothing else changes. */
export function testHostile(
  what: string,
  cases: readonly HostileCase[],
  read: (bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>,
): void {
  for (const { name, says, make } of cases) {
    Deno.test(`${what} refuses ${name}`, async () => {
      const bytes = await make();
      const start = performance.now();
      const error = await fail(read, bytes);
      assert(error instanceof SyntaxError || error instanceof RangeError, describe(error));
      assert(/^Cannot [^:]+: .*[^.]$/s.test(error.message), error.message);
      assert(error.message.includes(says), `${error.message}\nmust say: ${says}`);
      assert(performance.now() - start < MOST_MS, "it took too long");
      assertUnpolluted();
    });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.stack}` : `it must be refused, but is not`;
}

async function fail(
  read: (bytes: Uint8Array<ArrayBuffer>) => Promise<unknown>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<unknown> {
  try {
    await read(bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Checks that no object has got a property. */
export function assertUnpolluted(): void {
  const names = Object.getOwnPropertyNames(Object.prototype).length;
  assertEquals([names, Object.keys(Object.prototype)], [NAMES, []]);
}
const NAMES = Object.getOwnPropertyNames(Object.prototype).length;
