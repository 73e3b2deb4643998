/** Asks questions that are encoded in parts, as many as an iterable has. @module */
import { createDatasetBuilder } from "../dataset/dataset.ts";
import type { Model } from "../model/model.ts";
import type { Example } from "../problem/example.ts";
import { createPause } from "../time/pause.ts";
import type { TurnOptions } from "../time/slices.ts";
import type { Assessor } from "./assess.ts";
import { countHeld } from "./held_parts.ts";

/** Number of examples that are encoded in a few milliseconds. */
const ENCODED_A_SLICE = 4096;

/**
 * Asks all questions of an iterable, which are encoded in parts. Progress is counted in examples.
 *
 * @throws what {@linkcode Assessor.ask} throws, and if an example cannot be encoded
 */
export async function askAll(
  assessor: Assessor,
  examples: Iterable<Example>,
  { model, count, ...turns }: TurnOptions & { readonly model: Model; readonly count: number },
): Promise<void> {
  const most = countHeld(model);
  const builder = createDatasetBuilder(model.config);
  const pause = createPause(turns.now ?? (() => performance.now()));
  let done = 0;
  const askBuilt = async (): Promise<void> => {
    const part = builder.finish();
    await assessor.ask(part, {
      ...turns,
      onProgress: (asked) => turns.onProgress?.(done + asked, count),
    });
    done += part.count;
  };
  for (const example of examples) {
    builder.add(example);
    if (builder.count === most) await askBuilt();
    else if (builder.count % ENCODED_A_SLICE === 0) await pause();
    turns.signal?.throwIfAborted();
  }
  if (builder.count > 0) await askBuilt();
}
