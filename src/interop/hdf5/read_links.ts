/** The links of a group in an HDF5 file. Specification, sections III.A.1, III.B to III.D and IV.A.2.g. @module */
import { quoteName } from "../quote_name.ts";
import {
  address,
  type Cursor,
  decodeText,
  decodeUpToZero,
  expect,
  fault,
  type Hdf5File,
  NO_ADDRESS,
  openBlock,
  openPart,
  skip,
  takeBytes,
  uint,
} from "./hdf5_bytes.ts";
import { readDense } from "./read_dense.ts";
import { findMessage, MESSAGE, type Message } from "./read_messages.ts";

/** A link: a name, and the address of the object's header. */
export interface Hdf5Link {
  readonly name: string;
  readonly at: number;
}

/** Most levels of a B-tree. */
const MOST_LEVELS = 8;
/** Bytes of an entry in a node of symbols. */
const SYMBOL = 40;

/** Says whether an object is a group. */
export function isGroup(messages: readonly Message[]): boolean {
  return messages.some(({ type }) =>
    type === MESSAGE.symbolTable || type === MESSAGE.linkInfo || type === MESSAGE.link
  );
}

/** Lists the links of a group. @throws {SyntaxError} if one is soft or leads to another file */
export function readLinks(file: Hdf5File, messages: readonly Message[]): Hdf5Link[] {
  const symbols = findMessage(messages, MESSAGE.symbolTable);
  const info = findMessage(messages, MESSAGE.linkInfo);
  const contents = messages.filter(({ type }) => type === MESSAGE.link);
  return [
    ...(symbols === undefined ? [] : readSymbolTable(file, symbols)),
    ...contents.map(({ content }) => readLink(content)),
    ...(info === undefined ? [] : readDense(info, "links").map(readLink)),
  ];
}

function readSymbolTable(file: Hdf5File, table: Cursor): Hdf5Link[] {
  const [tree, heap] = [address(table), address(table)];
  const head = openBlock(file, heap, 32, "HEAP");
  expect(head, 1, 0, "the version of a local heap");
  skip(head, 3);
  const size = uint(head, 8);
  skip(head, 8);
  const names = openPart(file, address(head), size);
  return readNode(file, tree, names);
}

function readNode(file: Hdf5File, at: number, names: Cursor, above?: number): Hdf5Link[] {
  const head = openBlock(file, at, 24, "TREE");
  expect(head, 1, 0, "the type of a group's B-tree");
  const level = uint(head, 1);
  const count = uint(head, 2);
  if (above === undefined ? level > MOST_LEVELS : level !== above - 1) {
    throw fault(`the levels of a B-tree must go down one by one to 0, but one is ${level}`);
  }
  const entries = openPart(file, at + 24, count * 16);
  const links: Hdf5Link[] = [];
  for (let i = 0; i < count; i++) {
    skip(entries, 8); // a key
    const child = address(entries);
    const inside = level === 0
      ? readSymbols(file, child, names)
      : readNode(file, child, names, level);
    for (const link of inside) links.push(link);
  }
  return links;
}

function readSymbols(file: Hdf5File, at: number, names: Cursor): Hdf5Link[] {
  const head = openBlock(file, at, 8, "SNOD");
  expect(head, 1, 1, "the version of a node of symbols");
  skip(head, 1);
  const count = uint(head, 2);
  const entries = openPart(file, at + 8, count * SYMBOL);
  return Array.from({ length: count }, () => {
    const offset = uint(entries, 8);
    const at = address(entries);
    const cache = uint(entries, 4);
    skip(entries, 20);
    const start = names.at + offset;
    if (start >= names.end) throw fault(`a name must be in its heap, but is at ${offset}`);
    const name = decodeUpToZero(file.bytes.subarray(start, Math.min(names.end, start + 4096)));
    return checkLink(name, cache > 1 ? "soft link" : "hard link", at);
  });
}

function readLink(cursor: Cursor): Hdf5Link {
  expect(cursor, 1, 1, "the version of a link");
  const flags = uint(cursor, 1);
  const type = flags & 8 ? uint(cursor, 1) : 0;
  skip(cursor, (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0));
  const size = uint(cursor, 1 << (flags & 3));
  const name = decodeText(takeBytes(cursor, size));
  if (type !== 0) return checkLink(name, type === 1 ? "soft link" : "link to another file", 0);
  return checkLink(name, "hard link", address(cursor));
}

function checkLink(name: string, kind: string, at: number): Hdf5Link {
  if (name === "" || name.includes("/") || name === "." || name === "..") {
    throw fault(`the name of a link must be one part of a path, but is ${quoteName(name)}`);
  }
  if (kind !== "hard link") {
    throw fault(`${quoteName(name)} must be in the file itself, but is a ${kind}`);
  }
  if (at !== NO_ADDRESS) return { name, at };
  throw fault(`${quoteName(name)} must be in the file, but is nowhere`);
}
