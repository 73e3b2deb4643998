/** Permission sets hold paths relative to deno.json: this project in another place. @module */

const LINKED = [".jsr", "src", "cli.ts", "mod.ts"];

/** Makes a folder a project that is this one, but for its place. */
export async function linkProject(folder: string): Promise<string> {
  for (const name of LINKED) {
    await Deno.symlink(new URL(`../../${name}`, import.meta.url), `${folder}/${name}`);
  }
  await Deno.copyFile(new URL("../../deno.json", import.meta.url), `${folder}/deno.json`);
  return folder;
}
