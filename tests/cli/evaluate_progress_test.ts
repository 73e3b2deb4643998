import { assertEquals, assertStringIncludes } from "@std/assert";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { resolveAddition } from "../../src/problem/addition.ts";
import { canRun } from "../permissions.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { layOutTexts } from "../tiny_training.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

Deno.test({
  name: "evaluate shows its progress with a checkpoint of 50 million questions, and ends at Ctrl-C",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      const checkpoint = markCheckpoint(0);
      const large = {
        ...checkpoint,
        problem: resolveAddition({ digits: 4, examples: 50_005_000 }),
        model: { ...checkpoint.model, ...layOutTexts(9, 5) },
      };
      await Deno.writeFile(`${folder}/latest.safetensors`, await encodeCheckpoint(large));
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", CLI, "evaluate", `--run=${folder}`],
        ...{ stdin: "null", stdout: "null", stderr: "piped" },
      }).spawn();
      let shown = "";
      for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
        shown += chunk;
        if (/^[^\n]*\n$/.test(shown)) child.kill("SIGINT");
      }
      assertStringIncludes(shown, "Generating questions");
      assertStringIncludes(shown, "/50005000");
      assertEquals(shown.trimEnd().split("\n").at(-1), "Interrupted");
      assertEquals((await child.status).code, 130);
    }),
});
