/**
 * Writes the WGSL of src/ops into src/ops/wgsl.ts: a text import would need permission to read, a module does not.
 *
 * Run by `deno task build:shaders`; a test checks that the result is up to date.
 *
 * @module
 */

const OPS = new URL("../src/ops/", import.meta.url);

/** The file with the text. */
export const SHADERS_FILE: URL = new URL("wgsl.ts", OPS);

/** Makes the source of the module: every shader under its path without extension. */
export async function renderShaders(): Promise<string> {
  const entries: string[] = [];
  for await (const folder of Deno.readDir(OPS)) {
    if (!folder.isDirectory) continue;
    for await (const { name } of Deno.readDir(new URL(`${folder.name}/`, OPS))) {
      if (!name.endsWith(".wgsl")) continue;
      const path = `${folder.name}/${name}`;
      const code = await Deno.readTextFile(new URL(path, OPS));
      entries.push(`  "${path.slice(0, -".wgsl".length)}": \`${code}\`,\n`);
    }
  }
  return `// deno-fmt-ignore-file
/** The WGSL of all ops, made from their .wgsl files by .ci/build_shaders.ts. @module */

/** Every shader's text by its path. */
export const WGSL = {
${entries.sort().join("")}} as const;
`;
}

if (import.meta.main) await Deno.writeTextFile(SHADERS_FILE, await renderShaders());
