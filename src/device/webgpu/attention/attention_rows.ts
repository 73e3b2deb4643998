/**
 * The first phase of a step of a network with attention: one workgroup takes some rows through embeddings, encoder, decoder with
 * attention, output and loss, and back to the gradients of the gates. The same pieces measure, answer, and decode symbol by symbol.
 *
 * @module
 */
import { ACTIVATIONS } from "../activation.ts";
import { BATCH_FUNCTIONS } from "../batch.ts";
import { writeLoss } from "../loss.ts";
import { eachRow } from "../rows_scope.ts";
import { listRowsBindings } from "../rows_bindings.ts";
import { MAIN_PARAMETERS, type Shader } from "../shader.ts";
import { type AttentionScope, DROPOUT } from "./attention_scope.ts";
import {
  declareChoice,
  writeAfterEnds,
  writeChoice,
  writeDecoderBeginning,
  writeDecoderStep,
  writeLogits,
} from "./decoder.ts";
import {
  declareSymbolBefore,
  NO_SYMBOL,
  writeChosenEmbeddings,
  writeTargetEmbeddings,
} from "./embed.ts";
import { writeEncoder } from "./encode.ts";
import { declareLaneShares } from "./lane_stage.ts";
import { declareSpans, writeSpans } from "./spans.ts";
import { writeWayBack } from "./way_back.ts";

/** Writes the shader of a pass over rows whose examples lie in a buffer: every pass but `decode`. */
export function writeAttentionRows(scope: AttentionScope): Shader {
  const { shape, pass, kept } = scope;
  const trains = pass === "train";
  return {
    name: `rows with attention (${pass})`,
    bindings: listRowsBindings({
      ...{ trains, hasQuads: kept.quads > 0, hasResults: pass !== "encode" },
    }),
    code: `
${BATCH_FUNCTIONS}
var<private> rows_start: u32;
${declareCommon(scope)}

fn example_of(row: u32) -> u32 {
  let at = rows_start + min(row, last_row);
  return ${trains ? "select(order[at], at, p.is_gathered == 1u)" : "at"} * p.row_bytes;
}

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  let first = (group.y * groups.x + group.x) * ${shape.rows}u;
  let position = ${trains ? "progress.position" : "0u"};
  let count = slice_rows_at(position);
  if (first >= count) {
    return;
  }
  stride = ${shape.rows}u * ((count + ${shape.rows - 1}u) / ${shape.rows}u);
  rows_start = ${trains ? "position * p.batch_size + p.slice_first" : "p.first + p.slice_first"};
  last_row = count - 1u;
  let s = thread / ${shape.lanes}u;
  ${
      trains
        ? eachRow(scope, (row) =>
          `row_keys[${row}] = row_key(p.first_step + position, order[rows_start + min(first + ${row}u, last_row)]);`)
        : ""
    }
  ${writeSpans(scope)}
  ${writeEncoder(scope)}
  ${pass === "encode" ? "" : writeDecoderBeginning(scope)}
  ${pass === "answer" ? writeAnswer(scope) : pass === "encode" ? "" : writeTeacherForced(scope)}
  ${trains ? writeWayBack(scope) : ""}
}`,
  };
}

/** Writes what every pass declares. */
export function declareCommon(scope: AttentionScope): string {
  const { shape, pass } = scope;
  const hasTargets = pass === "train" || pass === "measure";
  return `
${ACTIVATIONS}
const THREADS = ${shape.lanes * shape.shares}u;
var<private> stride: u32;
var<private> last_row: u32;
var<workgroup> score_parts: array<f32, THREADS>;
${declareLaneShares(scope)}
${declareSpans(scope)}
${pass === "train" ? `var<private> row_keys: array<u32, ${shape.rows}>;\n${DROPOUT}` : ""}
${pass === "answer" ? declareChoice(scope) : ""}

fn weight(at: u32) -> f32 {
  return weights[at / 4u][at % 4u];
}

fn character(at: u32) -> u32 {
  return extractBits(examples[at / 4u], 8u * (at % 4u), 8u);
}
${hasTargets ? declareSymbolBefore(scope) : ""}`;
}

/** Writes the decoder, each symbol after the right ones before it, and the loss. */
function writeTeacherForced(scope: AttentionScope): string {
  const { shape, sizes, kept, pass } = scope;
  return `
  ${writeTargetEmbeddings(scope)}
  for (var t = 0u; t < span.z; t++) {
    ${writeDecoderStep(scope)}
  }
  ${writeLogits(scope, { steps: "span.z", at: `o / ${shape.rows * sizes.paddedCharacters}u` })}
  ${
    writeLoss({
      ...{ shape, sizes, logits: kept.decoder.logits },
      ...(pass === "train" && { batchCount: "order[p.counts_at + position]" }),
      counted: (number) => `atomicLoad(&ends[${number}])`,
    })
  }`;
}

/** Writes the decoder, each symbol after those that were chosen before it, until all answers have ended. */
function writeAnswer(scope: AttentionScope): string {
  const { shape, sizes } = scope;
  return `
  if (thread < ${shape.rows}u) {
    chosen[thread] = ${NO_SYMBOL}u;
  }
  workgroupBarrier();
  var end = ${sizes.outputLength}u;
  for (var t = 0u; t < end; t++) {
    if (thread == 0u) {
      atomicStore(&going, 0u);
    }
    workgroupBarrier();
    { let position_now = t; ${
    writeChosenEmbeddings(scope, { symbol: "chosen[number]", at: "position_now" })
  } }
    ${writeDecoderStep(scope)}
    ${writeLogits(scope, { steps: "1u", at: "t" })}
    ${writeChoice(scope)}
    workgroupBarrier();
    if (thread == 0u) {
      shared_going = atomicLoad(&going);
    }
    if (workgroupUniformLoad(&shared_going) == 0u) {
      end = t + 1u;
    }
  }
  ${writeAfterEnds(scope, "end")}`;
}
