import { assertEquals, assertRejects } from "@std/assert";
import { readLines } from "../../src/checkpoint/read_lines.ts";

const MIB = 1 << 20;
const encoder = new TextEncoder();

function read(...pieces: (string | Uint8Array<ArrayBuffer>)[]): Promise<string[]> {
  const bytes = pieces.map((piece) => typeof piece === "string" ? encoder.encode(piece) : piece);
  return Array.fromAsync(readLines(ReadableStream.from(bytes), "pairs.tsv"));
}

Deno.test("readLines() gives the lines for all chunks and ends of lines", async () => {
  assertEquals(await read("a\r\nb", "c\n", "\nd"), ["a", "bc", "", "d"]);
  const [first, second] = [encoder.encode("é").slice(0, 1), encoder.encode("é").slice(1)];
  assertEquals(await read(first, second, "\n"), ["é"]);
  assertEquals(await read("a".repeat(MIB) + "\n"), ["a".repeat(MIB)]);
});

Deno.test("readLines() refuses a line above 1 MiB in one or many chunks, and names the stream and the line", async () => {
  const sentence =
    "Cannot read pairs.tsv: a line must have at most 1048576 characters, but line 2 has";
  await assertRejects(() => read("a\n" + "b".repeat(MIB + 1) + "\nc\n"), SyntaxError, sentence);
  await assertRejects(() => read("a\n", "b".repeat(MIB), "b\nc\n"), SyntaxError, sentence);
});

Deno.test("readLines() refuses an endless line before it fills the memory", async () => {
  let taken = 0;
  const endless = ReadableStream.from((function* (): Generator<Uint8Array, void> {
    for (;; taken++) yield new Uint8Array(1 << 16).fill(0x61);
  })());
  await assertRejects(() => Array.fromAsync(readLines(endless, "a pipe")), SyntaxError, "line 1");
  assertEquals(taken <= 18, true, `${taken} pieces of 64 KB were taken`);
});

Deno.test("readLines() refuses bytes that are not UTF-8, and names the stream and the line", async () => {
  const cut = encoder.encode("é").slice(0, 1);
  for (const pieces of [["a\n", new Uint8Array([0xff]), "\n"], ["a\n", cut]]) {
    await assertRejects(
      () => read(...pieces),
      SyntaxError,
      "Cannot read pairs.tsv: line 2 or one after it is not UTF-8",
    );
  }
});
