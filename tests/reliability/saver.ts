/**
 * Saves, begins new runs and deletes until it is killed. It prints each action before and after.
 *
 * `saver.ts RUN FIRST-STEP VALUES`
 *
 * @module
 */
import {
  DENO_FILE_SYSTEM,
  type FileSystem,
  type NewFile,
} from "../../src/checkpoint/file_system.ts";
import { openRun } from "../../src/checkpoint/run_directory.ts";
import {
  beginRun,
  clearRun,
  type RunDirectory,
  saveToRun,
} from "../../src/checkpoint/run_files.ts";
import { markCheckpoint } from "./marked_checkpoint.ts";

const encoder = new TextEncoder();

/** Prints a line; the line is written when this returns. */
function say(line: string): void {
  Deno.stdout.writeSync(encoder.encode(line + "\n"));
}

function trace(file: NewFile): NewFile {
  return {
    write(bytes): Promise<number> {
      say("call write");
      return file.write(bytes);
    },
    sync(): Promise<void> {
      say("call sync");
      return file.sync();
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** Prints the name of every call before the call, so that the process can be killed there. */
const tracing: FileSystem = {
  ...DENO_FILE_SYSTEM,
  async createFile(path): Promise<NewFile> {
    say("call createFile");
    return trace(await DENO_FILE_SYSTEM.createFile(path));
  },
  async openEnd(path): Promise<NewFile | undefined> {
    say("call openEnd");
    const file = await DENO_FILE_SYSTEM.openEnd(path);
    return file && trace(file);
  },
  rename(from, to): Promise<void> {
    say("call rename");
    return DENO_FILE_SYSTEM.rename(from, to);
  },
  remove(path): Promise<void> {
    say("call remove");
    return DENO_FILE_SYSTEM.remove(path);
  },
  syncDirectory(path): Promise<void> {
    say("call syncDirectory");
    return DENO_FILE_SYSTEM.syncDirectory(path);
  },
};

if (import.meta.main) {
  const [path, first, values] = Deno.args;
  using run = await openRun(path!);
  let current: RunDirectory = run;
  for (let step = Number(first);; step++) {
    if (step % 7 === 0) {
      say(`beginning ${step}`);
      current = { ...run, runId: `run-${step}` };
      await beginRun(current, markCheckpoint(step, Number(values)), tracing);
      say("saved");
      continue;
    }
    if (step % 9 === 0) {
      say("clearing");
      await clearRun(run, tracing);
      say("cleared");
    }
    const best = step % 3 === 0;
    say(`saving ${step} ${best}`);
    await saveToRun(current, markCheckpoint(step, Number(values)), { best, fileSystem: tracing });
    say("saved");
  }
}
