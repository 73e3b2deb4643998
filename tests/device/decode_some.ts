/** A decoding that chooses symbols by a rule, for comparisons of executors. @module */
import type { NextSymbols } from "../../src/device/decoding.ts";
import type { Executor } from "../../src/device/executor.ts";
import { forkPrng } from "../../src/random/prng.ts";

/** Most steps that are taken. */
const MOST_STEPS = 5;

/**
 * Decodes sources with any symbols after any hypotheses: their number grows and shrinks, some go on twice, some not at all.
 *
 * @returns what every step gives; nothing if the network does not decode
 */
export async function decodeSome(executor: Executor, sources: Uint8Array): Promise<NextSymbols[]> {
  const { decoder, outputLength, targetVocabularySize } = executor.network;
  if (decoder === "repeat") return [];
  using decoding = executor.decode(sources);
  const steps = [await decoding.step()];
  const { nextInt } = forkPrng(5, "decode");
  let hypotheses = decoding.count;
  while (decoding.steps < Math.min(outputLength, MOST_STEPS)) {
    const count = Math.max(1, decoding.steps % 2 === 1 ? 2 * hypotheses + 1 : hypotheses - 3);
    const draw = (below: number): number[] => Array.from({ length: count }, () => nextInt(below));
    const [parents, symbols] = [draw(hypotheses), draw(targetVocabularySize)];
    steps.push(
      await decoding.step({
        parents: Uint32Array.from(parents),
        symbols: Uint8Array.from(symbols),
      }),
    );
    hypotheses = count;
  }
  return steps;
}
