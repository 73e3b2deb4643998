import { assert, assertEquals } from "@std/assert";
import { strFromU8, unzipSync } from "fflate";
import { importKeras } from "../../src/interop/keras/import_keras.ts";
import { parseJson } from "../../src/interop/keras/open_keras_file.ts";
import { parseConfig } from "../../src/interop/keras/parse_config.ts";
import { parseTraining } from "../../src/interop/keras/parse_training.ts";
import { needObject } from "../../src/interop/keras/keras_fault.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { assertUnpolluted } from "./hostile_case.ts";
import { FIXTURE_NAMES, readKerasFile, SUMS } from "./keras_files.ts";
import { mutate } from "./mutate.ts";
import { mutateJson } from "./mutate_json.ts";

/** Reads changed inputs. @returns how many were refused */
async function countRefused(
  count: number,
  read: (i: number) => Promise<unknown> | void,
): Promise<number> {
  let refused = 0;
  for (let i = 0; i < count; i++) {
    try {
      await read(i);
    } catch (error) {
      const isTyped = error instanceof SyntaxError || error instanceof RangeError;
      if (!isTyped || !error.message.startsWith("Cannot ")) {
        throw new Error(`Case ${i} must be refused with a sentence`, { cause: error });
      }
      refused++;
    }
  }
  assertUnpolluted();
  assertEquals("polluted" in {}, false);
  return refused;
}

Deno.test("20,000 changed configurations are refused or read, with no other error", async () => {
  const prng = forkPrng(2, "changed configurations");
  const texts = await Promise.all(["lstm.keras", "gru.keras"].map(async (name) => {
    const { "config.json": config } = unzipSync((await readKerasFile(name)).bytes);
    return JSON.stringify(JSON.parse(strFromU8(config!)));
  }));
  const refused = await countRefused(20_000, (i) => {
    const config = parseJson("config.json", mutateJson(texts[i % 2]!, prng));
    parseConfig(config);
    parseTraining(needObject("compile_config", config.compile_config));
  });
  assert(refused > 5000, `only ${refused} were refused`);
});

Deno.test("2,000 changed files of every format are refused or read, with no other error", async () => {
  const prng = forkPrng(3, "changed files");
  const files = await Promise.all(FIXTURE_NAMES.map((name) => readKerasFile(name)));
  const refused = await countRefused(2000, async (i) => {
    await importKeras(mutate(files[i % files.length]!.bytes, prng), SUMS);
  });
  assert(refused > 500, `only ${refused} were refused`);
});
