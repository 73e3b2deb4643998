import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readRun } from "../../src/checkpoint/read_run.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import { saveToRun } from "../../src/checkpoint/run_files.ts";
import { canRun } from "../permissions.ts";
import { type Ending, inFolder, runCarry, TINY_ARGUMENTS } from "../reliability/carry_process.ts";

/** A test with two runs that were stopped after their second epoch. */
function testTwoRuns(
  name: string,
  body: (run: string, other: string) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !canRun,
    fn: () =>
      inFolder(async (folder) => {
        const runs = [`${folder}/run`, `${folder}/other`] as const;
        for (const run of runs) {
          const stopped = ["train", ...TINY_ARGUMENTS, "--patience=1", "--monitor=loss"];
          const { code, stderr } = await runCarry([...stopped, "--epochs=2", `--run=${run}`]);
          assertEquals(code, 0, stderr);
        }
        await body(...runs);
      }),
  });
}

function resume(run: string): Promise<Ending> {
  return runCarry(["train", "--resume", `--run=${run}`, "--backend=cpu"]);
}

testTwoRuns("a checkpoint of another run is reported, and not resumed", async (run, other) => {
  await Deno.copyFile(`${other}/latest.safetensors`, `${run}/latest.safetensors`);
  const log = await Deno.readTextFile(`${run}/events.jsonl`);
  const { code, stderr } = await resume(run);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /events\.jsonl belongs to another run than latest\.safetensors, so it is not used/,
  );
  assertMatch(
    stderr,
    /Cannot resume ".*": all its files must belong to one run, but best\.safetensors/,
  );
  assertEquals(await Deno.readTextFile(`${run}/events.jsonl`), log);
  const asked = await runCarry(["predict", "3+4", `--run=${run}`]);
  assertEquals(asked.code, 0);
  assertStringIncludes(asked.stderr, "previous.safetensors belongs to another run than latest");
  const best = await runCarry(["predict", "3+4", `--run=${run}`, "--weights=best"]);
  assertEquals(best.code, 1);
  assertStringIncludes(best.stderr, "best.safetensors: it belongs to another run than latest");
});

testTwoRuns("an older checkpoint that was copied over the latest is reported", async (run) => {
  await Deno.copyFile(`${run}/previous-2.safetensors`, `${run}/latest.safetensors`);
  const { stderr } = await runCarry(["predict", "3+4", `--run=${run}`]);
  assertStringIncludes(stderr, "an older checkpoint may have been copied over it");
});

testTwoRuns(
  "an interrupted overwrite is finished when its run is resumed",
  async (run) => {
    const found = await readRun(run);
    {
      using begun = await openRun(`${run}-new`, { runId: "new" });
      await saveToRun(begun, {
        ...found.checkpoint,
        progress: { step: 0, batch: 0, lossSum: 0, elapsedMs: 0, history: [] },
        moments: found.checkpoint.moments,
      });
    }
    await Deno.rename(`${run}-new/latest.safetensors`, `${run}/latest.safetensors`);
    const { code, stderr } = await resume(run);
    assertEquals(code, 0, stderr);
    const after = await readRun(run);
    assertEquals([after.checkpoint.runId, after.foreign, after.warnings], ["new", [], []]);
    const [start] = (await Deno.readTextFile(`${run}/events.jsonl`)).split("\n");
    assertEquals(JSON.parse(start!).runId, "new");
  },
);

Deno.test({
  name: "more samples than fit into a line of the log are refused before anything is made",
  ignore: !canRun,
  fn: () =>
    inFolder(async (folder) => {
      for (
        const [name, value, message] of [
          ["samples", "1001", "Cannot read --samples: it must be from 0 to 1000, but is 1001"],
          ["epochs", "1000001", "epochs must be an integer from 1 to 1000000, but is 1000001"],
        ]
      ) {
        const run = `${folder}/run`;
        const { code, stderr } = await runCarry(["train", `--${name}=${value}`, `--run=${run}`]);
        assertEquals(code, 2);
        assertStringIncludes(stderr, message!);
        const there = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
        assert(!there.includes("run"));
      }
    }),
});
