/** One time step of the decoder for hypotheses whose sources were encoded, in WGSL. @module */
import { keptIndex } from "../kept_layout.ts";
import { setProbabilities, writeSoftmax } from "../loss.ts";
import { MAIN_PARAMETERS, type Shader } from "../shader.ts";
import { defineStruct, type Struct } from "../struct.ts";
import { declareCommon } from "./attention_rows.ts";
import type { AttentionScope } from "./attention_scope.ts";
import { writeDecoderBeginning, writeDecoderStep, writeLogits } from "./decoder.ts";
import { writeChosenEmbeddings } from "./embed.ts";
import { writeSpans } from "./spans.ts";

/** The hypotheses that a dispatch takes. */
export const DECODING: Struct<"count" | "encoded_stride" | "before_stride" | "begins"> =
  defineStruct("Decoding", {
    count: "u32", // hypotheses
    encoded_stride: "u32", // rows that are kept of the encoder
    before_stride: "u32", // rows that are kept of the step before
    begins: "u32", // 1: the first step, whose states are the encoder's
  });

/** Writes the shader. A hypothesis is its parent in the step before, the symbol after that, and its source. */
export function writeDecodeStep(scope: AttentionScope): Shader {
  const { shape, sizes, kept: { decoder } } = scope;
  return {
    name: "decode a symbol",
    bindings: [
      { name: "p", type: "Decoding", use: "uniform" },
      { name: "weights", type: "array<vec4f>", use: "read" },
      { name: "examples", type: "array<u32>", use: "read" },
      { name: "hypotheses", type: "array<vec4u>", use: "read" },
      { name: "encoded", type: "array<f32>", use: "read" },
      { name: "before", type: "array<f32>", use: "read" },
      { name: "kept", type: "array<f32>", use: "write" },
    ],
    code: `
${DECODING.wgsl}
${declareCommon(scope)}

fn example_of(row: u32) -> u32 {
  return hypotheses[min(row, last_row)].z * ${sizes.inputLength}u;
}

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  let first = (group.y * groups.x + group.x) * ${shape.rows}u;
  if (first >= p.count) {
    return;
  }
  stride = ${shape.rows}u * ((p.count + ${shape.rows - 1}u) / ${shape.rows}u);
  last_row = p.count - 1u;
  let encoded_stride = p.encoded_stride;
  let before_stride = p.before_stride;
  let s = thread / ${shape.lanes}u;
  let t = 0u;
  ${writeSpans(scope)}
  ${writeDecoderBeginning(scope)}
  ${
      writeChosenEmbeddings(scope, {
        ...{ symbol: "hypotheses[min(row, last_row)].y", at: "0u" },
      })
    }
  ${writeDecoderStep(scope)}
  ${writeLogits(scope, { steps: "1u", at: "0u" })}
  if (thread < ${shape.rows}u) {
    let row = first + thread;
    let at = ${keptIndex(decoder.logits, "0u", "row", "0u")};
    ${writeSoftmax(sizes.characters)}
    ${setProbabilities(sizes.characters)}
  }
}`,
  };
}
