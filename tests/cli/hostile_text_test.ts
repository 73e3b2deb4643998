/** Text from a checkpoint, a name, a question or a lock is shown, but a terminal does not obey it. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { canRun } from "../permissions.ts";
import { rehash } from "../reliability/mutation.ts";
import { TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Sets the title of a terminal, clears it, turns the writing direction, and ends a line. */
const ATTACK = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\u202e";
/** Characters that a terminal obeys, except ends of lines. */
// deno-lint-ignore no-control-regex
const OBEYED = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

/** Everything that a command line prints. */
async function runCli(folder: string, args: readonly string[], stdin = ""): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--cached-only", "--config", CONFIG, "-A", CLI, ...args],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin)).catch(() => {}); // it may read nothing
  await writer.close().catch(() => {});
  const { stdout, stderr } = await child.output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/**
 * Saves a run whose symbols are the attack. Nothing writes such a checkpoint: the characters of a good one are replaced by as
 * many bytes, and the hash is made right again.
 */
async function saveHostileRun(path: string): Promise<void> {
  const device = await chooseDevice("cpu");
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model, TINY_OPTIONS);
  const bytes = await encodeCheckpoint(await takeCheckpoint(training, TINY_PROBLEM));
  const found = findBytes(bytes, GOOD_SYMBOLS);
  bytes.set(new TextEncoder().encode(HOSTILE_SYMBOLS), found);
  await Deno.mkdir(path, { recursive: true });
  await Deno.writeFile(`${path}/latest.safetensors`, rehash(bytes));
}

/** Symbols of the source, as JSON in JSON has them. */
const GOOD_SYMBOLS = '7\\",\\"8\\",\\"9';
/** As many bytes; JSON in JSON has two backslashes for one. */
const HOSTILE_SYMBOLS = "\\\\u001b]0;xyz";

/** Finds the first place of a text. */
function findBytes(bytes: Uint8Array, text: string): number {
  const latin1 = new TextDecoder("latin1").decode(bytes);
  assert(latin1.includes(text));
  return latin1.indexOf(text);
}

function testHostile(name: string, body: (folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun || Deno.build.os === "windows",
    async fn(): Promise<void> {
      const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
      try {
        await body(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

testHostile("symbols of a checkpoint are shown, not obeyed", async (folder) => {
  await saveHostileRun(`${folder}/checkpoints/run-0001`);
  const commands = ["predict 2+3", "predict --json 2+3", "evaluate", "summary --json"];
  for (const command of [...commands, "plot", "train --resume --backend cpu"]) {
    const printed = await runCli(folder, command.split(" "));
    assert(printed !== "", command);
    assertEquals(OBEYED.exec(printed), null, `${command}: ${JSON.stringify(printed)}`);
  }
  assertMatch(await runCli(folder, ["predict", "2+3"]), /\\x1b|\\u001b/);
});

testHostile("names, options, questions and locks are shown, not obeyed", async (folder) => {
  const run = `${folder}/${ATTACK}`;
  const tiny = ["--digits=1", "--hidden-size=4", "--epochs=1", "--backend=cpu"];
  const trained = await runCli(folder, ["train", ...tiny, `--run=${run}`]);
  assertStringIncludes(trained, "Saved in ");
  await Deno.writeTextFile(`${run}/latest.safetensors`, ATTACK);
  await Deno.mkdir(`${folder}/locked`);
  await Deno.writeTextFile(`${folder}/locked/lock`, ATTACK);
  using lock = await Deno.open(`${folder}/locked/lock`, { read: true, write: true });
  await lock.lock(true);
  const printed = [
    trained,
    await runCli(folder, [ATTACK]),
    await runCli(folder, ["help", ATTACK]),
    await runCli(folder, ["train", `--${ATTACK}`]),
    await runCli(folder, ["train", `--cell=${ATTACK}`]),
    await runCli(folder, ["train", ATTACK]),
    await runCli(folder, ["train", ...tiny, `--run=${folder}/locked`]),
    await runCli(folder, ["predict", `--run=${run}`, ATTACK]),
    await runCli(folder, ["predict", `--run=${run}`], `${ATTACK}\n1+${ATTACK}1\n`),
    await runCli(folder, ["evaluate", `--run=${folder}/none${ATTACK}`]),
    await runCli(folder, ["plot", "--curves", "--terminal", run]),
    await runCli(folder, ["generate", `--output=${folder}/none/${ATTACK}`]),
    await runCli(folder, ["summary", `--cell=${ATTACK}`]),
  ];
  for (const text of printed) {
    assert(text !== "");
    assertEquals(OBEYED.exec(text), null, JSON.stringify(text));
  }
});

testHostile("an error that was not caught gives one line and exit code 1", async (folder) => {
  const main = new URL("../../src/cli/main.ts", import.meta.url);
  const throws = [
    `setTimeout(() => { throw new Error(${JSON.stringify(ATTACK)}); })`,
    `Promise.reject(new Error(${JSON.stringify(ATTACK)}))`,
  ];
  for (const [i, body] of throws.entries()) {
    const script = `${folder}/${i}.ts`;
    await Deno.writeTextFile(
      script,
      `import { reportUncaughtErrors } from "${main}";\nreportUncaughtErrors();\n${body};\n`,
    );
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--cached-only", "--config", CONFIG, "-A", script],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(
      [code, new TextDecoder().decode(stderr)],
      [1, "\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\r\\u202e\n"],
    );
  }
});
