import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { openOutput, writeToReader } from "../../src/cli/output_file.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { canRun, canUseFiles } from "../permissions.ts";

const isPosix = Deno.build.os !== "windows";
const maySayWho = (await Deno.permissions.query({ name: "sys", kind: "uid" })).state === "granted";
const isRoot = isPosix && maySayWho && Deno.uid() === 0;

function testInFolder(name: string, body: (folder: string) => Promise<void>, ignore = false): void {
  Deno.test({
    name,
    ignore: ignore || !canUseFiles || !isPosix,
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

function chunks(...texts: string[]): Uint8Array[] {
  return texts.map((text) => new TextEncoder().encode(text));
}

async function write(path: string, text: string, overwrite = false): Promise<void> {
  await (await openOutput(path, { overwrite })).write(chunks(text));
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

testInFolder("an existing file is replaced only with overwrite", async (folder) => {
  const path = `${folder}/x.tsv`;
  await write(path, "old");
  const error = await assertRejects(() => openOutput(path, { overwrite: false }), UsageError);
  assertEquals(
    error.message,
    `Cannot write "${path}": it already exists; add --overwrite to replace it`,
  );
  assertEquals(await Deno.readTextFile(path), "old");
  await write(path, "new", true);
  assertEquals(await Deno.readTextFile(path), "new");
  assertEquals(namesIn(folder), ["x.tsv"]);
});

testInFolder("a file keeps its mode with any umask", async (folder) => {
  const path = `${folder}/x.tsv`;
  for (const mode of [0o600, 0o666, 0o640, 0o755, 0o400]) {
    await Deno.writeTextFile(path, "old");
    await Deno.chmod(path, mode);
    const output = await openOutput(path, { overwrite: true });
    await output.write((async function* (): AsyncGenerator<Uint8Array, void> {
      yield* chunks("new");
      const [temporary] = namesIn(folder).filter((name) => name.endsWith(".tmp"));
      const now = (await Deno.stat(`${folder}/${temporary}`)).mode! & 0o777;
      assertEquals(now & ~mode, 0, "nobody else may read it while it is written");
    })());
    assertEquals((await Deno.stat(path)).mode! & 0o777, mode);
    await Deno.remove(path);
  }
});

testInFolder("a file that root replaces keeps its owner", async (folder) => {
  const path = `${folder}/x.tsv`;
  await Deno.writeTextFile(path, "old");
  await Deno.chown(path, 1234, 2345);
  await write(path, "new", true);
  const { uid, gid } = await Deno.stat(path);
  assertEquals([uid, gid], [1234, 2345]);
}, !isRoot);

testInFolder("a link stays, and its target is replaced", async (folder) => {
  await Deno.mkdir(`${folder}/elsewhere`);
  await Deno.writeTextFile(`${folder}/elsewhere/x.tsv`, "old");
  await Deno.symlink("elsewhere/x.tsv", `${folder}/first`);
  await Deno.symlink(`${folder}/first`, `${folder}/second`);
  await assertRejects(() => openOutput(`${folder}/second`, { overwrite: false }), UsageError);
  await write(`${folder}/second`, "new", true);
  assertEquals(await Deno.readTextFile(`${folder}/elsewhere/x.tsv`), "new");
  assert((await Deno.lstat(`${folder}/first`)).isSymlink);
  assert((await Deno.lstat(`${folder}/second`)).isSymlink);
  assertEquals(namesIn(`${folder}/elsewhere`), ["x.tsv"]);
});

testInFolder("a link to a missing file makes that file", async (folder) => {
  await Deno.symlink("target.tsv", `${folder}/link`);
  await write(`${folder}/link`, "new");
  assertEquals(await Deno.readTextFile(`${folder}/target.tsv`), "new");
  assert((await Deno.lstat(`${folder}/link`)).isSymlink);
});

testInFolder("links in a circle give an error", async (folder) => {
  await Deno.symlink("b", `${folder}/a`);
  await Deno.symlink("a", `${folder}/b`);
  const error = await assertRejects(() => openOutput(`${folder}/a`, { overwrite: true }), Error);
  assertStringIncludes(error.message, `Cannot write "${folder}/a": `);
});

testInFolder("another file with a temporary name stays", async (folder) => {
  for (const name of ["x.tsv.tmp", "x.tsv.0123456789abcdef.tmp"]) {
    await Deno.writeTextFile(`${folder}/${name}`, "mine");
  }
  await write(`${folder}/x.tsv`, "one");
  await write(`${folder}/x.tsv`, "two", true);
  assertEquals(namesIn(folder), ["x.tsv", "x.tsv.0123456789abcdef.tmp", "x.tsv.tmp"]);
  assertEquals(await Deno.readTextFile(`${folder}/x.tsv.tmp`), "mine");
});

testInFolder("a file with the longest possible name is written", async (folder) => {
  for (const name of ["x".repeat(255), "ü".repeat(127)]) {
    await write(`${folder}/${name}`, "new");
    assertEquals(await Deno.readTextFile(`${folder}/${name}`), "new");
  }
});

testInFolder("several writers of one file at once each write a whole file", async (folder) => {
  const path = `${folder}/x.tsv`;
  await Deno.writeTextFile(path, "0".repeat(1000));
  const writers = Array.from({ length: 9 }, async (_, i) => {
    const output = await openOutput(path, { overwrite: true });
    await output.write(chunks(...Array.from({ length: 100 }, () => String(i).repeat(10))));
  });
  let done = false;
  const all = Promise.all(writers).finally(() => done = true);
  while (!done) assertEquals(new Set(await Deno.readTextFile(path)).size, 1);
  await all;
  assertEquals((await Deno.readTextFile(path)).length, 1000);
  assertEquals(namesIn(folder), ["x.tsv"]);
});

testInFolder("if two make one file at once, one is refused", async (folder) => {
  const outputs = [1, 2].map(() => openOutput(`${folder}/x.tsv`, { overwrite: false }));
  const [first, second] = await Promise.all(outputs);
  await first!.write(chunks("first"));
  await assertRejects(() => second!.write(chunks("second")), UsageError, "add --overwrite");
  assertEquals(await Deno.readTextFile(`${folder}/x.tsv`), "first");
  assertEquals(namesIn(folder), ["x.tsv"]);
});

testInFolder("content that throws leaves the old file, and no temporary file", async (folder) => {
  await Deno.writeTextFile(`${folder}/x.tsv`, "old");
  const output = await openOutput(`${folder}/x.tsv`, { overwrite: true });
  const failing = (function* (): Generator<Uint8Array, void> {
    yield* chunks("half");
    throw new Error("no more");
  })();
  await assertRejects(() => output.write(failing), Error, "no more");
  assertEquals(await Deno.readTextFile(`${folder}/x.tsv`), "old");
  assertEquals(namesIn(folder), ["x.tsv"]);
});

testInFolder(
  "a pipe gets the whole content, stays a pipe, and needs no --overwrite",
  async (folder) => {
    const path = `${folder}/pipe`;
    await new Deno.Command("mkfifo", { args: [path] }).output();
    const output = await openOutput(path, { overwrite: false });
    assert(!output.isFile);
    const reading = Deno.readTextFile(path);
    await output.write(chunks("a", "b"));
    assertEquals(await reading, "ab");
    assert((await Deno.lstat(path)).isFifo);
    assertEquals(namesIn(folder), ["pipe"]);
  },
  !canRun,
);

testInFolder("a device is written to and stays a device", async (folder) => {
  await Deno.symlink("/dev/null", `${folder}/null`);
  for (const path of ["/dev/null", `${folder}/null`]) {
    await write(path, "gone", path === "/dev/null");
    assert((await Deno.stat(path)).isCharDevice);
  }
  await assertRejects(
    () => write("/dev/full", "x"),
    Error,
    'Cannot write "/dev/full": no space left on device',
  );
}, Deno.build.os !== "linux" || !canRun);

testInFolder("a directory, and a file in a missing directory, are refused", async (folder) => {
  const refused: [string, string][] = [
    [folder, "it must be a file, but is a directory"],
    [`${folder}/none/x.tsv`, `the directory "${folder}/none" does not exist`],
    [`${folder}/file/x.tsv`, "not a directory"],
  ];
  await Deno.writeTextFile(`${folder}/file`, "mine");
  for (const [path, reason] of refused) {
    for (const overwrite of [false, true]) {
      const error = await assertRejects(() => openOutput(path, { overwrite }), Error);
      assertEquals(error.message, `Cannot write "${path}": ${reason}`);
    }
  }
});

Deno.test("a reader that stops early is not an error", async () => {
  const written: number[] = [];
  await writeToReader({
    write(bytes): Promise<number> {
      if (written.length === 2) throw new Deno.errors.BrokenPipe("Broken pipe");
      written.push(bytes.length);
      return Promise.resolve(bytes.length);
    },
  }, chunks("a", "b", "c", "d"));
  assertEquals(written, [1, 1]);
});

/** Runs `generate` in a shell, where descriptors are opened by the shell. */
async function runShell(folder: string, script: string): Promise<[number, string, string]> {
  const root = new URL("../../", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script],
    cwd: folder,
    env: {
      CARRY:
        `${Deno.execPath()} run -A --no-check --cached-only --config ${root}deno.json ${root}cli.ts`,
      NO_COLOR: "1",
    },
  }).output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return [code, decode(stdout), decode(stderr)];
}

testInFolder("generate writes to descriptors that a shell has opened", async (folder) => {
  const generate = "$CARRY generate --digits 1 --examples 3";
  const [, rows] = await runShell(folder, generate);
  assertEquals(rows.split("\n").length, 4);
  const [code, stdout] = await runShell(folder, `${generate} --output /dev/stdout`);
  assertEquals([code, stdout], [0, rows]);
  const script = `echo before > x; ${generate} --output /dev/stdout >> x 2> log && cat x`;
  assertEquals((await runShell(folder, script))[1], `before\n${rows}`);
  const third = `echo before > y; ${generate} --output /dev/fd/3 3>> y 2> log && cat y`;
  assertEquals((await runShell(folder, third))[1], `before\n${rows}`);
}, !canRun || Deno.build.os !== "linux");

testInFolder(
  "generate that is stopped leaves no file, and its exit code says so",
  async (folder) => {
    const root = new URL("../../", import.meta.url).pathname;
    const args = ["run", "-A", "--no-check", "--cached-only", "--config", `${root}deno.json`];
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...args,
        `${root}cli.ts`,
        "generate",
        "--digits=4",
        "--examples=5000000",
        "--output=x",
      ],
      cwd: folder,
      stderr: "piped",
      stdout: "null",
    }).spawn();
    while (namesIn(folder).length === 0) await Deno.stat(folder);
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assertEquals([code, namesIn(folder)], [130, []]);
    assertStringIncludes(new TextDecoder().decode(stderr), "nothing was written to x");
  },
  !canRun,
);
