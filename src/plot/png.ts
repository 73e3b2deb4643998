/** Renders an SVG to a PNG. The renderer is WebAssembly and has its own font, so the result is the same on any machine. @module */
import { checkValue } from "../arguments/resolve_options.ts";
import { functionRule, instanceOf, TEXT } from "../arguments/rule.ts";
import { ROBOTO_SUBSET } from "./roboto_subset.ts";

/** Pixels for each CSS pixel in both directions, so that the picture is sharp on a dense screen. */
const SCALE = 2;
/** Most pixels, of four bytes each: more do not fit into the renderer's memory. */
const MAX_PIXELS = 2 ** 28;

let loaded: Promise<void> | undefined;

/**
 * Renders an SVG to a PNG of twice its size, with resvg.
 *
 * Text is set in Roboto Regular, whatever font the SVG names. Characters other than printable ASCII, `×`, `–` and `…` become
 * crossed boxes. The first call loads the renderer, once for the process.
 *
 * @param svg an SVG document with a size
 * @param readFile reads the renderer's WebAssembly from its package, as `Deno.readFile` does
 * @returns the bytes of a PNG file
 * @throws {TypeError} if an argument has a wrong type
 * @throws {SyntaxError} if the text is not an SVG with a size
 * @throws {RangeError} if the picture would have more than 2^28 pixels
 * @throws {Error} what `readFile` throws: `Deno.errors.NotCapable` without the permission to read
 * @example
 * ```ts
 * import { characterLayout } from "@carry/seq2seq";
 * import { drawModel, renderPng } from "@carry/seq2seq/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const svg = drawModel({
 *   cell: "lstm", hiddenSize: 128, layers: 1,
 *   ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
 * });
 * const png = await renderPng(svg, Deno.readFile);
 * assertEquals([...png.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
 * ```
 */
export async function renderPng(
  svg: string,
  readFile: (url: URL) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array> {
  checkValue("render the picture", "it", svg, TEXT);
  checkValue("render the picture", "readFile", readFile, functionRule());
  loaded ??= loadRenderer(readFile).catch((cause) => {
    loaded = undefined; // a later call may have the permission that this one lacked
    throw cause;
  });
  await loaded;
  const { Resvg } = await import("@resvg/resvg-wasm");
  const renderer = parse(() =>
    new Resvg(svg, {
      fitTo: { mode: "zoom", value: SCALE },
      font: {
        fontBuffers: [Uint8Array.fromBase64(ROBOTO_SUBSET)],
        defaultFontFamily: "Roboto",
        sansSerifFamily: "Roboto",
      },
    })
  );
  using _renderer = { [Symbol.dispose]: () => renderer.free() };
  checkSize(renderer);
  const image = renderer.render();
  try {
    return image.asPng();
  } finally {
    image.free();
  }
}

function checkSize({ width, height }: { readonly width: number; readonly height: number }): void {
  const pixels = SCALE ** 2 * width * height;
  if (pixels <= MAX_PIXELS) return;
  throw new RangeError(
    `Cannot render the picture: it must have at most ${MAX_PIXELS} pixels, but has ${pixels} (${width} × ${height} at ${SCALE} × ${SCALE} each)`,
  );
}

/** Loads the renderer. It must succeed only once, because resvg refuses a second initialisation. */
async function loadRenderer(
  readFile: (url: URL) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  // a call of its own: within another call `deno publish` would not find and rewrite the bare specifier
  const location = import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm");
  const wasm = await readFile(new URL(location));
  checkValue("render the picture", "what readFile gives", wasm, instanceOf(Uint8Array));
  const { initWasm } = await import("@resvg/resvg-wasm");
  await initWasm(wasm);
}

function parse<T>(construct: () => T): T {
  try {
    return construct();
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`Cannot render the picture: it must be an SVG, but ${found}`, { cause });
  }
}
