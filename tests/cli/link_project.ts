/** Permission sets hold paths relative to deno.json: this project in another place. @module */

const LINKED = [".jsr", "src", "cli.ts", "mod.ts"];

/** Without the lock file versions would be asked of the registry, which a cache that is new does not answer. */
const COPIED = ["deno.json", "deno.lock"];

/** Makes a folder a project that is this one, but for its place. */
export async function linkProject(folder: string): Promise<string> {
  const here = new URL("../../", import.meta.url);
  for (const name of LINKED) await Deno.symlink(new URL(name, here), `${folder}/${name}`);
  for (const name of COPIED) await Deno.copyFile(new URL(name, here), `${folder}/${name}`);
  return folder;
}
