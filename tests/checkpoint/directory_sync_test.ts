import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { allowUnsyncedDirectories } from "../../src/checkpoint/directory_sync.ts";
import type { FileSystem } from "../../src/checkpoint/file_system.ts";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { inFolder } from "../reliability/carry_process.ts";
import { SIMULATED_RUN } from "../reliability/life_of_a_run.ts";
import { markCheckpoint } from "../reliability/marked_checkpoint.ts";
import { createSimulatedDisk } from "../reliability/simulated_disk.ts";
import { canTrace, traceProgram } from "../reliability/traced.ts";

/** Errors as Deno gives them on Linux. It has no name for the last one. */
const NOT_OFFERED: readonly Error[] = [
  Object.assign(new TypeError("Invalid argument (os error 22)"), { code: "EINVAL" }),
  Object.assign(new Error("Operation not supported (os error 95)"), { code: "ENOTSUP" }),
  Object.assign(new Error("Operation not supported"), { code: "EOPNOTSUPP" }),
  Object.assign(new Error("Function not implemented"), { code: "ENOSYS" }),
];

function createDisk(error: Error): FileSystem {
  return { ...createSimulatedDisk(), syncDirectory: () => Promise.reject(error) };
}

Deno.test("if a directory cannot be synced, saving continues with one warning", async () => {
  for (const error of NOT_OFFERED) {
    const warnings: string[] = [];
    const fileSystem = allowUnsyncedDirectories(
      createDisk(error),
      (message) => warnings.push(message),
    );
    for (const step of [1, 2, 3]) {
      await saveToRun(SIMULATED_RUN, markCheckpoint(step), { best: true, fileSystem });
    }
    const { checkpoint } = await readRun(SIMULATED_RUN.path, "latest", fileSystem);
    assertEquals([checkpoint.progress.step, warnings.length], [3, 1]);
    assertStringIncludes(warnings[0]!, 'The file system of "run" cannot sync a directory (E');
  }
});

Deno.test("a sync of a directory that fails is an error", async () => {
  const failures = ["EIO", "ENOSPC", "EDQUOT", "EROFS", undefined];
  for (const code of failures) {
    const error = Object.assign(new Error("It failed"), code && { code });
    const fileSystem = allowUnsyncedDirectories(createDisk(error), (message) => {
      throw new Error(`it was said: ${message}`);
    });
    await assertRejects(
      () => saveToRun(SIMULATED_RUN, markCheckpoint(1), { fileSystem }),
      Error,
      "It failed",
    );
  }
});

for (
  const [error, code] of [["EINVAL", 0], ["EOPNOTSUPP", 0], ["ENOSYS", 0], ["EIO", 1]] as const
) {
  Deno.test({
    name: `a directory that answers fsync with ${error} ends a save ${
      code === 0 ? "well, with a warning" : "with a sentence"
    }`,
    ignore: Deno.build.os !== "linux" || !await canTrace(),
    fn: () =>
      inFolder(async (folder) => {
        const run = `${folder}/run`;
        const inject = ["-P", folder, "-P", run, "-e", "trace=fsync"];
        const { code: ended, stderr } = await traceProgram([run, "save", "1"], [
          ...["-o", "/dev/null", ...inject, "-e", `inject=fsync:error=${error}`],
        ]);
        const text = new TextDecoder().decode(stderr);
        assertEquals(ended, code, text);
        if (code === 0) {
          assertEquals(text.trimEnd().split("\n").length, 1, text);
          assertStringIncludes(text, `The file system of "${folder}" cannot sync a directory (E`);
          assertEquals((await readRun(run)).checkpoint.progress.step, 1);
        } else assertStringIncludes(text, "nput/output error");
      }),
  });
}

for (
  const [call, error, code, words] of [
    ["fsync", "EINVAL", 1, "Invalid argument"], // a file that cannot be synced is not saved
    ["flock", "ENOLCK", 1, "its file system cannot lock files (ENOLCK), so two processes"],
    ["flock", "ENOSYS", 1, "its file system cannot lock files (ENOSYS), so two processes"],
    ["flock", "EOPNOTSUPP", 1, "its file system cannot lock files (ENOTSUP), so two processes"],
    ["flock", "EIO", 1, "nput/output error"],
    ["link,linkat", "EPERM", 0, ""], // a file can have one name only
  ] as const
) {
  Deno.test({
    name: `a file system whose ${call} says ${error} ends a save ${
      code === 0 ? "well" : "with a sentence"
    }`,
    ignore: Deno.build.os !== "linux" || !await canTrace(),
    fn: () =>
      inFolder(async (folder) => {
        const run = `${folder}/run`;
        const inject = ["-e", `trace=${call}`, "-e", `inject=${call}:error=${error}`];
        const output = await traceProgram([run, "save", "1"], ["-o", "/dev/null", ...inject]);
        const stderr = new TextDecoder().decode(output.stderr);
        assertEquals(output.code, code, stderr);
        assertStringIncludes(stderr, words);
        const left = (await Array.fromAsync(Deno.readDir(run))).map(({ name }) => name).sort();
        const saved = ["best.safetensors", "latest.safetensors", "lock", "metrics.jsonl"];
        assertEquals(left, code === 0 ? saved : call === "fsync" ? ["lock"] : []);
      }),
  });
}
