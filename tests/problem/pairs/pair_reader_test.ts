import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MAX_LINE_BYTES } from "../../../src/problem/pairs/line_reader.ts";
import { BadLineError, createPairReader } from "../../../src/problem/pairs/pair_reader.ts";
import { resolvePairs } from "../../../src/problem/pairs/resolve_pairs.ts";
import { HOSTILE_FILES } from "./hostile_files.ts";
import { readPairs, writePairs } from "./read_pairs.ts";

for (const { name, content, options, gives } of HOSTILE_FILES) {
  Deno.test(`createPairReader() reads or refuses ${name}`, () => {
    for (const chunk of [Infinity, 1, 7]) {
      if (chunk < 100 && content.length > 100_000) continue; // too slow byte by byte
      const read = (): string[] =>
        readPairs(content, { ...options, chunk }).pairs.map(({ question, answer }) =>
          `${question}→${answer}`
        );
      if (gives instanceof RegExp) {
        const error = assertThrows(read, SyntaxError);
        assert(gives.test(error.message), `"${error.message}" does not match ${gives}`);
      } else assertEquals(read(), gives);
    }
  });
}

Deno.test("the table has a hundred hostile files, all with different names", () => {
  assert(HOSTILE_FILES.length >= 100, `it has ${HOSTILE_FILES.length}`);
  assertEquals(new Set(HOSTILE_FILES.map(({ name }) => name)).size, HOSTILE_FILES.length);
});

/** Texts that a file of TSV can have. */
const field = fc.string({ unit: "binary", minLength: 1, maxLength: 12 })
  .map((text) => text.replace(/[\0\t\r\n\ufffd\ufeff]/g, "x"));
const pair = fc.record({ question: field, answer: field }, { noNullPrototype: true });

Deno.test("createPairReader() reads what was written, in pieces of any size", () => {
  const options = { normalize: "none" as const };
  fc.assert(
    fc.property(
      fc.array(pair, { minLength: 1, maxLength: 30 }),
      fc.constantFrom("tsv" as const, "jsonl" as const),
      fc.integer({ min: 1, max: 40 }),
      (pairs, format, chunk) => {
        const read = readPairs(writePairs(pairs, format), { ...options, format, chunk });
        assertEquals(read.pairs.map(({ question, answer }) => ({ question, answer })), pairs);
        assertEquals(read.pairs.map(({ line }) => line), pairs.map((_, at) => at + 1));
      },
    ),
  );
});

Deno.test("createPairReader() gives the same pairs for LF, CRLF, a byte order mark, and no final line end", () => {
  fc.assert(fc.property(fc.array(pair, { minLength: 1, maxLength: 10 }), (pairs) => {
    const text = writePairs(pairs, "tsv");
    const expected = readPairs(text).pairs;
    const variants = [text.replaceAll("\n", "\r\n"), `\ufeff${text}`, text.slice(0, -1)];
    for (const variant of variants) assertEquals(readPairs(variant).pairs, expected);
  }));
});

Deno.test("createPairReader() counts the symbols that a codec divides the texts into", () => {
  const { pairs: [read] } = readPairs("a b  c\tx  y \tV;;PST\n", {
    ...{ sourceSeparator: " ", targetSeparator: " ", featureColumns: ["3"] },
  });
  assertEquals([read!.sourceLength, read!.targetLength], [5, 2]);
});

Deno.test("createPairReader() counts what it leaves out, and describes the first five bad lines", () => {
  const { report } = readPairs(`a\tb\n\n${"c\n".repeat(7)}\n`, { badLines: "skip" });
  assertEquals([report.lines, report.pairs, report.emptyLines, report.badLines], [10, 1, 2, 7]);
  assertEquals(report.firstBadLines.length, 5);
  assertEquals(
    report.firstBadLines[0],
    "f:3: the line must have 2 columns, as line 1 has, but has 1; columns are separated by tabs",
  );
});

Deno.test("createPairReader() names columns that it does not read", () => {
  assertEquals(readPairs("a\tb\tc\td\n", { answerColumn: "3" }).report.unusedColumns, [2, 4]);
});

Deno.test("createPairReader() stops at a bad line with an error of its own", () => {
  assertThrows(() => readPairs("a\n"), BadLineError);
});

Deno.test("createPairReader() refuses a line of 600 MB after a mebibyte, and keeps none of it", () => {
  const reader = createPairReader({
    ...resolvePairs({}),
    name: "f",
    format: "tsv",
    badLines: "skip",
  }, () => {});
  const chunk = new Uint8Array(2 ** 20).fill(0x61);
  reader.write(new TextEncoder().encode("a\tb\n"));
  const before = Deno.memoryUsage();
  for (let mebibyte = 0; mebibyte < 600; mebibyte++) reader.write(chunk);
  const after = Deno.memoryUsage();
  assert(after.external - before.external < 8 * MAX_LINE_BYTES);
  assert(after.heapUsed - before.heapUsed < 64 * MAX_LINE_BYTES);
  const { badLines, pairs } = reader.end();
  assertEquals([badLines, pairs], [1, 1]);
});
