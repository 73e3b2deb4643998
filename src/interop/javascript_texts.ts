/** Texts as indices in JavaScript: a part of the programs that use exported files. @module */

/**
 * JavaScript that defines `encode(text, side)`, which gives an array of T indices, and `decode(indices, side)`, which gives a text; a
 * side is `description.model.source` or `.target` of what a file carries (portable.ts). It refuses models whose questions have
 * features, or whose answers are edits, and empty questions. It needs `description`, and `refuse(sentence)`, which does not return. It does what
 * src/codec/text_codec.ts does, in every browser, in Node and in Deno.
 */
export const JAVASCRIPT_TEXTS = String.raw`
const { source, target } = description.model;
if (source.symbols.some((symbol) => symbol.length > 1 && symbol[0] === "\t")) {
  refuse("This program reads no features of questions, which this model needs");
}
if (target.symbols.includes("\ufdd0")) {
  refuse("This model answers with edits of the question, which this program does not apply");
}

/** Gives the indices of a text: normalised, divided into symbols, padded, reversed. */
function encode(text, { symbols, separator, padding, normalize, length, reverse }) {
  if (normalize !== "none") text = text.normalize(normalize);
  const found = separator === "" ? Array.from(text) : text.split(separator);
  if (found.every((symbol) => symbol === "" || symbol === padding)) {
    refuse("Cannot read " + JSON.stringify(text) + ": a question must not be empty");
  }
  const unknown = symbols.indexOf("\ufffd");
  const indices = found.map((symbol) => {
    return symbol !== "" && symbols.includes(symbol) ? symbols.indexOf(symbol) : unknown;
  });
  if (indices.includes(-1)) {
    refuse("Cannot read " + JSON.stringify(text) + ": it has a symbol that the model does not know");
  }
  if (indices.length > length || (indices.length < length && padding === null)) {
    refuse("Cannot read " + JSON.stringify(text) + ": it has " + indices.length + " symbols, the model reads " + length);
  }
  if (reverse === "text") indices.reverse();
  while (indices.length < length) indices.push(symbols.indexOf(padding));
  if (reverse === true) indices.reverse();
  return indices;
}

/** Gives the text of indices, without its padding. */
function decode(indices, { symbols, separator, padding, reverse }) {
  const found = Array.from(indices, (index) => symbols[index]);
  if (reverse === true) found.reverse();
  while (found.length > 0 && found.at(-1) === padding) found.pop();
  if (reverse === "text") found.reverse();
  return found.filter((symbol) => symbol !== "").join(separator);
}
`;

/** JavaScript that defines `refuse` for Node. */
export const REFUSE_IN_NODE = `
/** Ends the program with a sentence. */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
`;

/**
 * JavaScript that defines `questions` for Node: the indices of all arguments, at least one. It comes after {@linkcode REFUSE_IN_NODE} and
 * {@linkcode JAVASCRIPT_TEXTS}.
 */
export const QUESTIONS_IN_NODE = `
const texts = process.argv.slice(2);
if (texts.length === 0) refuse("Give at least one question");
const questions = texts.map((text) => encode(text, source));
`;
