import { assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import {
  type EnsembleState,
  memberPath,
  readEnsemble,
} from "../../src/checkpoint/ensemble_file.ts";
import { listMembers } from "../../src/checkpoint/ensemble_members.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { holdsRun } from "../../src/checkpoint/run_directory.ts";
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

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const canFillDisk = canRun && await canMount();

function test(name: string, body: (run: string, folder: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () => inFolder((folder) => body(`${folder}/run`, folder)),
  });
}

function train(run: string, args: readonly string[], options?: StartOptions): Promise<Ending> {
  return runCarry(["train", ...TINY_ARGUMENTS, "--json", `--run=${run}`, ...args], options);
}

async function trainWell(run: string, ...args: readonly string[]): Promise<Ending> {
  const ending = await train(run, args);
  assertEquals(ending.code, 0, ending.stderr);
  return ending;
}

/** What a training has learned, without times. */
async function readLearned(run: string): Promise<unknown> {
  const { checkpoint: { runId: _runId, progress: { history, elapsedMs: _ms, ...at }, ...state } } =
    await readRun(run);
  return { ...state, ...at, history: history.map(({ elapsedMs: _ms, ...figures }) => figures) };
}

async function readMembers(run: string): Promise<unknown[]> {
  const state = await readEnsemble(run) as EnsembleState;
  const members = await listMembers(run, state);
  return await Promise.all(members.map(({ path }) => readLearned(path)));
}

test(
  "train --ensemble trains models that are equal to single ones of consecutive seeds, on the same examples",
  async (run, folder) => {
    const ending = await trainWell(run, "--ensemble=2", "--seed=5", "--epochs=2");
    const starts = ending.lines.map((line) => JSON.parse(line)).filter(({ event }) =>
      event === "start"
    );
    assertEquals(
      starts.map(({ run: path, member, members, problem, training }) => ({
        ...{ path, member, members, seeds: [problem.seed, training.seed] },
      })),
      [
        { path: `${run}/member-1`, member: 1, members: 2, seeds: [5, 5] },
        { path: `${run}/member-2`, member: 2, members: 2, seeds: [5, 6] },
      ],
    );
    const [first, second] = await readMembers(run);
    await trainWell(`${folder}/alone`, "--seed=5", "--epochs=2");
    assertEquals(first, await readLearned(`${folder}/alone`));
    assertNotEquals(second, first);
  },
);

/** Ends a training when a model has reported an epoch. */
function endAfter(member: number, epoch: number, signal: Deno.Signal): StartOptions {
  return {
    onLine(line, child): void {
      const event = JSON.parse(line);
      if (event.event === "epoch" && event.member === member && event.epoch === epoch) {
        kill(child, signal);
      }
    },
  };
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  test(
    `an ensemble that ${signal} ends in its second model continues to the same models bit for bit`,
    async (run, folder) => {
      const args = ["--ensemble=3", "--epochs=150"]; // so many that the signal comes before they are done
      await trainWell(`${folder}/whole`, ...args);
      const ended = await train(run, args, endAfter(2, 2, signal));
      assertEquals(ended.code, signal === "SIGINT" ? 130 : 137);
      const resumed = await runCarry([
        "train",
        "--resume",
        "--json",
        `--run=${run}`,
        "--backend=cpu",
      ]);
      assertEquals(resumed.code, 0, resumed.stderr);
      const members = resumed.lines.map((line) => JSON.parse(line).member);
      assertEquals([members[0], members.at(-1)], [2, 3]);
      assertEquals(await readMembers(run), await readMembers(`${folder}/whole`));
    },
  );
}

test(
  "an ensemble that is killed between two models continues with the next",
  async (run, folder) => {
    const args = ["--ensemble=2", "--epochs=1"];
    await trainWell(`${folder}/whole`, ...args);
    await train(run, args, {
      onLine: (line, child) => JSON.parse(line).event === "end" ? kill(child) : undefined,
    });
    const again = await runCarry(["train", "--resume", "--json", `--run=${run}`, "--backend=cpu"]);
    assertEquals(again.code, 0, again.stderr);
    assertEquals(await readMembers(run), await readMembers(`${folder}/whole`));
    const complete = await runCarry(["train", "--resume", `--run=${run}`, "--backend=cpu"]);
    assertEquals(complete.code, 0);
    assertStringIncludes(complete.lines.join(" "), "is complete");
  },
);

test(
  "an ensemble whose first checkpoint was not saved any more begins when it is resumed",
  async (run, folder) => {
    const args = ["--ensemble=2", "--epochs=1"];
    await trainWell(`${folder}/whole`, ...args);
    await Deno.mkdir(run);
    await Deno.copyFile(`${folder}/whole/ensemble.json`, `${run}/ensemble.json`);
    const { code, stderr } = await runCarry(["train", "--resume", `--run=${run}`, "--backend=cpu"]);
    assertEquals(code, 0, stderr);
    assertEquals(await readMembers(run), await readMembers(`${folder}/whole`));
  },
);

test(
  "a complete ensemble with a constant learning rate is trained longer, every model of it",
  async (run, folder) => {
    const args = ["--ensemble=2", "--schedule=constant"];
    await trainWell(`${folder}/whole`, ...args, "--epochs=3");
    await trainWell(run, ...args, "--epochs=2");
    const resume = ["train", "--resume", `--run=${run}`, "--backend=cpu"];
    const refused = await runCarry([...resume, "--hidden-size=9"]);
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.stderr, "Cannot resume with another --hidden-size");
    assertEquals((await runCarry([...resume, "--epochs=3"])).code, 0);
    assertEquals((await readEnsemble(run))?.training.epochs, 3);
    assertEquals(await readMembers(run), await readMembers(`${folder}/whole`));
  },
);

test("train --overwrite replaces a run by an ensemble, a smaller ensemble by a larger, and an ensemble by a run", async (run) => {
  await trainWell(run, "--epochs=1");
  await trainWell(run, "--epochs=1", "--ensemble=3", "--overwrite");
  assertEquals(await listNames(run), ["ensemble.json", "member-1", "member-2", "member-3"]);
  const before = await readEnsemble(run);
  await trainWell(run, "--epochs=1", "--ensemble=2", "--overwrite", "--seed=3");
  assertEquals(await listNames(run), ["ensemble.json", "member-1", "member-2"]);
  assertNotEquals((await readEnsemble(run))?.id, before?.id);
  assertEquals((await readMembers(run)).length, 2);
  await trainWell(run, "--epochs=1", "--overwrite");
  assertEquals(await holdsRun(memberPath(run, 1)), false);
  assertEquals((await readRun(run)).checkpoint.progress.history.length, 1);
});

async function listNames(path: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
  return names.filter((name) => name !== "lock").sort();
}

test("a second process is refused while an ensemble is trained", async (run) => {
  let second: Promise<Ending> | undefined;
  let third: Promise<Ending> | undefined;
  await train(run, ["--ensemble=2", "--epochs=500"], {
    onLine(line, child): void {
      if (second !== undefined || JSON.parse(line).event !== "epoch") return;
      second = runCarry(["train", "--resume", `--run=${run}`]);
      third = train(run, ["--ensemble=2", "--overwrite"]);
      Promise.allSettled([second, third]).then(() => kill(child, "SIGINT"));
    },
  });
  for (const refused of [await second!, await third!]) {
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr, /it is in use by the process \d+/);
  }
});

test("an ensemble is refused where it cannot be trained, and nothing is written", async (run) => {
  const refused: readonly (readonly [args: string[], reason: RegExp])[] = [
    [["--ensemble=1"], /must be an integer from 2 to 100/],
    [["--ensemble=2.5"], /must be an integer from 2 to 100/],
    [["--ensemble=2", "--resume"], /keeps the number of models/],
    [["--ensemble=2", "--dashboard"], /run the command dashboard beside the training/],
  ];
  for (const [args, reason] of refused) {
    const { code, stderr } = await train(run, args);
    assertEquals(code, 2, stderr);
    assertMatch(stderr, reason);
    assertEquals(await holdsRun(run), false);
  }
});

test("a model of an ensemble is not resumed or overwritten alone", async (run) => {
  await trainWell(run, "--ensemble=2", "--epochs=1");
  for (const flag of ["--resume", "--overwrite"]) {
    const { code, stderr } = await runCarry(["train", flag, `--run=${run}/member-2`], {
      permissions: [`--allow-read=${run}`, `--allow-write=${run}`],
    });
    assertEquals(code, 2);
    assertMatch(stderr, /it is a model of the ensemble ".*run"; name the ensemble/);
  }
});

test("a run whose ensemble.json was changed is refused, with the reason", async (run) => {
  await trainWell(run, "--ensemble=2", "--epochs=1");
  const file = `${run}/ensemble.json`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace('"models":2', '"models":3'));
  const { code, stderr } = await runCarry(["train", "--resume", `--run=${run}`]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "its content must have the SHA-256 that it names");
});

Deno.test({
  name: "an ensemble that is to be replaced on a full disk is unchanged",
  ignore: !canFillDisk,
  fn: () =>
    inFolder(async (folder) => {
      const run = `${folder}/run`;
      await trainWell(run, "--ensemble=2", "--epochs=2");
      const before = await readMembers(run);
      const disk = `${folder}/disk`;
      await Deno.mkdir(disk);
      const script = `mount -t tmpfs -o size=1m none ${disk} && cp -r ${run} ${disk}/run &&
        { cat /dev/zero > ${disk}/filler; truncate -s -4096 ${disk}/filler; "$@"; code=$?; } 2>&1
        rm -r ${run}; cp -r ${disk}/run ${run}; exit $code`;
      const { code, stdout } = await runMounted(script, [
        ...[Deno.execPath(), "run", "-A", "--no-check", "--cached-only", "--config", CONFIG, CLI],
        ...["train", ...TINY_ARGUMENTS, "--overwrite", "--ensemble=2", `--run=${disk}/run`],
      ]);
      const printed = new TextDecoder().decode(stdout);
      assertEquals([code, await readMembers(run)], [1, before], printed);
      assertMatch(printed, /Cannot save a checkpoint .*[Nn]o space left/);
    }),
});
