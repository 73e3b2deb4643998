import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { canRun } from "../permissions.ts";
import { type ReadEvent, readEvents, readRecords } from "../interop/event_reader.ts";
import { hasPython, runPython } from "../interop/python.ts";
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
const hasTensorBoard = canRun && hasPython("tensorboard");

function test(name: string, body: (folder: string) => Promise<void>, ignore = false): void {
  Deno.test({ name, ignore: !canRun || ignore, fn: () => inFolder(body) });
}

/** Trains in `run` with the files in `logs`, and no other permissions than to read and write these two. */
function train(
  folder: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<Ending> {
  const [run, logs] = [`${folder}/run`, `${folder}/logs`];
  const permissions = ["read", "write"].map((name) => `--allow-${name}=${run},${logs}`);
  const all = [
    "train",
    "--json",
    "--log-every=1",
    `--run=${run}`,
    `--tensorboard=${logs}`,
    ...args,
  ];
  return runCarry(all, { permissions, ...options });
}

async function trainWell(folder: string, ...args: readonly string[]): Promise<Ending> {
  const ending = await train(folder, args);
  assertEquals(ending.code, 0, ending.stderr);
  return ending;
}

const RESUME = ["--resume", "--backend=cpu"];

/** Paths of the event files in a folder and those below it, in TensorBoard's order. */
async function listEventFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await listEventFiles(`${folder}/${name}`));
    else found.push(`${folder}/${name}`);
  }
  return found.sort();
}

/** Paths in the folder of logs from that of the test on, without times and identities. */
async function listShortly(folder: string): Promise<string[]> {
  const paths = await listEventFiles(`${folder}/logs`);
  return paths.map((path) =>
    path.slice(folder.length).replace(/\d{10}\.[0-9a-f-]{36,}\./, "TIME.RUN.")
  );
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

async function readFolder(folder: string): Promise<ReadEvent[][]> {
  const paths = await listEventFiles(folder);
  return await Promise.all(paths.map(async (path) => readEvents(await Deno.readFile(path))));
}

function stepsOf(events: readonly ReadEvent[], tag: string): number[] {
  return events.filter(({ values }) => values.some((value) => value.tag === tag))
    .map(({ step }) => step);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

test("train --tensorboard writes what a training reports to a folder of the run's name", async (folder) => {
  const { lines } = await trainWell(folder, ...TINY_ARGUMENTS, "--epochs=2");
  assertEquals(await listShortly(folder), ["/logs/run/events.out.tfevents.TIME.RUN.carry"]);
  const [events] = await readFolder(`${folder}/logs`);
  assertEquals(stepsOf(events!, "step/loss"), range(1, 14));
  assertEquals(stepsOf(events!, "epoch/exact_match"), [7, 14]);
  assertEquals(stepsOf(events!, "samples"), [7, 14]);
  assertEquals(stepsOf(events!, "_hparams_/session_end_info"), [0]);
  const losses = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "step")
    .map(({ loss }) => Math.fround(loss));
  assertEquals(
    events!.flatMap(({ values }) => values).filter(({ tag }) => tag === "step/loss")
      .map(({ number }) => number),
    losses,
  );
  const now = Date.now() / 1000;
  assert(events!.every(({ seconds }) => seconds > now - 600 && seconds <= now));
});

test("each model of an ensemble has a folder of its own in that of the ensemble", async (folder) => {
  await trainWell(folder, ...TINY_ARGUMENTS, "--epochs=1", "--ensemble=2");
  assertEquals(await listShortly(folder), [
    "/logs/run/member-1/events.out.tfevents.TIME.RUN.carry",
    "/logs/run/member-2/events.out.tfevents.TIME.RUN.carry",
  ]);
  for (const events of await readFolder(`${folder}/logs`)) {
    assertEquals(stepsOf(events, "step/loss"), range(1, 7));
  }
});

test("a training that a signal interrupts goes on in a second file, without an end in the first", async (folder) => {
  const interrupted = await train(folder, [...TINY_ARGUMENTS, "--epochs=150"], { // so many that the signal comes before they are done
    onLine: (line, child) => JSON.parse(line).step === 10 ? kill(child, "SIGINT") : undefined,
  });
  assertEquals(interrupted.code, 130);
  await trainWell(folder, ...RESUME);
  const [first, second] = await readFolder(`${folder}/logs`);
  const last = stepsOf(first!, "step/loss").at(-1)!;
  assertEquals(stepsOf(first!, "_hparams_/session_end_info"), []);
  assertEquals(second![1], {
    seconds: second![1]!.seconds,
    step: last + 1,
    isStart: true,
    values: [],
  });
  assertEquals(stepsOf(second!, "step/loss"), range(last + 1, 1050));
  assertEquals(second!.filter(({ graph }) => graph), []);
});

test(
  "an ensemble that is killed goes on in the folder of the model that was trained",
  async (folder) => {
    const args = [...TINY_ARGUMENTS, "--epochs=150", "--ensemble=2"];
    const killed = await train(folder, args, {
      onLine(line, child): void {
        const { event, member, epoch } = JSON.parse(line);
        if (event === "epoch" && member === 2 && epoch === 2) kill(child);
      },
    });
    assertEquals(killed.code, 137);
    await trainWell(folder, ...RESUME);
    const folders = (await listEventFiles(`${folder}/logs`)).map((path) => path.split("/").at(-2));
    assertEquals(folders, ["member-1", "member-2", "member-2"]);
    const last = readEvents(await Deno.readFile((await listEventFiles(`${folder}/logs`)).at(-1)!));
    assertEquals(stepsOf(last, "step/loss").at(-1), 1050);
  },
);

test("a kill leaves a file that has every epoch that was reported", async (folder) => {
  const { code, lines } = await train(folder, [...TINY_ARGUMENTS, "--epochs=200"], {
    onLine: (line, child) => JSON.parse(line).epoch === 3 ? kill(child) : undefined,
  });
  assertEquals(code, 137);
  const reported = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "epoch");
  const [path] = await listEventFiles(`${folder}/logs`);
  const whole = readWhole(await Deno.readFile(path!));
  const epochs = stepsOf(whole, "epoch/loss");
  assertEquals(epochs.slice(0, reported.length), reported.map(({ step }) => step));
});

/** Reads the events of a file that may end within a record. */
function readWhole(file: Uint8Array): ReadEvent[] {
  return readEvents(file.subarray(0, file.length - readRecords(file).left));
}

/** Prints the steps of some tags, as the two readers of TensorBoard see them. */
const READER = `
import json, sys
from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
def steps(module):
  a = module.EventAccumulator(sys.argv[1], size_guidance={"tensors": 0}, **({"tensor_size_guidance": {"scalars": 0}} if module is plugin_event_accumulator else {}))
  a.Reload()
  return {tag: [e.step for e in a.Tensors(tag)] for tag in ["step/loss", "epoch/loss"]}
print(json.dumps({"plain": steps(event_accumulator), "whole": steps(plugin_event_accumulator)}))
`;

test(
  "TensorBoard reads a training that was killed, and one that went on after it (needs Python with tensorboard)",
  async (folder) => {
    const args = [...TINY_ARGUMENTS, "--epochs=40", "--recipe=notebook", "--checkpoint-every=1h"];
    const killed = await train(folder, args, {
      onLine: (line, child) => JSON.parse(line).step === 45 ? kill(child) : undefined,
    });
    assertEquals(killed.code, 137);
    const { plain } = JSON.parse(await runPython(READER, `${folder}/logs/run`));
    assertEquals(plain["epoch/loss"].slice(0, 6), [7, 14, 21, 28, 35, 42]);
    assertEquals(plain["step/loss"].slice(0, 42), range(1, 42));
    await trainWell(folder, ...RESUME);
    const { whole } = JSON.parse(await runPython(READER, `${folder}/logs/run`));
    assertEquals(whole["step/loss"], range(1, 280));
    assertEquals(whole["epoch/loss"], range(1, 40).map((epoch) => 7 * epoch));
  },
  !hasTensorBoard,
);

test("a new run does not mix its files with those of another one, and --overwrite replaces them", async (folder) => {
  await trainWell(folder, ...TINY_ARGUMENTS, "--epochs=1");
  const [old] = await listEventFiles(`${folder}/logs`);
  await Deno.remove(`${folder}/run`, { recursive: true });
  const refused = await train(folder, [...TINY_ARGUMENTS, "--epochs=1"]);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.stderr, `"${old}" is there already, of another training`);
  assertEquals(await namesIn(folder), ["logs"]);
  await Deno.writeTextFile(`${folder}/logs/run/notes`, "mine");
  await Deno.rename(old!, `${folder}/logs/run/old`);
  await trainWell(folder, ...TINY_ARGUMENTS, "--epochs=1");
  await trainWell(folder, ...TINY_ARGUMENTS, "--epochs=1", "--overwrite", "--ensemble=2");
  assertEquals(await listShortly(folder), [
    "/logs/run/member-1/events.out.tfevents.TIME.RUN.carry",
    "/logs/run/member-2/events.out.tfevents.TIME.RUN.carry",
    "/logs/run/notes",
    "/logs/run/old",
  ]);
});

test("files of another run with the same name are neither removed nor continued", async (folder) => {
  const train = (run: string, ...args: readonly string[]): Promise<Ending> =>
    runCarry(["train", ...args, `--run=${folder}/${run}`], { permissions: ["-A"] });
  const logs = `--tensorboard=${folder}/logs`;
  const tiny = [...TINY_ARGUMENTS, "--recipe=notebook", "--epochs=1"]; // a recipe whose epochs may change
  for (const args of [[], ["--ensemble=2"]]) {
    assertEquals((await train("ens", ...tiny, ...args, "--overwrite", logs)).code, 0);
    assertEquals((await train("q/ens", ...tiny, ...args, "--overwrite")).code, 0);
    const before = await listEventFiles(folder);
    const [first] = await listEventFiles(`${folder}/logs`);
    const attempts = [
      ["--resume", "--epochs=2", "--backend=cpu"],
      [...tiny, "--overwrite"],
      [...tiny, "--overwrite", "--ensemble=2"],
    ];
    for (const attempt of attempts) {
      const { code, stderr } = await train("q/ens", ...attempt, logs);
      assertEquals(code, 1);
      assertStringIncludes(
        stderr,
        `"${first}" is there already, of another training; name another directory, or move it away`,
      );
      assertEquals(await listEventFiles(folder), before);
    }
  }
  assertEquals((await train("ens", ...tiny, "--overwrite", logs)).code, 0);
  assertEquals(await listShortly(folder), ["/logs/ens/events.out.tfevents.TIME.RUN.carry"]);
});

test("--overwrite removes no event files if the run that it replaces has no checkpoint", async (folder) => {
  await trainWell(folder, ...TINY_ARGUMENTS, "--epochs=1");
  for (const name of await namesIn(`${folder}/run`)) {
    if (name.endsWith(".safetensors")) await Deno.remove(`${folder}/run/${name}`);
  }
  const before = await listEventFiles(folder);
  const { code, stderr } = await train(folder, [...TINY_ARGUMENTS, "--epochs=1", "--overwrite"]);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "is there already, of another training");
  assertEquals(await listEventFiles(folder), before);
});

test("the file of a run that goes on comes after the earlier one, or the training is refused", async (folder) => {
  await trainWell(folder, ...TINY_ARGUMENTS, "--recipe=notebook", "--epochs=1");
  const [first] = await listEventFiles(`${folder}/logs`);
  const at = (seconds: string): string => first!.replace(/(?<=tfevents\.)\d{10}/, seconds);
  await Deno.rename(first!, at("9999999998"));
  await trainWell(folder, ...RESUME, "--epochs=2");
  assertEquals(await listEventFiles(`${folder}/logs`), [at("9999999998"), at("9999999999")]);
  const refused = await train(folder, [...RESUME, "--epochs=3"]);
  assertEquals(refused.code, 1);
  assertStringIncludes(
    refused.stderr,
    `the name of "${at("9999999999")}" has the latest time that there is`,
  );
  await Deno.rename(at("9999999999"), `${folder}/logs/run/events.out.tfevents.9999999999.carry`);
  const unknown = await train(folder, [...RESUME, "--epochs=3"]);
  assertEquals(unknown.code, 1);
  assertStringIncludes(unknown.stderr, `9999999999.carry" is there already, of another training`);
});

/** Places that no event files can be written to, and what is said. */
const WRONG_PLACES: readonly (readonly [string, (path: string) => void, string])[] = [
  ["a file", (path) => Deno.writeTextFileSync(path, ""), "it must be a directory, but is a file"],
  [
    "a link to nothing",
    (path) => Deno.symlinkSync("gone", path),
    "it is a link that leads to nothing",
  ],
  ["a directory with a file of the run's name", (path) => {
    Deno.mkdirSync(path);
    Deno.writeTextFileSync(`${path}/run`, "");
  }, "ot a directory"],
];

for (const [what, make, reason] of WRONG_PLACES) {
  test(`train --tensorboard refuses ${what}, and makes nothing`, async (folder) => {
    make(`${folder}/logs`);
    const { code, stderr } = await train(folder, [...TINY_ARGUMENTS], { permissions: ["-A"] });
    assertEquals(code, 1);
    assertMatch(stderr, /^Cannot write event files to ".*\/logs(\/run)?": /);
    assertStringIncludes(stderr, reason);
    assertEquals(await namesIn(folder), ["logs"]);
  });
}

/** Directories of the system that are there, and what is said. */
const SYSTEM_PLACES: readonly (readonly [string, string])[] = [
  ["/proc/x", `no directory can be made in "/proc"`],
  ["/proc", "no file can be made in it"],
];

test("train --tensorboard refuses a directory in one that is not there, and makes nothing", async (folder) => {
  const args = ["train", ...TINY_ARGUMENTS, `--run=${folder}/run`, `--tensorboard=${folder}/a/b`];
  const { code, stderr } = await runCarry(args, { permissions: ["-A"] });
  assertEquals([code, stderr], [
    1,
    `Cannot write event files to "${folder}/a/b": the directory "${folder}/a" does not exist\n`,
  ]);
  assertEquals(await namesIn(folder), []);
});

test(
  "train --tensorboard refuses a directory of the system in which nothing can be made",
  async (folder) => {
    for (const [place, reason] of SYSTEM_PLACES) {
      const args = ["train", ...TINY_ARGUMENTS, `--run=${folder}/run`, `--tensorboard=${place}`];
      const { code, stderr } = await runCarry(args, { permissions: ["-A"] });
      assertEquals([code, stderr], [1, `Cannot write event files to "${place}": ${reason}\n`]);
    }
    assertEquals(await namesIn(folder), []);
  },
  Deno.build.os !== "linux",
);

test("train --tensorboard says before the training that a permission is missing", async (folder) => {
  const permissions = ["read", "write"].map((name) => `--allow-${name}=${folder}/run`);
  const { code, stderr } = await train(folder, [...TINY_ARGUMENTS], { permissions });
  assertEquals(code, 1);
  assertStringIncludes(stderr, `Cannot continue without permission: "${folder}/logs" needs`);
  assertEquals(await namesIn(folder), []);
});

test("event files may be in the run itself", async (folder) => {
  const args = [...TINY_ARGUMENTS, "--epochs=1", `--run=${folder}/runs/a`];
  const { code, stderr } = await runCarry(["train", ...args, `--tensorboard=${folder}/runs/`], {
    permissions: [`--allow-read=${folder}/runs`, `--allow-write=${folder}/runs`],
  });
  assertEquals(code, 0, stderr);
  const names = await namesIn(`${folder}/runs/a`);
  assert(names.some((name) => name.startsWith("events.out.tfevents.")), names.join());
  assert(names.includes("latest.safetensors"), names.join());
});

test("a full disk under the event files is said once, and the training goes on", async (folder) => {
  const disk = `${folder}/disk`;
  await Deno.mkdir(disk);
  const script = `mount -t tmpfs -o size=32k none ${disk} && "$@" 2>&1`;
  const { code, stdout } = await runMounted(script, [
    ...[Deno.execPath(), "run", "-A", "--no-check", "--cached-only", "--config", CONFIG, CLI],
    ...["train", ...TINY_ARGUMENTS, "--epochs=100", `--run=${folder}/run`, `--tensorboard=${disk}`],
  ]);
  const printed = new TextDecoder().decode(stdout);
  assertEquals(code, 0, printed);
  const said = printed.match(
    /^Cannot write to ".*\/disk\/run\/events\.out\.tfevents\.\d+\.[0-9a-f-]+\.carry": .*$/gm,
  );
  assertEquals(said?.length, 1, printed);
  assertMatch(said![0]!, /[Nn]o space left.*; the training goes on without this file$/);
}, !canFillDisk);

test("a disk that is read-only is refused, and nothing is made", async (folder) => {
  const disk = `${folder}/disk`;
  await Deno.mkdir(disk);
  const { code, stdout } = await runMounted(`mount -t tmpfs -o ro none ${disk} && "$@" 2>&1`, [
    ...[Deno.execPath(), "run", "-A", "--no-check", "--cached-only", "--config", CONFIG, CLI],
    ...["train", ...TINY_ARGUMENTS, `--run=${folder}/run`, `--tensorboard=${disk}/logs`],
  ]);
  const printed = new TextDecoder().decode(stdout);
  assertEquals(code, 1, printed);
  assertMatch(printed, /^Cannot write event files to ".*": [Rr]ead-only file system/);
  assertEquals(await namesIn(folder), ["disk"]);
}, !canFillDisk);
