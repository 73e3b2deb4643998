import { assert, assertEquals } from "@std/assert";
import { createCharacterTable } from "../../src/codec/character_table.ts";
import { createDataset } from "../../src/dataset/dataset.ts";
import { ADDITION_CHARACTERS } from "../../src/problem/addition.ts";
import { groupAdditions } from "../../src/training/learned.ts";

const TABLE = createCharacterTable(ADDITION_CHARACTERS);

Deno.test("groupAdditions() counts correct answers by carries, lengths, position and character", async () => {
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
  const grouping = await groupAdditions(dataset, layout);
  const { epoch, carries, lengths, positions, characters, confusion } = grouping.measure(
    4,
    answers,
  );
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

Deno.test("groupAdditions() lets timers run meanwhile", async () => {
  const count = 20_000;
  const example = createDataset([{ source: "1+1", target: "2" }], TABLE, {
    inputLength: 3,
    outputLength: 1,
  });
  const sources = new Uint8Array(3 * count);
  for (let i = 0; i < count; i++) sources.set(example.sources, 3 * i);
  const dataset = { ...example, count, sources, targets: new Uint8Array(count) };
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  let clock = 0;
  await groupAdditions(dataset, { reverse: false }, { now: () => clock += 60 }); // every slice is a long one
  clearInterval(timer);
  assert(turns > 2, `${turns} turns`);
});
