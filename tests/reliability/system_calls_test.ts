import { assertEquals } from "@std/assert";
import { inFolder } from "./carry_process.ts";
import { canTrace, traceProgram } from "./traced.ts";

const TRACE = "trace=fsync,fdatasync,rename,renameat,renameat2";

Deno.test({
  name:
    "a save makes the system calls that sync a file, rename it and sync its folder, in that order",
  ignore: !await canTrace(),
  fn: () =>
    inFolder(async (folder) => {
      const run = `${folder}/run`;
      const log = `${folder}/calls`;
      assertEquals(
        (await traceProgram([run, "save", "1"], ["-y", "-o", log, "-e", TRACE])).code,
        0,
      );
      const replace = (name: string, ...rotation: string[]): string[] => [
        `sync ${name}.tmp`,
        ...rotation,
        `rename ${name}.tmp to ${name}`,
        "sync the run",
      ];
      const calls = (await Deno.readTextFile(log)).split("\n").map((call) => describe(call, run));
      assertEquals(calls.filter((call) => call !== ""), [
        "sync above the run", // keeps the name of the run
        ...replace("best.safetensors"),
        ...replace("metrics.jsonl"),
        ...replace(
          "latest.safetensors",
          "rename previous-2.safetensors to previous-3.safetensors",
          "rename previous.safetensors to previous-2.safetensors",
          "rename latest.safetensors to previous.safetensors",
        ),
      ]);
    }),
});

/** Describes a call on the run's files; an empty text for any other call, and for the end of an interrupted one. */
function describe(call: string, run: string): string {
  const parent = run.slice(0, run.lastIndexOf("/"));
  const synced = /fsync\(\d+<([^>]*)>/.exec(call)?.[1];
  if (synced === parent) return "sync above the run";
  if (synced === run) return "sync the run";
  if (synced?.startsWith(`${run}/`)) return `sync ${nameOf(synced, run)}`;
  const renamed = /rename[a-z0-9]*\(.*"([^"]*)",.*"([^"]*)"/.exec(call);
  if (renamed === null || !renamed[1]!.startsWith(`${run}/`)) return "";
  return `rename ${nameOf(renamed[1]!, run)} to ${nameOf(renamed[2]!, run)}`;
}

/** Gives the name of a file of the run, without the random part of a temporary name. */
function nameOf(path: string, run: string): string {
  return path.slice(run.length + 1).replace(/\.[0-9a-f]{16}\.tmp$/, ".tmp");
}
