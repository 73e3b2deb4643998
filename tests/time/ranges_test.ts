import { assertEquals, assertRejects } from "@std/assert";
import { computeRanges } from "../../src/time/ranges.ts";

/** Work that notes what happens, in order. Each result is there after a turn of the event loop. */
function noteWork(
  count: number,
  fail?: (from: number) => Error | undefined,
): { readonly work: Parameters<typeof computeRanges<string>>[0]; readonly notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    work: {
      ...{ count, size: 3 },
      check: () => void notes.push("check"),
      async compute(from, to): Promise<string> {
        notes.push(`begin ${from}`);
        await new Promise((resolve) => setTimeout(resolve));
        const error = fail?.(from);
        if (error !== undefined) throw error;
        return `${from} to ${to}`;
      },
      take: (result, from) => void notes.push(`take ${from}: ${result}`),
    },
  };
}

Deno.test("computeRanges() begins a range before the result of the one before is there, and takes results in order", async () => {
  const { work, notes } = noteWork(7);
  const progress: [number, number][] = [];
  await computeRanges(work, { onProgress: (done, of) => progress.push([done, of]) });
  assertEquals(notes, [
    ...["check", "begin 0", "check", "begin 3", "take 0: 0 to 3"],
    ...["check", "begin 6", "take 3: 3 to 6", "take 6: 6 to 7"],
  ]);
  assertEquals(progress, [[3, 7], [6, 7], [7, 7]]);
});

Deno.test("computeRanges() does nothing for no rows", async () => {
  const { work, notes } = noteWork(0);
  await computeRanges(work);
  assertEquals(notes, []);
});

Deno.test("computeRanges() throws the error of the first range that fails, though the next had begun and fails too", async () => {
  const { work, notes } = noteWork(9, (from) => new Error(`range ${from}`));
  await assertRejects(() => computeRanges(work), Error, "range 0");
  assertEquals(notes.filter((note) => note.startsWith("begin")), ["begin 0", "begin 3"]);
});

Deno.test("computeRanges() begins no range after the signal, and throws its reason", async () => {
  const controller = new AbortController();
  const { work, notes } = noteWork(9);
  const stop = (): void => controller.abort(new Error("enough"));
  const running = computeRanges(work, { signal: controller.signal, onProgress: stop });
  await assertRejects(() => running, Error, "enough");
  assertEquals(notes.filter((note) => note.startsWith("begin")), ["begin 0", "begin 3"]);
});
