import { assert, assertEquals, assertThrows } from "@std/assert";
import { writesEdits } from "../../../src/codec/answer_edits.ts";
import { createDataset, readExample } from "../../../src/dataset/dataset.ts";
import { describePairs } from "../../../src/evaluation/pairs/describe_pairs.ts";
import { advisePairs } from "../../../src/evaluation/pairs/pairs_advice.ts";
import type { PairsSettings } from "../../../src/problem/pairs/settings.ts";
import { resolvePairs } from "../../../src/problem/pairs/resolve_pairs.ts";
import { makeInflections, writeInflections } from "../../made_inflections.ts";
import { measureTexts } from "./read_pairs.ts";

const FEATURES: Partial<PairsSettings> = { featureColumns: ["3"] };
const DATA = writeInflections(makeInflections(80));

Deno.test("answers are edits if all pairs have features and most answers keep most of their question", () => {
  const chosen = (data: string, given: Partial<PairsSettings> = FEATURES): unknown[] => {
    const { settings: { answers, featureOrder }, laidOut: { layout } } = measureTexts(
      { data },
      given,
    );
    assertEquals(writesEdits(layout.target), answers === "edits");
    return [answers, featureOrder];
  };
  assertEquals(chosen(DATA), ["edits", "random"]);
  assertEquals(chosen(DATA, {}), ["text", "file"]); // the features are not read
  assertEquals(chosen(DATA, { ...FEATURES, answers: "text" }), ["text", "file"]);
  assertEquals(chosen(DATA, { ...FEATURES, featureOrder: "file" }), ["edits", "file"]);
  assertEquals(chosen(DATA, { answers: "edits" }), ["edits", "random"]);
  assertEquals(chosen(`${DATA}go\twent\t\n`), ["text", "file"]); // one without features
  const others = DATA.replaceAll(/^(\w+)\t\w+/gm, "$1\txyz");
  assertEquals(chosen(others), ["text", "file"]);
  assertEquals(chosen(others, { ...FEATURES, answers: "edits" }), ["edits", "random"]);
});

Deno.test("a table of edits has the letters that are added, and other files are written by it too", () => {
  const measured = measureTexts({ data: DATA, validation: "čšž\tčšžra\tN;PL\n" }, FEATURES);
  const { laidOut: { layout } } = measured;
  assertEquals(layout.target.symbols.includes("č"), false);
  const example = { question: "čšž\tN;PL", answer: "čšžra" };
  const dataset = createDataset([example], layout);
  assertEquals(readExample(dataset, 0).answer, "\uFFFD\uFFFD\uFFFDra"); // the model does not know the letters
  assertEquals(advisePairs(measured).filter((each) => each.includes("never occur")), []);
  const added = measureTexts({ data: DATA, validation: "bala\tbalač\tN;PL\n" }, FEATURES);
  assert(advisePairs(added).some((each) => each.includes('the first is "č" in line 1')));
});

Deno.test("check says that answers are edits, and how features are learned", () => {
  const text = (given: Partial<PairsSettings>): string =>
    describePairs(measureTexts({ data: DATA }, given), Infinity).join("\n");
  assert(text(FEATURES).includes("as edits: which part of the question is kept"));
  assert(text(FEATURES).includes("100.0 % of the answers keep at least half of their question"));
  assert(text(FEATURES).includes("in another random order in every epoch"));
  assert(!text({ ...FEATURES, answers: "text" }).includes("edits"));
});

Deno.test("an answer with a symbol that stands for an edit is a bad line, however answers are written", () => {
  for (const answers of ["auto", "text", "edits"] as const) {
    assertThrows(
      () => measureTexts({ data: `${DATA}a\ta\uFDD0\tN\n` }, { ...FEATURES, answers }),
      SyntaxError,
      "data:81: the answer must have no character from U+FDD0 to U+FDD2",
    );
  }
  const { settings } = measureTexts({ data: `${DATA}a\uFDD0\ta\tN\n` }, FEATURES);
  assertEquals(settings.answers, "edits"); // of a question it is a symbol like others
});

Deno.test("answers are edits of questions with the same separator alone", () => {
  assertThrows(
    () => resolvePairs({ answers: "edits", targetSeparator: " " }),
    RangeError,
    'both sides must have the same separator, but they have "" and " "',
  );
  const spaced = DATA.replaceAll(
    /^(\w+)\t(\w+)/gm,
    (_, word, form) => `${word}\t${[...form].join(" ")}`,
  );
  const { settings } = measureTexts({ data: spaced }, { ...FEATURES, targetSeparator: " " });
  assertEquals(settings.answers, "text");
});

Deno.test("rare features of several parts are read as their parts, frequent ones as they are", () => {
  const many = (count: number, features: string): string =>
    Array.from({ length: count }, (_, i) => `x${i.toString(26)}\ty\t${features}\n`).join("");
  const { laidOut } = measureTexts({
    data: many(100, "N;IN+ESS") + many(99, "N;ON+ALL") + many(1, "PL"),
    validation: "x\ty\tPL+ALL;IN+NEW\n",
  }, FEATURES);
  const { layout: { source, target }, unknown } = laidOut;
  const features = source.symbols.filter((each) => each.startsWith("\t")).toSorted();
  assertEquals(features, ["\tALL", "\tIN+ESS", "\tN", "\tON", "\tPL"]);
  assertEquals(unknown.filter(({ symbol }) => symbol.startsWith("\t")), []);
  const read = (question: string): string =>
    readExample(createDataset([{ question, answer: "y" }], { source, target }), 0).question;
  assertEquals(read("x\tN;ON+ALL"), "x\tN;ON;ALL");
  assertEquals(read("x\tIN+ESS;PL+ALL"), "x\tIN+ESS;PL;ALL");
  assert(read("x\tIN+NEW").includes("\uFFFD"));
});
