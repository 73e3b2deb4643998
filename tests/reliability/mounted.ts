/** Runs processes with their own mount table; their mounts end with them. @module */

/** Runs a shell script with its own mount table. */
export function runMounted(script: string, args: readonly string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command("unshare", {
    args: ["--mount", "sh", "-c", script, "sh", ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
}

/** Says whether disks can be mounted here: on Linux, by root. */
export async function canMount(): Promise<boolean> {
  try {
    return (await runMounted("mount -t tmpfs none /tmp", [])).success;
  } catch {
    return false; // no unshare, or no permission to run it
  }
}
