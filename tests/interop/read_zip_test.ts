import { assert, assertEquals } from "@std/assert";
import { readZip } from "../../src/interop/zip/read_zip.ts";
import { forkPrng } from "../../src/random/prng.ts";
import { assertUnpolluted, testHostile } from "./hostile_case.ts";
import { makeArchive, MOST, ZIP_CASES } from "./hostile_zip_cases.ts";
import { mutate } from "./mutate.ts";

testHostile("readZip()", ZIP_CASES, (bytes) => readZip(bytes, MOST));

Deno.test("readZip() reads stored and deflated files", async () => {
  const files = await readZip(makeArchive(), MOST);
  assertEquals([...files.keys()], ["a.txt", "b.txt"]);
  for (const file of files.values()) assertEquals(new TextDecoder().decode(file), "a".repeat(100));
});

Deno.test("readZip() refuses or reads 20,000 changed archives, with no other error", async () => {
  const prng = forkPrng(1, "changed archives");
  const archive = makeArchive();
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    try {
      await readZip(mutate(archive, prng), MOST);
    } catch (error) {
      if (!(error instanceof SyntaxError) || !error.message.startsWith("Cannot read the zip")) {
        throw new Error(`Case ${i} must be refused with a sentence`, { cause: error });
      }
      refused++;
    }
  }
  assert(refused > 10_000, `only ${refused} were refused`);
  assertUnpolluted();
});
