/** Reads event files, independently of what writes them: records bit by bit, messages field by field. @module */

/** An event, as far as the tests look at it. */
export interface ReadEvent {
  readonly seconds: number;
  readonly step: number;
  readonly version?: string;
  /** Whether a session begins. */
  readonly isStart?: boolean;
  readonly graph?: readonly ReadNode[];
  readonly values: readonly ReadValue[];
}

/** A node of a graph. */
export interface ReadNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
}

/** A value of a summary. */
export interface ReadValue {
  readonly tag: string;
  readonly plugin: string;
  readonly number?: number;
  readonly text?: string;
}

/** A field of a message: its number, and its value by type. */
interface ReadField {
  readonly number: number;
  readonly integer: number;
  readonly bytes: Uint8Array;
}

const text = new TextDecoder("utf-8", { fatal: true });

/** Reads the whole records of a file, and says how many bytes are left after the last. @throws {Error} if a checksum is wrong */
export function readRecords(file: Uint8Array): { records: Uint8Array[]; left: number } {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const records: Uint8Array[] = [];
  let at = 0;
  while (at + 12 <= file.length) {
    const length = Number(view.getBigUint64(at, true));
    if (at + 16 + length > file.length) break;
    const data = file.subarray(at + 12, at + 12 + length);
    checkCrc(file.subarray(at, at + 8), view.getUint32(at + 8, true));
    checkCrc(data, view.getUint32(at + 12 + length, true));
    records.push(data);
    at += 16 + length;
  }
  return { records, left: file.length - at };
}

/** Reads the events of a file that ends after a record. */
export function readEvents(file: Uint8Array): ReadEvent[] {
  const { records, left } = readRecords(file);
  if (left > 0) throw new Error(`${left} bytes are left after the last record`);
  return records.map(readEvent);
}

/** Computes the checksum by its definition: RFC 3720, section 12.1; masked as TensorFlow does. */
function checkCrc(bytes: Uint8Array, expected: number): void {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      crc = ((crc ^ byte >> bit) & 1) === 1 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
    }
  }
  crc = ~crc;
  const masked = ((crc >>> 15 | crc << 17) + 0xa282ead8) >>> 0;
  if (masked !== expected) throw new Error(`The checksum is ${expected}, not ${masked}`);
}

function readEvent(record: Uint8Array): ReadEvent {
  const fields = readFields(record);
  const seconds = new DataView(fields[0]!.bytes.slice().buffer).getFloat64(0, true);
  const [version, summary, session, graph] = [3, 5, 7, 4].map((number) => find(fields, number));
  return {
    ...{ seconds, step: find(fields, 2)?.integer ?? 0 },
    ...(version && { version: text.decode(version.bytes) }),
    ...(session && { isStart: find(readFields(session.bytes), 1)?.integer === 1 }),
    ...(graph && { graph: all(graph.bytes, 1).map(readNode) }),
    values: summary === undefined ? [] : all(summary.bytes, 1).map(readValue),
  };
}

function readNode(bytes: Uint8Array): ReadNode {
  const [name, op] = [1, 2].map((number) => text.decode(find(readFields(bytes), number)!.bytes));
  return { name: name!, op: op!, inputs: all(bytes, 3).map((input) => text.decode(input)) };
}

function readValue(bytes: Uint8Array): ReadValue {
  const fields = readFields(bytes);
  const tensor = readFields(find(fields, 8)!.bytes);
  const [plugin] = all(find(fields, 9)!.bytes, 1);
  const [numbers, string] = [find(tensor, 5), find(tensor, 8)];
  return {
    tag: text.decode(find(fields, 1)!.bytes),
    plugin: text.decode(find(readFields(plugin!), 1)!.bytes),
    ...(numbers && numbers.bytes.length === 4 && {
      number: new DataView(numbers.bytes.slice().buffer).getFloat32(0, true),
    }),
    ...(string && { text: text.decode(string.bytes) }),
  };
}

function find(fields: readonly ReadField[], number: number): ReadField | undefined {
  return fields.find((field) => field.number === number);
}

function all(bytes: Uint8Array, number: number): Uint8Array[] {
  return readFields(bytes).filter((field) => field.number === number).map((field) => field.bytes);
}

function readFields(message: Uint8Array): ReadField[] {
  const fields: ReadField[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < message.length) {
    const key = varint();
    const type = key & 7;
    const integer = type === 0 ? varint() : 0;
    const length = type === 2 ? varint() : type === 1 ? 8 : type === 5 ? 4 : 0;
    fields.push({ number: key >> 3, integer, bytes: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}
