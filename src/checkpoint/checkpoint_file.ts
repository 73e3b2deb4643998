/** Reads a checkpoint from a file. The size is compared with the header before memory is allocated for the rest. @module */
import { type Checkpoint, decodeCheckpoint, decodeState, locateHistory } from "./checkpoint.ts";
import type { CheckpointState } from "./checkpoint_state.ts";
import type { ReadableFile } from "./file_system.ts";
import { MAX_FILE_BYTES } from "./limits.ts";
import { checkSize, decodeHeader, readHeaderLength } from "./safetensors.ts";

const LENGTH_BYTES = 8;

/**
 * Reads a whole checkpoint.
 *
 * @throws {SyntaxError} if the file is damaged or is not a checkpoint, with the first fault
 */
export async function readCheckpoint(file: ReadableFile): Promise<Checkpoint> {
  await readCheckpointState(file);
  return await decodeCheckpoint(await file.read(0, file.sizeBytes));
}

/**
 * Reads the state of a checkpoint, which is everything but its tensors, from a few KB of the file. It does not check the
 * hash.
 *
 * @throws {SyntaxError} if the file is not a checkpoint, or does not have the size that its model needs
 */
export async function readCheckpointState(file: ReadableFile): Promise<CheckpointState> {
  const { sizeBytes } = file;
  if (sizeBytes > MAX_FILE_BYTES) {
    throw new SyntaxError(
      `Cannot read the checkpoint: it must have at most ${MAX_FILE_BYTES} bytes, but has ${sizeBytes}`,
    );
  }
  const first = await file.read(0, Math.min(LENGTH_BYTES, sizeBytes));
  const headerLength = readHeaderLength(first, sizeBytes);
  const header = decodeHeader(await file.read(0, LENGTH_BYTES + headerLength));
  checkSize(header, sizeBytes);
  const place = locateHistory(header);
  const history = place && await file.read(place.start, place.stop - place.start);
  return decodeState(header, () => history!);
}
