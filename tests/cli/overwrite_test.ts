import { assertEquals, assertMatch } from "@std/assert";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { canRun } from "../permissions.ts";
import {
  type Ending,
  inFolder,
  kill,
  runCarry,
  type StartOptions,
  TINY_ARGUMENTS,
} from "../reliability/carry_process.ts";
import { canMount, runMounted } from "../reliability/mounted.ts";
import { hasPseudoTerminals, runInTerminal } from "./driven_terminal.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** Options of a new training that takes a moment to prepare. */
const LARGER = ["train", "--overwrite", "--digits=4", "--examples=2000000", "--backend=cpu"];
const canFillDisk = canRun && await canMount();
const canOpenTerminal = canRun && await hasPseudoTerminals();

/** A test with a run that was trained. */
function testRun(
  name: string,
  ignore: boolean,
  body: (run: string, folder: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        const run = `${folder}/run`;
        const { code, stderr } = await train(["--epochs=4", `--run=${run}`]);
        assertEquals(code, 0, stderr);
        await body(run, folder);
      }),
  });
}

function train(args: readonly string[], options: StartOptions = {}): Promise<Ending> {
  return runCarry(["train", ...TINY_ARGUMENTS, ...args], options);
}

/** The files of a run with their contents. Files that belong to no run are left out. */
async function readFiles(run: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir(run)) {
    if (name !== "lock") files.set(name, (await Deno.readFile(`${run}/${name}`)).toHex());
  }
  return files;
}

testRun(
  "train --overwrite does not change the run if it has no permission for its page",
  !canRun,
  async (run) => {
    const before = await readFiles(run);
    const args = ["--overwrite", `--run=${run}`, "--dashboard", "--port=0"];
    const { code, stderr } = await train(args);
    assertEquals([code, await readFiles(run)], [1, before]);
    assertMatch(stderr, /needs --allow-net/);
  },
);

testRun(
  "train --overwrite does not change the run if the port of its page is in use",
  !canRun,
  async (run) => {
    const before = await readFiles(run);
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const permissions = ["--allow-net=127.0.0.1", `--allow-read=${run}`, `--allow-write=${run}`];
    const args = ["--overwrite", `--run=${run}`, "--dashboard", `--port=${taken.addr.port}`];
    const { code, stderr } = await train(args, { permissions });
    assertEquals([code, await readFiles(run)], [1, before]);
    assertMatch(stderr, /at port \d+: another program uses it/);
  },
);

testRun(
  "train --overwrite does not change the run if its options are wrong",
  !canRun,
  async (run) => {
    const before = await readFiles(run);
    for (const wrong of ["--examples=5", "--epochs=0", "--port=4750", "--checkpoint-every=x"]) {
      const { code } = await train(["--overwrite", `--run=${run}`, wrong]);
      assertEquals([code, await readFiles(run)], [2, before], wrong);
    }
  },
);

testRun(
  "Ctrl-C while questions are generated does not change the run to overwrite, and a message says so",
  !canOpenTerminal,
  async (run, folder) => {
    const before = await readFiles(run);
    const command = [Deno.execPath(), "run", "-A", "--no-check", "--cached-only"];
    const { code, output } = await runInTerminal(
      [...command, "--config", CONFIG, CLI, ...LARGER, "--run", run],
      { cwd: folder, steps: [{ when: "Generating questions", type: "\x03" }] },
    );
    assertEquals([code, await readFiles(run)], [130, before], output);
    assertMatch(output, /Interrupted before the training: the run ".*\/run" is unchanged\r\n$/);
    assertEquals(/saved/i.test(output), false, output);
  },
);

testRun(
  "train --overwrite that is killed while questions are generated does not change the run",
  !canOpenTerminal,
  async (run, folder) => {
    const before = await readFiles(run);
    const script = `"$@" & pid=$!; read line; kill -9 $pid; wait $pid`;
    const command = [Deno.execPath(), "run", "-A", "--no-check", "--cached-only"];
    const { code } = await runInTerminal(
      ["sh", "-c", script, "sh", ...command, "--config", CONFIG, CLI, ...LARGER, "--run", run],
      { cwd: folder, steps: [{ when: "Generating questions", type: "\n" }] },
    );
    assertEquals([code, await readFiles(run)], [137, before]);
  },
);

testRun(
  "train --overwrite that is killed as it begins leaves one whole run",
  !canRun,
  async (run) => {
    const { runId } = (await readRun(run)).checkpoint;
    const args = ["--overwrite", "--epochs=500", "--json", "--log-every=1", `--run=${run}`];
    const { code, stderr } = await train(args, {
      onLine: (line, child) => line.includes('"event":"start"') && kill(child),
    });
    assertEquals(code, 137, stderr);
    const { checkpoint, skipped } = await readRun(run);
    assertEquals(skipped, []);
    assertEquals(checkpoint.runId === runId, false);
    let stopped = false;
    const resumed = await runCarry(
      ["train", "--resume", `--run=${run}`, "--json", "--log-every=1"],
      {
        onLine(line, child): void {
          if (stopped || !line.includes('"event":"step"')) return;
          stopped = true; // a second signal ends the process at once
          kill(child, "SIGTERM");
        },
      },
    );
    assertEquals(resumed.code, 143, resumed.stderr);
    const log = (await Deno.readTextFile(`${run}/events.jsonl`)).trimEnd().split("\n");
    assertEquals(JSON.parse(log[0]!).runId, checkpoint.runId);
  },
);

testRun(
  "train --overwrite on a full disk does not change the run",
  !canFillDisk,
  async (run, folder) => {
    const before = await readFiles(run);
    const disk = `${folder}/disk`;
    await Deno.mkdir(disk);
    // Room for one page: the lock is rewritten, and a checkpoint finds none.
    const script = `mount -t tmpfs -o size=1m none ${disk} && cp -r ${run} ${disk}/run &&
      { cat /dev/zero > ${disk}/filler; truncate -s -4096 ${disk}/filler; "$@"; code=$?; } 2>&1
      rm -r ${run}; cp -r ${disk}/run ${run}; exit $code`;
    const command = [Deno.execPath(), "run", "-A", "--no-check", "--cached-only"];
    const args = ["train", ...TINY_ARGUMENTS, "--overwrite", `--run=${disk}/run`];
    const { code, stdout } = await runMounted(script, [
      ...command,
      "--config",
      CONFIG,
      CLI,
      ...args,
    ]);
    assertEquals([code, await readFiles(run)], [1, before], new TextDecoder().decode(stdout));
    assertMatch(new TextDecoder().decode(stdout), /Cannot save a checkpoint .*[Nn]o space left/);
  },
);

testRun(
  "train --resume that cannot serve its page does not change the run or its log",
  !canRun,
  async (run) => {
    const stopped = await train(
      [
        "--overwrite",
        "--epochs=500",
        "--checkpoint-every=0",
        "--json",
        "--log-every=1",
        `--run=${run}`,
      ],
      { onLine: (line, child) => line.includes('"step":12,') && kill(child) },
    );
    assertEquals(stopped.code, 137);
    await Deno.writeTextFile(`${run}/events.jsonl`, '{"not an event', { append: true }); // as after a kill
    const before = await readFiles(run);
    const args = ["train", "--resume", `--run=${run}`, "--dashboard", "--port=0"];
    const { code, stderr } = await runCarry(args);
    assertEquals([code, await readFiles(run)], [1, before]);
    assertMatch(stderr, /needs --allow-net/);
  },
);

Deno.test({
  name: "a new run that cannot begin leaves nothing, not even its directory",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      await Deno.writeTextFile(`${folder}/file`, "");
      const run = `${folder}/runs/of/mine`;
      const permissions = [`--allow-read=${folder}`, `--allow-write=${folder}`];
      const page = ["--dashboard", `--port=${taken.addr.port}`];
      const attempts: [number, string[], string[], RegExp][] = [
        [1, permissions, [`--run=${run}`, ...page], /needs --allow-net/],
        [1, [...permissions, "--allow-net"], [`--run=${run}`, ...page], /another program uses it/],
        [1, [`--allow-read=${folder}`], [`--run=${run}`], /needs --allow-write/],
        [1, [`--allow-write=${folder}`], [`--run=${run}`], /needs --allow-read/],
        [2, permissions, [`--run=${folder}/file/run`], /must be a directory, but ".*file" is/],
        [2, permissions, [`--run=${run}`, "--examples=9"], /at least 10 are needed/],
        [2, permissions, [`--run=${run}`, "--hidden-size=8192"], /a hiddenSize of at most \d+/],
      ];
      for (const [expected, flags, args, message] of attempts) {
        const settings = [...TINY_ARGUMENTS, ...args];
        const { code, stderr } = await runCarry(["train", ...settings], { permissions: flags });
        assertEquals(code, expected, stderr);
        assertMatch(stderr, message);
        const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
        assertEquals(names, ["file"], args.join(" "));
      }
    }),
});

Deno.test({
  name: "a new run without room for its first checkpoint is removed",
  ignore: !canFillDisk,
  fn: () =>
    inFolder(async (folder) => {
      const script = `mount -t tmpfs -o size=16k none ${folder} && { "$@"; code=$?; } 2>&1
        ls -A ${folder}; exit $code`;
      const command = [Deno.execPath(), "run", "-A", "--no-check", "--cached-only"];
      const page = ["--dashboard", "--port=0"]; // its token is there before the checkpoint
      const args = ["train", ...TINY_ARGUMENTS, ...page, `--run=${folder}/runs/one`];
      const { code, stdout } = await runMounted(script, [
        ...[...command, "--config", CONFIG, CLI],
        ...args,
      ]);
      assertEquals(code, 1);
      assertMatch(
        new TextDecoder().decode(stdout),
        /^Cannot save a checkpoint .*[Nn]o space left.*\n$/,
      );
    }),
});
