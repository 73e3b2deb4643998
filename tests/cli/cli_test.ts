import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readCheckpointFile } from "../../src/checkpoint/read_run.ts";
import type { StartEvent } from "../../src/checkpoint/run_events.ts";
import { assertClose } from "../assert_close.ts";
import { canRun } from "../permissions.ts";
import { linkProject } from "./link_project.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
/** A model that is trained in seconds. */
const TINY = ["--digits=1", "--hidden-size=8", "--batch-size=8", "--backend=cpu"];

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Call {
  /** Default: the permissions that the README documents for the command. */
  readonly permissions?: readonly string[];
  readonly stdin?: string;
  readonly env?: Record<string, string>;
}

/** A test with a folder of its own, in which the command line runs. */
function testCli(
  name: string,
  body: (carry: (args: string[], call?: Call) => Promise<Result>, folder: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !canRun,
    async fn(): Promise<void> {
      const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
      try {
        await body((args, call) => runCli(folder, args, call), folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

function spawnCli(folder: string, args: string[], call: Call = {}): Deno.ChildProcess {
  const { permissions = documentedPermissions(folder, args), env = {} } = call;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--cached-only", "--config", CONFIG, ...permissions, CLI, ...args],
    cwd: folder,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The permissions to read and write the run and the folder of an output file, and no others. */
function documentedPermissions(folder: string, args: string[]): string[] {
  const valueOf = (option: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${option}=`))?.slice(option.length + 3);
  const run = valueOf("run") ?? `${folder}/checkpoints`;
  const output = valueOf("output");
  const paths = [run, ...(output === undefined ? [] : [output.slice(0, output.lastIndexOf("/"))])];
  return [`--allow-read=${paths}`, `--allow-write=${paths}`];
}

async function runCli(folder: string, args: string[], call: Call = {}): Promise<Result> {
  const child = spawnCli(folder, args, call);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(call.stdin ?? "")).catch(() => {}); // it may read nothing
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

function parseLines(text: string): Record<string, unknown>[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

testCli("--help explains the program and every command", async (carry) => {
  const { code, stdout } = await carry(["--help"]);
  assertEquals(code, 0);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1]!);
  assertEquals(commands, [
    "train",
    "check",
    "predict",
    "serve",
    "dashboard",
    "playground",
    "evaluate",
    "generate",
    "summary",
    "plot",
    "export",
    "import",
    "notebook",
    "runs",
    "info",
  ]);
  await Promise.all(commands.map(async (command) => {
    const help = await carry([command, "--help"]);
    assertEquals(help.code, 0);
    assertStringIncludes(help.stdout, `deno run -A ${CLI} ${command}`); // from another folder
    assertEquals((await carry(["help", command])).stdout, help.stdout);
  }));
});

testCli("--version prints the version", async (carry) => {
  const { code, stdout } = await carry(["--version"]);
  assertEquals(code, 0);
  assertMatch(stdout, /^carry \d+\.\d+\.\d+\n$/);
});

testCli(
  "a wrong command line gives exit code 2 and one sentence, and writes nothing",
  async (carry, folder) => {
    const wrong: [string[], RegExp][] = [
      [["trian"], /^Unknown command "trian"; did you mean "train"\?$/],
      [["help", "trian"], /^Unknown command "trian"; did you mean "train"\?$/],
      [["help", "train", "plot"], /help: it takes one command, but "plot" is named too$/],
      [["hlep"], /did you mean "help"\?$/],
      [["train", "--epoch=3"], /^Unknown option "--epoch"; did you mean "--epochs"\?$/],
      [["train", "--digits=1", "--examples=56"], /only 55 different ones .* 56/],
      [["train", "--epochs=0"], /epochs must be an integer from 1 to \d+, but is 0$/],
      [["train", "--backend=gpu"], /auto, webgpu, cpu, but is "gpu"$/],
      [["train", "--executor=fast"], /--executor: it must be one of kernels, reference, but is "f/],
      [["train", "--threads=2", "--backend=webgpu"], /only the kernels of the CPU have threads/],
      [["train", "--threads=0"], /Cannot set the threads: the number must be an integer from 1 to/],
      [["train", "--cell=rnn"], /lstm, gru, simple, but is "rnn"$/],
      [["train", "--examples=5"], /5 examples: at least 10 are needed/],
      [["train", "--examples", "-5"], /examples must be .*, but is -5$/],
      [["train", "--seed", "-1.5"], /seed must be .*, but is -1\.5$/],
      [["train", "-1"], /Cannot train "-1": train takes options only$/],
      [["train", "--stop-at=0.9"], /METRIC=NUMBER/],
      [["train", "--stop-at=exactMatch=90"], /a share from 0 to 1, .*; 90 % is exactMatch=90%$/],
      [["train", "--overwrite"], /--run DIR$/],
      [["train", "--checkpoint-every=-1"], /--checkpoint-every: it must be a number of steps/],
      [["train", "--checkpoint-every=2d"], /a positive time in s, m or h such as 30s, .* "2d"$/],
      [["train", "--resume", "--overwrite"], /exclude each other$/],
      [["train", "--resume", "--run=none"], /contains no run/],
      [["train", "fast"], /train takes options only$/],
      [["generate", "--no-reverse"], /--padded/],
      [["generate", "--overwrite"], /^Cannot use --overwrite without --output/],
      [["plot", "--curves", "--terminal", "--overwrite"], /--terminal writes no file/],
      [["serve", "now"], /serve takes options only$/],
      [["serve", "--port=65536"], /an integer from 0 to 65535, but is 65536$/],
      [["dashboard", "--token=secret"], /16 to 256 characters/],
      [["plot", "--to-file=model.gif"], /\.svg or \.png$/],
      [["playground", "now"], /playground takes options only; export --to playground FILE writes/],
      [["playground", "--port=65536"], /an integer from 0 to 65535, but is 65536$/],
      [
        ["export", "--to=playground", "a.html", "--run=none"],
        /--run with --to playground: it is an option of page, keras, /,
      ],
      [["export", "--to=playground", "a.pdf"], /its name must end in \.html or \.htm$/],
      [["export", "run.html"], /the option --to is required, as in --to page FILE$/],
      [
        ["export", "--to=word", "run.html"],
        /--to: it must be one of page, playground, keras, weights, tfjs, onnx, safetensors, but is "word"$/,
      ],
      [
        ["export", "--to=page"],
        /one file must be named, as in --to page run\.html, but 0 are named$/,
      ],
      [["export", "--to=page", "a.html", "b.html"], /but 2 are named$/],
      [["export", "--to=page", "run.pdf"], /"run\.pdf": its name must end in \.html or \.htm$/],
      [["export", "--to=page", "run.html", "--weights=newest"], /latest, best, but is "newest"$/],
      [["export", "--to=keras", "a.h5"], /"a\.h5": its name must end in \.keras$/],
      [["export", "--to=tfjs"], /one folder must be named, as in --to tfjs run-model, but 0 are/],
      [["export", "--to=onnx", "a.onnx", "--optimizer"], /--optimizer with --to onnx: it is an/],
      [
        ["export", "--to=keras", "a.keras", "--learning-rate=1"],
        /--learning-rate without --optimizer/,
      ],
      [
        ["export", "--to=keras", "a.keras", "--optimizer", "--learning-rate=0"],
        /^Cannot read --learning-rate: it must be .*, but is 0$/,
      ],
      [["export", "--to=keras", "a.KERAS"], /"a\.KERAS": its name must end in \.keras$/],
      [
        ["export", "--to=keras", "a.keras", "--example=node"],
        /with --to keras it must be python, but is "node"$/,
      ],
      [["export", "--to=page", "a.html", "--example=python"], /a browser opens the file$/],
      [
        ["export", "--to=onnx", "a.onnx", "--example=python", "--run=none"],
        /--run with --example: a program is printed/,
      ],
      [["import"], /one file or folder must be named, as in import model\.keras, but 0 are named$/],
      [["import", "a.keras", "b.keras"], /but 2 are named$/],
      [["import", "a.keras", "--overwrite"], /name the run with --run DIR$/],
      [["import", "a.keras", "--like=a", "--digits=2"], /--digits with --like: the run's own/],
    ];
    await Promise.all(wrong.map(async ([args, message]) => {
      const { code, stdout, stderr } = await carry(args);
      assertEquals([code, stdout], [2, ""], args.join(" "));
      assertMatch(stderr.trimEnd(), message);
      assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    }));
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  },
);

testCli("commands that need a run say that there is none", async (carry) => {
  const commands = ["predict 1+1", "evaluate", "plot", "serve", "dashboard"];
  for (const command of [...commands, "export --to page run.html"]) {
    const { code, stderr } = await carry(command.split(" "));
    assertEquals(code, 1);
    assertMatch(stderr, /train a model first/);
  }
});

testCli(
  "train, predict, evaluate, plot and export work with the permission set of train alone",
  async (_, folder) => {
    const project = await linkProject(folder);
    const carry = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-prompt", "--cached-only", "-P=train", "cli.ts", ...args],
        cwd: project,
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    const trained = await carry("train", ...TINY, "--epochs=2");
    assertMatch(trained, /Training questions \(50, 3, 12\), answers \(50, 2, 12\)/);
    assertMatch(trained, /Q \d\+\d +T \d+ +[☑☒]/);
    assertMatch(
      trained,
      /\nExact match {2,}Validation loss.*\n100 % ┤[^]*\n {7}1 .* 2\nAll epochs done/,
    );
    assertMatch(trained, /Saved in .*run-0001\/latest\.safetensors/);
    await carry("predict", "3+4", "--backend=cpu");
    await carry("evaluate", "--backend=cpu");
    await carry("plot");
    await carry("export", "--to=page", "checkpoints/run-0001/run.html", "--weights=best");
    const page = await Deno.readTextFile(`${project}/checkpoints/run-0001/run.html`);
    assertStringIncludes(page, '{"update":{"run":0,"name":"run-0001","reset":true');
    const picture = await Deno.readTextFile(`${project}/checkpoints/run-0001/model.svg`);
    assertStringIncludes(picture, "(None, 2, 12)");
    await carry("plot", "--curves", "--run", "checkpoints/run-0001");
    const curves = await Deno.readTextFile(`${project}/checkpoints/run-0001/curves.svg`);
    assertStringIncludes(curves, "Learning curves of run-0001");
    const [listed] = parseLines(await carry("runs", "--json"));
    assertEquals([listed!.run, listed!.epochs, listed!.inUse], [
      "./checkpoints/run-0001",
      2,
      false,
    ]);
    assertStringIncludes(
      await carry("runs", "delete", "run-0001", "--yes"),
      "it also contains curves.svg, model.svg, run.html",
    );
    assertEquals(await carry("runs"), "");
  },
);

testCli("a missing permission gives a sentence, not a stack trace", async (carry) => {
  const { code, stderr } = await carry(["train", ...TINY], { permissions: ["--deny-write"] });
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /^Cannot continue without permission: ".*checkpoints" needs --allow-write=.*\n$/,
  );
});

testCli("--json prints only events, one a line", async (carry, folder) => {
  const args = ["train", ...TINY, "--epochs=2", "--log-every=7", "--json", `--run=${folder}/run`];
  const { code, stdout } = await carry(args);
  assertEquals(code, 0);
  const events = parseLines(stdout);
  assertEquals(events.map(({ event }) => event), [
    "start",
    ...["step", "learned", "epoch", "samples"],
    ...["step", "learned", "epoch", "samples"],
    "end",
  ]);
  const epoch = events.find(({ event }) => event === "epoch")!;
  for (
    const name of ["step", "loss", "validationLoss", "characterAccuracy", "exactMatch", "elapsedMs"]
  ) {
    assertEquals(typeof epoch[name], "number", name);
  }
  const end = events.at(-1)!;
  assertEquals([end.reason, end.epochs], ["epochs", 2]);
  assertEquals(end.checkpoint, `${folder}/run/latest.safetensors`);
  const log = parseLines(await Deno.readTextFile(`${folder}/run/metrics.jsonl`));
  assertEquals(log.map((line) => line.epoch), [1, 2]);
  const logged = parseLines(await Deno.readTextFile(`${folder}/run/events.jsonl`));
  assertEquals(logged.filter(({ event, step }) => event !== "step" || +step! % 7 === 0), events);
  assertEquals(logged.filter(({ event }) => event === "step").length, 14);

  const evaluated = await carry(["evaluate", "--json", `--run=${folder}/run`, "--backend=cpu"]);
  const { loss, characterAccuracy, exactMatch, examples } = JSON.parse(evaluated.stdout);
  assertEquals({ loss, characterAccuracy, exactMatch, examples }, {
    loss: log[1]!.validationLoss,
    characterAccuracy: log[1]!.characterAccuracy,
    exactMatch: end.exactMatch,
    examples: 5,
  });
});

testCli(
  "a run that a signal stopped and that was resumed equals one that was not stopped; the exit code says which signal",
  async (carry, folder) => {
    const args = ["train", ...TINY, "--epochs=300", "--json", "--log-every=1"]; // not done when the signal comes
    const whole = await carry([...args, `--run=${folder}/whole`]);
    assertEquals(whole.code, 0);
    for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
      const run = `${folder}/${signal}`;
      const child = spawnCli(folder, [...args, `--run=${run}`]);
      await child.stdin.close();
      let output = "";
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
        if (!output.includes('"step":9,') && (output + chunk).includes('"step":9,')) {
          child.kill(signal);
        }
        output += chunk;
      }
      await child.stderr.cancel();
      assertEquals((await child.status).code, exitCode);
      const end = parseLines(output).at(-1)!;
      assertEquals(end.reason, "interrupted");
      assertEquals((await carry(["train", "--resume", `--run=${run}`, "--backend=cpu"])).code, 0);
      assertEquals(await readResult(run), await readResult(`${folder}/whole`), signal);
    }
  },
);

/** Everything in a finished run except times. */
async function readResult(run: string): Promise<unknown> {
  const { parameters, moments } = await readCheckpointFile(`${run}/latest.safetensors`);
  const log = parseLines(await Deno.readTextFile(`${run}/metrics.jsonl`));
  const events = parseLines(await Deno.readTextFile(`${run}/events.jsonl`))
    .filter(({ event }) => event !== "start" && event !== "end"); // one more of each after a stop
  const timeless = [...log, ...events].map(({ elapsedMs: _, ...metrics }) => metrics);
  return [parameters, moments, timeless];
}

testCli(
  "a run is not overwritten unless asked, and not resumed with other options",
  async (carry, folder) => {
    const run = `--run=${folder}/run`;
    assertEquals((await carry(["train", ...TINY, "--epochs=1", run])).code, 0);
    const before = await Deno.readFile(`${folder}/run/latest.safetensors`);

    const again = await carry(["train", ...TINY, run]);
    assertEquals(again.code, 2);
    assertMatch(again.stderr, /--resume .* --overwrite/);

    const other = await carry(["train", "--resume", run, "--hidden-size=16"]);
    assertEquals(other.code, 2);
    assertMatch(other.stderr, /--hidden-size: the run has 8, but 16 was given/);

    const complete = await carry(["train", "--resume", run, "--digits=1", "--backend=cpu"]);
    assertEquals(complete.code, 0);
    assertMatch(complete.stdout, /is complete/);
    assertEquals(await Deno.readFile(`${folder}/run/latest.safetensors`), before);

    const over = await carry(["train", ...TINY, "--epochs=1", "--seed=1", run, "--overwrite"]);
    assertEquals(over.code, 0);
    assert((await Deno.readFile(`${folder}/run/latest.safetensors`)).join() !== before.join());
  },
);

testCli(
  "a loss that is not finite gives exit code 1, names its step, and keeps the last good checkpoint",
  async (carry, folder) => {
    const run = `--run=${folder}/run`;
    const args = [
      ...TINY,
      "--cell=simple",
      "--learning-rate=1e38",
      "--weight-decay=0",
      "--schedule=constant",
      run,
    ];
    const { code, stdout, stderr } = await carry(["train", ...args, "--json"]);
    assertEquals(code, 1);
    assertEquals(parseLines(stdout).at(-1)!.reason, "nonFiniteLoss");
    assertMatch(stderr, /at step \d+ .* the last good checkpoint is .*latest\.safetensors/);
    assertEquals((await carry(["evaluate", run, "--backend=cpu"])).code, 0);
  },
);

testCli(
  "predict answers arguments and lines, and says which line is not a sum",
  async (carry, folder) => {
    const run = [`--run=${folder}/run`, "--backend=cpu"];
    await carry(["train", ...TINY, "--epochs=1", ...run]);
    const asked = await carry(["predict", "3 + 4", "9+9", ...run]);
    assertMatch(asked.stdout, /^3\+4=\d*\n9\+9=\d*\n$/);
    const lines = await carry(["predict", "--json", ...run], { stdin: "1+2\r\n\nnone\n4+5" });
    assertEquals(lines.code, 1);
    assertStringIncludes(lines.stderr, 'Line 3: Cannot read "none"');
    assertEquals(parseLines(lines.stdout).map(({ question }) => question), ["1+2", "4+5"]);
    assertEquals(Object.keys(parseLines(lines.stdout)[0]!), ["question", "answer", "probability"]);
    const long = await carry(["predict", "12+3", ...run]);
    assertEquals(long.code, 1);
    assertMatch(long.stderr, /12\+3.* 1 digit/);
    const some = await carry(["predict", "1+2", "5-3", "12+3", "4+5", ...run]);
    assertEquals(some.code, 1);
    assertMatch(some.stdout, /^1\+2=\d*\n4\+5=\d*\n$/);
    assertMatch(some.stderr, /^Argument 2: .*5-3.*\nArgument 3: .*12\+3.*\n$/);
  },
);

testCli(
  "generate writes TSV or JSON lines, to standard output or a new file",
  async (carry, folder) => {
    const args = ["generate", "--digits=2", "--examples=20", "--seed=7"];
    const { stdout } = await carry(args, { permissions: [] });
    const rows = stdout.trimEnd().split("\n").map((line) => line.split("\t"));
    assertEquals(rows.length, 20);
    for (const [question, answer] of rows) {
      const [a, b] = question!.split("+").map(Number);
      assertEquals(answer, String(a! + b!));
    }
    const file = `${folder}/pairs.jsonl`;
    assertEquals((await carry([...args, `--output=${file}`])).code, 0);
    const written = parseLines(await Deno.readTextFile(file));
    assertEquals(written.map(({ question, answer }) => [question, answer]), rows);
    assertEquals((await carry([...args, `--output=${file}`])).code, 2);
    const padded = await carry([...args, "--padded", "--no-reverse"]);
    assertMatch(padded.stdout.split("\n")[0]!, /^[\d+ ]{5}\t[\d ]{3}$/);
  },
);

testCli("generate and train do not fail if their reader stops early", async (_, folder) => {
  for (const args of [["generate"], ["train", ...TINY, "--epochs=3", "--log-every=1"]]) {
    const child = spawnCli(folder, args);
    await child.stdin.close();
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    await child.stderr.cancel();
    assertEquals((await child.status).code, 0, args[0]);
  }
});

testCli(
  "predict ends when its reader stops early, even if its input has no end",
  async (carry, folder) => {
    await carry(["train", ...TINY, "--run=run"]);
    const child = spawnCli(folder, ["predict", "--run=run"]);
    const [writer, reader] = [child.stdin.getWriter(), child.stdout.getReader()];
    const lines = new TextEncoder().encode("1+1\n".repeat(1024));
    const writing = (async (): Promise<void> => {
      for (;;) await writer.write(lines);
    })().catch(() => {}); // the pipe is closed at the end
    await reader.read();
    await reader.cancel();
    await child.stderr.cancel();
    assertEquals((await child.status).code, 0);
    await writing;
  },
);

Deno.test({
  name: "train and predict say that standard output cannot be written to",
  ignore: !canRun || Deno.build.os !== "linux",
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir({ prefix: "carry-" });
    try {
      const deno = `"${Deno.execPath()}" run --quiet --no-check --cached-only -A "${CLI}"`;
      for (const command of [`train ${TINY.join(" ")} --run=run`, "predict --run=run 1+1"]) {
        const { code, stderr } = await new Deno.Command("sh", {
          args: ["-c", `${deno} ${command} > /dev/full`],
          cwd: folder,
        }).output();
        const message = new TextDecoder().decode(stderr);
        assertMatch(message, /^Cannot write to standard output: no space left on device$/m);
        assertEquals(code, 1);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

testCli("summary needs no permission and prints the notebook's total", async (carry) => {
  const { stdout } = await carry(["summary"], { permissions: [] });
  assertMatch(stdout, /Total params: 205,324/);
  const { layers, parameters } = JSON.parse((await carry(["summary", "--json"])).stdout);
  assertEquals(parameters, 205_324);
  assertEquals(layers[0], {
    name: "lstm",
    type: "LSTM",
    outputShape: [null, 128],
    parameters: 72_192,
  });
});

testCli("info prints versions, and which backend auto selects and why", async (carry) => {
  const { code, stdout } = await carry(["info", "--json"], { permissions: [] });
  assertEquals(code, 0);
  const info = JSON.parse(stdout);
  assertEquals(info.deno, Deno.version.deno);
  const { webgpu, cpu, auto } = info.backends;
  assertEquals([typeof webgpu.available, cpu.available], ["boolean", true]);
  assertMatch(auto.selected, /^(cpu|webgpu)$/);
  assertMatch(auto.reason, /./);
  assertEquals(info.executors, ["kernels", "reference"]);
  assertMatch(
    (await carry(["info"], { permissions: [] })).stdout,
    /^auto {4}selects (cpu|webgpu): ./m,
  );
});

testCli(
  "--executor reference trains, evaluates and answers as the kernels do, and is recorded",
  async (carry, folder) => {
    const losses: number[] = [];
    for (const executor of ["kernels", "reference"]) {
      const run = `--run=${folder}/${executor}`;
      const how = [`--executor=${executor}`, "--backend=cpu"];
      const tiny = ["--digits=1", "--hidden-size=8", "--batch-size=25", "--epochs=1"];
      const { code, stdout, stderr } = await carry(["train", ...tiny, ...how, run, "--json"]);
      assertEquals(code, 0, stderr);
      const events = parseLines(stdout);
      const { backend } = events[0] as unknown as StartEvent;
      assertEquals([backend.name, backend.executor], ["cpu", executor]);
      losses.push(events.find(({ event }) => event === "epoch")!.validationLoss as number);
      const evaluated = await carry(["evaluate", "--json", run, ...how]);
      losses.push(JSON.parse(evaluated.stdout).loss);
      assertMatch((await carry(["predict", "1+1", run, ...how])).stdout, /^1\+1=/);
    }
    assertClose(losses.slice(2), losses.slice(0, 2), "losses of evaluations");
  },
);

testCli(
  "without an adapter, train uses the CPU and says why, and --backend webgpu fails and says why",
  async (carry) => {
    const env = { DENO_WEBGPU_BACKEND: "dx12" };
    const args = ["train", "--digits=1", "--hidden-size=4", "--epochs=1"];
    const fallback = await carry(args, { env });
    if (Deno.build.os === "linux") {
      assertEquals(fallback.code, 0, fallback.stderr);
      assertMatch(fallback.stdout, /Backend cpu: no WebGPU adapter was found/);
      const forced = await carry([...args, "--backend=webgpu"], { env });
      assertEquals(forced.code, 1);
      assertMatch(forced.stderr, /Cannot use WebGPU: no WebGPU adapter was found/);
    }
  },
);

testCli("without a terminal there is no colour and no progress bar", async (carry) => {
  const { stdout, stderr } = await carry(["train", ...TINY, "--epochs=1"], {
    env: { NO_COLOR: "" },
  });
  assert(!(stdout + stderr).includes("\x1b"));
});

testCli("a complete run with a constant rate continues with more epochs", async (carry, folder) => {
  const run = `--run=${folder}/run`;
  const settings = [...TINY, "--schedule=constant", "--learning-rate=0.01"];
  assertEquals((await carry(["train", ...settings, "--epochs=2", run])).code, 0);
  const complete = await carry(["train", "--resume", run]);
  assertMatch(complete.stdout, /is complete; add --epochs N with N\s+above\s+2/);
  const longer = await carry(["train", "--resume", run, "--epochs=4", "--backend=cpu"]);
  assertEquals(longer.code, 0, longer.stderr);
  const whole = `--run=${folder}/whole`;
  assertEquals((await carry(["train", ...settings, "--epochs=4", whole])).code, 0);
  const [resumed] = await readResult(`${folder}/run`) as [Uint8Array, unknown];
  const [atOnce] = await readResult(`${folder}/whole`) as [Uint8Array, unknown];
  assertEquals(resumed, atOnce);
});
