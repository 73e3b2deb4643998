import { CELLS } from "../../src/network/config.ts";
import type { AttentionSize } from "../describe_attention.ts";
import { makePaddedExamples } from "../describe_attention.ts";
import { openDevice, testOnCpu, testOnDevices } from "../devices.ts";
import { makeAttentionTrial } from "./trial.ts";
import {
  assertSameResults,
  computeTrial,
  type TrialResults,
  type TrialSetup,
} from "./trial_results.ts";

/** Sizes by their letters: layers of the encoder, `b` after them if it has two directions, then of the decoder. */
interface ParitySize
  extends Readonly<Record<"H" | "E" | "decoder" | "Tin" | "Tout" | "S" | "V" | "B", number>> {
  readonly encoder: `${number}` | `${number}b`;
  readonly unpadded?: true;
}

/**
 * Hidden size H, embedding size E, layers, T_in, T_out, numbers of symbols S and V, and batch size B. Sizes are 1, below, equal to, above
 * and not multiples of 4, 8 and 32, as tiles and workgroups are.
 */
const SIZES: readonly ParitySize[] = [
  { H: 1, E: 1, encoder: "1", decoder: 1, Tin: 1, Tout: 1, S: 1, V: 1, B: 1, unpadded: true },
  { H: 2, E: 1, encoder: "1b", decoder: 1, Tin: 1, Tout: 1, S: 2, V: 2, B: 8 },
  { H: 3, E: 5, encoder: "2", decoder: 2, Tin: 5, Tout: 2, S: 5, V: 7, B: 7 },
  { H: 4, E: 4, encoder: "1b", decoder: 1, Tin: 2, Tout: 5, S: 12, V: 8, B: 9 },
  { H: 6, E: 7, encoder: "3b", decoder: 1, Tin: 4, Tout: 3, S: 13, V: 5, B: 8, unpadded: true },
  { H: 8, E: 8, encoder: "1b", decoder: 3, Tin: 1, Tout: 5, S: 8, V: 9, B: 33 },
  { H: 10, E: 3, encoder: "2b", decoder: 2, Tin: 7, Tout: 4, S: 33, V: 12, B: 7 },
  { H: 16, E: 8, encoder: "1b", decoder: 1, Tin: 3, Tout: 3, S: 9, V: 31, B: 1 },
  { H: 32, E: 16, encoder: "2b", decoder: 1, Tin: 5, Tout: 4, S: 32, V: 32, B: 8 },
  { H: 33, E: 31, encoder: "1", decoder: 2, Tin: 4, Tout: 3, S: 33, V: 64, B: 9 },
  { H: 34, E: 32, encoder: "1b", decoder: 1, Tin: 3, Tout: 5, S: 29, V: 65, B: 33 },
  { H: 64, E: 33, encoder: "1b", decoder: 1, Tin: 9, Tout: 7, S: 40, V: 45, B: 17 },
  { H: 66, E: 12, encoder: "3b", decoder: 3, Tin: 2, Tout: 2, S: 12, V: 12, B: 9 },
  { H: 130, E: 65, encoder: "1b", decoder: 1, Tin: 3, Tout: 2, S: 12, V: 13, B: 7 },
  { H: 4, E: 130, encoder: "1b", decoder: 1, Tin: 3, Tout: 2, S: 256, V: 255, B: 3 },
  { H: 6, E: 4, encoder: "1b", decoder: 1, Tin: 40, Tout: 30, S: 10, V: 10, B: 3 },
  { H: 4, E: 4, encoder: "2b", decoder: 1, Tin: 70, Tout: 3, S: 5, V: 6, B: 2 },
  { H: 6, E: 3, encoder: "1b", decoder: 1, Tin: 3, Tout: 2, S: 7, V: 5, B: 301 },
  { H: 5, E: 2, encoder: "3", decoder: 1, Tin: 1, Tout: 4, S: 1, V: 3, B: 7 },
];

const REGULARIZATION = { dropout: 0.3, seed: 4_000_000_007, labelSmoothing: 0.1 };

function setUp(
  cell: AttentionSize["cell"],
  { H, E, encoder, decoder, Tin, Tout, S, V, B, unpadded }: ParitySize,
): TrialSetup {
  const trial = makeAttentionTrial({
    ...{ cell, hiddenSize: H, embeddingSize: E, layers: decoder },
    ...{ encoderLayers: parseInt(encoder), bidirectional: encoder.endsWith("b") },
    ...{ inputLength: Tin, outputLength: Tout, sourceVocabularySize: S, targetVocabularySize: V },
    padded: unpadded !== true,
  });
  const examples = makePaddedExamples(trial.network, 2 * B + 3);
  return { trial, examples, batchSize: B, regularization: REGULARIZATION };
}

/** What the reference computes, once for all devices. */
const known = new Map<string, Promise<TrialResults>>();

async function expectedOf(what: string, setup: TrialSetup): Promise<TrialResults> {
  const found = known.get(what);
  if (found !== undefined) return await found;
  const computed = computeTrial(await openDevice("reference"), setup);
  known.set(what, computed);
  return await computed;
}

for (const [i, cell] of CELLS.entries()) {
  for (const [n, size] of SIZES.entries()) {
    // a software adapter compiles for seconds, so on webgpu a size is computed by one of the cells
    const test = n % CELLS.length === i ? testOnDevices : testOnCpu;
    const { H, E, encoder, decoder, Tin, Tout, S, V, B, unpadded } = size;
    const what = `${cell} with H ${H}, E ${E}, layers ${encoder} and ${decoder}, ` +
      `T ${Tin} and ${Tout}, V ${S} and ${V}, B ${B}${unpadded ? ", unpadded" : ""}`;
    test(`an executor computes attention as the reference does: ${what}`, async (device) => {
      const setup = setUp(cell, size);
      assertSameResults(await computeTrial(device, setup), await expectedOf(what, setup));
    });
  }
}
