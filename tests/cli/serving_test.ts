import { assert, assertEquals, assertMatch } from "@std/assert";
import { selectBackend } from "../../src/backend/backend.ts";
import { takeCheckpoint } from "../../src/checkpoint/take_checkpoint.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { createModel } from "../../src/model/model.ts";
import { createTraining } from "../../src/training/training.ts";
import { canRun } from "../permissions.ts";
import { TINY_MODEL, TINY_OPTIONS, TINY_PROBLEM } from "../tiny_training.ts";
import { linkProject } from "./link_project.ts";

const TOKEN = "0123456789abcdef";

/** Saves a model that has learned nothing as a project's first run. */
async function saveRun(project: string): Promise<string> {
  await selectBackend("cpu");
  using model = await createModel(TINY_MODEL, { seed: 1 });
  using training = createTraining(model, TINY_OPTIONS);
  using run = await openRun(`${project}/checkpoints/run-0001`);
  await saveToRun(run, await takeCheckpoint(training, TINY_PROBLEM));
  return run.path;
}

/** Runs a command line with one permission set alone. */
function spawnCommand(project: string, args: string[], set = "dashboard"): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--cached-only", `-P=${set}`, "cli.ts", ...args],
    cwd: project,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Starts a server, does something with the first line that it prints, and ends it; gives all of its output. */
async function withServer(
  project: string,
  args: string[],
  body: (line: string) => Promise<void>,
  signal: "SIGINT" | "SIGTERM" = "SIGINT",
): Promise<{ code: number; stdout: string }> {
  const child = spawnCommand(project, args);
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
  "serve answers as predict does, with the permission set dashboard alone, until Ctrl-C",
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

testServing("serve says for people where it is, and ends with 143 on SIGTERM", async (project) => {
  const args = ["serve", `--token=${TOKEN}`, "--port=0", "--run=checkpoints/run-0001"];
  const { code } = await withServer(project, args, async (line) => {
    const url = /^checkpoints\/run-0001 at (http:\S+), token 0123456789abcdef$/.exec(line)?.[1];
    const response = await fetch(`${url}/predict`, {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    assertEquals([response.status, response.headers.get("allow")], [405, "POST"]);
    await response.body?.cancel();
  }, "SIGTERM");
  assertEquals(code, 143);
});

testServing(
  "dashboard shows the newest run with the permission set dashboard alone, and keeps its token",
  async (project, run) => {
    const { code, stdout } = await withServer(project, ["dashboard", "--port=0"], async (line) => {
      const { origin, hash } = new URL(line);
      assertEquals(hash, `#${(await Deno.readTextFile(`${run}/dashboard-token`)).trim()}`);
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
  "dashboard shows several runs, and opens with a token that was chosen",
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
  "train --dashboard serves its page with the permission set dashboard alone, and after the end until Ctrl-C",
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

testServing("train --dashboard makes no run where its port is taken", async (project) => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const args = ["train", "--run=checkpoints/other", "--dashboard", `--port=${taken.addr.port}`];
  const { code, stderr } = await spawnCommand(project, args).output();
  assertEquals(code, 1);
  assertMatch(new TextDecoder().decode(stderr), /at port \d+: another program uses it/);
  const runs = await Array.fromAsync(Deno.readDir(`${project}/checkpoints`), ({ name }) => name);
  assertEquals(runs, ["run-0001"]);
});

testServing(
  "a command that serves says which permission it needs, where its set lacks the network",
  async (project) => {
    for (const args of [["serve"], ["dashboard"], ["serve", "--port=0"]]) {
      const { code, stderr } = await spawnCommand(project, args, "train").output();
      const text = new TextDecoder().decode(stderr);
      assertEquals(code, 1, text);
      assertMatch(text, /^Cannot go on without permission: "127\.0\.0\.1:\d+" needs --allow-net/m);
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
