import { assertEquals } from "@std/assert";
import { createDataset } from "../../src/dataset/dataset.ts";
import {
  countBaselines,
  groupByOrigin,
  groupBySeen,
  indexTraining,
} from "../../src/evaluation/training_index.ts";
import { runAtOnce } from "../../src/time/slices.ts";
import { layOutTexts } from "../tiny_training.ts";

const LAYOUT = layOutTexts(3, 3);
const pair = (question: string, answer: string): { question: string; answer: string } => ({
  question,
  answer,
});

Deno.test("memorising gives a question's most frequent answer, and copying the question", () => {
  const training = createDataset([
    pair("1", "2"),
    pair("1", "3"),
    pair("1", "3"),
    pair("4", "4"),
  ], LAYOUT);
  const index = runAtOnce(indexTraining(training));
  const asked = createDataset([
    pair("1", "3"), // memorised
    pair("1", "2"), // known, but not the most frequent answer
    pair("4", "4"), // memorised and copied
    pair("5", "5"), // copied
    pair("6", "7"),
  ], LAYOUT);
  const [memorising, copying] = runAtOnce(countBaselines(asked, index));
  assertEquals([memorising!.name, memorising!.exactMatch], ["memorising", 2 / 5]);
  assertEquals([copying!.name, copying!.exactMatch], ["copying", 2 / 5]);
  const { keyOf } = groupBySeen(index);
  assertEquals(
    [pair("1", "2"), pair("1", "9"), pair("9", "1")].map(keyOf),
    ["yes", "with another answer", "no"],
  );
});

Deno.test("groupByOrigin() tells trained from held out questions, in all their forms", () => {
  const validation = createDataset([pair("1+2", "3")], LAYOUT);
  const training = createDataset([pair("3+4", "7")], LAYOUT);
  const groupOf = ({ question }: { question: string }): string =>
    question.split("+").sort().join("+");
  const asked = [pair("1+2", "3"), pair("2+1", "3"), pair("4+3", "7"), pair("5+5", "10")];
  const keys = (split: Parameters<typeof groupByOrigin>[0]): string[] =>
    asked.map(runAtOnce(groupByOrigin(split)).keyOf);
  assertEquals(keys({ training, validation, groupOf }), [
    ...["held out", "held out", "trained on", "neither"],
  ]);
  assertEquals(keys({ training, validation }), ["held out", "neither", "neither", "neither"]);
  assertEquals(keys({ validation, groupOf }), [
    ...["held out", "held out", "perhaps trained on", "perhaps trained on"],
  ]);
});
