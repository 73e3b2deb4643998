import { assert, assertEquals, assertMatch } from "@std/assert";
import { chooseDevice } from "../../src/device/choose.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { keepToken } from "../../src/serve/token_file.ts";
import { createModel } from "../../src/model/create_model.ts";
import { createTraining } from "../../src/training/create_training.ts";
import { canRun } from "../permissions.ts";
import { TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";
import { linkProject } from "./link_project.ts";

const TOKEN = "0123456789abcdef";

/** Saves a model that has learned nothing as a project's first run. */
async function saveRun(project: string): Promise<string> {
  const device = await chooseDevice("cpu");
  using model = await createModel(TINY_MODEL, { device, seed: 1 });
  using training = createTraining(model, TINY_OPTIONS);
  using run = await openRun(`${project}/checkpoints/run-0001`);
  await saveToRun(run, await takeCheckpoint(training, TINY_PROBLEM));
  return run.path;
}

/** Runs a command line with one permission set. */
function spawnCommand(
  project: string,
  args: string[],
  { set = "dashboard", env = {} }: { set?: string; env?: Record<string, string> } = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--cached-only", `-P=${set}`, "cli.ts", ...args],
    cwd: project,
    env: { CARRY_TOKEN: "", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Starts a server, calls a function with its first line, and stops it. Gives the whole output. */
async function withServer(
  project: string,
  args: string[],
  body: (line: string) => Promise<void>,
  { signal = "SIGINT", env = {} }: {
    signal?: "SIGINT" | "SIGTERM" | "SIGHUP";
    env?: Record<string, string>;
  } = {},
): Promise<{ code: number; stdout: string }> {
  const child = spawnCommand(project, args, { env });
  const errors = new Response(child.stderr).text();
  let stdout = "";
  let ended: Promise<void> | undefined;
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += part;
    if (!stdout.includes("\n")) continue;
    ended ??= body(stdout.trimEnd()).finally(() => child.kill(signal));
  }
  const { code } = await child.status;
  assert(ended !== undefined, await errors);
  await ended;
  assert(!/Cannot|Uncaught|^ +at /m.test(await errors), await errors);
  assertMatch(await errors, /^Press Ctrl-C to stop the server$/m);
  return { code, stdout };
}

function testServing(name: string, body: (project: string, run: string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canRun,
    async fn(): Promise<void> {
      const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
      try {
        const project = await linkProject(folder);
        await body(project, await saveRun(project));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

testServing(
  "serve gives the answers of predict until Ctrl-C, with only the permission set dashboard",
  async (project) => {
    const questions = ["3+4", "9+9", "0+0"];
    const predicted = await spawnCommand(project, ["predict", "--json", ...questions]).output();
    const lines = new TextDecoder().decode(predicted.stdout).trimEnd().split("\n");
    const { code, stdout } = await withServer(
      project,
      ["serve", "--json", "--port=0"],
      async (line) => {
        const { url, token } = JSON.parse(line);
        const health = await (await fetch(`${url}/health`)).json();
        assertEquals([health.status, health.run], ["ok", "./checkpoints/run-0001"]);
        const response = await fetch(`${url}/predict`, {
          method: "POST",
          headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
          body: JSON.stringify({ questions }),
        });
        assertEquals((await response.json()).answers, lines.map((each) => JSON.parse(each)));
      },
    );
    assertEquals([code, stdout.trimEnd().split("\n").length], [130, 1]);
  },
);

testServing("serve prints its address, and ends with 143 on SIGTERM", async (project) => {
  const args = ["serve", `--token=${TOKEN}`, "--port=0", "--run=checkpoints/run-0001"];
  const { code } = await withServer(project, args, async (line) => {
    const url = /^checkpoints\/run-0001 at (http:\S+), with the token of --token$/
      .exec(line)?.[1];
    const response = await fetch(`${url}/predict`, {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    assertEquals([response.status, response.headers.get("allow")], [405, "POST"]);
    await response.body?.cancel();
  }, { signal: "SIGTERM" });
  assertEquals(code, 143);
});

testServing(
  "dashboard shows the newest run with only the permission set dashboard, and keeps its token",
  async (project, run) => {
    const { code, stdout } = await withServer(project, ["dashboard", "--port=0"], async (line) => {
      const { origin, hash } = new URL(line);
      assertEquals(hash, `#${await keepToken(run)}`);
      assertEquals((await fetch(origin).then((page) => page.text())).slice(0, 9), "<!DOCTYPE");
      const response = await fetch(`${origin}/api/events`, {
        headers: { Authorization: `Bearer ${hash.slice(1)}` },
      });
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      const { value } = await reader.read();
      assertMatch(value!, /^event: update\ndata: \{"run":0,"name":"run-0001","reset":true/);
      await reader.cancel();
    });
    assertEquals([code, stdout.split("\n").length], [130, 2]);
  },
);

testServing(
  "dashboard shows several runs, and accepts a chosen token",
  async (project, run) => {
    const args = ["dashboard", run, run, "--port=0", `--token=${TOKEN}`];
    const { code } = await withServer(project, args, async (line) => {
      const { origin, hash } = new URL(line);
      assertEquals(hash, `#${TOKEN}`);
      const headers = { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" };
      for (const number of [0, 1, 2]) {
        const body = JSON.stringify({ run: number, question: "3+4" });
        const response = await fetch(`${origin}/api/ask`, { method: "POST", headers, body });
        assertEquals(response.status, number < 2 ? 200 : 400);
        await response.body?.cancel();
      }
    });
    assertEquals(code, 130);
  },
);

testServing(
  "train --dashboard serves its page until Ctrl-C, also after the end, with only the permission set dashboard",
  async (project) => {
    const tiny = ["--digits=1", "--hidden-size=8", "--batch-size=8", "--epochs=2", "--backend=cpu"];
    const child = spawnCommand(project, ["train", ...tiny, "--json", "--dashboard", "--port=0"]);
    const events: { event: string; url?: string }[] = [];
    let rest = "";
    let asked: Promise<void> | undefined;
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split("\n");
      rest = lines.pop()!;
      events.push(...lines.map((line) => JSON.parse(line)));
      if (events.at(-1)?.event !== "end") continue;
      const { origin, hash } = new URL(events.find(({ event }) => event === "page")!.url!);
      const headers = { Authorization: `Bearer ${hash.slice(1)}` };
      asked ??= (async () => {
        const answers = await (await fetch(`${origin}/api/answers?run=0`, { headers })).json();
        assertEquals([answers.examples, answers.questions.length, answers.step], [5, 5, 14]);
        const response = await fetch(`${origin}/api/ask`, {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json" },
          body: JSON.stringify({ run: 0, question: "3+4" }),
        });
        assertEquals((await response.json()).step, 14);
      })().finally(() => child.kill("SIGINT"));
    }
    await child.stderr.cancel();
    await asked;
    assertEquals((await child.status).code, 0);
    assertEquals(events.at(-1)!.event, "end");
  },
);

testServing("train --dashboard makes no run if its port is in use", async (project) => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const args = ["train", "--run=checkpoints/other", "--dashboard", `--port=${taken.addr.port}`];
  const { code, stderr } = await spawnCommand(project, args).output();
  assertEquals(code, 1);
  assertMatch(new TextDecoder().decode(stderr), /at port \d+: another program uses it/);
  const runs = await Array.fromAsync(Deno.readDir(`${project}/checkpoints`), ({ name }) => name);
  assertEquals(runs, ["run-0001"]);
});

testServing(
  "a command that serves says which permission it needs if its set has no network",
  async (project) => {
    for (const args of [["serve"], ["dashboard"], ["serve", "--port=0"]]) {
      const { code, stderr } = await spawnCommand(project, args, { set: "train" }).output();
      const text = new TextDecoder().decode(stderr);
      assertEquals(code, 1, text);
      assertMatch(
        text,
        /^Cannot continue without permission: "127\.0\.0\.1:\d+" needs --allow-net/m,
      );
      assert(!/Uncaught|^ +at /m.test(text), text);
    }
  },
);

testServing("a command that serves says why it cannot listen on a port", async (project) => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  for (const command of ["serve", "dashboard"]) {
    const { code, stderr } = await spawnCommand(project, [command, `--port=${taken.addr.port}`])
      .output();
    assertEquals(code, 1);
    assertMatch(
      new TextDecoder().decode(stderr),
      /^Cannot listen on 127\.0\.0\.1 at port \d+: another program uses it$/m,
    );
  }
});

testServing(
  "the token comes from a file or a variable, and is not printed again",
  async (project, run) => {
    await Deno.writeTextFile(`${project}/checkpoints/token`, `${TOKEN}\n`, { mode: 0o600 });
    const health = async (url: string | undefined): Promise<number> => {
      const headers = { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" };
      const body = '{"question":"3+4"}';
      const response = await fetch(`${url}/predict`, { method: "POST", headers, body });
      await response.body?.cancel();
      return response.status;
    };
    const sources = [
      { args: ["--token-file=checkpoints/token"], env: {}, source: "--token-file" },
      {
        args: [],
        env: { CARRY_TOKEN: TOKEN },
        source: "the environment variable CARRY_TOKEN",
      },
    ];
    for (const { args, env, source } of sources) {
      const { code, stdout } = await withServer(
        project,
        ["serve", `--run=${run}`, "--port=0", ...args],
        async (line) => {
          const [, url, from] = / at (http:\S+), with the token of (.+)$/.exec(line) ?? [];
          assertEquals([from, await health(url)], [source, 200]);
        },
        { env },
      );
      assertEquals([code, stdout.includes(TOKEN)], [130, false]);
      const { code: ended } = await withServer(
        project,
        ["dashboard", "--port=0", ...args],
        (line) => {
          assertEquals(new URL(line).hash, `#${TOKEN}`);
          return Promise.resolve();
        },
        { env },
      );
      assertEquals(ended, 130);
    }
  },
);

testServing("a token must come from one source and have the form of a token", async (project) => {
  const file = `${project}/checkpoints/token`;
  await Deno.writeTextFile(file, `${TOKEN}\n`, { mode: 0o644 });
  const cases: [string[], Record<string, string>, RegExp][] = [
    [
      [`--token=${TOKEN}`, "--token-file=checkpoints/token"],
      {},
      /^Cannot choose a token: it must have one source, but --token and --token-file are given$/m,
    ],
    [
      [`--token=${TOKEN}`],
      { CARRY_TOKEN: TOKEN },
      /but --token and the environment variable CARRY_TOKEN are given$/m,
    ],
    [[], { CARRY_TOKEN: "short" }, /^Cannot use the token: it must have 16 to 256 characters/m],
    [["--token-file=checkpoints/token"], {}, /only its user may be able to read it/],
  ];
  for (const command of ["serve", "dashboard", "train --dashboard"]) {
    for (const [args, env, message] of cases) {
      const { code, stderr } = await spawnCommand(project, [...command.split(" "), ...args], {
        env,
      })
        .output();
      assertMatch(new TextDecoder().decode(stderr), message);
      assertEquals(code, 2);
    }
  }
  const runs = await Array.fromAsync(Deno.readDir(`${project}/checkpoints`), ({ name }) => name);
  assertEquals(runs.sort(), ["run-0001", "token"]);
  const missing = await spawnCommand(project, ["serve", "--token-file=checkpoints/none"]).output();
  assertEquals(missing.code, 1);
  assertMatch(new TextDecoder().decode(missing.stderr), /none": there is no such file/);
});

testServing("serve and dashboard end in order when their terminal is closed", async (project) => {
  for (const command of ["serve", "dashboard"]) {
    const body = (): Promise<void> => Promise.resolve();
    const { code } = await withServer(project, [command, "--port=0"], body, { signal: "SIGHUP" });
    assertEquals(code, 129);
  }
});
