/** Processes whose memory the kernel limits, by a control group of their own. @module */
import { canRun } from "../permissions.ts";

/** Where control groups that limit memory are made, of both versions, and the file that takes the limit. */
const HIERARCHIES = [
  { root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
  { root: "/sys/fs/cgroup", limit: "memory.max" },
];

/** A control group. */
interface Group extends AsyncDisposable {
  readonly path: string;
}

/** Says whether the kernel can be made to limit a process's memory here: on Linux, mostly by root. */
export async function canLimitMemory(): Promise<boolean> {
  if (!canRun || Deno.build.os !== "linux") return false;
  try {
    await using _group = await makeGroup(2 ** 30);
    return true;
  } catch {
    return false; // no control groups, or none that may be written to
  }
}

/** Runs a program; if it takes more memory than the limit, the kernel kills it. */
export async function runLimited(
  limitBytes: number,
  program: readonly string[],
): Promise<Deno.CommandOutput> {
  await using group = await makeGroup(limitBytes);
  const script = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
  return await new Deno.Command("sh", {
    args: ["-c", script, group.path, ...program],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
}

/** Makes a group with a limit. @throws {Error} if that cannot be done here */
async function makeGroup(limitBytes: number): Promise<Group> {
  for (const { root, limit } of HIERARCHIES) {
    const path = `${root}/carry-${crypto.randomUUID()}`;
    try {
      await Deno.mkdir(path);
    } catch {
      continue; // it is not there, or not ours
    }
    const group = { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
    try {
      await Deno.writeTextFile(`${path}/${limit}`, String(limitBytes), { create: false });
      await Deno.stat(`${path}/cgroup.procs`);
      return group;
    } catch {
      await group[Symbol.asyncDispose](); // no controller for memory
    }
  }
  throw new Error("Cannot limit memory: no control group can be made");
}
