import { assert, assertEquals } from "@std/assert";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import type { PlaygroundOptions, PlaygroundTask } from "../../src/playground/engine.ts";
import { canRun } from "../permissions.ts";
import { makeInflections, writeInflections } from "../made_inflections.ts";
import { inFolder, runCarry } from "../reliability/carry_process.ts";
import { isIn, makePairs, playEngine, readSaved, sameIn, SUMS } from "./played.ts";

/** A task, and how it is typed. */
interface Case {
  readonly name: string;
  readonly task: (folder: string) => PlaygroundTask;
  readonly options: PlaygroundOptions;
  readonly typed: (folder: string) => readonly string[];
}

const FORMS = new TextEncoder().encode(writeInflections(makeInflections(200)));

const CASES: readonly Case[] = [
  {
    name: "additions of two digits",
    task: () => SUMS,
    options: { backend: "cpu", training: { epochs: 2 } },
    typed: () => ["--digits=2", "--epochs=2"],
  },
  {
    name: "additions of one digit with a seed, all questions in every epoch",
    task: () => ({ kind: "made", problem: "addition", settings: { digits: 1, examples: 50 } }),
    options: { backend: "cpu", threads: 1, model: { cell: "gru" }, training: { seed: 3 } },
    typed: () => ["--digits=1", "--examples=50", "--seed=3", "--cell=gru", "--threads=2"],
  },
  {
    name: "other operators by the recipe of the notebook",
    task: () => ({
      kind: "made",
      problem: "mixed",
      settings: { digits: 1, operators: "+-*", seed: 5 },
    }),
    options: { backend: "cpu", training: { recipe: "notebook", epochs: 3 } },
    typed: () => [
      ...["--problem=mixed", "--digits=1", "--operators=+-*", "--seed=5"],
      ...["--recipe=notebook", "--epochs=3"],
    ],
  },
  {
    name: "pairs of one's own, with attention",
    task: (folder) => makePairs(`${folder}/words.tsv`),
    options: { backend: "cpu", model: { hiddenSize: 16 }, training: { epochs: 2 } },
    typed: (folder) => [`--data=${folder}/words.tsv`, "--hidden-size=16", "--epochs=2"],
  },
  {
    name: "inflected forms, as edits of their words",
    task: (folder) => ({
      ...{ kind: "pairs", name: `${folder}/forms.tsv`, bytes: FORMS },
      settings: { featureColumns: ["3"] },
    }),
    options: { backend: "cpu", model: { hiddenSize: 16 }, training: { epochs: 2 } },
    typed: (folder) => [
      ...[`--data=${folder}/forms.tsv`, "--feature-columns=3"],
      ...["--hidden-size=16", "--epochs=2"],
    ],
  },
];

for (const { name, task, options, typed } of CASES) {
  Deno.test({
    name: `the playground and train learn the same, byte for byte: ${name}`,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const { bytes } = makePairs();
        await Deno.writeFile(`${folder}/words.tsv`, bytes);
        await Deno.writeFile(`${folder}/forms.tsv`, FORMS);
        const args = ["train", `--run=${folder}/run`, "--backend=cpu", ...typed(folder)];
        const { code, stderr } = await runCarry(args, { permissions: ["-A"] });
        assertEquals(code, 0, stderr);
        const typedRun = await decodeCheckpoint(
          await Deno.readFile(`${folder}/run/latest.safetensors`),
        );
        await using played = await playEngine();
        await played.engine.start(task(folder), options);
        await played.until(isIn("ended"));
        const saved = await readSaved(played.engine);
        assert(saved.parameters[0]!.values.some((value) => value !== 0));
        assertEquals(sameIn(saved), sameIn(typedRun));
      }),
  });
}

Deno.test({
  name:
    "train --resume continues a checkpoint of the playground, as if it had trained from the beginning",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const pairs = makePairs("words.tsv");
      await Deno.writeFile(`${folder}/words.tsv`, pairs.bytes);
      const options: PlaygroundOptions = {
        backend: "cpu",
        model: { hiddenSize: 16 },
        training: { epochs: 6 },
      };
      await using played = await playEngine();
      await played.engine.start(pairs, options);
      await played.engine.pause();
      const { name, bytes } = await played.engine.saveCheckpoint();
      await Deno.mkdir(`${folder}/run`);
      await Deno.writeFile(`${folder}/run/${name}`, bytes);
      const args = [
        "train",
        "--resume",
        `--run=${folder}/run`,
        "--backend=cpu",
        `--data=${folder}/words.tsv`,
      ];
      const { code, stderr } = await runCarry(args, { permissions: ["-A"] });
      assertEquals(code, 0, stderr);
      const resumed = await decodeCheckpoint(await Deno.readFile(`${folder}/run/${name}`));
      assert(resumed.progress.step > (await decodeCheckpoint(bytes)).progress.step);
      await played.engine.goOn();
      await played.until(isIn("ended"));
      const { problem, ...rest } = resumed;
      const data = { ...problem.data as object, path: "words.tsv" };
      assertEquals(
        sameIn({ ...rest, problem: { ...problem, data } }),
        sameIn(await readSaved(played.engine)),
      );
    }),
});

Deno.test({
  name: "the playground continues a checkpoint of train, as if it had trained from the beginning",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const { bytes } = makePairs();
      const path = `${folder}/words.tsv`;
      await Deno.writeFile(path, bytes);
      const args = [
        "train",
        `--run=${folder}/run`,
        "--backend=cpu",
        `--data=${path}`,
        "--hidden-size=16",
        "--epochs=3",
      ];
      const first = await runCarry([...args, "--schedule=constant"], { permissions: ["-A"] });
      assertEquals(first.code, 0, first.stderr);
      await using whole = await playEngine();
      const options = {
        backend: "cpu",
        model: { hiddenSize: 16 },
        training: { epochs: 3, schedule: "constant" },
      } as const;
      await whole.engine.start(makePairs(path), options);
      await whole.until(isIn("ended"));
      const saved = await Deno.readFile(`${folder}/run/previous-2.safetensors`);
      await using played = await playEngine();
      await played.engine.openCheckpoint(saved, makePairs(path));
      const { step } = (await readSaved(played.engine)).progress;
      assert(step > 0);
      assertEquals(played.updates.at(-1)?.status.state, "interrupted");
      await played.engine.goOn();
      await played.until(isIn("ended"));
      assertEquals(sameIn(await readSaved(played.engine)), sameIn(await readSaved(whole.engine)));
    }),
});
