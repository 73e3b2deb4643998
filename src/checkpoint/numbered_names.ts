/** Names of runs that are counted: `run-0001`, `run-0002` and so on. @module */

const NUMBERED = /^run-0*(\d{1,15})$/;
/** A number of that many digits is exact, and so is the next one. */
const MAX_NUMBER = 10 ** 15 - 1;

/** Gives the number in a name such as `run-0012`; undefined if there is none, or it is longer than ours can be. */
export function readRunNumber(name: string): number | undefined {
  const digits = NUMBERED.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Gives what is called `run-` and a number, in the order of the numbers. A longer number is no number of ours. */
export async function listNumbered(root: string): Promise<{ number: number; path: string }[]> {
  const runs: { number: number; path: string }[] = [];
  try {
    for await (const { name } of Deno.readDir(root)) {
      const number = readRunNumber(name);
      if (number !== undefined) runs.push({ number, path: `${root}/${name}` });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return runs.sort((a, b) => a.number - b.number);
}

/** Makes the directory with the number after the highest. @throws {Error} if there is no higher number */
export async function makeNumberedDirectory(root: string): Promise<string> {
  let number = (await listNumbered(root)).at(-1)?.number ?? 0;
  while (number < MAX_NUMBER) {
    const path = `${root}/run-${String(++number).padStart(4, "0")}`;
    try {
      await Deno.mkdir(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error; // another process was faster
    }
  }
  throw new Error(`run-${number} has the highest number there can be; name the run yourself`);
}
