/** Files that are none of Keras'. @module */
import { refuse } from "./keras_fault.ts";

/** Makes the error of a file that is none of Keras', with the name of its format if that is one in which models leave only. */
export function refuseOtherFile(bytes: Uint8Array): SyntaxError {
  const format = nameFormat(bytes);
  return refuse(
    `the file must be a .keras, .weights.h5 or .h5 file (a model of TensorFlow.js comes in as a folder), but ${
      format === undefined
        ? "begins otherwise"
        : `is one of ${format}: such files are exported, and do not come in`
    }`,
  );
}

function nameFormat(bytes: Uint8Array): string | undefined {
  if (isSafetensors(bytes)) return "safetensors";
  return isOnnx(bytes) ? "ONNX" : undefined;
}

/** A file of safetensors begins with the length of its header, 8 bytes, and the header with a brace. */
function isSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0;
}

/** The newest version of ONNX's format that is taken for one. */
const NEWEST_ONNX = 31;
/** The first bytes of the fields that may follow the version: the producer's name and version, domain, …, graph, operators. */
const ONNX_FIELDS: ReadonlySet<number> = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]);

/** A file of ONNX is a message of Protocol Buffers, whose first field is the format's version. */
function isOnnx([field, version, next]: Uint8Array): boolean {
  return field === 0x08 && version! <= NEWEST_ONNX && ONNX_FIELDS.has(next!);
}
