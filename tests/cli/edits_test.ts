import { assert, assertEquals, assertMatch } from "@std/assert";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { hasEditSymbol } from "../../src/codec/answer_edits.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import { fit } from "../../src/training/fit.ts";
import { makeInflections, writeInflections } from "../made_inflections.ts";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry } from "../reliability/carry_process.ts";

const PAIRS = makeInflections(300);
const TINY = ["--hidden-size=16", "--batch-size=8", "--backend=cpu", "--learning-rate=0.01"];

/** Forms of which one keeps letters that no ending has, and one needs a letter that no answer has. */
const OTHERS = "bala\tbalat\tN;ACC;SG\nmedgil\tmedgilt\tN;ACC;SG\nbala\tbalaq\tN;ACC;SG\n";

/** Runs a command in a folder that has a file of inflected forms. */
function test(
  name: string,
  fn: (carry: (...args: readonly string[]) => Promise<Ending>, folder: string) => Promise<void>,
): void {
  Deno.test({
    ...{ name, ignore: !canRun },
    fn: () =>
      inFolder(async (folder) => {
        await Deno.writeTextFile(`${folder}/forms.tsv`, writeInflections(PAIRS));
        await Deno.writeTextFile(`${folder}/other.tsv`, OTHERS);
        const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
        const place = (arg: string): string => arg.replace("FOLDER", folder);
        await fn(async (...args) => {
          const ending = await runCarry(args.map(place), { permissions });
          assertEquals(ending.code, 0, ending.stderr);
          return ending;
        }, folder);
      }),
  });
}

const DATA = ["--data=FOLDER/forms.tsv", "--feature-columns=3"];

test("inflected forms are learned as edits, and every command shows texts", async (carry) => {
  const checked = await carry("check", "FOLDER/forms.tsv", "--feature-columns=3");
  assertMatch(checked.lines.join("\n"), /Answers +as edits/);
  const options = ["--run=FOLDER/run", "--epochs=8", ...TINY];
  const trained = await carry("train", ...DATA, ...options, "--json");
  assertMatch(trained.stderr, /as edits of the question/);
  const events = trained.lines.map((line) => JSON.parse(line));
  assertEquals([events[0].problem.answers, events[0].training.weighted], ["edits", true]);
  const samples = events.filter(({ event }) => event === "samples").flatMap((each) => each.samples);
  assert(samples.length > 0 && !samples.some(({ guess }) => hasEditSymbol(guess)));
  const measured = events.findLast(({ event }) => event === "epoch");
  assert(measured.exactMatch > 0.5, `${measured.exactMatch}`);

  const evaluated = await carry("evaluate", "--run=FOLDER/run", "--beam=1", "--json");
  const assessment = JSON.parse(evaluated.lines[0]!);
  assertEquals(assessment.exactMatch, measured.exactMatch);
  const other = await carry("evaluate", "--run=FOLDER/run", "--data=FOLDER/other.tsv", "--json");
  const { examples, refused, right: known } = JSON.parse(other.lines[0]!);
  assertEquals([examples, refused], [3, 1]); // a letter that is kept need not be written, one that is added must be
  assert(known <= 2);
  const asked = PAIRS.slice(0, 30).map(({ question }) => question);
  const predicted = await carry(
    ...["predict", "--run=FOLDER/run", "--json", "--n-best=2", "--attention"],
    ...asked,
  );
  const answers = predicted.lines.map((line) => JSON.parse(line));
  const right = answers.filter(({ answer }, at) => answer === PAIRS[at]!.answer).length;
  assert(right > 15, `${right}`);
  assert(
    answers.every(({ answer, alternatives }) =>
      !hasEditSymbol(answer) && alternatives.length === 2 &&
      alternatives.every((each: { answer: string }) => !hasEditSymbol(each.answer))
    ),
  );
  const shown = await carry("predict", "--run=FOLDER/run", "--attention", asked[0]!);
  assertMatch(shown.lines.join("\n"), /^ *≡ /m);
  assert(!hasEditSymbol(shown.lines.join("\n")));
});

test(
  "fit() learns the same edits as train, bit for bit, and a resumed run as one without a stop",
  async (carry, folder) => {
    const options = [...DATA, "--schedule=constant", "--seed=7", ...TINY];
    await carry("train", ...options, "--run=FOLDER/whole", "--epochs=3");
    await carry("train", ...options, "--run=FOLDER/parts", "--epochs=1");
    await carry("train", "--resume", "--run=FOLDER/parts", "--epochs=3", "--backend=cpu");
    const [whole, parts] = await Promise.all(
      ["whole", "parts"].map((run) => readRun(`${folder}/${run}`)),
    );
    assertEquals(parts!.checkpoint.parameters, whole!.checkpoint.parameters);
    using fitted = await fit(PAIRS, {
      ...{ hiddenSize: 16, batchSize: 8, learningRate: 0.01, schedule: "constant", epochs: 3 },
      ...{ seed: 7, device: await chooseDevice("cpu") },
    });
    assertEquals(fitted.model.config, whole!.checkpoint.model);
    assertEquals(fitted.training.options, whole!.checkpoint.training);
    assertEquals(await readParameters(fitted.model), [...whole!.checkpoint.parameters]);
  },
);
