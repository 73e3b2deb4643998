import { assert, assertEquals } from "@std/assert";
import { countColumns } from "../../src/evaluation/columns.ts";
import { describeCommand, describeProgram } from "../../src/cli/help.ts";
import { COMMANDS } from "../../src/cli/main.ts";
import { parseOptions } from "../../src/cli/options.ts";
import { PREDICT_COMMAND } from "../../src/cli/predict_command.ts";
import { TRAIN_COMMAND } from "../../src/cli/train_command.ts";

const ENTRY = {
  name: "train",
  summary: "train a model",
  load: () => Promise.resolve(TRAIN_COMMAND),
};

Deno.test("the description and the usage of a command keep to the width of the terminal", () => {
  const entry = { ...ENTRY, summary: "train a model, and save it as a run that can be resumed" };
  for (const columns of [79, 39, 19]) {
    const help = describeCommand(entry, TRAIN_COMMAND, { columns, program: "deno run -A cli.ts" });
    for (const line of help.slice(0, help.indexOf("Options:")).split("\n")) {
      assert(countColumns(line) <= columns, `${columns}: ${line}`);
    }
  }
});

Deno.test("the descriptions of options keep to the width of the terminal", () => {
  for (const columns of [199, 79, 59, 39, 19]) {
    const help = describeCommand(ENTRY, TRAIN_COMMAND, { columns, program: "carry" });
    const options = help.slice(help.indexOf("Options:"), help.indexOf("Examples:")).split("\n");
    for (const line of options) {
      const isName = /^ {2}-/.test(line);
      assert(isName || countColumns(line) <= columns, `${columns}: ${line}`);
    }
  }
});

Deno.test("a description is below its option if there is no room beside it", () => {
  const help = describeCommand(ENTRY, TRAIN_COMMAND, { columns: 39, program: "carry" });
  assert(
    help.includes(
      "\n  --hidden-size N\n      size of the hidden state, 1 to\n      8192 (default 128; for pairs by\n      their number)\n",
    ),
    help,
  );
});

Deno.test("every example of a command can be typed as it is shown", () => {
  const entry = { ...ENTRY, name: "predict" };
  const help = describeCommand(entry, PREDICT_COMMAND, { columns: Infinity, program: "deno x" });
  const examples = help.slice(help.indexOf("Examples:\n") + 10).split("\n");
  assertEquals(
    examples[1],
    "  deno x generate --examples 10 --digits 2 | cut -f1 | deno x predict --json",
  );
});

Deno.test("the options of a command stand in groups, each with its heading, all beside one margin", () => {
  const help = describeCommand(ENTRY, TRAIN_COMMAND, { columns: 79, program: "carry" });
  const headings = help.split("\n").filter((line) => /^[A-Z].*:$/.test(line));
  assertEquals(headings, [
    "Options:",
    "Problem options:",
    "Pairs options:",
    "Model options:",
    "Training options:",
    "Device options:",
    "Examples:",
  ]);
  const margins = help.split("\n").flatMap((line) =>
    /^ {2}(--\S+( \S+)?) {2,}/.exec(line)?.[0].length ?? []
  );
  assertEquals(new Set(margins).size, 1);
  assert(help.includes("\n  -h, --help  "), help);
});

/** Gives the help of every command. `tensorboard --logdir` is another program. */
async function describeAll(): Promise<{ name: string; options: string; examples: string }[]> {
  return await Promise.all(COMMANDS.map(async (entry) => {
    const help = describeCommand(entry, await entry.load(), {
      columns: Infinity,
      program: "carry",
    });
    const [options, examples] = help.replace("tensorboard --logdir", "").split("Examples:\n");
    return { name: entry.name, options: options!, examples: examples! };
  }));
}

Deno.test("every option that the help of a command mentions is listed there", async () => {
  for (const { name, options } of await describeAll()) {
    const names = [...options.matchAll(/^ {2}(.*?)(?: {2}|$)/gm)].map(([, listed]) => listed!);
    const listed = names.join(" ").match(/--[a-z][\w-]*/g)!;
    const mentioned = options.match(/--[a-z][\w-]*/g)!;
    assertEquals(mentioned.filter((each) => !listed.includes(each)), [], name);
  }
});

Deno.test("every example in a help text has options that its command knows", async () => {
  for (const { examples } of await describeAll()) {
    for (const [, words] of examples.matchAll(/(?:^ {2}|\| )carry (\S.*?)(?= {3}\(| \||$)/gm)) {
      const [name, ...args] = words!.match(/"[^"]*"|\S+/g)!;
      const command = await COMMANDS.find((each) => each.name === name)!.load();
      parseOptions(args, command.options);
    }
  }
});

Deno.test("the help of the program does not say that every model adds", () => {
  const help = describeProgram([ENTRY], { columns: Infinity, program: "deno x" });
  assert(!/\badd\b/.test(help), help);
});
