/** Runs programs in a terminal. A test types into the terminal, reads it, and closes it. @module */

/** A step of a test: it waits for an output, then acts. */
export interface TerminalStep {
  /** A regular expression that the output must match, after the match of the step before. */
  readonly when: string;
  /** The text that is typed then; `\x03` is Ctrl-C. */
  readonly type?: string;
  /** Whether the terminal is closed then. */
  readonly close?: true;
}

/** How to run a program in a terminal. */
export interface TerminalOptions {
  readonly cwd: string;
  readonly steps?: readonly TerminalStep[];
  /** Whether the terminal does not send SIGHUP when it is closed, as for a job that its shell has disowned. */
  readonly disowned?: boolean;
}

/** The result of a program. */
export interface TerminalEnding {
  /** Exit code; 128 and the signal's number for a program that a signal ended. */
  readonly code: number;
  /** Its whole output until the terminal was closed. */
  readonly output: string;
}

/** Python has pseudo-terminals in its standard library; a question for a permission ends the program. */
const DRIVER = `
import json, os, pty, re, select, signal, subprocess, sys, time
command, cwd, steps, disowned = json.loads(sys.argv[1])
if disowned:
    fd, slave = pty.openpty()
    pid = subprocess.Popen(command, cwd=cwd, stdin=slave, stdout=slave, stderr=slave, start_new_session=True).pid
    os.close(slave)
else:
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execvp(command[0], command)
output, at, opened, deadline = "", 0, True, time.time() + 120
status = None
while status is None:
    if opened and select.select([fd], [], [], 0.1)[0]:
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b""
        if data:
            output += data.decode(errors="replace")
        else:
            opened = False
    if not opened:
        time.sleep(0.02)
    found = re.search(steps[0]["when"], output[at:]) if steps else None
    if found:
        at += found.end()
        step = steps.pop(0)
        if "type" in step:
            os.write(fd, step["type"].encode())
        if "close" in step:
            os.close(fd)
            opened = False
    if "Deno requests" in output or time.time() > deadline:
        os.kill(pid, signal.SIGKILL)
    done, found = os.waitpid(pid, os.WNOHANG)
    if done == pid:
        status = os.waitstatus_to_exitcode(found)
while opened and select.select([fd], [], [], 0)[0]:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    output += data.decode(errors="replace")
print(json.dumps({"code": status if status >= 0 else 128 - status, "output": output, "left": len(steps)}))
`;

/** Says whether this machine has pseudo-terminals. */
export async function hasPseudoTerminals(): Promise<boolean> {
  try {
    const args = ["-c", "import pty; pty.openpty()"];
    return (await new Deno.Command("python3", { args, stderr: "null" }).output()).success;
  } catch {
    return false; // no Python, or no permission to run it
  }
}

/** Runs a program in a terminal to its end. @throws {Error} if the output of a step did not come */
export async function runInTerminal(
  command: readonly string[],
  { cwd, steps = [], disowned = false }: TerminalOptions,
): Promise<TerminalEnding> {
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", DRIVER, JSON.stringify([command, cwd, steps, disowned])],
    env: { NO_COLOR: "1", TERM: "xterm" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (text === "") throw new Error(new TextDecoder().decode(stderr));
  const { left, ...ending } = JSON.parse(text);
  if (left > 0) throw new Error(`${left} steps did not come: ${ending.output}`);
  return ending;
}
