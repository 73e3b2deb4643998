import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UNKNOWN } from "../../../src/codec/layout.ts";
import { createDataset, readExample } from "../../../src/dataset/dataset.ts";
import { combineHashes, hashText, mixHash } from "../../../src/problem/pairs/hash_text.ts";
import { createHolding } from "../../../src/problem/pairs/hold_back.ts";
import { forkPrng } from "../../../src/random/prng.ts";
import { measureTexts, readPairs, writePairs } from "./read_pairs.ts";

/** Writes lines of a question and an answer. */
const lines = (...pairs: string[]): string =>
  pairs.map((pair) => pair.replace("→", "\t") + "\n").join("");

Deno.test("measuring counts different questions, repeated pairs, and questions with several answers", () => {
  const { files: { data } } = measureTexts({
    data: lines("a→1", "b→2", "a→1", "a→3", "a→4", "b→2", "c→1"),
  });
  assertEquals([data.report.pairs, data.questions, data.repeated, data.contradictory], [
    7,
    3,
    2,
    1,
  ]);
  assertEquals(data.contradictoryLines, [4]);
});

Deno.test("measuring agrees with counting by maps", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 2 });
  const pairs = fc.array(fc.record({ question: text, answer: text }, { noNullPrototype: true }), {
    minLength: 2,
    maxLength: 60,
  })
    .filter((all) => new Set(all.map(({ question }) => question)).size > 1);
  fc.assert(fc.property(pairs, (all) => {
    const { files: { data } } = measureTexts({ data: writePairs(all, "tsv") }, { split: 0.01 });
    const answers = new Map<string, Set<string>>();
    for (const { question, answer } of all) {
      answers.set(question, (answers.get(question) ?? new Set()).add(answer));
    }
    const different = new Set(all.map(({ question, answer }) => `${question}\t${answer}`)).size;
    assertEquals(data.questions, answers.size);
    assertEquals(data.repeated, all.length - different);
    assertEquals(
      data.contradictory,
      Array.from(answers.values()).filter(({ size }) => size > 1).length,
    );
    const symbols = new Map<string, number>();
    for (const { question } of all) {
      for (const each of question) symbols.set(each, (symbols.get(each) ?? 0) + 1);
    }
    assertEquals(new Map(data.source.symbols.map(({ symbol, count }) => [symbol, count])), symbols);
  }));
});

Deno.test("measuring says what copying and memorising would answer correctly", () => {
  const { overlap } = measureTexts({
    data: lines("a→1", "a→2", "a→2", "b→b", "c→3"),
    validation: lines("a→2", "a→1", "b→b", "x→x", "y→1"),
  });
  assertEquals(overlap.validation, { questions: 3, pairs: 3, memorised: 2, copied: 2, either: 3 });
});

Deno.test("measuring takes lengths from all files, and symbols of questions from the data alone", () => {
  const { laidOut: { layout: { source, target } } } = measureTexts({
    data: lines("ab→1", "ba→2"),
    validation: lines("abc→12"),
    test: lines("abcde→3"),
  });
  assertEquals([source.length, target.length], [5, 2]);
  assertEquals(source.symbols, ["", UNKNOWN, "a", "b"]);
  assertEquals(target.symbols, ["", "1", "2", "3"]);
});

Deno.test("the table has the unknown symbol only if a file needs it", () => {
  const { laidOut } = measureTexts({ data: lines("ab→1", "ba→2") });
  assertEquals(laidOut.layout.source.symbols, ["", "a", "b"]);
  assertEquals(laidOut.unknownShare, 0);
});

Deno.test("symbols that occur once become the unknown symbol from a thousand pairs on", () => {
  const many = Array.from({ length: 999 }, (_, at) => `${"ab"[at % 2]}${at}→1`);
  const few = measureTexts({ data: lines(...many) });
  const enough = measureTexts({ data: lines(...many, "zab→1") });
  assert(!few.laidOut.layout.source.symbols.includes(UNKNOWN));
  assertEquals(enough.laidOut.unknown.map(({ symbol }) => symbol), ["z"]);
  assert(enough.laidOut.layout.source.symbols.includes(UNKNOWN));
});

Deno.test("questions keep their most frequent symbols, 256 with padding and the unknown symbol", () => {
  const symbols = Array.from({ length: 400 }, (_, at) => String.fromCodePoint(0x4e00 + at));
  const text = symbols.map((symbol, at) => lines(...Array(at < 300 ? 2 : 1).fill(`${symbol}x→1`)))
    .join("");
  const { layout: { source }, unknown } = measureTexts({ data: text }).laidOut;
  assertEquals(source.symbols.length, 256);
  assertEquals(unknown.length, 401 - 254);
  assert(source.symbols.includes("x"));
  assert(symbols.slice(0, 253).every((symbol) => source.symbols.includes(symbol)));
});

Deno.test("answers with more than 255 symbols are refused with advice", () => {
  const syllables = Array.from({ length: 300 }, (_, at) => String.fromCodePoint(0xac00 + 28 * at));
  const text = syllables.map((syllable, at) => `${at}→${syllable}\n`.replace("→", "\t")).join("");
  assertThrows(
    () => measureTexts({ data: text }),
    RangeError,
    "answers can have at most 255 different symbols, but these have 300; decomposed to NFD they have",
  );
  assertEquals(
    measureTexts({ data: text }, { normalize: "NFD" }).laidOut.layout.target.symbols.length < 60,
    true,
  );
  assertThrows(
    () => measureTexts({ data: text.replaceAll("\t", "\tx ") }, { targetSeparator: " " }),
    RangeError,
    'separated by " ": without a separator every character is a symbol',
  );
});

Deno.test("empty answers alone are refused", () => {
  assertThrows(
    () => measureTexts({ data: lines("a→", "b→") }),
    RangeError,
    "all answers are empty",
  );
});

Deno.test("a file with one question cannot be divided", () => {
  assertThrows(
    () => measureTexts({ data: lines("a→1", "a→2") }),
    RangeError,
    "both sides need a question of their own, but all pairs have the same question",
  );
});

Deno.test("a layout that was measured has room for every pair, and gives each back", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 9 })
    .map((each) => each.normalize("NFC").replace(/[\0\t\r\n\ufffd\ufeff]/g, "x"));
  const pairs = fc.array(fc.record({ question: text, answer: text }, { noNullPrototype: true }), {
    minLength: 2,
    maxLength: 20,
  })
    .filter((all) => new Set(all.map(({ question }) => question)).size > 1);
  fc.assert(fc.property(pairs, (all) => {
    const content = writePairs(all, "tsv");
    const { layout } = measureTexts({ data: content }).laidOut;
    const read = readPairs(content).pairs;
    const dataset = createDataset(read, layout);
    read.forEach(({ question, answer }, at) => {
      assertEquals({ ...readExample(dataset, at) }, { question, answer });
    });
  }));
});

Deno.test("no question is on both sides, and the division does not depend on the order of the lines", () => {
  const pairs = Array.from({ length: 400 }, (_, at) => `q${at % 150}→${at}`);
  const shuffled = pairs.toReversed();
  for (const seed of [0, 1, -7]) {
    const sides = [pairs, shuffled].map((all) => {
      const { settings, held } = measureTexts({ data: lines(...all) }, { seed, split: 0.2 });
      const holds = createHolding(settings.heldBack!, seed);
      const questions = Array.from({ length: 150 }, (_, at) => `q${at}`).filter(holds);
      assertEquals(held!.questions, questions.length);
      assert(
        held!.heldBack.pairs >= 80 && held!.heldBack.pairs < 84,
        `${held!.heldBack.pairs} pairs`,
      );
      return questions;
    });
    assertEquals(sides[0], sides[1]);
  }
});

Deno.test("another seed holds other questions back", () => {
  const data = lines(...Array.from({ length: 100 }, (_, at) => `q${at}→1`));
  const [a, b] = [1, 2].map((seed) => {
    const { settings } = measureTexts({ data }, { seed });
    return Array.from({ length: 100 }, (_, at) => `q${at}`).filter(
      createHolding(settings.heldBack!, seed),
    );
  });
  assertEquals([a!.length, b!.length], [10, 10]);
  assert(a!.join() !== b!.join());
});

Deno.test("the exceptions stay few, also if a very small share of questions that all have several pairs is held back", () => {
  let data = "rare\t1\n";
  for (let i = 0; i < 25_000; i++) data += `q${i}\t1\nq${i}\t2\n`;
  for (let seed = 0; seed < 3; seed++) {
    const { heldBack } = measureTexts({ data }, { seed, split: 1e-9 }).settings;
    assert(heldBack!.pairs <= 2);
    assert(heldBack!.except.length < 100, `${heldBack!.except.length} exceptions`);
  }
});

Deno.test("a question with very many pairs is not held back", () => {
  const data = lines(
    ...Array.from({ length: 200 }, (_, at) => at % 2 === 0 ? "often→1" : `q${at}→1`),
  );
  for (let seed = 0; seed < 20; seed++) {
    const { settings, held } = measureTexts({ data }, { seed });
    assert(!createHolding(settings.heldBack!, seed)("often"));
    assertEquals(held!.heldBack.pairs, 20);
  }
});

Deno.test("hashes stay the same from version to version: saved runs are divided by them", () => {
  // Written by this function when it was new.
  assertEquals(
    [hashText(""), hashText("a"), hashText("Straße"), hashText("가\tV;PST")],
    GOLDEN_HASHES,
  );
  assertEquals(combineHashes(hashText("a"), hashText("b")), GOLDEN_COMBINED);
  assertEquals(mixHash(hashText("a"), 12345), GOLDEN_MIXED);
});

const GOLDEN_HASHES = [8293446961465228, 1166880400806472, 815794846495798, 8928004379499518];
const GOLDEN_COMBINED = 8921493287498615;
const GOLDEN_MIXED = 822470234;

Deno.test("places of questions are uniform: a tenth of the places has a tenth of the questions", () => {
  const count = 20_000;
  for (const name of ["", "word", "0000"]) {
    for (const seed of [0, 1]) {
      const word = forkPrng(seed, "split").nextInt(2 ** 32) | 0;
      const below = Array.from({ length: count }, (_, at) => mixHash(hashText(name + at), word))
        .filter((place) => place < 2 ** 32 / 10).length;
      const deviation = Math.sqrt(count * 0.1 * 0.9);
      assert(Math.abs(below - count / 10) < 5 * deviation, `${below} of ${count}`);
    }
  }
});

Deno.test("hashes of short texts differ", () => {
  const hashes = new Set<number>();
  for (let at = 0; at < 300_000; at++) hashes.add(hashText(at.toString(36)));
  assertEquals(hashes.size, 300_000);
});
