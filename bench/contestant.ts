/** A running competitor: a process that measures a round at every request. @module */
import { measureForeignLoad } from "./foreign_load.ts";
import { readLines, type Round } from "./round.ts";

/** A running competitor; disposal ends its process. */
export interface Contestant extends AsyncDisposable {
  /** Requests a round. @throws {Error} if there is no answer, with the reason that the process gave */
  measure(): Promise<Round>;
}

/** Most time for the start, including compilation, or for a round of slow steps. */
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
      await requests.write(new TextEncoder().encode("\n")).catch(() => {}); // if it has ended, there is no answer
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
    await requests.close().catch(() => {}); // already closed if the process has ended
    await child.status;
    await complaint;
  }

  return { measure, [Symbol.asyncDispose]: stop };
}

/** Finds the line with the reason: Deno's first error line, else Python's last one, else the last line. */
function findReason(complaint: string): string | undefined {
  const lines = complaint.split("\n").map((line) => line.trim()).filter(Boolean);
  const line = lines.find((line) => line.startsWith("error:")) ??
    lines.findLast((line) => /^[\w.]*(Error|Exception)\b/.test(line)) ?? lines.at(-1);
  return line?.replace(/^error: (Uncaught )?(\(in promise\) )?/, "");
}
