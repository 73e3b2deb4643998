/** Programs that use exported files, run as a user runs them. @module */
import type { Language } from "../../src/interop/examples.ts";
import { canRun } from "../permissions.ts";
import { PYTHON } from "./python.ts";

/** A folder with `node_modules`, for programs that need packages; undefined where `CARRY_NODE_PACKAGES` names none. */
const NODE_PACKAGES = canRun ? Deno.env.get("CARRY_NODE_PACKAGES") : undefined;

/** Says whether `node` can be run, and finds these packages. */
export function hasNode(...packages: readonly string[]): boolean {
  if (!canRun) return false;
  try {
    for (const name of packages) {
      if (NODE_PACKAGES === undefined) return false;
      Deno.statSync(`${NODE_PACKAGES}/node_modules/${name}`);
    }
    return new Deno.Command("node", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** Gives the path of a file of one of these packages. */
export function findInPackage(name: string, path: string): string {
  return `${NODE_PACKAGES}/node_modules/${name}/${path}`;
}

/** Reads a file of one of these packages. */
export async function readNodePackage(name: string, path: string): Promise<string> {
  return await Deno.readTextFile(findInPackage(name, path));
}

/** Runs a function with a folder of files, which is then removed. */
export async function withFiles<T>(
  files: ReadonlyMap<string, Uint8Array | string>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "carry-" }));
  try {
    for (const [name, content] of files) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(path, bytes);
    }
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a program printed. */
export interface Printed {
  readonly success: boolean;
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Runs a program that is in another folder than its working directory, where the files are. @param args its arguments */
export async function runExample(
  language: Exclude<Language, "browser">,
  program: string,
  { files, args }: {
    readonly files: ReadonlyMap<string, Uint8Array>;
    readonly args: readonly string[];
  },
): Promise<Printed> {
  const [command, name] = language === "python"
    ? [PYTHON, "programs/answer.py"]
    : ["node", "programs/answer.mjs"];
  return await withFiles(
    new Map<string, Uint8Array | string>([...files, [name, program]]),
    async (folder) => {
      if (language === "node" && NODE_PACKAGES !== undefined) {
        await Deno.symlink(`${NODE_PACKAGES}/node_modules`, `${folder}/node_modules`);
      }
      const { success, stdout, stderr } = await new Deno.Command(command, {
        args: [name, ...args],
        cwd: folder,
      }).output();
      const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      return { success, lines: printed!.split("\n").slice(0, -1), errors: errors! };
    },
  );
}
