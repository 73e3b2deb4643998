/**
 * Compiles the compute kernels from AssemblyScript in src/device/cpu to two WebAssembly modules, and writes each module as text into a
 * TypeScript file, so that loading needs neither a file nor a permission. Run by `deno task build`.
 *
 * @module
 */
import asc from "assemblyscript/asc";
import { deflateSync } from "fflate";
import { structsSource } from "../src/device/cpu/structs.ts";

/** The files that a build writes: paths under src/device/cpu, and their bytes. */
export type BuiltFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

const SOURCES = new URL("../src/device/cpu/", import.meta.url);

/** Most memory of a module, in pages of 64 KiB: 4 GiB. */
const MAXIMUM_PAGES = "65536";

const BUILDS = [
  { name: "kernels_relaxed", features: ["--enable", "relaxed-simd"] },
  { name: "kernels_simd", features: [] },
];

/** Builds everything in memory. @throws {Error} if the compiler finds a mistake */
export async function buildKernels(): Promise<BuiltFiles> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { name, features } of BUILDS) {
    const bytes = await compile(features);
    files.set(`${name}.ts`, new TextEncoder().encode(carry(name, bytes)));
  }
  return files;
}

async function compile(features: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  let built: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main([
    "kernels.ts",
    "--outFile",
    "kernels.wasm",
    ...["-O3", "--converge", "--noAssert", "--uncheckedBehavior", "always"],
    ...["--runtime", "stub", "--enable", "simd", "--enable", "threads", ...features],
    ...["--importMemory", "--noExportMemory", "--sharedMemory", "--initialMemory", "1"],
    ...["--maximumMemory", MAXIMUM_PAGES],
  ], {
    readFile: (name) => readSource(name),
    writeFile: (_name, contents) => {
      built = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => [],
  });
  if (error !== null || built === undefined) {
    throw new Error(`Cannot build the kernels: ${error?.message ?? "no output"}\n${stderr}`);
  }
  return built;
}

/**
 * Reads a source. The compiler asks for `.ts`; our files end in `.as`, because they are not TypeScript. The classes of the arguments are
 * made of structs.ts.
 */
async function readSource(name: string): Promise<string | null> {
  if (name === "structs.ts") return structsSource();
  try {
    return await Deno.readTextFile(new URL(name.replace(/\.ts$/, ".as"), SOURCES));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Makes the source of a TypeScript module that holds bytes as text. */
function carry(name: string, bytes: Uint8Array<ArrayBuffer>): string {
  const text = deflateSync(bytes, { level: 9 }).toBase64();
  return `/** ${name}.wasm, ${bytes.length} bytes, compressed; written by \`deno task build\`. @module */\n\n` +
    `/** The module's bytes: DEFLATE (RFC 1951) as base64. */\nexport const ${name}: string =\n  "${text}";\n`;
}

if (import.meta.main) {
  for (const [path, bytes] of await buildKernels()) {
    await Deno.writeFile(new URL(path, SOURCES), bytes);
  }
}
