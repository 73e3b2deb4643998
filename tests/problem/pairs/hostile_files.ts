/** A hundred files that are hard to read, each with what a reader must say or give. @module */
import type { PairReaderOptions } from "../../../src/problem/pairs/pair_reader.ts";

/** A file, and what must come of it. */
export interface HostileFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly options?: Partial<PairReaderOptions>;
  /** The pairs that are read, as `question→answer`, or a part of the error. */
  readonly gives: readonly string[] | RegExp;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const join = (...parts: (string | Uint8Array)[]): Uint8Array => {
  const all = parts.map((part) => typeof part === "string" ? encode(part) : part);
  const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};
/** A text as UTF-16, with its bytes in the order of the platform or the other one. */
const utf16 = (text: string, isLittleEndian: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at++) {
    view.setUint16(2 * at, text.charCodeAt(at), isLittleEndian);
  }
  return new Uint8Array(view.buffer);
};

const JSONL = { format: "jsonl" } as const;
const SKIP = { badLines: "skip" } as const;
const MIB = 2 ** 20;

/** Line ends, byte order marks, and files with nothing in them. */
const FRAMES: readonly HostileFile[] = [
  {
    name: "an empty file",
    content: "",
    gives: /Cannot read f: it must have at least one pair, but has none$/,
  },
  { name: "one line feed", content: "\n", gives: /at least one pair/ },
  { name: "empty lines alone", content: "\n\r\n\n", gives: /at least one pair/ },
  { name: "a byte order mark alone", content: bytes(0xef, 0xbb, 0xbf), gives: /at least one pair/ },
  { name: "no final line feed", content: "a\tb", gives: ["a→b"] },
  { name: "a final carriage return", content: "a\tb\r", gives: ["a→b"] },
  { name: "CRLF", content: "a\tb\r\nc\td\r\n", gives: ["a→b", "c→d"] },
  { name: "LF and CRLF mixed", content: "a\tb\nc\td\r\ne\tf", gives: ["a→b", "c→d", "e→f"] },
  {
    name: "line ends of an old Macintosh",
    content: "a\tb\rc\td\r",
    gives: /^Cannot read f:1: the line must have no carriage return/,
  },
  {
    name: "a carriage return in a field",
    content: "a\tb\nc\rd\te\n",
    gives: /^Cannot read f:2: .*carriage return/,
  },
  {
    name: "two carriage returns before the line feed",
    content: "a\tb\r\r\n",
    gives: /f:1: .*carriage return/,
  },
  { name: "a byte order mark", content: "\ufeffa\tb\n", gives: ["a→b"] },
  { name: "two byte order marks", content: "\ufeff\ufeffa\tb\n", gives: ["\ufeffa→b"] },
  {
    name: "a byte order mark in the second line",
    content: "a\tb\n\ufeffc\td\n",
    gives: ["a→b", "\ufeffc→d"],
  },
  { name: "empty lines between pairs", content: "\n\na\tb\n\n\nc\td\n\n", gives: ["a→b", "c→d"] },
  { name: "a form feed and a vertical tab", content: "a\fb\tc\vd\n", gives: ["a\fb→c\vd"] },
  {
    name: "line and paragraph separators",
    content: "a\u2028b\tc\u2029d\n",
    gives: ["a\u2028b→c\u2029d"],
  },
  { name: "a next-line character", content: "a\u0085b\tc\n", gives: ["a\u0085b→c"] },
  {
    name: "one byte",
    content: "a",
    gives: /f:1: the line must have at least 2 columns, but has 1; columns are separated by tabs$/,
  },
  { name: "a tab alone", content: "\t", gives: /f:1: the question must not be empty/ },
];

/** Bytes that are no UTF-8 text. */
const ENCODINGS: readonly HostileFile[] = [
  {
    name: "UTF-16, little-endian, with a mark",
    content: utf16("\ufeffa\tb\n", true),
    gives: /f: it must be UTF-8 text, but is UTF-16 text/,
  },
  {
    name: "UTF-16, big-endian, with a mark",
    content: utf16("\ufeffa\tb\n", false),
    gives: /UTF-16 text/,
  },
  {
    name: "UTF-16, little-endian, without a mark",
    content: utf16("a\tb\n", true),
    gives: /UTF-16 text/,
  },
  {
    name: "UTF-16, big-endian, without a mark",
    content: utf16("a\tb\n", false),
    gives: /UTF-16 text/,
  },
  {
    name: "UTF-32, little-endian",
    content: bytes(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0),
    gives: /UTF-32 text/,
  },
  {
    name: "UTF-32, big-endian",
    content: bytes(0, 0, 0xfe, 0xff, 0, 0, 0, 0x61),
    gives: /UTF-32 text/,
  },
  {
    name: "UTF-16 is refused although bad lines are skipped",
    content: utf16("\ufeffa\tb\n", true),
    options: SKIP,
    gives: /UTF-16 text/,
  },
  { name: "gzip", content: bytes(0x1f, 0x8b, 8, 0, 0, 0, 0, 0), gives: /compressed by gzip/ },
  { name: "zstd", content: bytes(0x28, 0xb5, 0x2f, 0xfd, 4, 0), gives: /compressed by zstd/ },
  { name: "xz", content: bytes(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), gives: /compressed by xz/ },
  { name: "bzip2", content: encode("BZh91AY"), gives: /compressed by bzip2/ },
  {
    name: "a spreadsheet",
    content: bytes(0x50, 0x4b, 3, 4, 20, 0),
    gives: /a zip archive or a spreadsheet/,
  },
  {
    name: "Latin-1",
    content: join("a\tb\ncaf", bytes(0xe9), "\tcoffee\n"),
    gives: /^Cannot read f:2: the line must be UTF-8, but is not$/,
  },
  {
    name: "Latin-1, skipped",
    content: join("a\tb\ncaf", bytes(0xe9), "\tcoffee\nc\td\n"),
    options: SKIP,
    gives: ["a→b", "c→d"],
  },
  {
    name: "a sequence that ends early",
    content: join("a\tb", bytes(0xe2, 0x82), "\n"),
    gives: /f:1: .*UTF-8/,
  },
  {
    name: "a sequence cut by the end of the file",
    content: join("a\tb", bytes(0xf0, 0x9f)),
    gives: /f:1: .*UTF-8/,
  },
  {
    name: "an overlong slash",
    content: join("a", bytes(0xc0, 0xaf), "\tb\n"),
    gives: /f:1: .*UTF-8/,
  },
  {
    name: "a surrogate as UTF-8",
    content: join("a", bytes(0xed, 0xa0, 0x80), "\tb\n"),
    gives: /f:1: .*UTF-8/,
  },
  {
    name: "a code point above the last",
    content: join("a", bytes(0xf4, 0x90, 0x80, 0x80), "\tb\n"),
    gives: /f:1: .*UTF-8/,
  },
  {
    name: "a continuation byte alone",
    content: join("a\tb\n", bytes(0x80), "\tb\n"),
    gives: /f:2: .*UTF-8/,
  },
  {
    name: "bytes that UTF-8 never has",
    content: join("a", bytes(0xff), "\tb\n"),
    gives: /f:1: .*UTF-8/,
  },
  { name: "the last code point", content: "\u{10ffff}\tb\n", gives: ["\u{10ffff}→b"] },
  { name: "a noncharacter", content: "\uffff\tb\n", gives: ["\uffff→b"] },
  {
    name: "a NUL in a question",
    content: "a\tb\nc\0d\te\n",
    gives: /f:2: the question must have no NUL character/,
  },
  {
    name: "a NUL in an answer",
    content: "a\tb\0\n",
    gives: /f:1: the answer must have no NUL character/,
  },
  {
    name: "NULs at the end of a file",
    content: "a\tb\n\0\0\0\0",
    gives: /f:2: the line must have 2 columns/,
  },
  { name: "a replacement character in a question", content: "a\ufffd\tb\n", gives: ["a\ufffd→b"] },
  {
    name: "a replacement character in an answer",
    content: "a\tb\ufffd\n",
    gives: /f:1: the answer must have no "\ufffd", which stands for a character that was lost/,
  },
];

/** Columns and headers. */
const COLUMNS: readonly HostileFile[] = [
  {
    name: "one column",
    content: "abc\n",
    gives: /f:1: the line must have at least 2 columns, but has 1/,
  },
  {
    name: "a missing column in a later line",
    content: "a\tb\nc\n",
    gives: /f:2: the line must have 2 columns, as line 1 has, but has 1/,
  },
  {
    name: "a third column in a later line",
    content: "a\tb\nc\td\te\n",
    gives: /f:2: the line must have 2 columns, as line 1 has, but has 3/,
  },
  { name: "spaces instead of tabs", content: "a    b\n", gives: /columns are separated by tabs/ },
  { name: "commas instead of tabs", content: "a,b\n", gives: /columns are separated by tabs/ },
  {
    name: "ragged lines, skipped",
    content: "a\tb\nc\nd\te\tf\ng\th\n",
    options: SKIP,
    gives: ["a→b", "g→h"],
  },
  { name: "three columns throughout", content: "a\tb\tc\nd\te\tf\n", gives: ["a→b", "d→e"] },
  {
    name: "columns in another order",
    content: "a\tb\tc\n",
    options: { questionColumn: "3", answerColumn: "1" },
    gives: ["c→a"],
  },
  {
    name: "a column that no line has",
    content: "a\tb\n",
    options: { questionColumn: "7" },
    gives: /at least 7 columns, but has 2/,
  },
  {
    name: "features",
    content: "go\twent\tV;PST\n",
    options: { featureColumns: ["3"] },
    gives: ["go\tV;PST→went"],
  },
  {
    name: "features that are empty",
    content: "go\twent\t\nbe\twas\t;V;;PST;\n",
    options: { featureColumns: ["3"] },
    gives: ["go→went", "be\tV;PST→was"],
  },
  {
    name: "features of two columns",
    content: "go\twent\tV\tPST;PL\n",
    options: { featureColumns: ["4", "3"] },
    gives: ["go\tPST;PL;V→went"],
  },
  {
    name: "a header",
    content: "w\tp\na\tb\n",
    options: { questionColumn: "w", answerColumn: "p" },
    gives: ["a→b"],
  },
  {
    name: "a header with a byte order mark and CRLF",
    content: "\ufeffw\tp\r\na\tb\r\n",
    options: { questionColumn: "w", answerColumn: "p" },
    gives: ["a→b"],
  },
  {
    name: "a header after empty lines",
    content: "\n\nw\tp\na\tb\n",
    options: { questionColumn: "w" },
    gives: ["a→b"],
  },
  {
    name: "a header without the column",
    content: "w\tp\na\tb\n",
    options: { questionColumn: "word" },
    gives: /f:1: the header must have the column "word", but has "w", "p"/,
  },
  {
    name: "a header without the column is refused although bad lines are skipped",
    content: "w\tp\na\tb\n",
    options: { questionColumn: "word", ...SKIP },
    gives: /the header must have/,
  },
  {
    name: "a header with the column twice",
    content: "w\tw\tp\na\tb\tc\n",
    options: { questionColumn: "w", answerColumn: "p" },
    gives: /the column "w" once, but has it more often/,
  },
  {
    name: "a header alone",
    content: "w\tp\n",
    options: { questionColumn: "w" },
    gives: /at least one pair/,
  },
  {
    name: "a header with fewer columns than are needed",
    content: "w\tp\na\tb\n",
    options: { questionColumn: "w", answerColumn: "3" },
    gives: /f:1: the line must have at least 3 columns, but has 2/,
  },
  {
    name: "a column that is given by its number and its name",
    content: "w\tp\na\tb\n",
    options: { questionColumn: "w", answerColumn: "1" },
    gives: /f:1: every column must be used once, but "1" is column 1, which is used already/,
  },
  {
    name: "a header with fewer columns than the lines",
    content: "w\tp\na\tb\tc\n",
    options: { questionColumn: "w" },
    gives: /f:2: the line must have 2 columns, as line 1 has, but has 3/,
  },
  {
    name: "a column named __proto__",
    content: "__proto__\tp\na\tb\n",
    options: { questionColumn: "__proto__" },
    gives: ["a→b"],
  },
  {
    name: "a column named constructor that is not there",
    content: "w\tp\na\tb\n",
    options: { questionColumn: "constructor" },
    gives: /the column "constructor"/,
  },
  { name: "quotes, which are text", content: '"a"\t"b\n', gives: ['"a"→"b'] },
  {
    name: "an empty question",
    content: "a\tb\n\tc\n",
    gives: /f:2: the question must not be empty/,
  },
  { name: "an empty answer", content: "a\t\n", gives: ["a→"] },
  {
    name: "a million columns",
    content: "\t".repeat(2 ** 20 - 1),
    gives: /f:1: the question must not be empty/,
  },
];

/** JSON lines. */
const JSON_LINES: readonly HostileFile[] = [
  {
    name: "JSON lines",
    content: '{"question":"a","answer":"b"}\n',
    options: JSONL,
    gives: ["a→b"],
  },
  {
    name: "JSON with spaces and other keys",
    content: ' { "x" : 1 , "answer" : "b" , "question" : "a" } \r\n',
    options: JSONL,
    gives: ["a→b"],
  },
  {
    name: "JSON with other names",
    content: '{"w":"a","p":"b"}\n',
    options: { ...JSONL, questionColumn: "w", answerColumn: "p" },
    gives: ["a→b"],
  },
  {
    name: "JSON without the answer",
    content: '{"question":"a"}\n',
    options: JSONL,
    gives: /f:1: the key "answer" must be a string, but it is missing/,
  },
  {
    name: "JSON with a number",
    content: '{"question":"a","answer":7}\n',
    options: JSONL,
    gives: /the key "answer" must be a string, but it is 7/,
  },
  {
    name: "JSON with null",
    content: '{"question":null,"answer":"b"}\n',
    options: JSONL,
    gives: /the key "question" must be a string, but it is null/,
  },
  {
    name: "JSON with a list",
    content: '{"question":["a"],"answer":"b"}\n',
    options: JSONL,
    gives: /must be a string, but it is an array/,
  },
  {
    name: "a JSON array",
    content: '["a","b"]\n',
    options: JSONL,
    gives: /f:1: the line must be a JSON object, but is an array/,
  },
  {
    name: "a JSON string",
    content: '"a"\n',
    options: JSONL,
    gives: /must be a JSON object, but is "a"/,
  },
  {
    name: "a JSON array over several lines",
    content: '[\n{"question":"a","answer":"b"}\n]\n',
    options: JSONL,
    gives: /f:1: the line must be a JSON object/,
  },
  {
    name: "JSON that ends early",
    content: '{"question":"a","answer":"b"\n',
    options: JSONL,
    gives: /f:1: the line must be a JSON object/,
  },
  {
    name: "two JSON objects in a line",
    content: '{"question":"a","answer":"b"}{"question":"c","answer":"d"}\n',
    options: JSONL,
    gives: /f:1: the line must be a JSON object/,
  },
  {
    name: "a key twice",
    content: '{"question":"a","question":"c","answer":"b"}\n',
    options: JSONL,
    gives: /every key must occur once/,
  },
  {
    name: "a key twice, once escaped",
    content: '{"question":"a","\\u0071uestion":"c","answer":"b"}\n',
    options: JSONL,
    gives: /every key must occur once/,
  },
  {
    name: "the key __proto__",
    content: '{"__proto__":{"answer":"x"},"question":"a"}\n',
    options: JSONL,
    gives: /the key "answer" must be a string, but it is missing/,
  },
  {
    name: "the key __proto__ as the answer",
    content: '{"__proto__":"b","question":"a"}\n',
    options: { ...JSONL, answerColumn: "__proto__" },
    gives: ["a→b"],
  },
  {
    name: "the key constructor that is not there",
    content: '{"question":"a","answer":"b"}\n',
    options: { ...JSONL, answerColumn: "constructor" },
    gives: /the key "constructor" must be a string, but it is missing/,
  },
  {
    name: "JSON as deep as a well",
    content: `${"[".repeat(100_000)}\n`,
    options: JSONL,
    gives: /nested at most 16 levels/,
  },
  {
    name: "a half of a surrogate pair",
    content: '{"question":"a\\ud800","answer":"b"}\n',
    options: JSONL,
    gives: /f:1: the question must have no half of a surrogate pair/,
  },
  {
    name: "a half of a surrogate pair in an answer",
    content: '{"question":"a","answer":"\\udc00b"}\n',
    options: JSONL,
    gives: /f:1: the answer must have no half/,
  },
  {
    name: "two halves that are a pair",
    content: '{"question":"\\ud83d\\ude00","answer":"b"}\n',
    options: JSONL,
    gives: ["😀→b"],
  },
  {
    name: "an escaped NUL",
    content: '{"question":"\\u0000","answer":"b"}\n',
    options: JSONL,
    gives: /no NUL/,
  },
  {
    name: "a tab in a question",
    content: '{"question":"a\\tb","answer":"c"}\n',
    options: JSONL,
    gives: /the question must have no tab, which separates columns/,
  },
  {
    name: "tabs and line feeds in an answer",
    content: '{"question":"a","answer":"b\\t\\n"}\n',
    options: JSONL,
    gives: ["a→b\t\n"],
  },
  {
    name: "a raw line feed in a JSON string",
    content: '{"question":"a\nb","answer":"c"}\n',
    options: JSONL,
    gives: /f:1: the line must be a JSON object/,
  },
  {
    name: "spaces alone in a line of JSON",
    content: '   \n{"question":"a","answer":"b"}\n',
    options: JSONL,
    gives: ["a→b"],
  },
  {
    name: "TSV read as JSON",
    content: "a\tb\n",
    options: JSONL,
    gives: /f:1: the line must be a JSON object/,
  },
  {
    name: "JSON read as TSV",
    content: '{"question":"a","answer":"b"}\n',
    gives: /columns are separated by tabs/,
  },
  {
    name: "JSON features",
    content: '{"question":"a","answer":"b","f":"V;PST"}\n',
    options: { ...JSONL, featureColumns: ["f"] },
    gives: ["a\tV;PST→b"],
  },
];

/** Symbols, separators and lengths. */
const TEXTS: readonly HostileFile[] = [
  {
    name: "a line above a mebibyte",
    content: `a\tb\n${"x".repeat(MIB + 1)}`,
    gives: /f:2: the line must have at most 1048576 bytes, but has more/,
  },
  {
    name: "a line above a mebibyte, skipped",
    content: `a\tb\n${"x".repeat(3 * MIB)}\nc\td\n`,
    options: SKIP,
    gives: ["a→b", "c→d"],
  },
  {
    name: "a line of zeros",
    content: join("a\tb\n", new Uint8Array(3 * MIB)),
    gives: /f:2: the line must have at most/,
  },
  {
    name: "a question of 4097 characters",
    content: `${"x".repeat(4097)}\tb\n`,
    gives: /f:1: the question must have at most 4096 symbols, but has 4097/,
  },
  {
    name: "a question of 4096 characters beyond the basic plane",
    content: `${"😀".repeat(4096)}\tb\n`,
    gives: ["😀".repeat(4096) + "→b"],
  },
  {
    name: "an answer that is too long",
    content: "a\tbcd\n",
    options: { maxLength: 2 },
    gives: /f:1: the answer must have at most 2 symbols, but has 3/,
  },
  {
    name: "features count among the symbols",
    content: "ab\tc\tV;PST\n",
    options: { maxLength: 3, featureColumns: ["3"] },
    gives: /the question must have at most 3 symbols, but has 4/,
  },
  {
    name: "separators at the ends and twice in a row",
    content: "a\t  b  c \n",
    options: { targetSeparator: " " },
    gives: ["a→b c"],
  },
  {
    name: "a question of separators alone",
    content: " \tb\n",
    options: { sourceSeparator: " " },
    gives: /the question must not be empty/,
  },
  {
    name: "a token of 65 characters",
    content: `a\t${"x".repeat(65)}\n`,
    options: { targetSeparator: " " },
    gives: /symbols of at most 64 characters between " "/,
  },
  {
    name: "a tab in a token",
    content: '{"question":"a","answer":"b \\tc"}\n',
    options: { ...JSONL, targetSeparator: " " },
    gives: /the answer must have no tab/,
  },
  { name: "an accent in two parts", content: "e\u0301\te\u0301\n", gives: ["é→é"] },
  {
    name: "an accent in two parts, as it is",
    content: "e\u0301\te\u0301\n",
    options: { normalize: "none" },
    gives: ["e\u0301→e\u0301"],
  },
  {
    name: "a syllable of Korean, decomposed",
    content: "각\tk a k\n",
    options: { normalize: "NFD" },
    gives: ["\u1100\u1161\u11a8→k a k"],
  },
  {
    name: "a text that grows when it is composed",
    content: `${"\u{1d160}".repeat(1400)}\tb\n`,
    gives: /the question must have at most 4096 symbols, but has 4200/,
  },
  {
    name: "all lines bad, skipped",
    content: "a\nb\nc\n",
    options: SKIP,
    gives:
      /it must have at least one pair, but has none; all 3 lines are bad, the first: f:1: the line must have/,
  },
  { name: "an override of the writing direction", content: "a\u202eb\tc\n", gives: ["a\u202eb→c"] },
];

/** All files. */
export const HOSTILE_FILES: readonly HostileFile[] = [
  ...[...FRAMES, ...ENCODINGS, ...COLUMNS, ...JSON_LINES, ...TEXTS],
];
