import { hasPython, PYTHON } from "../interop/python.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import type { Checkpoint } from "../../src/checkpoint/checkpoint.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { loadModel } from "../../src/checkpoint/load_model.ts";
import {
  createNumberedRun,
  findNewestRun,
  holdsRun,
  openRun,
} from "../../src/checkpoint/run_directory.ts";
import { newTemporaryPath } from "../../src/checkpoint/files.ts";
import { readCheckpointFile, readRun } from "../../src/checkpoint/read_run.ts";
import { clearRun, saveToRun } from "../../src/checkpoint/run_files.ts";
import { createModel } from "../../src/model/create_model.ts";
import { readParameters } from "../../src/model/model_parameters.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { canRun, canUseFiles } from "../permissions.ts";
import { createFaultyFileSystem } from "../reliability/faulty_file_system.ts";
import { SIMULATED_RUN } from "../reliability/life_of_a_run.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";
import { createSimulatedDisk } from "../reliability/simulated_disk.ts";
import { TINY_MODEL, TINY_PROBLEM } from "../tiny_training.ts";

const device = await chooseDevice("cpu");

/** A test with a folder of its own. */
function testInFolder(name: string, body: (folder: string) => Promise<void>, ignore = false): void {
  Deno.test({
    name,
    ignore: ignore || !canUseFiles,
    async fn(): Promise<void> {
      const folder = await Deno.makeTempDir({ prefix: "carry-" });
      try {
        await body(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function makeCheckpoint(step: number): Promise<Checkpoint> {
  using model = await createModel(TINY_MODEL, { device, seed: step });
  using training = createTraining(model);
  const checkpoint = await takeCheckpoint(training, TINY_PROBLEM);
  return { ...checkpoint, progress: { ...checkpoint.progress, step, batch: step } };
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

testInFolder(
  "saveToRun() keeps the previous checkpoint, the best one, and the log",
  async (folder) => {
    using run = await openRun(`${folder}/run`);
    await saveToRun(run, await makeCheckpoint(1));
    await saveToRun(run, await makeCheckpoint(2), { best: true });
    await saveToRun(run, await makeCheckpoint(3));
    assertEquals(namesIn(run.path), [
      "best.safetensors",
      "latest.safetensors",
      "lock",
      "metrics.jsonl",
      "previous-2.safetensors",
      "previous.safetensors",
    ]);
    assertEquals((await readRun(run.path)).checkpoint.progress.step, 3);
    assertEquals((await readRun(run.path, "best")).checkpoint.progress.step, 2);
  },
);

testInFolder("readRun() falls back to the previous checkpoint and says why", async (folder) => {
  using run = await openRun(`${folder}/run`);
  await saveToRun(run, await makeCheckpoint(1));
  const latest = await saveToRun(run, await makeCheckpoint(2));
  const bytes = await Deno.readFile(latest);
  bytes[bytes.length - 1]! ^= 1;
  await Deno.writeFile(latest, bytes);
  const damaged = await readRun(run.path);
  assertEquals(damaged.checkpoint.progress.step, 1);
  assert(damaged.skipped[0]!.startsWith(`${latest}: `) && /damaged/.test(damaged.skipped[0]!));
  await Deno.remove(latest);
  assert(/does not exist/.test((await readRun(run.path)).skipped[0]!));
});

testInFolder("readRun() says in one sentence that there is no run", async (folder) => {
  for (const path of [folder, `${folder}/none`]) {
    await assertRejects(
      () => readRun(path),
      Error,
      `Cannot read a checkpoint of the run "${path}": the directory contains no run`,
    );
  }
});

testInFolder("readRun() names every file that it could not read", async (folder) => {
  await Deno.writeTextFile(`${folder}/previous.safetensors`, "no checkpoint");
  const error = await assertRejects(() => readRun(folder), Error);
  assert(/latest\.safetensors.*previous\.safetensors/.test(error.message), error.message);
});

testInFolder(
  "saveToRun() that fails leaves the earlier checkpoints, and no temporary file",
  async (folder) => {
    using run = await openRun(`${folder}/run`);
    await saveToRun(run, await makeCheckpoint(1));
    await Deno.mkdir(`${run.path}/best.safetensors`); // no file can have its name
    await assertRejects(async () => await saveToRun(run, await makeCheckpoint(2), { best: true }));
    assertEquals(namesIn(run.path).filter((name) => name.endsWith(".tmp")), []);
    assertEquals((await readRun(run.path)).checkpoint.progress.step, 1);
  },
);

testInFolder(
  "createNumberedRun() takes the number after the highest one, whatever the clock says",
  async (folder) => {
    using first = await createNumberedRun(folder);
    assertEquals(first.path, `${folder}/run-0001`);
    await Deno.mkdir(`${folder}/run-0041`);
    await Deno.utime(`${folder}/run-0041`, 0, 0);
    using next = await createNumberedRun(folder);
    assertEquals(next.path, `${folder}/run-0042`);
    await saveToRun(first, await makeCheckpoint(1));
    assertEquals(await findNewestRun(folder), first.path, "the others have saved nothing");
    await saveToRun(next, await makeCheckpoint(1));
    assertEquals(await findNewestRun(folder), next.path);
  },
);

testInFolder("createNumberedRun() ignores numbers of more than 15 digits", async (folder) => {
  const odd = [
    ...["run-1795692920741952500", "run-", "run--3", "run-3x", "RUN-9", "run-1e9"],
    ...["run-00000000000000000000001", "run-0", "run-9007199254740993"],
  ];
  for (const name of odd) await Deno.mkdir(`${folder}/${name}`);
  await Deno.writeTextFile(`${folder}/run-0007`, "a file");
  await Deno.symlink("nothing", `${folder}/run-0008`);
  using run = await createNumberedRun(folder);
  assertEquals(run.path, `${folder}/run-0009`);
  await saveToRun(run, markCheckpoint(1));
  await Deno.mkdir(`${folder}/run-0010`);
  await Deno.writeTextFile(`${folder}/run-0011`, "a file");
  await Deno.symlink("nothing", `${folder}/run-0012`);
  assertEquals(await findNewestRun(folder), run.path);
});

testInFolder("createNumberedRun() says that no higher number is left", async (folder) => {
  await Deno.mkdir(`${folder}/run-999999999999998`);
  using run = await createNumberedRun(folder);
  assertEquals(run.path, `${folder}/run-999999999999999`);
  await assertRejects(
    () => createNumberedRun(folder),
    Error,
    `Cannot make a run under "${folder}": run-999999999999999 has the highest possible number`,
  );
});

testInFolder("an error of the operating system is explained in a sentence", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "mine");
  await Deno.symlink("nothing", `${folder}/link`);
  const refused: [() => Promise<unknown>, string][] = [
    [
      () => openRun(`${folder}/file`),
      `Cannot write to the run "${folder}/file": it must be a directory, but is a file`,
    ],
    [
      () => openRun(`${folder}/link`),
      `Cannot write to the run "${folder}/link": it must be a directory, but is a link`,
    ],
    [
      () => openRun(`${folder}/file/run`),
      `Cannot write to the run "${folder}/file/run": not a directory`,
    ],
    [
      () => createNumberedRun(`${folder}/file`),
      `Cannot make a run under "${folder}/file": it must be a directory, but is a file`,
    ],
  ];
  refused.push([
    () => findNewestRun(`${folder}/file`),
    `Cannot find a run under "${folder}/file": not a directory`,
  ], [
    () => loadModel(`${folder}/none.safetensors`),
    `Cannot read the checkpoint "${folder}/none.safetensors": no such file or directory`,
  ], [
    () => loadModel(`${folder}/file`),
    `Cannot read a checkpoint of the run "${folder}/file": the directory contains no run`,
  ]);
  for (const [open, message] of refused) {
    assertEquals((await assertRejects(open, Error)).message, message);
  }
});

testInFolder(
  "saves without await are made in order, and the last one is read",
  async (folder) => {
    using run = await openRun(folder);
    const order: number[] = [];
    const steps = [1, 2, 3, 4, 5, 6];
    await Promise.all(
      steps.map(async (step) => {
        await saveToRun(run, markCheckpoint(step), { best: step % 2 === 0 });
        order.push(step);
      }),
    );
    assertEquals(order, steps);
    const found = await readRun(folder);
    assertEquals([found.checkpoint.progress.step, found.skipped], [6, []]);
    assertEquals((await readRun(folder, "best")).checkpoint.progress.step, 6);
    const kept = ["previous", "previous-2", "previous-3"].map(async (name) =>
      (await readCheckpointFile(`${folder}/${name}.safetensors`)).progress.step
    );
    assertEquals(await Promise.all(kept), [5, 4, 3]);
  },
);

testInFolder("a save writes the checkpoint as it was at the call", async (folder) => {
  using run = await openRun(folder);
  const first = markCheckpoint(1);
  const saving = [saveToRun(run, markCheckpoint(0)), saveToRun(run, first)];
  first.parameters[0]!.values.fill(9);
  await Promise.all(saving);
  assertEquals((await readRun(folder)).checkpoint.parameters[0]!.values[0], 1);
});

testInFolder("a save that fails does not prevent the next one", async (folder) => {
  using run = await openRun(folder);
  await Deno.mkdir(`${folder}/best.safetensors`);
  const failing = saveToRun(run, markCheckpoint(1), { best: true });
  const next = saveToRun(run, markCheckpoint(2));
  await assertRejects(() => failing, Error, "Cannot save a checkpoint");
  await next;
  assertEquals((await readRun(folder)).checkpoint.progress.step, 2);
});

testInFolder(
  "a run that is disposed of keeps its lock until its saves are done",
  async (folder) => {
    const run = await openRun(folder);
    const gate = Promise.withResolvers<void>();
    const saving = [
      run.inTurn(() => gate.promise),
      saveToRun(run, markCheckpoint(1)),
      saveToRun(run, markCheckpoint(2)),
    ];
    run[Symbol.dispose]();
    await assertRejects(() => openRun(folder), Error, "it is in use");
    gate.resolve();
    await assertRejects(() => saveToRun(run, markCheckpoint(3)), Error, "it was closed");
    await Promise.all(saving);
    assertEquals((await readRun(folder)).checkpoint.progress.step, 2);
    using _again = await openRun(folder);
  },
);

testInFolder("a directory is not read as a checkpoint", async (folder) => {
  const path = `${folder}/directory.safetensors`;
  await Deno.mkdir(path);
  await assertRejects(() => loadModel(path), TypeError, `Cannot read "${path}": it must be a file`);
});

testInFolder("openRun() removes temporary files that a killed process left", async (folder) => {
  const left = ["latest.safetensors", "best.safetensors", "metrics.jsonl", "events.jsonl", "lock"];
  for (const name of left) {
    await Deno.writeTextFile(newTemporaryPath(`${folder}/${name}`), "half");
  }
  const kept = ["latest.safetensors.tmp", "mine.0123456789abcdef.tmp", "mine.tmp"];
  for (const name of kept) await Deno.writeTextFile(`${folder}/${name}`, "mine");
  using _run = await openRun(folder);
  assertEquals(namesIn(folder), [kept[0]!, "lock", ...kept.slice(1)]);
});

testInFolder("findNewestRun() says that there is no run", async (folder) => {
  await assertRejects(() => findNewestRun(`${folder}/none`), Error, "train a model first");
});

testInFolder("clearRun() removes only the files of a run", async (folder) => {
  using run = await openRun(folder);
  await saveToRun(run, await makeCheckpoint(1), { best: true });
  await Deno.writeTextFile(`${folder}/notes.txt`, "mine");
  assert(await holdsRun(folder));
  await clearRun(run);
  assertEquals(namesIn(folder), ["lock", "notes.txt"]);
  assert(!await holdsRun(folder));
});

testInFolder(
  "openRun() refuses a run that another process writes to, and names the process",
  async (folder) => {
    using run = await openRun(folder);
    const module = new URL("../../src/checkpoint/run_directory.ts", import.meta.url);
    const script = `const { openRun } = await import("${module}");
    try { await openRun(${
      JSON.stringify(folder)
    }); } catch (error) { console.log(error.message); }`;
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", script] }).output();
    assertEquals(
      new TextDecoder().decode(stdout).trim(),
      `Cannot write to the run "${run.path}": it is in use by the process ${Deno.pid}`,
    );
  },
  !canRun,
);

testInFolder("openRun() opens a run again once it was disposed of", async (folder) => {
  {
    using _first = await openRun(folder);
  }
  using second = await openRun(folder);
  assertEquals(second.path, folder);
});

testInFolder("loadModel() loads the parameters of a run or of a file", async (folder) => {
  using run = await openRun(folder);
  const checkpoint = await makeCheckpoint(1);
  const file = await saveToRun(run, checkpoint);
  using fromRun = await loadModel(folder);
  using fromFile = await loadModel(file);
  assertEquals(await readParameters(fromRun), checkpoint.parameters);
  assertEquals(await readParameters(fromFile), checkpoint.parameters);
});

const PYTHON_READER = `
import hashlib, json, sys
from safetensors import safe_open
path = sys.argv[1]
with safe_open(path, "np") as file:
    shapes = {name: list(file.get_tensor(name).shape) for name in file.keys()}
    first = float(file.get_tensor("lstm/kernel")[0][0])
    stored = file.metadata()["sha256"]
data = open(path, "rb").read().replace(stored.encode(), b"0" * 64, 1)
print(json.dumps({"shapes": shapes, "first": first, "hash": hashlib.sha256(data).hexdigest() == stored}))
`;

testInFolder("Python's safetensors reads a checkpoint", async (folder) => {
  using run = await openRun(folder);
  const checkpoint = await makeCheckpoint(1);
  const file = await saveToRun(run, checkpoint);
  const { stdout } = await new Deno.Command(PYTHON, { args: ["-c", PYTHON_READER, file] })
    .output();
  const { shapes, first, hash } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(shapes["lstm/kernel"], [12, 32]);
  assertEquals(shapes["adam/v/time_distributed/bias"], [12]);
  assertEquals(first, checkpoint.parameters[0]!.values[0]);
  assert(hash);
}, !hasPython("safetensors", "numpy"));

Deno.test("saveToRun() does not write the log if it already has the history", async () => {
  const fileSystem = createFaultyFileSystem(createSimulatedDisk());
  const checkpoint = markCheckpoint(3);
  const countFiles = async (saved: Checkpoint): Promise<number> => {
    const before = fileSystem.calls.length;
    await saveToRun(SIMULATED_RUN, saved, { fileSystem });
    return fileSystem.calls.slice(before).filter((call) => call === "createFile").length;
  };
  assertEquals(await countFiles(checkpoint), 2);
  assertEquals(await countFiles(checkpoint), 1, "within an epoch");
  assertEquals(await countFiles(markCheckpoint(4)), 2, "after another epoch");
});
