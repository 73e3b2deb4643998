import { assert, assertEquals } from "@std/assert";
import { encodeCheckpoint } from "../../src/checkpoint/checkpoint.ts";
import { importTfjs } from "../../src/interop/tfjs/import_tfjs.ts";
import { forkPrng, type Prng } from "../../src/random/prng.ts";
import { mutateJson } from "../reliability/mutate_json.ts";
import { mutateBytes, mutateText } from "../reliability/mutation.ts";
import { createPrototypeGuard } from "../reliability/prototype_guard.ts";
import { FUNCTIONAL, GIVEN, listHostile, readJson, withJson, withWeights } from "./hostile_tfjs.ts";
import type { Files } from "./tfjs_models.ts";

/** Number of mutations. */
const TRIALS = 20_000;

/** Imports files; a fault must be a sentence, in an error of a documented class. */
function findFault(files: Files): string | undefined {
  try {
    importTfjs(files);
    return undefined;
  } catch (error) {
    assert(error instanceof SyntaxError || error instanceof RangeError, String(error));
    assert(error.message.startsWith("Cannot "), error.message);
    assert(!/Keras model|: Cannot import/.test(error.message), error.message);
    assert(error.message.length < 2000, error.message);
    return error.message;
  }
}

Deno.test("the models that hostile files are made of come in", () => {
  assertEquals([findFault(GIVEN), findFault(FUNCTIONAL)], [undefined, undefined]);
});

for (const [name, [files, message]] of listHostile()) {
  Deno.test(`importTfjs() refuses ${name}`, () => {
    const fault = findFault(files);
    assert(fault?.includes(message), fault ?? "it came in");
  });
}

Deno.test("20,000 changed files come in whole, or are refused in a sentence", async () => {
  const prng = forkPrng(16, "hostile tfjs");
  const isUnchanged = createPrototypeGuard();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // the traces would take most of the time
  let accepted = 0;
  try {
    for (let trial = 0; trial < TRIALS; trial++) {
      const files = changeFiles(prng);
      if (findFault(files) !== undefined) continue;
      accepted++;
      if (accepted % 10 === 0) await encodeCheckpoint(importTfjs(files)); // it can be saved
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  assert(isUnchanged(), "a file changed the prototype of all objects");
  assert(accepted > TRIALS / 100 && accepted < TRIALS / 2, `${accepted} came in`);
});

const JSONS = [GIVEN, FUNCTIONAL].map((files) => ({ files, value: readJson(files) }));

/** Changes one of the files, in one of many ways. */
function changeFiles(prng: Prng): Files {
  const { files, value } = JSONS[prng.nextInt(JSONS.length)]!;
  switch (prng.nextInt(5)) {
    case 0:
      return new Map([...files, ["model.json", mutateBytes(files.get("model.json")!, prng)]]);
    case 1:
      return withWeights((bytes) => mutateBytes(bytes, prng));
    case 2:
      return withJson(files, changeDescription(value, prng));
    default:
      return withJson(files, mutateJson(value, prng));
  }
}

/** Changes what the file says of the model. */
function changeDescription(value: Record<string, unknown>, prng: Prng): unknown {
  const { carry } = value.userDefinedMetadata as { readonly carry: string };
  const changed = prng.nextInt(2) === 0
    ? mutateText(carry, prng)
    : JSON.stringify(mutateJson(JSON.parse(carry), prng));
  return { ...value, userDefinedMetadata: { carry: changed } };
}
