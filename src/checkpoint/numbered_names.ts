/** Names of numbered runs: `run-0001`, `run-0002` and so on. @module */

const NUMBERED = /^run-0*(\d{1,15})$/;
/** A number of 15 digits is exact in a double, and so is the next one. */
const MAX_NUMBER = 10 ** 15 - 1;

/** Gives the number in a name such as `run-0012`; undefined for another name or a number of more than 15 digits. */
export function readRunNumber(name: string): number | undefined {
  const digits = NUMBERED.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Lists the numbered runs in the order of their numbers. */
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
  throw new Error(`run-${number} has the highest possible number; name the run yourself`);
}
