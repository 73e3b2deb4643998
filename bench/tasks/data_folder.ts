/** Finds files of data by their names, in a folder and the folders in it. @module */
import { UsageError } from "../../src/cli/usage_error.ts";

/** A file that was found. */
export interface FoundFile {
  readonly folder: string;
  readonly name: string;
}

/** A folder of data. */
export interface DataFolder {
  /** All files, in the order of their paths. */
  readonly files: readonly FoundFile[];
  /** Gives the path of a file with one of some names, the first first: in the folder of another file, or else anywhere. */
  findBeside(file: FoundFile, names: readonly string[]): string | undefined;
}

/** Levels of folders that are searched: people keep the parts of a task in folders of their own. */
const MOST_LEVELS = 4;

/** Lists the files of a folder. @throws {UsageError} if it cannot be read */
export async function openDataFolder(path: string): Promise<DataFolder> {
  let files: readonly FoundFile[];
  try {
    files = await listFiles(path, MOST_LEVELS);
  } catch (error) {
    throw new UsageError(
      `Cannot read --data: it must be a folder of files to train on, but "${path}" cannot be listed: ${
        (error as Error).message
      }`,
    );
  }
  return {
    files,
    findBeside(file, names): string | undefined {
      for (const name of names) {
        const found = files.filter((other) => other.name === name);
        const near = found.find(({ folder }) => folder === file.folder) ?? found[0];
        if (near !== undefined) return pathOf(near);
      }
      return undefined;
    },
  };
}

/** Gives the path of a file. */
export function pathOf({ folder, name }: FoundFile): string {
  return `${folder}/${name}`;
}

async function listFiles(folder: string, levels: number): Promise<FoundFile[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const files: FoundFile[] = [];
  for (const { name, isDirectory } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name.startsWith(".")) continue;
    if (!isDirectory) files.push({ folder, name });
    else if (levels > 1) files.push(...await listFiles(`${folder}/${name}`, levels - 1));
  }
  return files;
}
