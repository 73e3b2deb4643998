/** Runs processes whose memory the kernel limits by a control group. @module */
import { canRun } from "../permissions.ts";

/** Folders for control groups that limit memory, for both versions, and the file for the limit. */
const HIERARCHIES = [
  { root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
  { root: "/sys/fs/cgroup", limit: "memory.max" },
];

/** A control group. */
interface Group extends AsyncDisposable {
  readonly path: string;
}

/** Says whether the kernel can limit the memory of a process here: on Linux, usually for root. */
export async function canLimitMemory(): Promise<boolean> {
  if (!canRun || Deno.build.os !== "linux") return false;
  try {
    await using _group = await makeGroup(2 ** 30);
    return true;
  } catch {
    return false; // there are no control groups, or no permission to write to them
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

/** Makes a group with a limit. @throws {Error} if that is not possible here */
async function makeGroup(limitBytes: number): Promise<Group> {
  for (const { root, limit } of HIERARCHIES) {
    const path = `${root}/carry-${crypto.randomUUID()}`;
    try {
      await Deno.mkdir(path);
    } catch {
      continue; // it does not exist, or belongs to another user
    }
    const group = { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
    try {
      await Deno.writeTextFile(`${path}/${limit}`, String(limitBytes), { create: false });
      await Deno.stat(`${path}/cgroup.procs`);
      return group;
    } catch {
      await group[Symbol.asyncDispose](); // it has no controller for memory
    }
  }
  throw new Error("Cannot limit memory: no control group can be made");
}
