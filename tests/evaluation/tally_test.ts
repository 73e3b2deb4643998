import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { TextLayout } from "../../src/codec/layout.ts";
import type { Assessment } from "../../src/evaluation/assessment.ts";
import { REST_KEY } from "../../src/evaluation/cell.ts";
import { wilsonInterval } from "../../src/evaluation/interval.ts";
import { MOST_GROUPS } from "../../src/evaluation/group_counter.ts";
import { createTally, type TallyOptions } from "../../src/evaluation/tally.ts";
import type { Example } from "../../src/problem/example.ts";
import { assertClose } from "../assert_close.ts";

const DIGITS: TextLayout = {
  ...{ length: 3, symbols: [..." 0123456789"], padding: " ", separator: "" },
  ...{ reverse: false, normalize: "none" },
};

/** An answer: the question, the correct text, the given one, and the probability of each of its symbols. */
type Given = readonly [question: string, target: string, guess: string, share?: number];

function tally(
  given: readonly Given[],
  { target = DIGITS, slices = 1, ...options }: Partial<TallyOptions> & { slices?: number } = {},
): Assessment {
  const { symbols, length: T, reverse } = target;
  const write = (text: string): number[] => {
    const padded = [...text].map((symbol) => symbols.indexOf(symbol));
    if (reverse === "text") padded.reverse();
    while (padded.length < T) padded.push(symbols.indexOf(target.padding!));
    return reverse === true ? padded.reverse() : padded;
  };
  const read = (indices: Uint8Array): string =>
    (reverse ? indices.toReversed() : indices).reduce((text, at) => text + symbols[at], "")[
      reverse === "text" ? "trim" : "trimEnd"
    ]();
  const counter = createTally({
    target,
    readAnswer: read,
    groupings: [],
    worst: 10,
    complete: false,
    ...options,
  });
  const size = Math.ceil(given.length / slices);
  for (let from = 0; from < given.length; from += size) {
    const part = given.slice(from, from + size);
    counter.add({
      count: part.length,
      loss: part.length * T / 2,
      counted: part.length * T,
      targets: Uint8Array.from(part.flatMap(([, target]) => write(target))),
      answers: Uint8Array.from(part.flatMap(([, , guess]) => write(guess))),
      confidence: Float32Array.from(part.flatMap(([, , , share = 1]) => Array(T).fill(share))),
      readExample: (at): Example => ({ question: part[at]![0], answer: part[at]![1] }),
    });
  }
  return counter.finish();
}

Deno.test("a tally counts answers, symbols and edits", () => {
  const found = tally([["1+1", "2", "2"], ["5+6", "11", "1", 0.5], ["99+1", "100", "110"]]);
  assertEquals([found.examples, found.right, found.exactMatch, found.loss], [3, 1, 1 / 3, 0.5]);
  assertEquals(found.wordErrorRate, 2 / 3);
  assertEquals(found.characterAccuracy, 7 / 9); // padding counts
  assertEquals([found.edits, found.targetSymbols, found.symbolErrorRate], [2, 6, 2 / 6]); // padding does not
  assertEquals(found.positions.map(({ right }) => right), [3, 1, 3]);
  assertEquals(found.confusions, [
    { target: "0", guess: "1", count: 1 },
    { target: "1", guess: " ", count: 1 },
  ]);
  assertEquals(found.symbols.find(({ key }) => key === "1"), {
    ...{ key: "1", examples: 3, right: 2, exactMatch: 2 / 3, isSmall: true },
    ...wilsonInterval(2, 3),
  });
});

Deno.test("symbol error rates add up edits and symbols before they divide", () => {
  // Source: jiwer 4.0.0, cer(["kitten", "flaw", "intention"], ["sitting", "lawn", "execution"])
  const target = { ...DIGITS, symbols: [" ", ..."abcdefghijklmnopqrstuvwxyz"], length: 9 };
  const found = tally([
    ["1", "kitten", "sitting"],
    ["2", "flaw", "lawn"],
    ["3", "intention", "execution"],
  ], { target });
  assertClose([found.symbolErrorRate!], [0.5263157894736842], "symbol error rate");
  assertEquals(found.wordErrorRate, 1);
});

Deno.test("all right and all wrong answers give finite figures", () => {
  const right = tally([["1+1", "2", "2"]]);
  assertEquals([right.exactMatch, right.symbolErrorRate, right.worst], [1, 0, []]);
  assertEquals(right.exactMatchInterval.high, 1);
  const wrong = tally([["1+1", "2", "3"]]);
  assertEquals([wrong.exactMatch, wrong.symbolErrorRate], [0, 1]);
  assertEquals(wrong.exactMatchInterval.low, 0);
});

Deno.test("of all examples that there are, a share is exact and no group is small", () => {
  const given: Given[] = [["1+1", "2", "2"], ["1+2", "3", "4"]];
  const groupings = [{ name: "one", title: "One", keyOf: (): string => "all" }];
  const { exactMatchInterval, groups } = tally(given, { groupings, complete: true });
  assertEquals(exactMatchInterval, { low: 0.5, high: 0.5 });
  assertEquals(groups[0]!.cells, [
    { key: "all", examples: 2, right: 1, exactMatch: 0.5, low: 0.5, high: 0.5, isSmall: false },
  ]);
});

Deno.test("examples that cannot be asked are wrong, and in no other figure", () => {
  const groupings = [{
    name: "answer",
    title: "Answer",
    keyOf: ({ answer }: Example): string => answer,
  }];
  const counter = createTally({
    ...{ target: DIGITS, readAnswer: () => "", groupings, worst: 1, complete: false },
  });
  counter.add({
    ...{
      count: 1,
      loss: 6,
      counted: 3,
      targets: Uint8Array.of(1, 0, 0),
      answers: Uint8Array.of(1, 0, 0),
    },
    confidence: new Float32Array(3).fill(1),
    readExample: () => ({ question: "0+0", answer: "0" }),
  });
  counter.refuse("the question is none");
  counter.refuse("another reason");
  const found = counter.finish();
  assertEquals([found.examples, found.refused, found.right, found.exactMatch], [3, 2, 1, 1 / 3]);
  assertEquals(found.refusedReason, "the question is none");
  assertEquals([found.loss, found.characterAccuracy, found.symbolErrorRate], [2, 1, 0]);
  assertEquals(found.groups[0]!.cells.map(({ key, right }) => [key, right]), [["0", 1]]);
});

Deno.test("empty correct answers have no symbol error rate", () => {
  assertEquals(tally([["1", "", ""]]).symbolErrorRate, null);
  assertEquals(tally([["1", "", "5"]]).symbolErrorRate, null);
});

Deno.test("padding that no text can contain is never an edit; other padding is one within a text", () => {
  const none = { ...DIGITS, symbols: ["", ..."123"], padding: "" };
  const counter = (target: TextLayout, answers: number[]): number => {
    const tally = createTally({
      target,
      readAnswer: () => "",
      groupings: [],
      worst: 0,
      complete: false,
    });
    tally.add({
      ...{ count: 1, loss: 0, counted: 3, targets: Uint8Array.of(1, 2, 0) },
      answers: Uint8Array.from(answers),
      confidence: new Float32Array(3),
      readExample: () => ({ question: "", answer: "" }),
    });
    return tally.finish().edits;
  };
  assertEquals(counter(none, [1, 0, 2]), 0);
  assertEquals(counter({ ...none, symbols: [" ", ..."123"], padding: " " }, [1, 0, 2]), 1);
});

Deno.test("targets that are written from their end on are counted from their start", () => {
  for (const reverse of [true, "text"] as const) {
    const target = { ...DIGITS, reverse };
    const found = tally([["5+6", "11", "31"], ["5+7", "12", "92"]], { target });
    assertEquals(found.positions.map(({ right }) => right), [0, 2, 2]);
    assertEquals([found.edits, found.targetSymbols], [2, 4]);
    assertEquals(found.worst.map(({ guess }) => guess), ["31", "92"]);
  }
});

Deno.test("groups are counted apart up to a limit, and the rest together", () => {
  const given = Array.from({ length: 300 }, (_, i): Given => [String(i), "1", i < 280 ? "1" : "2"]);
  const grouping = { name: "each", title: "Each", keyOf: ({ question }: Example) => question };
  const [groups] = tally(given, { groupings: [grouping] }).groups;
  assertEquals(groups!.cells.length, MOST_GROUPS + 1);
  assertEquals(groups!.cells[0]!.key, "0");
  const rest = groups!.cells.at(-1)!;
  assertEquals([rest.key, rest.examples, rest.right, rest.isSmall], [REST_KEY, 44, 24, false]);
});

Deno.test("keys of groups are cut, and never in the middle of a character", () => {
  const grouping = { name: "long", title: "Long", keyOf: (): string => "😀".repeat(40) };
  const [groups] = tally([["1", "1", "1"]], { groupings: [grouping] }).groups;
  assertEquals(groups!.cells[0]!.key, `${"😀".repeat(31)}…`);
});

Deno.test("the worst answers are the wrong ones of the highest probabilities, the first first", () => {
  const given: Given[] = [
    ["a", "1", "2", 0.5],
    ["b", "1", "1", 1],
    ["c", "1", "3", 1],
    ["d", "1", "4", 0.5],
    ["e", "1", "5", 0.25],
  ];
  const found = tally(given, { worst: 3 }).worst;
  assertEquals(found.map(({ question }) => question), ["c", "a", "d"]);
  assertEquals(found[1], { question: "a", target: "1", guess: "2", probability: 0.125 });
  assertEquals(tally(given, { worst: 0 }).worst, []);
});

Deno.test("a tally does not depend on its slices", () => {
  const text = fc.string({ unit: fc.constantFrom(..."0123"), maxLength: 3 });
  const share = fc.constantFrom(1, 0.5, 0.25);
  const given = fc.array(fc.tuple(text, text, text, share), { minLength: 1, maxLength: 40 });
  const groupings = [{
    name: "length",
    title: "Length",
    keyOf: ({ answer }: Example): string => String(answer.length),
  }];
  fc.assert(fc.property(given, fc.integer({ min: 1, max: 5 }), (answers, slices) => {
    const [once, parts] = [1, slices].map((slices) => tally(answers, { groupings, slices }));
    assertEquals(parts, once);
    const { groups, symbols, positions, calibration, examples, right } = once!;
    for (const cells of [groups[0]!.cells, symbols, calibration.bins]) {
      const sum = cells.reduce((sum, cell) => sum + cell.examples, 0);
      assertEquals(sum, cells === symbols ? 3 * examples : examples);
    }
    assert(positions.every((cell) => cell.right >= right));
  }));
});
