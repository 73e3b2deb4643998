/** Carry's command line, and other programs, as processes that can be killed. @module */

const CONFIG = new URL("../../deno.json", import.meta.url).pathname;
const CLI = new URL("../../cli.ts", import.meta.url).pathname;

/** Arguments for a model that is trained in seconds. */
export const TINY_ARGUMENTS: readonly string[] = [
  "--digits=1",
  "--hidden-size=8",
  "--batch-size=8",
  "--backend=cpu",
];

/** The result of a process. */
export interface Ending {
  /** Exit code; 137 if the process was killed. */
  readonly code: number;
  /** The complete lines of its standard output. */
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Called for every line that is read. */
export type OnLine = (line: string, child: Deno.ChildProcess) => void;

/** Options for starting a program. */
export interface StartOptions {
  /** Permissions. Default: all; for the command line, those that it needs. */
  readonly permissions?: readonly string[];
  readonly onLine?: OnLine;
  /** The configuration file. Default: that of this project. */
  readonly config?: string;
}

/** Runs a command of the command line. It may only read and write its run, as the README documents. */
export function runCarry(args: readonly string[], options: StartOptions = {}): Promise<Ending> {
  const runs = args.filter((arg) => arg.startsWith("--run=")).map((arg) => arg.slice(6));
  const permissions = runs.flatMap((run) => [`--allow-read=${run}`, `--allow-write=${run}`]);
  return runProgram(CLI, args, { permissions, ...options });
}

/** Runs a program of this project to its end, and reads its output line by line. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { permissions = ["-A"], onLine = () => {}, config = CONFIG }: StartOptions = {},
): Promise<Ending> {
  const common = ["run", "--no-prompt", "--cached-only", "--no-check", "--config", config];
  const child = new Deno.Command(Deno.execPath(), {
    args: [...common, ...permissions, program, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(child.stderr).text();
  const lines: string[] = [];
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + text).split("\n");
    rest = whole.pop()!;
    for (const line of whole) {
      lines.push(line);
      onLine(line, child);
    }
  }
  return { code: (await child.status).code, lines, stderr: await stderr };
}

/** Ends a process at once, if it has not ended yet. */
export function kill(child: Deno.ChildProcess, signal: Deno.Signal = "SIGKILL"): void {
  try {
    child.kill(signal);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // the process has ended
  }
}

/** Makes a folder for some work, and removes it afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
