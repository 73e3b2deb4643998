import { assertEquals } from "@std/assert";
import { nameFields } from "../../src/playground/page/field_names.ts";
import { makePairs, playEngine } from "./played.ts";

const NAMED = [
  ["only with --decoder attention", 'only with "Decoder" attention'],
  ["better --monitor; 0: never", 'better "Monitor"; 0: never'],
  [
    "--max-length 18 --bad-lines skip leaves longer ones out",
    '"Longest text" 18 and "Bad lines" skip leaves longer ones out',
  ],
  [
    "as in --question-column NAME --answer-column NAME, if it is one",
    'as in "Question column" NAME and "Answer column" NAME, if it is one',
  ],
  ['--target-separator " " makes each', '"Target separator" " " makes each'],
  ["take --digits 2", 'take "Digits" 2'],
  ["the recipe: --learning-rate 0.024", 'the recipe: "Learning rate" 0.024'],
  [
    "learns best: --hidden-size 128 --layers 1 --cell lstm",
    'learns best: "Hidden size" 128, "Decoder layers" 1 and "Cell" lstm',
  ],
  ["so does --ensemble 5", "so does --ensemble 5 on the command line"],
  ["longer: --resume --epochs 16", "longer: --resume --epochs 16 on the command line"],
  ["with --validation FILE", "with --validation FILE on the command line"],
  [
    "on the CPU (train --resume --backend cpu)",
    "on the CPU (train --resume --backend cpu on the command line)",
  ],
  [
    'line 3: "a --decoder b\\" --seed 1" has 1 column',
    'line 3: "a --decoder b\\" --seed 1" has 1 column',
  ],
  ["12--3 and --others", "12--3 and --others"],
] as const;

for (const [text, named] of NAMED) {
  Deno.test(`a sentence with options names the fields of the form: ${text}`, () => {
    assertEquals(nameFields(text), named);
  });
}

Deno.test("the report of a file has no advice among its lines, which is told beside it", async () => {
  await using played = await playEngine();
  const { lines, advice } = await played.engine.check(makePairs());
  assertEquals(advice.map(nameFields), [
    "There are only 200 pairs: a model that learns from fewer than 1,000 often answers new questions wrong. More pairs help, and so does --ensemble 5 on the command line",
  ]);
  assertEquals(lines.filter((line) => /Advice|--/.test(line)), []);
});
