import { assertEquals } from "@std/assert";
import { chooseForm, type FormChoice } from "../../../src/problem/pairs/choose_form.ts";
import { createPairMeter, measureData } from "../../../src/problem/pairs/pair_meter.ts";
import { createPairReader } from "../../../src/problem/pairs/pair_reader.ts";
import { resolvePairs } from "../../../src/problem/pairs/resolve_pairs.ts";
import type { PairsSettings } from "../../../src/problem/pairs/settings.ts";
import { measureTexts } from "./read_pairs.ts";

/** 200 different syllables, each in two questions, and as many answers in Latin letters. */
const KOREAN = Array.from(
  { length: 400 },
  (_, at) =>
    `${String.fromCodePoint(0xac00 + 55 * (at % 200), 0xac00 + 55 * (at % 3))}\ta${at % 9}\n`,
).join("");
/** Accents that occur often. */
const FRENCH = "été\teté\nélève\telev\n".repeat(100);

function choose(data: string, given: Partial<PairsSettings> = {}): FormChoice {
  const { files, settings } = measureTexts({ data }, given);
  return chooseForm(files.data, settings);
}

Deno.test("chooseForm() decomposes syllables that are rare, and leaves accents that are not", () => {
  const { form, composed, decomposed, rareShare } = choose(KOREAN);
  assertEquals([form, composed], ["NFD", 200]);
  assertEquals(decomposed < 70 && rareShare > 0.4, true, `${decomposed}, ${rareShare}`);
  assertEquals(choose(FRENCH), { form: "NFC", composed: 6, decomposed: 6, rareShare: 0 });
});

Deno.test("chooseForm() looks at answers too, but not at symbols between separators and at features", () => {
  const swapped = KOREAN.split("\n").map((line) => line.split("\t").reverse().join("\t"));
  assertEquals(choose(swapped.slice(0, -1).join("\n")).form, "NFD");
  const separated = { sourceSeparator: " " };
  assertEquals(choose(KOREAN, separated).form, "NFC");
  const features = KOREAN.split("\n").slice(0, -1).map((line, at) => `b${at}\ta\t${line[0]}`).join(
    "\n",
  );
  assertEquals(choose(features, { featureColumns: ["3"] }).form, "NFC");
});

Deno.test("chooseForm() leaves rare characters that have no parts", () => {
  const chinese = Array.from(
    { length: 300 },
    (_, at) => `${String.fromCodePoint(0x4e00 + at)}\ta\n`,
  );
  assertEquals(choose(chinese.join("")).form, "NFC");
});

for (
  const [data, given, forms, saved] of [
    [KOREAN, "auto", ["NFC", "NFD"], "NFD"],
    [FRENCH, "auto", ["NFC"], "NFC"],
    [KOREAN, "NFC", ["NFC"], "NFC"],
    [FRENCH, "none", ["none"], "none"],
  ] as const
) {
  Deno.test(`measureData() reads ${data.slice(0, 3).trim()} … with the form ${given} as ${forms}`, async () => {
    const settings = resolvePairs({ data: "d", normalize: given });
    const read: string[] = [];
    const { meter, form } = await measureData<void>(settings, (meter) => {
      read.push(meter.settings.normalize);
      const reader = createPairReader(
        { ...meter.settings, name: "d", format: "tsv" },
        meter.begin("data"),
      );
      reader.write(new TextEncoder().encode(data));
      meter.end(reader.end());
      return Promise.resolve();
    });
    assertEquals(read, [...forms]);
    assertEquals(form?.form, given === "auto" ? saved : undefined);
    const { settings: measured, laidOut: { layout } } = meter.conclude(false);
    assertEquals(
      [measured.normalize, layout.source.normalize, layout.target.normalize],
      [saved, saved, saved],
    );
  });
}

Deno.test("a meter whose form is still to be chosen reads NFC", () => {
  const meter = createPairMeter(resolvePairs({ data: "d" }));
  assertEquals(meter.settings.normalize, "auto");
  assertEquals(measureTexts({ data: KOREAN }).laidOut.layout.source.normalize, "NFC");
});
