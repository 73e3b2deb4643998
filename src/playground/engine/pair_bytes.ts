/** Measures and reads pairs whose file is in memory, as the command line does with files. @module */
import type { Layout } from "../../codec/layout.ts";
import { dividePairs, encodePairs } from "../../dataset/divide_pairs.ts";
import type { Split } from "../../dataset/split.ts";
import { describeMeasuringFault } from "../../evaluation/pairs/measuring_fault.ts";
import { ChangedPairsError } from "../../problem/pairs/changed_pairs.ts";
import { formatOf } from "../../problem/pairs/format_of.ts";
import { measureData, type MeasuredPairs } from "../../problem/pairs/pair_meter.ts";
import {
  createPairReader,
  type ReadReport,
  type TakePair,
} from "../../problem/pairs/pair_reader.ts";
import type { PairFile, PairsSettings } from "../../problem/pairs/settings.ts";
import { createPause } from "../../time/pause.ts";

/** Bytes that are read between two looks at the signal: a few milliseconds. */
const CHUNK_BYTES = 2 ** 18;

/** How pairs are measured. */
export interface MeasureOptions {
  /** Whether the model reads questions reversed. */
  readonly reverse: boolean;
  readonly signal: AbortSignal;
}

/**
 * Measures pairs.
 *
 * @param settings name the file as their `data`
 * @throws {Error} if they cannot be read or no model can learn from them, with the sentence of `check`
 * @throws the signal's reason, if it aborts
 */
export async function measurePairBytes(
  bytes: Uint8Array<ArrayBuffer>,
  settings: PairsSettings & { readonly data: string },
  { reverse, signal }: MeasureOptions,
): Promise<MeasuredPairs> {
  const { data: path } = settings;
  const format = formatOf(path, settings.format);
  try {
    const { meter, data: report, form } = await measureData(settings, async (meter) => {
      const reading = { ...meter.settings, name: path, format };
      const report = await readPairs(bytes, reading, meter.begin("data"), signal);
      meter.end(report);
      return report;
    });
    const measured = meter.conclude(reverse);
    const data: PairFile = {
      ...{ path, format, sha256: await hashOf(bytes) },
      ...{ sizeBytes: bytes.length, pairs: report.pairs },
    };
    return { ...measured, settings: { ...measured.settings, data }, ...(form && { form }) };
  } catch (cause) {
    const fault = describeMeasuringFault(cause);
    throw fault === undefined ? cause : new Error(fault, { cause });
  }
}

/**
 * Reads pairs that were measured, and divides and encodes them.
 *
 * @throws {ChangedPairsError} if they are not those that were measured
 * @throws the signal's reason, if it aborts
 */
export async function splitPairBytes(
  bytes: Uint8Array<ArrayBuffer>,
  settings: PairsSettings & { readonly data: PairFile },
  { layout, signal }: { readonly layout: Layout; readonly signal: AbortSignal },
): Promise<Split> {
  const { data: file } = settings;
  const sha256 = await hashOf(bytes);
  if (sha256 !== file.sha256) throw new ChangedPairsError(file, sha256);
  const reading = { ...settings, name: file.path, format: file.format };
  return await dividePairs(file, {
    ...{ settings, layout, sizeBytes: bytes.length },
    async visit(take): Promise<void> {
      await readPairs(bytes, reading, encodePairs(file, take), signal);
    },
  });
}

/** Reads all pairs. Timers and messages have their turns meanwhile. */
async function readPairs(
  bytes: Uint8Array,
  reading: Parameters<typeof createPairReader>[0],
  take: TakePair,
  signal: AbortSignal,
): Promise<ReadReport> {
  signal.throwIfAborted();
  const reader = createPairReader(reading, take);
  const pause = createPause(() => performance.now());
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    reader.write(bytes.subarray(at, at + CHUNK_BYTES));
    await pause();
    signal.throwIfAborted();
  }
  return reader.end();
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
