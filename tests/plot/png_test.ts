import { characterLayout } from "../../src/codec/layout.ts";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { CELLS } from "../../src/network/config.ts";
import { drawModel } from "../../src/plot/picture.ts";
import { renderPng } from "../../src/plot/png.ts";

const WASM = new URL(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm"));
const ignore = (await Deno.permissions.query({ name: "read", path: WASM })).state !== "granted";

const NOTEBOOK = {
  cell: "lstm",
  hiddenSize: 128,
  layers: 1,
  ...characterLayout(" +0123456789", { inputLength: 7, outputLength: 4, reverse: true }),
} as const;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

let reads = 0;

/** Reads a file and counts the reads of the process. Every test uses it. */
function readCounted(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  reads++;
  return Deno.readFile(url);
}

Deno.test({
  name: "renderPng() renders every cell's picture at twice its size",
  ignore,
  async fn(): Promise<void> {
    for (const cell of CELLS) {
      const svg = drawModel({ ...NOTEBOOK, cell });
      const png = await renderPng(svg, readCounted);
      assertEquals([...png.subarray(0, 8)], SIGNATURE);
      assertEquals(new TextDecoder().decode(png.subarray(12, 16)), "IHDR");
      const [, width, height] = svg.match(/^<svg [^>]*?width="(\d+)" height="(\d+)"/)!;
      const header = new DataView(png.buffer, png.byteOffset);
      assertEquals(header.getUint32(16), 2 * Number(width));
      assertEquals(header.getUint32(20), 2 * Number(height));
    }
  },
});

Deno.test({
  name: "renderPng() renders a model of 64 layers",
  ignore,
  async fn(): Promise<void> {
    const png = await renderPng(drawModel({ ...NOTEBOOK, layers: 64 }), readCounted);
    assertEquals([...png.subarray(0, 8)], SIGNATURE);
  },
});

Deno.test({
  name: "renderPng() gives the same bytes for the same picture",
  ignore,
  async fn(): Promise<void> {
    const svg = drawModel(NOTEBOOK);
    assertEquals(await renderPng(svg, readCounted), await renderPng(svg, readCounted));
  },
});

Deno.test({
  name: "renderPng() renders the text of a picture",
  ignore,
  async fn(): Promise<void> {
    const svg = drawModel(NOTEBOOK);
    const blank = svg.replaceAll(/<text .*<\/text>\n/g, "");
    assertEquals(blank.match(/<text/), null);
    const [withText, withoutText] = [
      await renderPng(svg, readCounted),
      await renderPng(blank, readCounted),
    ];
    assert(withText.length > 2 * withoutText.length, "the letters take no bytes");
  },
});

Deno.test({
  name:
    "renderPng() draws every character of its font differently, and none as a missing character",
  ignore,
  async fn(): Promise<void> {
    const characters = Array.from({ length: 95 }, (_, i) => String.fromCodePoint(32 + i));
    const seen = new Map<string, string>();
    for (const character of [...characters, "×", "–", "…", "\u{ffff0}"]) {
      const pixels = (await renderPng(letter(character, "Roboto"), readCounted)).toBase64();
      assertEquals(seen.get(pixels), undefined, `"${character}" looks like another`);
      seen.set(pixels, character);
    }
  },
});

Deno.test({
  name: "renderPng() renders text in its own font even if the picture names another",
  ignore,
  async fn(): Promise<void> {
    const roboto = await renderPng(letter("R", "Roboto"), readCounted);
    assertEquals(await renderPng(letter("R", "No Such Font, sans-serif"), readCounted), roboto);
    assertNotEquals(await renderPng(letter(" ", "Roboto"), readCounted), roboto);
  },
});

Deno.test({
  name: "renderPng() loads its renderer once, also for simultaneous calls",
  ignore,
  async fn(): Promise<void> {
    const svg = letter("x", "Roboto");
    await Promise.all([1, 2, 3].map(() => renderPng(svg, readCounted)));
    await renderPng(svg, readCounted);
    assertEquals(reads, 1);
  },
});

Deno.test({
  name: "renderPng() refuses a text that is not an SVG, and works afterwards",
  ignore,
  async fn(): Promise<void> {
    for (const text of ["", "a + b", "<svg", "<html></html>"]) {
      await assertRejects(
        () => renderPng(text, readCounted),
        SyntaxError,
        "Cannot render the picture: it must be an SVG, but",
      );
    }
    const png = await renderPng(letter("x", "Roboto"), readCounted);
    assertEquals([...png.subarray(0, 8)], SIGNATURE);
  },
});

Deno.test("renderPng() throws its reader's error, and reads again at the next call", async () => {
  // the query makes a new instance of the module, which has loaded nothing
  const { renderPng } = await import("../../src/plot/png.ts?not-loaded");
  const asked: string[] = [];
  const refuse = (url: URL): Promise<never> => {
    asked.push(url.href);
    return Promise.reject(new Deno.errors.NotCapable("no reading"));
  };
  for (let call = 0; call < 2; call++) {
    await assertRejects(
      () => renderPng(letter("x", "Roboto"), refuse),
      Deno.errors.NotCapable,
      "no reading",
    );
  }
  assertEquals(asked, [WASM.href, WASM.href]);
});

function letter(character: string, family: string): string {
  const escaped = `&#${character.codePointAt(0)};`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="30" font-size="30" font-family="${family}" xml:space="preserve">${escaped}</text></svg>`;
}

Deno.test({
  name: "renderPng() refuses a picture that is too large, and renders the next",
  ignore,
  async fn(): Promise<void> {
    const draw = (size: number): string =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"/>`;
    await assertRejects(
      () => renderPng(draw(100_000), readCounted),
      RangeError,
      "at most 268435456 pixels, but has 40000000000",
    );
    const png = await renderPng(draw(10), readCounted);
    assertEquals([...png.subarray(0, 8)], SIGNATURE);
  },
});
