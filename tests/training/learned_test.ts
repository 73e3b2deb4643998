import { assertEquals } from "@std/assert";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import { ADDITION_CHARACTERS } from "../../src/problem/addition.ts";
import { groupAdditions } from "../../src/training/learned.ts";

const TABLE = createCharacterTable(ADDITION_CHARACTERS);

Deno.test("groupAdditions() counts right answers by carries, lengths, position and character", () => {
  const layout = { length: 5, reverse: true };
  const dataset = createDataset(
    [
      { source: " 1+21", target: "13 " }, // 12+1 reversed
      { source: "11+99", target: "110" }, // 99+11
      { source: "  5+5", target: "10 " },
    ],
    TABLE,
    { inputLength: 5, outputLength: 3 },
  );
  const answers = Uint8Array.from(["13 ", "100", "1  "].flatMap((text) => [
    ...TABLE.encodeIndices(text, 3),
  ]));
  const { epoch, carries, lengths, positions, characters, confusion } = groupAdditions(
    dataset,
    layout,
  ).measure(4, answers);
  assertEquals(epoch, 4);
  assertEquals(carries, [
    { key: "0", examples: 1, right: 1 },
    { key: "1", examples: 1, right: 0 },
    { key: "2", examples: 1, right: 0 },
  ]);
  assertEquals(lengths, [
    { key: "1+1", examples: 1, right: 0 },
    { key: "2+1", examples: 1, right: 1 },
    { key: "2+2", examples: 1, right: 0 },
  ]);
  assertEquals(positions.map(({ right }) => right), [3, 1, 3]);
  const count = (target: string, answer: string): number =>
    confusion[characters.indexOf(target) * 12 + characters.indexOf(answer)]!;
  assertEquals([count("1", "1"), count("1", "0"), count("0", " "), count("0", "0")], [3, 1, 1, 1]);
  assertEquals(confusion.reduce((a, b) => a + b), 9);
});
