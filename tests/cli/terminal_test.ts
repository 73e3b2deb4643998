import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createRewrittenLine, createSparseLine } from "../../src/cli/terminal.ts";
import { canRun } from "../permissions.ts";
import { hasPseudoTerminal, runOnTerminal } from "./pseudo_terminal.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
// deno-lint-ignore no-control-regex
const CONTROLS = /[\r\x1b]/;
// deno-lint-ignore no-control-regex
const COLOURS = /\x1b\[\d*m/;
const TRAIN = ["train", "--digits=1", "--hidden-size=8", "--batch-size=1", "--epochs=3"];

Deno.test("a status line is cut to the columns that the terminal has at each drawing", () => {
  let columns = 12;
  let now = 0;
  let written = "";
  const line = createRewrittenLine(() => now, {
    columns: () => columns,
    write: (text) => written += text,
  });
  line.show((room) => `${room} 日本語日本語`);
  assertEquals(written, "\r\x1b[K9 日本語");
  [written, columns, now] = ["", 8, 50];
  line.show(() => "too soon");
  assertEquals(written, "");
  now = 100;
  line.show((room) => `${room} 日本語日本語`);
  assertEquals(written, "\r\x1b[K5 日");
  written = "";
  line.clear();
  line.clear();
  assertEquals(written, "\r\x1b[K"); // once
});

Deno.test("a status line shows control characters instead of writing them", () => {
  let written = "";
  createRewrittenLine(() => 0, { columns: () => 80, write: (text) => written += text })
    .show(() => "\x1b]0;title\x07");
  assertEquals(written, "\r\x1b[K\\x1b]0;title\\x07");
});

Deno.test("on a terminal without control sequences, progress is a new line every ten seconds", () => {
  let now = 0;
  const lines: string[] = [];
  const line = createSparseLine(() => now, (text) => lines.push(text));
  for (; now < 60_000; now += 100) line.show(() => `${now} ms`);
  line.clear();
  assertEquals(lines, ["10000 ms", "20000 ms", "30000 ms", "40000 ms", "50000 ms"]);
});

interface TrainCall {
  readonly columns: number;
  readonly env?: Record<string, string>;
  readonly permissions?: readonly string[];
}

/** Trains on a terminal and gives the output. */
async function trainOnTerminal({ columns, env, permissions = ["-A"] }: TrainCall): Promise<string> {
  const cwd = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
  try {
    const deno = [
      "run",
      "--quiet",
      "--no-check",
      "--cached-only",
      "--config",
      CONFIG,
      ...permissions,
    ];
    return await runOnTerminal([Deno.execPath(), ...deno, CLI, ...TRAIN], {
      cwd,
      columns,
      env: { TERM: "xterm", NO_COLOR: "", ...env },
    });
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test({
  name:
    "TERM=dumb gets lines without escape sequences; other terminals get colours and a progress bar",
  ignore: !hasPseudoTerminal,
  async fn(): Promise<void> {
    const dumb = await trainOnTerminal({ columns: 80, env: { TERM: "dumb" } });
    assertEquals(dumb.match(CONTROLS), null);
    assertMatch(dumb, /^Epoch 2\/3 ━.* step 100\/150 /m);
    const able = await trainOnTerminal({ columns: 80 });
    assertStringIncludes(able, "\x1b[91m☒\x1b[0m");
    assertStringIncludes(able, "\r\x1b[KEpoch 1/3");
    const plain = await trainOnTerminal({ columns: 80, env: { NO_COLOR: "1" } });
    assertEquals(plain.match(COLOURS), null);
    assertStringIncludes(plain, "\r\x1b[KEpoch 1/3");
  },
});

Deno.test({
  name: "no line of train is wider than the terminal, except paths and commands to copy",
  ignore: !hasPseudoTerminal,
  async fn(): Promise<void> {
    assertMatch(await trainOnTerminal({ columns: 1 }), /Saved in /); // it ends well
    for (const columns of [80, 40]) {
      const shown = await trainOnTerminal({ columns, env: { NO_COLOR: "1" } });
      // deno-lint-ignore no-control-regex
      for (const line of shown.split(/[\n\r]|\x1b\[K/)) {
        if (/^(Saved in|Ask the model:) /.test(line)) continue;
        assert(Array.from(line).length < columns, `${columns}: ${line}`);
      }
      assertMatch(shown, /Epoch 1\/3/);
    }
  },
});

Deno.test({
  name: "a terminal that does not say its width has 80 columns",
  ignore: !hasPseudoTerminal,
  async fn(): Promise<void> {
    const shown = await trainOnTerminal({ columns: 0 });
    assertMatch(shown, /Epoch 1\/3 {2}loss \d\.\d{4} {2}val /);
  },
});

Deno.test({
  name:
    "predict shows on a terminal how probable an answer is, and nothing but the answer in a pipe",
  ignore: !hasPseudoTerminal,
  async fn(): Promise<void> {
    const cwd = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
    const deno = [Deno.execPath(), "run", "--quiet", "--no-check", "--cached-only", "-A"];
    const carry = (...args: string[]): string[] => [...deno, "--config", CONFIG, CLI, ...args];
    try {
      await runOnTerminal(carry(...TRAIN), { cwd, columns: 80 });
      const asked = await runOnTerminal(carry("predict", "3+4"), { cwd, columns: 80 });
      assertMatch(asked, /^3\+4=\d* {2}\d+\.\d %\n$/);
      const [program, ...args] = carry("predict", "3+4");
      const { stdout } = await new Deno.Command(program!, { args, cwd, stdin: "null" }).output();
      assertMatch(new TextDecoder().decode(stdout), /^3\+4=\d*\n$/);
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
});

Deno.test({
  name: "no driver and no package prints a message",
  ignore: !canRun,
  async fn(): Promise<void> {
    const cwd = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
    try {
      const env = Deno.env.toObject();
      delete env.XDG_RUNTIME_DIR;
      for (const args of [TRAIN, ["info"], ["predict", "1+1"], ["evaluate"], ["summary"]]) {
        const { code, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "--cached-only", "--config", CONFIG, "-A", CLI, ...args],
          cwd,
          clearEnv: true,
          env,
        }).output();
        assertEquals([code, new TextDecoder().decode(stderr)], [0, ""], args.join(" "));
      }
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
});
