/** The header of an object in an HDF5 file: its messages. Specification, section IV.A.1. @module */
import {
  address,
  type Cursor,
  expect,
  fault,
  type Hdf5File,
  openBlock,
  openPart,
  skip,
  takePart,
  uint,
  visit,
} from "./hdf5_bytes.ts";

/** A message: what it is, and its content. */
export interface Message {
  readonly type: number;
  readonly content: Cursor;
}

/** The types of messages that are read. */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** Types that say nothing of the content: empty space, fill values, sizes of nodes, comments, times, numbers of links. */
const IGNORED = new Set([0x00, 0x04, 0x05, 0x0a, 0x0d, 0x0e, 0x12, 0x13, 0x16]);
const READ: ReadonlySet<number> = new Set(Object.values(MESSAGE));
/** What is refused by its name. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [0x07, "values in other files"],
  [0x0f, "a table of shared messages"],
  [0x14, "settings of a driver"],
]);

/** Flag of a message whose content is elsewhere. */
const SHARED = 0x02;
/** Most blocks of one header. */
const MOST_BLOCKS = 64;

/** Reads the messages of the object at an address. */
export function readMessages(file: Hdf5File, at: number): Message[] {
  const start = openPart(file, at, 4);
  return uint(start, 1) === 1 ? readVersion1(file, at) : readVersion2(file, at);
}

/** Finds the only message of a type; undefined if there is none. */
export function findMessage(messages: readonly Message[], type: number): Cursor | undefined {
  const found = messages.filter((message) => message.type === type);
  if (found.length > 1) {
    throw fault(`an object must have one message of type ${type}, but has ${found.length}`);
  }
  return found[0]?.content;
}

function readVersion1(file: Hdf5File, at: number): Message[] {
  visit(file, at);
  const header = openPart(file, at, 16);
  skip(header, 2);
  const count = uint(header, 2);
  skip(header, 4);
  const blocks = [openPart(file, at + 16, uint(header, 4))];
  const messages: Message[] = [];
  for (let i = 0; i < blocks.length; i++) { // a block may name another one
    const block = blocks[i]!;
    while (block.end - block.at >= 8 && messages.length < count) {
      const [type, size, flags] = [uint(block, 2), uint(block, 2), uint(block, 1)];
      skip(block, 3);
      messages.push(addMessage(blocks, { type, content: takePart(block, size) }, flags, (part) => {
        visit(file, part.at);
        return part;
      }));
    }
  }
  return messages;
}

function readVersion2(file: Hdf5File, at: number): Message[] {
  const header = openBlock(file, at, Math.min(34, file.bytes.length - at), "OHDR");
  expect(header, 1, 2, "the version of an object's header");
  const flags = uint(header, 1);
  skip(header, (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
  const size = uint(header, 1 << (flags & 3));
  const prefix = 4 + (flags & 0x04 ? 2 : 0);
  const blocks = [openPart(file, header.at, size)];
  const messages: Message[] = [];
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i]!;
    while (block.end - block.at >= prefix) {
      const [type, size, flags] = [uint(block, 1), uint(block, 2), uint(block, 1)];
      skip(block, prefix - 4);
      messages.push(addMessage(blocks, { type, content: takePart(block, size) }, flags, (part) => {
        const { at, end } = openBlock(file, part.at, part.end - part.at, "OCHK");
        return { file, at, end: end - 4 }; // a checksum follows
      }));
    }
  }
  return messages;
}

/** Checks a message, and adds the block that it names to the header's. */
function addMessage(
  blocks: Cursor[],
  message: Message,
  flags: number,
  openContinuation: (part: Cursor) => Cursor,
): Message {
  const { type, content } = message;
  if (IGNORED.has(type)) return message;
  if (!READ.has(type)) {
    throw fault(
      `it must hold only what Keras writes, but has ${
        REFUSED.get(type) ?? `a message of type ${type}`
      }`,
    );
  }
  if (flags & SHARED) throw fault(`it must have no shared messages, but one is of type ${type}`);
  if (type !== MESSAGE.continuation) return message;
  if (blocks.length === MOST_BLOCKS) {
    throw fault(`a header must have at most ${MOST_BLOCKS} blocks, but has more`);
  }
  const { file } = content;
  const [at, size] = [address(content), uint(content, 8)];
  blocks.push(openContinuation(openPart(file, at, size)));
  return message;
}
