/** Links this project into another folder, because permission sets have paths relative to deno.json. @module */

const MODULES = [
  "mod.ts",
  "addition.ts",
  "checkpoint.ts",
  "plot.ts",
  "parts.ts",
  "notebook.ts",
  "cli.ts",
];
const LINKED = [".jsr", "src", ...MODULES];

/** Without the lock file versions would be asked of the registry, which a cache that is new does not answer. */
const COPIED = ["deno.json", "deno.lock"];

/** Makes a folder a copy of this project, by links. */
export async function linkProject(folder: string): Promise<string> {
  const here = new URL("../../", import.meta.url);
  for (const name of LINKED) await Deno.symlink(new URL(name, here), `${folder}/${name}`);
  for (const name of COPIED) await Deno.copyFile(new URL(name, here), `${folder}/${name}`);
  return folder;
}
