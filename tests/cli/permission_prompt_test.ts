import { assert, assertEquals, assertMatch } from "@std/assert";
import { canRun } from "../permissions.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { hasPseudoTerminals, runInTerminal, type TerminalEnding } from "./driven_terminal.ts";
import { linkProject } from "./link_project.ts";

/** A model that is trained in seconds on several threads. */
const TINY = ["--digits=1", "--hidden-size=8", "--batch-size=8", "--epochs=1"];
const RUN = [Deno.execPath(), "run", "--no-check", "--cached-only"];
const canOpenTerminal = canRun && await hasPseudoTerminals();

/** A program that imports and trains, with calls large enough for threads. */
const LIBRARY_PROGRAM = `
import { createAddition } from "./addition.ts";
import { decodeCheckpoint, encodeCheckpoint, takeCheckpoint } from "./checkpoint.ts";
import { assess, createModel, fit, predict } from "./mod.ts";
import { readParameters } from "./parts.ts";
import { drawCurves, drawModel } from "./plot.ts";

const pairs = [...createAddition({ digits: 2, examples: 640 }).generated.examples()];
using fitted = await fit(pairs, { hiddenSize: 64, epochs: 1 });
const { model, history, training, problem } = fitted;
const bytes = await encodeCheckpoint(await takeCheckpoint(training, problem));
const { parameters } = await decodeCheckpoint(bytes);
using loaded = await createModel(model.config, { parameters, device: model.device });
console.log((await predict(loaded, ["12+34"])).length, (await assess(loaded, fitted.validation)).examples);
console.log((await readParameters(loaded)).length, drawModel(model.config).length > 0, drawCurves([{ name: "a", history }]).length > 0);
`;

Deno.test({
  name: "no command asks for a permission that its documented set lacks, on a terminal",
  ignore: !canOpenTerminal,
  fn: () =>
    inFolder(async (folder) => {
      const project = await linkProject(folder);
      const carry = async (
        flags: readonly string[],
        args: readonly string[],
        steps: Parameters<typeof runInTerminal>[1]["steps"] = [],
      ): Promise<TerminalEnding> => {
        const ending = await runInTerminal([...RUN, ...flags, "cli.ts", ...args], {
          cwd: project,
          steps,
        });
        assert(!ending.output.includes("Deno requests"), `${args[0]}: ${ending.output}`);
        return ending;
      };
      const done = [
        [["-P=train"], ["train", ...TINY]],
        [["-P=train"], ["train", "--resume"]],
        [["-P=train"], ["predict", "3+4"]],
        [["-P=train"], ["evaluate"]],
        [["-P=train"], ["plot"]],
        [["-P=train"], ["plot", "--curves"]],
        [["-P=train"], ["export", "--to=page", "checkpoints/run-0001/run.html"]],
        [[], ["generate", "--digits=1"]],
        [["-P=train"], ["generate", "--digits=1", "--output=checkpoints/pairs.tsv"]],
        [[], ["summary"]],
        [[], ["info"]],
        [[], ["train", "--help"]],
      ] as const;
      for (const [flags, args] of done) {
        const { code, output } = await carry(flags, args);
        assertEquals(code, 0, `${args}: ${output}`);
      }
      for (const args of [["serve", "--port=0"], ["dashboard", "--port=0"]]) {
        const { code } = await carry(["-P=dashboard"], args, [{ when: "Ctrl-C", type: "\x03" }]);
        assertEquals(code, 130, args[0]);
      }
      const played = await carry(["-P=playground"], ["playground", "--port=0"], [
        { when: "Ctrl-C", type: "\x03" },
      ]);
      assertEquals(played.code, 130, played.output);
      const watched = ["train", ...TINY, "--dashboard", "--port=0"];
      const { code } = await carry(["-P=dashboard"], watched, [
        { when: "still served.*Ctrl-C", type: "\x03" },
      ]);
      assertEquals(code, 0);
    }),
});

Deno.test({
  name: "a program that imports the library and trains asks for no permission, on a terminal",
  ignore: !canOpenTerminal,
  fn: () =>
    inFolder(async (folder) => {
      const project = await linkProject(folder);
      await Deno.writeTextFile(`${project}/program.ts`, LIBRARY_PROGRAM);
      const { code, output } = await runInTerminal([...RUN, "program.ts"], { cwd: project });
      assertEquals(code, 0, output);
      assertMatch(output, /(^|\n)1 64\r\n22 true true\r\n$/);
    }),
});
