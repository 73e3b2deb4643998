/** The head of a checkpoint file: its hash and the identity of its run. @module */
import { NotAFileError, openToRead } from "./file_system.ts";
import { MAX_HEADER_BYTES } from "./limits.ts";

/** The identity of a checkpoint's content. */
export interface CheckpointHead {
  /** Hash of the whole content, as the file says. Another content has another hash. */
  readonly sha256: string;
  /** Identity of the run; `null` if the file has none. */
  readonly runId: string | null;
}

/**
 * Reads the head of a checkpoint file, to find out whether the file has changed and which run it belongs to. Nothing is
 * verified.
 *
 * @returns undefined if there is no file, or the file does not begin as a checkpoint
 * @throws {Error} if the file cannot be read
 */
export async function readCheckpointHead(path: string): Promise<CheckpointHead | undefined> {
  try {
    using opened = await openToRead(path);
    const { file } = opened;
    const length = await readExactly(file, 8);
    if (length === undefined) return undefined;
    const size = new DataView(length.buffer).getBigUint64(0, true);
    if (size > BigInt(MAX_HEADER_BYTES)) return undefined;
    const header = await readExactly(file, Number(size));
    return header && parseHead(new TextDecoder().decode(header));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof NotAFileError) return undefined;
    throw error;
  }
}

async function readExactly(
  file: Deno.FsFile,
  size: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) return undefined;
    at += count;
  }
  return bytes;
}

function parseHead(text: string): CheckpointHead | undefined {
  try {
    const { sha256, carry } = JSON.parse(text).__metadata__;
    if (typeof sha256 !== "string") return undefined;
    const { runId } = JSON.parse(carry);
    return { sha256, runId: typeof runId === "string" ? runId : null };
  } catch {
    return undefined; // not a checkpoint: reading it gives the reason
  }
}
