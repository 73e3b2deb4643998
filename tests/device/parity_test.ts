import { CELLS } from "../../src/network/config.ts";
import { openDevice, testOnCpu, testOnDevices } from "../devices.ts";
import type { NetworkSize } from "../describe_two_tables.ts";
import { assertSameResults, computeResults, type TrialResults } from "./trial_results.ts";

/** Sizes by their letters. */
interface ParitySize extends Readonly<Record<"H" | "layers" | "Tin" | "Tout" | "V" | "B", number>> {
  readonly S?: number;
}

/**
 * Hidden size H, decoder layers, T_in, T_out, numbers of symbols of sources and targets V, or S and V, and batch size B. Tiles are 4 or 8 wide, workgroups 32 to 256:
 * sizes are 1, primes, below, equal to, above and not multiples of them.
 */
const SIZES: readonly ParitySize[] = [
  { H: 1, layers: 1, Tin: 1, Tout: 1, V: 1, B: 1 },
  { H: 1, layers: 2, Tin: 2, Tout: 5, V: 2, B: 9 },
  { H: 3, layers: 3, Tin: 5, Tout: 2, V: 5, B: 7 },
  { H: 7, layers: 1, Tin: 2, Tout: 2, V: 12, B: 8 },
  { H: 8, layers: 2, Tin: 5, Tout: 1, V: 7, B: 2 },
  { H: 31, layers: 1, Tin: 1, Tout: 5, V: 13, B: 17 },
  { H: 32, layers: 3, Tin: 2, Tout: 2, V: 12, B: 33 },
  { H: 33, layers: 2, Tin: 5, Tout: 5, V: 29, B: 9 },
  { H: 64, layers: 1, Tin: 5, Tout: 2, V: 33, B: 33 },
  { H: 65, layers: 2, Tin: 2, Tout: 5, V: 64, B: 8 },
  { H: 130, layers: 1, Tin: 2, Tout: 2, V: 65, B: 17 },
  { H: 130, layers: 3, Tin: 1, Tout: 2, V: 12, B: 7 },
  { H: 5, layers: 1, Tin: 2, Tout: 3, V: 256, B: 3 },
  { H: 4, layers: 1, Tin: 3, Tout: 2, V: 6, B: 301 },
  { H: 6, layers: 1, Tin: 40, Tout: 30, V: 10, B: 3 },
  { H: 302, layers: 1, Tin: 2, Tout: 2, V: 12, B: 5 },
  // tables of different sizes; with the larger batches the first time step of few source symbols is computed once for each
  { H: 3, layers: 1, Tin: 3, Tout: 2, S: 1, V: 256, B: 17 },
  { H: 5, layers: 2, Tin: 2, Tout: 3, S: 256, V: 1, B: 9 },
  { H: 9, layers: 1, Tin: 4, Tout: 2, S: 5, V: 105, B: 25 },
  { H: 8, layers: 1, Tin: 3, Tout: 3, S: 105, V: 5, B: 25 },
  { H: 12, layers: 2, Tin: 3, Tout: 2, S: 8, V: 9, B: 17 },
  { H: 7, layers: 1, Tin: 2, Tout: 4, S: 9, V: 8, B: 33 },
  { H: 4, layers: 1, Tin: 2, Tout: 2, S: 12, V: 255, B: 40 },
  { H: 6, layers: 1, Tin: 3, Tout: 1, S: 255, V: 12, B: 7 },
  { H: 33, layers: 1, Tin: 2, Tout: 2, S: 256, V: 255, B: 513 },
  { H: 2, layers: 1, Tin: 1, Tout: 2, S: 255, V: 256, B: 8 },
];

/** What the reference computes, once for all devices. */
const known = new Map<string, Promise<TrialResults>>();

async function expectedOf(size: NetworkSize, batchSize: number): Promise<TrialResults> {
  const key = JSON.stringify([size, batchSize]);
  const found = known.get(key);
  if (found !== undefined) return await found;
  const computed = computeResults(await openDevice("reference"), size, batchSize);
  known.set(key, computed);
  return await computed;
}

for (const [i, cell] of CELLS.entries()) {
  for (const [n, { H, layers, Tin, Tout, S, V, B }] of SIZES.entries()) {
    // a software adapter compiles for seconds, so on webgpu a size is computed by one of the cells
    const test = n % CELLS.length === i ? testOnDevices : testOnCpu;
    const tables = S === undefined ? `V ${V}` : `V ${S} and ${V}`;
    const what = `${cell} with H ${H}, ${layers} layers, T ${Tin} and ${Tout}, ${tables}, B ${B}`;
    test(`an executor computes what the reference does: ${what}`, async (device) => {
      const size = {
        ...{ cell, hiddenSize: H, layers, inputLength: Tin, outputLength: Tout },
        ...{ sourceVocabularySize: S ?? V, targetVocabularySize: V },
      };
      assertSameResults(await computeResults(device, size, B), await expectedOf(size, B));
    });
  }
}
