/** Reads zip archives in memory, strictly. @module */
import type { Entry, ZipReader } from "@zip.js/zip.js";
import { describeFound } from "../../arguments/rule.ts";

/**
 * Reads the files of an archive. Only files with the given names may be in it, each once, neither encrypted nor overlapping, with the
 * checksums that the archive says; nothing is read that another program could read differently.
 *
 * @param most largest size of every file that may be in it, in bytes; kept before and while it is inflated
 * @throws {SyntaxError} with the first fault
 */
export async function readZip(
  bytes: Uint8Array<ArrayBuffer>,
  most: Readonly<Record<string, number>>,
): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const { ZipReader, Uint8ArrayReader } = await import("@zip.js/zip.js");
  const reader = new ZipReader(new Uint8ArrayReader(bytes), {
    ...{ strictness: "strict", checkCrc32: true, checkOverlappingEntry: true },
    useWebWorkers: false,
  });
  try {
    return await readEntries(reader, most);
  } catch (error) {
    if (error instanceof ZipFault) throw new SyntaxError(error.message);
    throw fault(`it must be an archive without a fault, but is not: ${reasonOf(error)}`);
  } finally {
    await reader.close();
  }
}

/** A fault that this module has found itself. */
class ZipFault extends SyntaxError {}

function fault(reason: string): ZipFault {
  return new ZipFault(`Cannot read the zip archive: ${reason}`);
}

/** Gives what the library says of a fault, on one line. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\s+/g, " ") : "unknown";
}

async function readEntries(
  reader: ZipReader<unknown>,
  most: Readonly<Record<string, number>>,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const entries: Entry[] = [];
  for await (const entry of reader.getEntriesGenerator()) { // the first that must not be there ends it: there may be millions
    checkEntry(entry, most);
    entries.push(entry);
  }
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of entries) {
    if (files.has(entry.filename)) throw fault(`it must hold "${entry.filename}" once`);
    files.set(entry.filename, await readEntry(entry));
  }
  return files;
}

function checkEntry(
  { filename, directory, encrypted, uncompressedSize }: Entry,
  most: Readonly<Record<string, number>>,
): void {
  if (directory || !Object.hasOwn(most, filename)) {
    throw fault(
      `it must hold only ${Object.keys(most).join(", ")}, but holds ${describeFound(filename)}`,
    );
  }
  if (encrypted) throw fault(`"${filename}" must not be encrypted, but is`);
  if (uncompressedSize <= most[filename]!) return;
  throw fault(
    `"${filename}" must have at most ${most[filename]} bytes, but has ${uncompressedSize}`,
  );
}

async function readEntry(entry: Entry): Promise<Uint8Array<ArrayBuffer>> {
  const { filename, uncompressedSize } = entry;
  if (entry.directory) throw fault(`"${filename}" must be a file`);
  const bytes = new Uint8Array(uncompressedSize);
  let length = 0;
  await entry.getData(
    new WritableStream<Uint8Array>({
      write(chunk): void {
        if (length + chunk.length > uncompressedSize) {
          throw fault(`"${filename}" must have ${uncompressedSize} bytes, but has more`);
        }
        bytes.set(chunk, length);
        length += chunk.length;
      },
    }),
  );
  if (length === uncompressedSize) return bytes;
  throw fault(`"${filename}" must have ${uncompressedSize} bytes, but has ${length}`);
}
