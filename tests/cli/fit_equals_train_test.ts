import { assertEquals } from "@std/assert";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { chooseDevice } from "../../src/device/choose.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import type { Example } from "../../src/problem/example.ts";
import { fit } from "../../src/training/fit.ts";
import { canRun } from "../permissions.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Plurals of made-up words, some of them twice. */
const PAIRS: readonly Example[] = Array.from({ length: 300 }, (_, i) => {
  const question = `${"bdfgk"[i % 5]}${"aeiouä"[i % 6]}${"lmnrst"[i % 41 % 6]}${
    i % 7 < 2 ? "y" : ""
  }`;
  return {
    question,
    answer: question.endsWith("y") ? `${question.slice(0, -1)}ies` : `${question}s`,
  };
});

Deno.test({
  name: "fit() gives the model that train --data gives of a file with the same pairs, bit for bit",
  ignore: !canRun,
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      const lines = PAIRS.map(({ question, answer }) => `${question}\t${answer}\n`);
      await Deno.writeTextFile(`${folder}/pairs.tsv`, lines.join(""));
      const options = ["--hidden-size=8", "--epochs=3", "--seed=7", "--normalize=nfd"];
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--cached-only", "--config", CONFIG, CLI, "train", "--data=pairs.tsv"]
          .concat("--backend=cpu", "--run=run", options),
        cwd: folder,
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      const { checkpoint } = await readRun(`${folder}/run`);
      using fitted = await fit(PAIRS, {
        ...{ hiddenSize: 8, epochs: 3, seed: 7, normalize: "NFD" },
        device: await chooseDevice("cpu"),
      });
      const { model, training, evaluation } = fitted;
      assertEquals(model.config, checkpoint.model);
      assertEquals(training.options, checkpoint.training);
      assertEquals(await readParameters(model), [...checkpoint.parameters]);
      assertEquals(evaluation.exactMatch, checkpoint.progress.history.at(-1)!.exactMatch);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
