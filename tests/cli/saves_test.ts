import { assert, assertEquals } from "@std/assert";
import { decodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { canRun } from "../permissions.ts";
import { inFolder, kill, runCarry } from "../reliability/carry_process.ts";

/** A model so small that many of its steps are taken in a bunch. */
const ARGUMENTS = ["--digits=2", "--hidden-size=8", "--batch-size=5", "--backend=cpu"];
/** Number of different saves to look at. */
const SAVES = 10;

/** The steps that the files of a run had reached at some moment. */
interface Reached {
  readonly saved: number;
  readonly logged: number;
}

/** Trains, and looks at the files of the run after several saves, while training goes on. */
function watchSaves(every: string): Promise<readonly Reached[]> {
  return inFolder(async (folder) => {
    const run = `${folder}/run`;
    const found = new Map<number, Reached>();
    let looking = Promise.resolve();
    let isLooking = false;
    const look = async (child: Deno.ChildProcess): Promise<void> => {
      const { bytes, log } = readAtOnce(run);
      const { step: saved } = (await decodeCheckpoint(bytes)).progress;
      found.set(saved, { saved, logged: readLastStep(log) });
      if (found.size === SAVES) kill(child);
      isLooking = false;
    };
    const args = ["train", ...ARGUMENTS, `--checkpoint-every=${every}`, "--json", "--log-every=1"];
    const { stderr } = await runCarry([...args, `--run=${run}`], {
      onLine(line, child): void {
        if (isLooking || !line.includes('"event":"step"')) return;
        isLooking = true;
        looking = look(child);
      },
    });
    await looking;
    assert(found.size >= SAVES, `only ${found.size} saves were seen: ${stderr}`);
    return [...found.values()];
  });
}

/** Reads the checkpoint, then the log, with so little time between that training hardly goes on. */
function readAtOnce(
  run: string,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly log: string } {
  const bytes = Deno.readFileSync(`${run}/latest.safetensors`);
  return { bytes, log: Deno.readTextFileSync(`${run}/events.jsonl`) };
}

/** Gives the last step of a log whose last line may not be complete. */
function readLastStep(log: string): number {
  const lines = log.slice(0, log.lastIndexOf("\n") + 1).split("\n");
  return JSON.parse(lines.findLast((line) => line.includes('"event":"step"')) ?? '{"step":0}').step;
}

Deno.test({
  name: "--checkpoint-every=5 saves after every fifth step, although steps are taken in bunches",
  ignore: !canRun,
  fn: async () => {
    for (const { saved } of await watchSaves("5")) assertEquals(saved % 5, 0);
  },
});

Deno.test({
  name:
    "a log has every step before a checkpoint when it is saved, although steps are taken in bunches",
  ignore: !canRun,
  fn: async () => {
    for (const { saved, logged } of await watchSaves("0.001s")) {
      assert(logged >= saved, `step ${saved} was saved, but the log ends with step ${logged}`);
    }
  },
});
