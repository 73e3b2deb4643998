/** The second part of the notebook: pairs of one's own, and attention. @module */
import { code, explain, type TourCell } from "./tour_cells.ts";

/** The cells. */
export const PAIRS_TOUR: readonly TourCell[] = [
  explain(`
# Your own pairs

Whatever can be written as pairs of a question and an answer can be learned: dates, units,
spellings, pronunciations. As an example, numbers and how the Romans wrote them. Put your own pairs
in their place.`),
  code(`
const digits = [
  ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"],
  ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"],
  ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"],
  ["", "M", "MM", "MMM"],
];

function writeRoman(number) {
  return [...String(number)].map((digit, i, { length }) => digits[length - 1 - i][digit]).join("");
}

const pairs = Array.from({ length: 3999 }, (_, i) => (
  { question: String(i + 1), answer: writeRoman(i + 1) }
));
console.table(pairs.slice(1983, 1988));`),
  explain(`
\`fit()\` goes from pairs to a model. It measures which characters there are and how long the texts
get, holds a tenth of the pairs back, and chooses a model with attention and its training by the
number of pairs. \`createLiveProgress\` shows below the cell how it learns.`),
  code(`
import { fit } from "@carry/seq2seq";
import { createLiveProgress } from "@carry/seq2seq/notebook";

const progress = createLiveProgress(display);
const fitted = await fit(pairs, {
  device,
  epochs: 8,
  labelSmoothing: 0,
  onEvent: progress.take,
});`),
  code("await display(fitted.model);"),
  explain("Of several answers, the model says how probable it holds each."),
  code(`
const answers = await predict(fitted.model, ["1984", "2026", "3888", "49"], { nBest: 3 });
await display(answers);`),
  explain(`
## Where it looks

A model with attention looks at the whole question for every symbol of its answer. Nobody told it
that the first digit decides how many M there are, and the last one how many I: the picture shows
that it has found out.`),
  code(`
const [prediction] = await predict(fitted.model, ["1984"], { attention: true });
await display(prediction.attention);`),
  explain(`
## Further

- \`saveToRun()\` of \`@carry/seq2seq/checkpoint\` saves a training as a run;
  \`loadModel("checkpoints/mine")\` loads it in another program.
- The command \`train --data pairs.tsv\` does the same with a file of pairs, \`dashboard\` shows runs in
  the browser, and \`evaluate\` measures them.
- A model holds memory on its device. When it is not needed any more, dispose of it.`),
  code(`
for (const each of [fitted, training, model]) each[Symbol.dispose]();
console.log("Done");`),
];
