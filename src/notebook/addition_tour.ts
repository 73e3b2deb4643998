/** The first part of the notebook: the way of Keras' addition_rnn, cell by cell. @module */
import { code, explain, type TourCell } from "./tour_cells.ts";

/** The cells. Source of their order: keras-team/keras `examples/addition_rnn.py`. */
export const ADDITION_TOUR: readonly TourCell[] = [
  explain(`
# Learning to add, character by character

A small model reads \`535+61\` one character at a time and writes \`596\`. Nobody tells it what a number
is: it only sees questions and answers. The first part of this notebook goes the way of Keras'
\`addition_rnn\` example, cell by cell. The second part learns pairs of one's own, and looks at what
the model looks at.

Run the cells from top to bottom, with Deno's kernel (\`deno jupyter --install\`).`),
  code(`
import { chooseDevice } from "@carry/seq2seq";

const { display } = Deno.jupyter;
const device = await chooseDevice(); // a GPU where there is one, else the processor
console.log("Computes on", device.report.backend);`),
  explain(`
## Questions

Fifty thousand different sums of numbers with up to three digits. \`1+23\` and \`23+1\` are the same
sum: no two questions are the same pair of numbers.`),
  code(`
import { generateAddition } from "@carry/seq2seq/addition";

const settings = { digits: 3, examples: 50_000, seed: 0 };
const examples = [...generateAddition(settings)];
console.log("Number of questions:", examples.length);
for (const { question, answer } of examples.slice(0, 5)) {
  console.log(question.padEnd(7), "=", answer);
}`),
  explain(`
## Characters as numbers

A model computes with numbers. A character table gives every character an index; Keras' example
writes each character as a row of zeros with a one at that index.`),
  code(`
import { createCharacterTable } from "@carry/seq2seq";

const table = createCharacterTable("0123456789+ ");
console.log("Characters:", JSON.stringify(table.characters.join("")));
const rows = table.encode("12+3", 7); // float32 (7, 12)
for (let row = 0; row < 7; row++) {
  console.log(rows.slice(12 * row, 12 * row + 12).join(" "));
}
console.log("As indices:", table.encodeIndices("12+3", 7).join(" "));
console.log("Read again:", JSON.stringify(table.decode(rows.slice(0, 4 * 12))));`),
  explain(`
## Questions and answers as arrays

All questions are padded with spaces to 7 characters, all answers to 4. Questions are read from
their last character on, which makes the problem easier: the ones come first. The arrays hold
indices of one byte each, not rows of twelve numbers. The third dimension of the shapes below is the
number of characters.

A tenth of the sums is held back. The model does not learn from it, so it cannot have remembered the
answers.`),
  code(`
import { characterLayout, createDataset, splitDataset } from "@carry/seq2seq";
import { practiseAddition } from "@carry/seq2seq/addition";

const layout = characterLayout(table.characters.join(""), {
  inputLength: 7,
  outputLength: 4,
  reverse: true,
});
const dataset = createDataset(examples, layout);
const split = splitDataset(dataset, { seed: 0, ...practiseAddition() });
for (const side of ["training", "validation"]) {
  const { count, source, target } = split[side];
  console.log(side, "questions", [count, source.length, source.size]);
  console.log(side, "answers", [count, target.length, target.size]);
}`),
  explain(`
## The model

An encoder, a layer of 128 LSTM cells, reads the question. Its last state is given to a decoder for
each of the four characters of the answer, and a dense layer with a softmax says how probable each
character is.`),
  code(`
import { createModel } from "@carry/seq2seq";
import { showSummary } from "@carry/seq2seq/notebook";

const shape = { cell: "lstm", hiddenSize: 128, layers: 1, ...layout };
const model = await createModel(shape, { device, seed: 0 });
await display(showSummary(model.config));`),
  code("await display(model); // a model shows itself as a picture"),
  explain(`
## Training

After every epoch the model answers ten of the held-back questions: Q is the question, T the correct
answer, and the model's stands after ☑ or ☒. With the option \`recipe: "notebook"\` the training is
like that of Keras' example, 99 epochs at a constant learning rate. Without it the rate rises and
falls, and four epochs suffice.`),
  code(`
import { createTraining, train } from "@carry/seq2seq";

const training = createTraining(model, { swap: true, weighted: true, seed: 0 });
for await (const event of train(training, split, { samples: 10 })) {
  if (event.event === "epoch") {
    console.log("Epoch", event.epoch, " exact match", (100 * event.exactMatch).toFixed(2), "%");
  } else if (event.event === "samples") {
    for (const { question, target, guess } of event.samples) {
      const mark = guess === target ? "☑" : "☒";
      console.log("Q", question.padEnd(7), " T", target.padEnd(4), "", mark, guess);
    }
  }
}`),
  code("await display(training); // a training shows itself as learning curves"),
  explain(`
## Asking

Any sum of two numbers with up to three digits can be asked. The probability is the one that the
model gives its answer.`),
  code(`
import { predict } from "@carry/seq2seq";

await display(await predict(model, ["12+34", "535+61", "999+1", "7+8", "0+0"]));`),
  explain("How many of the held-back sums does it answer correctly, with every character right?"),
  code(`
import { evaluate } from "@carry/seq2seq";

await display(await evaluate(model, split.validation));`),
  explain(`
## What it has learned

One share says little. Are sums with many carries harder than those without? Does it know short
numbers as well as long ones? The bars are 95 % intervals: a group with few examples has a wide one.`),
  code(`
import { assess } from "@carry/seq2seq";
import { createAddition } from "@carry/seq2seq/addition";

const { groupings } = createAddition(settings);
const assessment = await assess(model, split.validation, { groupings });
await display(assessment);`),
  code(`
console.log(assessment.examples - assessment.right, "of", assessment.examples, "are wrong.");
for (const { question, guess, target } of assessment.worst) {
  console.log(question, "is answered", guess, "and is", target);
}`),
];
