/** Runs Carry's command line in a process of its own, as its users do. @module */
import { whenAborted } from "../../src/cli/signals.ts";
import { readLines } from "../round.ts";

/** How a command is run. */
export interface CommandOptions {
  /** Called with every object that the command prints. */
  readonly onObject: (object: Readonly<Record<string, unknown>>) => void;
  /** Ends the command in an orderly way. */
  readonly signal: AbortSignal;
}

/** What a command took. */
export interface CommandCost {
  /** Seconds from its start to its end. */
  readonly seconds: number;
  /** Seconds of processors, up to its last line; null where the system does not report them. */
  readonly processorSeconds: number | null;
}

/** A command failed. It has said why. */
export class CommandError extends Error {
  /** The exit code of the command. */
  readonly code: number;

  /** Makes the error of a command that ended with a code. */
  constructor(args: readonly string[], code: number, complaint: string) {
    super(
      `Cannot measure: "${args.join(" ")}" ended with code ${code}: ${
        complaint.split("\n").at(-1)
      }`,
    );
    this.name = "CommandError";
    this.code = code;
  }
}

const PROGRAM = new URL("../../cli.ts", import.meta.url).pathname;

/**
 * Runs a command that prints JSON.
 *
 * @throws {CommandError} if it fails
 * @throws the signal's reason, if it aborts
 */
export async function runCarry(
  args: readonly string[],
  { onObject, signal }: CommandOptions,
): Promise<CommandCost> {
  signal.throwIfAborted();
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", PROGRAM, ...args, "--json"],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = child.status;
  const complaint = new Response(child.stderr).text();
  void whenAborted(signal).then(() => tryEnding(child));
  let processorSeconds: number | null = null;
  for await (const line of readLines(child.stdout)) {
    processorSeconds = await readProcessorSeconds(child.pid) ?? processorSeconds;
    onObject(JSON.parse(line));
  }
  const { code } = await ended;
  signal.throwIfAborted();
  if (code !== 0) throw new CommandError(args, code, (await complaint).trim());
  await complaint;
  return { seconds: (performance.now() - started) / 1000, processorSeconds };
}

function tryEnding(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGINT");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended
  }
}

/** Clock ticks a second in Linux's reports. Source: man 7 time; it is 100 on all platforms of Deno. */
const TICKS = 100;

/** Reads the time that processors spent in a process. Source: man 5 proc_pid_stat. */
async function readProcessorSeconds(pid: number): Promise<number | null> {
  if (Deno.build.os !== "linux") return null;
  try {
    const text = await Deno.readTextFile(`/proc/${pid}/stat`);
    const afterName = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return (Number(afterName[11]) + Number(afterName[12])) / TICKS; // user and system time
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null; // it has ended
    throw error;
  }
}
