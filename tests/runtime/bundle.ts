/** Bundles modules of the library with esbuild, as a program of somebody else's would. @module */
import type { BuildOptions, PluginBuild } from "esbuild";

/** For tests that use esbuild: its process ends a moment after it was stopped. */
export const ENDS_LATER = { sanitizeOps: false, sanitizeResources: false };

/**
 * Bundles a module.
 *
 * @returns its text
 */
export async function bundle(entry: string, options: BuildOptions = {}): Promise<string> {
  const esbuild = await import("esbuild"); // only here, because it asks for permissions
  try {
    const { outputFiles } = await esbuild.build({
      ...{ bundle: true, write: false, format: "esm", charset: "utf8", platform: "neutral" },
      stdin: { contents: entry, resolveDir: import.meta.dirname!, loader: "ts" },
      external: ["@tensorflow/*", "@resvg/*"],
      ...options,
      plugins: [
        ...options.plugins ?? [],
        { name: "packages of deno.json", setup: resolvePackages },
      ],
    });
    return outputFiles![0]!.text;
  } finally {
    await esbuild.stop();
  }
}

/** Resolves packages to Deno's cache. */
function resolvePackages(build: PluginBuild): void {
  build.onResolve({ filter: /^(?:[a-z]|@zip\.js\/)/ }, ({ path }) => {
    const { protocol, pathname } = new URL(import.meta.resolve(path));
    return protocol === "file:" ? { path: decodeURIComponent(pathname) } : { path, external: true };
  });
}
