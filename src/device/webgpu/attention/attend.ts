/** Attention at the position `t`, going forward, in WGSL. Its equations are those of `AttentionLayer`. @module */
import { keptElement } from "../kept_layout.ts";
import type { KeptPlace } from "../kept_layout.ts";
import { addProduct } from "../products.ts";
import { keptVector, rowOf, type RowVector } from "../rows_scope.ts";
import {
  type AttentionScope,
  dropFactor,
  encoded,
  isMasked,
  ofLast,
  parametersOf,
} from "./attention_scope.ts";
import { UNIT_IS_LANE, writeLaneStage } from "./lane_stage.ts";

/** The score of a masked position. No other is as low. */
const MASKED = "-1e30";

/** Writes attention: queries, scores, their softmax with the context, and the output. */
export function writeAttend(scope: AttentionScope): string {
  const { sizes, kept: { decoder } } = scope;
  const { inputs: [score, ofContext, ofState], bias } = parametersOf(scope, "attention");
  const h = topStates(scope);
  const column = { declare: UNIT_IS_LANE, lanes: sizes.units };
  const set = (place: KeptPlace, row: number, value: string): string =>
    `${keptElement(place, "t", rowOf(row), "u")} = ${value};`;
  return `
  ${
    writeLaneStage(scope, {
      ...column,
      sum: { gates: 1, products: addProduct(scope, score!, h) },
      unit: (row, sum) => set(decoder.queries, row, sum),
    })
  }
  ${writeScores(scope, { vector: decoder.queries, to: decoder.scores, masked: MASKED })}
  ${writeLaneStage(scope, { ...column, unit: (row) => writeContext(scope, row) })}
  ${
    writeLaneStage(scope, {
      ...column,
      sum: {
        gates: 1,
        products: `
        ${addProduct(scope, ofContext!, keptVector(decoder.contexts, "t"))}
        ${addProduct(scope, ofState!, h)}`,
      },
      unit: (row, sum) => `
        let y = tanh_of(${sum} + weight(${4 * bias.at}u + u));
        ${decoder.back === undefined ? "" : set(decoder.back.attended, row, "y")}
        ${
        set(
          decoder.attended,
          row,
          `y * ${
            dropFactor(scope, {
              ...{ row: `${row}u`, site: `${sizes.sites.attention}u`, t: "t", column: "u" },
            })
          }`,
        )
      }`,
    })
  }`;
}

/** Gives the states of the last decoder layer after the position. */
export function topStates({ sizes, kept }: AttentionScope): RowVector {
  return keptVector(ofLast(kept.decoder.layers.states, sizes.decoderLayers), "(t + 1u)");
}

/** Number of threads that share a product of two vectors: neighbours read neighbouring values. */
export function scoreShares({ lanes, shares }: AttentionScope["shape"]): number {
  return lanes * shares % 8 === 0 ? 8 : 4;
}

/**
 * Writes the products of a vector of each row, at the position, with the encoder's states at all positions that are not masked.
 *
 * @param masked what the others get
 */
export function writeScores(
  scope: AttentionScope,
  { vector, to, masked }: {
    readonly vector: KeptPlace;
    readonly to: KeptPlace;
    readonly masked: string;
  },
): string {
  const { shape: { rows }, sizes: { units } } = scope;
  const shares = scoreShares(scope.shape);
  const at = (place: KeptPlace, column: string): string =>
    keptElement(place, place.steps === 1 ? "0u" : "t", "(first + number)", column);
  return `
  for (var from_pair = 0u; from_pair < (span.y - span.x) * ${rows}u; from_pair += THREADS / ${shares}u) {
    let pair = from_pair + thread / ${shares}u;
    let number = pair % ${rows}u;
    let position = span.x + pair / ${rows}u;
    let is_pair = position < span.y;
    var part = 0.0;
    if (is_pair) {
      for (var k = thread % ${shares}u; k < ${units}u; k += ${shares}u) {
        part += ${at(vector, "k")} * ${encoded(scope, "number", "position", "k")};
      }
    }
    score_parts[thread] = part;
    workgroupBarrier();
    if (is_pair && thread % ${shares}u == 0u) {
      var score = 0.0;
      for (var i = 0u; i < ${shares}u; i++) {
        score += score_parts[thread + i];
      }
      ${at(to, "position")} = select(score, ${masked}, ${isMasked(scope, "number", "position")});
    }
    workgroupBarrier();
  }
  storageBarrier();`;
}

/** Writes a unit of the context, and the unit's part of the attention that is kept. */
function writeContext(scope: AttentionScope, row: number): string {
  const { sizes, kept: { decoder } } = scope;
  const score = (position: string): string =>
    keptElement(decoder.scores, "0u", rowOf(row), position);
  return `
      var largest = ${MASKED};
      for (var i = span.x; i < span.y; i++) {
        largest = max(largest, ${score("i")});
      }
      var sum = 0.0;
      var context = 0.0;
      for (var i = span.x; i < span.y; i++) {
        let weight_of = exp(${score("i")} - largest);
        sum += weight_of;
        context += weight_of * ${encoded(scope, `${row}u`, "i", "u")};
      }
      // if all positions are masked, none is looked at
      let scale = select(0.0, 1.0 / sum, largest > ${MASKED});
      ${keptElement(decoder.contexts, "t", rowOf(row), "u")} = context * scale;
      for (var i = lane; i < ${sizes.inputLength}u; i += ${sizes.units}u) {
        var share = 0.0;
        if (i >= span.x && i < span.y) {
          share = exp(${score("i")} - largest) * scale;
        }
        ${keptElement(decoder.attention, "t", rowOf(row), "i")} = share;
      }`;
}
