import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { canRun } from "../permissions.ts";
import { inFolder, kill, TINY_ARGUMENTS } from "../reliability/carry_process.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const TRAIN = ["train", ...TINY_ARGUMENTS, "--epochs=1"];

interface Ending {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Carry = (
  args: readonly string[],
  onOutput?: (child: Deno.ChildProcess) => void,
) => Promise<Ending>;

/** A test in its own folder. Commands may use ./checkpoints in it, and no other directory. */
function testInFolder(name: string, body: (carry: Carry, folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun || Deno.build.os === "windows",
    fn: () =>
      inFolder((folder) => body((args, onOutput) => runCarry(folder, args, onOutput), folder)),
  });
}

async function runCarry(
  folder: string,
  args: readonly string[],
  onOutput: (child: Deno.ChildProcess) => void = () => {},
): Promise<Ending> {
  const place = `${folder}/checkpoints`;
  const permissions = [`--allow-read=${place}`, `--allow-write=${place}`, "--allow-net=127.0.0.1"];
  const run = ["run", "--no-prompt", "--cached-only", "--no-check", "--config", `${ROOT}deno.json`];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...run, ...permissions, `${ROOT}cli.ts`, ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    onOutput(child);
  }
  return { code: (await child.status).code, stdout, stderr: await stderr };
}

async function makePipe(path: string): Promise<void> {
  await new Deno.Command("mkfifo", { args: [path] }).output();
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

testInFolder(
  "if a link leads out of the permitted directories, nothing is written and the advice is correct",
  async (carry, folder) => {
    const elsewhere = `${folder}/elsewhere`;
    await Deno.mkdir(elsewhere);
    const advice = (place: string, path: string): string =>
      `a link leads to "${path}", which this program may not read and write; start it with --allow-read=${place},${path} --allow-write=${place},${path} instead of -P`;
    await Deno.symlink(elsewhere, `${folder}/checkpoints`);
    const root = await carry(TRAIN);
    assertEquals([root.code, namesIn(elsewhere)], [1, []], root.stdout);
    assertStringIncludes(
      root.stderr,
      `Cannot make a run under "./checkpoints": ${advice("./checkpoints", elsewhere)}`,
    );
    const named = await carry([...TRAIN, "--run=checkpoints/new"]);
    assertEquals([named.code, namesIn(elsewhere)], [1, []]);
    assertStringIncludes(named.stderr, advice("checkpoints/new", `${elsewhere}/new`));
    await Deno.remove(`${folder}/checkpoints`);
    await Deno.mkdir(`${folder}/checkpoints`);
    await Deno.symlink(elsewhere, `${folder}/checkpoints/run-0001`);
    const run = await carry([...TRAIN, "--run=checkpoints/run-0001"]);
    assertEquals([run.code, namesIn(elsewhere)], [1, []]);
    assertStringIncludes(run.stderr, advice("checkpoints/run-0001", elsewhere));
  },
);

testInFolder("a run behind a link is read", async (carry, folder) => {
  await Deno.mkdir(`${folder}/checkpoints`);
  assertEquals((await carry([...TRAIN, "--run=checkpoints/run-0001"])).code, 0);
  await Deno.rename(`${folder}/checkpoints/run-0001`, `${folder}/elsewhere`);
  await Deno.symlink(`${folder}/elsewhere`, `${folder}/checkpoints/run-0001`);
  const before = namesIn(`${folder}/elsewhere`);
  const commands = [
    ["predict", "1+1", "--backend=cpu"],
    ["evaluate", "--backend=cpu"],
    ["export", "--to=page", "checkpoints/run.html"],
    ["plot", "--curves", "--terminal"],
  ];
  for (const command of commands) {
    const { code, stderr } = await carry(command);
    assertEquals([code, stderr], [0, ""], command[0]);
  }
  assertMatch((await carry(["runs"])).stdout, /run-0001 .* 1 of 1 .* no$/m);
  const deleted = await carry(["runs", "delete", "run-0001", "--yes"]);
  assertEquals(deleted.code, 1);
  assertStringIncludes(deleted.stderr, "it is a link");
  const resumed = await carry(["train", "--resume"]);
  assertEquals(resumed.code, 1);
  assertStringIncludes(resumed.stderr, "start it with --allow-read=");
  assertEquals(namesIn(`${folder}/elsewhere`), before);
});

testInFolder(
  "a pipe with the name of the log does not make a command wait",
  async (carry, folder) => {
    const run = `${folder}/checkpoints/run-0001`;
    await Deno.mkdir(`${folder}/checkpoints`);
    assertEquals((await carry([...TRAIN, "--run=checkpoints/run-0001"])).code, 0);
    await Deno.remove(`${run}/events.jsonl`);
    await makePipe(`${run}/events.jsonl`);
    const skipped = /^Skipped .*events\.jsonl: it must be a regular file$/m;

    const exported = await carry(["export", "--to=page", "checkpoints/run.html"]);
    assertEquals(exported.code, 0);
    assertMatch(exported.stderr, skipped);
    const page = await carry(["dashboard"], (child) => kill(child, "SIGINT"));
    assertEquals(page.code, 130);
    assertMatch(page.stderr, skipped);
    assertMatch((await carry(["runs"])).stdout, /run-0001 .* 1 of 1 /);
    for (
      const args of [["train", "--resume"], [...TRAIN, "--overwrite", "--run=checkpoints/run-0001"]]
    ) {
      const { code, stderr } = await carry(args);
      assertEquals(code, 1);
      assertMatch(stderr, /events\.jsonl" must be a file, but is a named pipe; move it away/);
    }
    const deleted = await carry(["runs", "delete", "run-0001", "--yes"]);
    assertEquals(deleted.code, 1);
    assert((await Deno.lstat(`${run}/events.jsonl`)).isFifo);
    assert((await Deno.lstat(`${run}/latest.safetensors`)).isFile);
  },
);

testInFolder("a pipe with the name of a checkpoint is skipped", async (carry, folder) => {
  const run = `${folder}/checkpoints/run-0001`;
  await Deno.mkdir(`${folder}/checkpoints`);
  assertEquals((await carry([...TRAIN, "--run=checkpoints/run-0001"])).code, 0);
  await Deno.remove(`${run}/latest.safetensors`);
  await makePipe(`${run}/latest.safetensors`);
  const { code, stderr } = await carry(["predict", "1+1", "--backend=cpu"]);
  assertEquals(code, 0);
  assertMatch(stderr, /latest\.safetensors.*it must be a file, but is a named pipe/);
});

testInFolder(
  "a training does not write through a link or over a file called lock",
  async (carry, folder) => {
    const run = `${folder}/checkpoints/run`;
    await Deno.mkdir(run, { recursive: true });
    await Deno.writeTextFile(`${folder}/precious`, "mine");
    await Deno.symlink(`${folder}/precious`, `${run}/lock`);
    const linked = await carry([...TRAIN, "--run=checkpoints/run"]);
    assertEquals([linked.code, namesIn(run)], [1, ["lock"]]);
    assertStringIncludes(linked.stderr, "must be the lock of a run, but is a link");
    assertEquals(await Deno.readTextFile(`${folder}/precious`), "mine");
    await Deno.remove(`${run}/lock`);
    await Deno.writeTextFile(`${run}/lock`, "my own lock\n");
    const mine = await carry([...TRAIN, "--run=checkpoints/run"]);
    assertEquals([mine.code, namesIn(run)], [1, ["lock"]]);
    assertEquals(await Deno.readTextFile(`${run}/lock`), "my own lock\n");
  },
);
