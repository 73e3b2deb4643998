/** A competitor that runs: a process that measures a round whenever it is asked. @module */
import { measureForeignLoad } from "./foreign_load.ts";
import { readLines, type Round } from "./round.ts";

/** A running process; it ends when it is disposed of. */
export interface Contestant extends AsyncDisposable {
  /** Asks for a round. @throws {Error} if there is no answer, with the process' own reason */
  measure(): Promise<Round>;
}

/** A start with its compilations, or a round of slow steps, may take this long. */
const ANSWER_LIMIT_MS = 600_000;

/** Starts a program that follows the protocol of round.ts. @throws {Error} if it cannot be started */
export function startContestant(command: readonly string[]): Contestant {
  const [program, ...args] = command;
  const child = new Deno.Command(program!, {
    args,
    env: { NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaint = new Response(child.stderr).text();
  const requests = child.stdin.getWriter();
  const answers = readLines(child.stdout);

  async function measure(): Promise<Round> {
    const { result, foreignCores } = await measureForeignLoad(child.pid, ask);
    return foreignCores === undefined ? result : { ...result, foreignCores };
  }

  async function ask(): Promise<Round> {
    const timer = setTimeout(() => child.kill("SIGKILL"), ANSWER_LIMIT_MS);
    try {
      await requests.write(new TextEncoder().encode("\n")).catch(() => {}); // it may have ended: the answer tells
      const { value, done } = await answers.next();
      if (done !== true) return JSON.parse(value) as Round;
    } finally {
      clearTimeout(timer);
    }
    const { signal, code } = await child.status;
    throw new Error(
      signal === "SIGKILL"
        ? "it did not answer in time"
        : findReason(await complaint) ?? `it ended with code ${code}`,
    );
  }

  async function stop(): Promise<void> {
    await requests.close().catch(() => {}); // closed already where it ended by itself
    await child.status;
    await complaint;
  }

  return { measure, [Symbol.asyncDispose]: stop };
}

/** Finds the line that says what went wrong: Deno's first, of Python the last that names an error, or the last. */
function findReason(complaint: string): string | undefined {
  const lines = complaint.split("\n").map((line) => line.trim()).filter(Boolean);
  const line = lines.find((line) => line.startsWith("error:")) ??
    lines.findLast((line) => /^[\w.]*(Error|Exception)\b/.test(line)) ?? lines.at(-1);
  return line?.replace(/^error: (Uncaught )?(\(in promise\) )?/, "");
}
