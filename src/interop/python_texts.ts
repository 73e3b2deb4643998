/** Texts as indices in Python: a part of the programs that use exported files. @module */

/**
 * Python that defines `encode(text, side)`, which gives a list of T indices, and `decode(indices, side)`, which gives a text; a side is
 * `description["model"]["source"]` or `["target"]` of what a file carries (portable.ts). It refuses models whose questions have
 * features, or whose answers are edits. It needs `sys`, `unicodedata` and `description`, and does what src/codec/text_codec.ts does.
 */
export const PYTHON_TEXTS = String.raw`
source, target = description["model"]["source"], description["model"]["target"]
if any(symbol[:1] == "\t" and len(symbol) > 1 for symbol in source["symbols"]):
    sys.exit("This program reads no features of questions, which this model needs")
if "\ufdd0" in target["symbols"]:
    sys.exit("This model answers with edits of the question, which this program does not apply")


def encode(text, side):
    """Gives the indices of a text: normalised, divided into symbols, padded, reversed."""
    symbols, separator, padding = side["symbols"], side["separator"], side["padding"]
    if side["normalize"] != "none":
        text = unicodedata.normalize(side["normalize"], text)
    found = text.split(separator) if separator else list(text)
    if all(each in ("", padding) for each in found):
        sys.exit(f"Cannot read {text!r}: a question must not be empty")
    unknown = "\ufffd" if "\ufffd" in symbols else None
    found = [each if each and each in symbols else unknown for each in found]
    if None in found:
        sys.exit(f"Cannot read {text!r}: it has a symbol that the model does not know")
    missing = side["length"] - len(found)
    if missing < 0 or (missing > 0 and padding is None):
        sys.exit(f"Cannot read {text!r}: it has {len(found)} symbols, the model reads {side['length']}")
    if side["reverse"] == "text":
        found.reverse()
    found += [padding] * missing
    if side["reverse"] is True:
        found.reverse()
    return [symbols.index(each) for each in found]


def decode(indices, side):
    """Gives the text of indices, without its padding."""
    found = [side["symbols"][i] for i in indices]
    if side["reverse"] is True:
        found.reverse()
    while found and found[-1] == side["padding"]:
        found.pop()
    if side["reverse"] == "text":
        found.reverse()
    return side["separator"].join(each for each in found if each)
`;

/** Python that defines `questions`, the indices of all arguments, at least one. It comes after {@linkcode PYTHON_TEXTS}. */
export const PYTHON_QUESTIONS = `
if not sys.argv[1:]:
    sys.exit("Give at least one question")
questions = [encode(text, source) for text in sys.argv[1:]]
`;
