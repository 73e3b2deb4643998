/** The way back through a network with attention, in WGSL: from the gradients of the logits to those of all gates. @module */
import { keptElement, type KeptPlace } from "../kept_layout.ts";
import { addTransposedProduct } from "../products.ts";
import { keptVector, rowOf } from "../rows_scope.ts";
import { writeScores } from "./attend.ts";
import {
  type AttentionScope,
  dropFactor,
  encoded,
  ofLast,
  parametersOf,
  writeValues,
} from "./attention_scope.ts";
import { halfOf } from "./encode.ts";
import { UNIT_IS_LANE, writeLaneStage } from "./lane_stage.ts";
import {
  writeFirstStateGradients,
  writeInputGradient,
  writeRecurrentBackStep,
} from "./recurrent_back.ts";
import { decoderTexts, encoderTexts } from "./recurrent_text.ts";

/** Writes the way back through decoder, attention and encoder. */
export function writeWayBack(scope: AttentionScope): string {
  const texts = decoderTexts(scope);
  const layers = texts.toReversed().map((text) =>
    text.forEach(
      "last to first",
      `
    ${
        writeRecurrentBackStep(scope, text, {
          ...{ isFirst: "back == 0u", later: "(t + 1u)" },
          outer: (row) => keptElement(text.kept.back!.outputs, "t", rowOf(row), "u"),
        })
      }
    ${writeInputGradient(scope, text)}`,
    )
  );
  return `
  ${clearDecoder(scope)}
  for (var back = 0u; back < span.z; back++) {
    let t = span.z - 1u - back;
    ${writeAttendBack(scope)}
    ${layers.join("\n")}
  }
  ${writeFirstStateGradients(scope, texts)}
  ${writeOutputGradients(scope)}
  ${writeEncoderBack(scope)}`;
}

/** Writes zeros to what decoder layers carry going back. */
function clearDecoder(scope: AttentionScope): string {
  const { sizes, kept: { decoder: { layers: { back } } } } = scope;
  const clear = (place: KeptPlace): string => `${keptElement(place, "0u", "row", "column")} = 0.0;`;
  return `
  for (var deeper = 0u; deeper < ${sizes.decoderLayers}u; deeper++) {
    ${
    writeValues(scope, {
      ...{ steps: 1, width: sizes.units },
      each: [back!.pending, ...Object.values(back!.carried)].map(clear).join("\n"),
    })
  }
  }`;
}

/** Writes the gradients of the attention at the position `t`, and of the last decoder layer's output. */
function writeAttendBack(scope: AttentionScope): string {
  const { sizes, kept: { decoder } } = scope;
  const back = decoder.back!;
  const { inputs: [score, ofContext, ofState] } = parametersOf(scope, "attention");
  const { inputs: [output] } = parametersOf(scope, "output");
  const top = ofLast(decoder.layers.back!.outputs, sizes.decoderLayers);
  const stage = (
    products: string,
    unit: (row: number, sum: string) => string,
  ): string =>
    writeLaneStage(scope, {
      ...{ lanes: sizes.units, declare: UNIT_IS_LANE, sum: { gates: 1, products }, unit },
    });
  const at = (place: KeptPlace, row: number): string => keptElement(place, "t", rowOf(row), "u");
  const dAttended = keptVector(back.dAttended, "t");
  return `
  ${
    stage(addTransposedProduct(scope, output!, keptVector(decoder.logits, "t")), (row, sum) => `
      let y = ${at(back.attended, row)};
      ${at(back.dAttended, row)} = ${sum} * (1.0 - y * y) * ${
      dropFactor(scope, {
        ...{ row: `${row}u`, site: `${sizes.sites.attention}u`, t: "t", column: "u" },
      })
    };`)
  }
  ${
    stage(
      addTransposedProduct(scope, ofContext!, dAttended),
      (row, sum) => `${at(back.dContexts, row)} = ${sum};`,
    )
  }
  ${writeScores(scope, { vector: back.dContexts, to: decoder.scores, masked: "0.0" })}
  ${
    writeLaneStage(scope, {
      ...{ lanes: sizes.units, declare: UNIT_IS_LANE },
      unit: (row) => writeQueryGradient(scope, row),
    })
  }
  ${
    stage(
      `
      ${addTransposedProduct(scope, ofState!, dAttended)}
      ${addTransposedProduct(scope, score!, keptVector(back.dQueries, "t"))}`,
      (row, sum) => `${at(top, row)} = ${sum};`,
    )
  }`;
}

/**
 * Writes a unit of the gradient of the query, and the unit's part of the gradients of the scores: with a, the attention, and da, its
 * gradient, those are a (da - Σ a da).
 */
function writeQueryGradient(scope: AttentionScope, row: number): string {
  const { sizes, kept: { decoder } } = scope;
  const { dScores, dQueries } = decoder.back!;
  const share = (i: string): string => keptElement(decoder.attention, "t", rowOf(row), i);
  const gradient = (i: string): string => keptElement(decoder.scores, "0u", rowOf(row), i);
  return `
      var total = 0.0;
      for (var i = span.x; i < span.y; i++) {
        total += ${share("i")} * ${gradient("i")};
      }
      var sum = 0.0;
      for (var i = span.x; i < span.y; i++) {
        sum += ${share("i")} * (${gradient("i")} - total) * ${encoded(scope, `${row}u`, "i", "u")};
      }
      ${keptElement(dQueries, "t", rowOf(row), "u")} = sum;
      for (var i = span.x + lane; i < span.y; i += ${sizes.units}u) {
        ${keptElement(dScores, "t", rowOf(row), "i")} = ${share("i")} * (${gradient("i")} - total);
      }`;
}

/** Writes the gradients that the attention gives to the outputs of the last encoder layer. */
function writeOutputGradients(scope: AttentionScope): string {
  const { sizes, kept: { decoder, encoder } } = scope;
  const { dContexts, dScores } = decoder.back!;
  const outputs = ofLast(encoder.layers.back!.outputs, sizes.encoderLayers);
  const site = `${sizes.sites.encoder.at(-1)}u`;
  const at = (place: KeptPlace, column: string): string =>
    keptElement(place, "time", "row", column);
  return writeValues(scope, {
    ...{ steps: sizes.inputLength, width: sizes.units },
    each: `
    if (t >= span.x && t < span.y) {
      var sum = 0.0;
      for (var time = 0u; time < span.z; time++) {
        sum += ${at(decoder.attention, "t")} * ${at(dContexts, "column")} +
          ${at(dScores, "t")} * ${at(decoder.queries, "column")};
      }
      ${keptElement(outputs, "t", "row", "column")} = sum * ${
      dropFactor(scope, { row: "number", site, t: "t", column: "column" })
    };
    }`,
  });
}

function writeEncoderBack(scope: AttentionScope): string {
  const { sizes, kept: { encoder } } = scope;
  const { directions, directionSize } = sizes;
  const outer = (row: number): string => {
    const outputs = encoder.layers.back!.outputs;
    if (directions === 1) return keptElement(outputs, "t", rowOf(row), "u");
    const column = `(half * ${directionSize}u + u)`;
    return `select(0.0, ${keptElement(outputs, "t", rowOf(row), column)}, u < ${directionSize}u)`;
  };
  const texts = encoderTexts(scope).toReversed().map((text) =>
    text.forEach(
      "last to first",
      `
    ${beginEncoderBack(scope)}
    for (var turn = 0u; turn < span.y - span.x; turn++) {
      let i = span.y - 1u - turn;
      ${
        writeRecurrentBackStep(scope, text, {
          ...{ isFirst: "turn == 0u", outer },
          later: directions === 1 ? "(t + 1u)" : "(t + 1u - 2u * half)",
        })
      }
    }
    for (var t = span.x; t < span.y; t++) {
      ${writeInputGradient(scope, text)}
    }`,
    )
  );
  const dEmbedded = encoder.back!.embedded;
  return `
  ${
    writeValues(scope, {
      ...{ steps: sizes.inputLength, width: sizes.embedded },
      each: `${keptElement(dEmbedded, "t", "row", "column")} = 0.0;`,
    })
  }
  ${texts.join("\n")}`;
}

/** Writes what a layer has as gradients of its last state: those that the decoder gives to the last layer. */
function beginEncoderBack(scope: AttentionScope): string {
  const { sizes, kept: { encoder } } = scope;
  const { directions, directionUnits, directionSize, encoderLayers } = sizes;
  const { last } = encoder.back!;
  const { pending, carried } = encoder.layers.back!;
  const begin = (place: KeptPlace, from: KeptPlace): string => {
    const column = directions === 1 ? "u" : `(half * ${directionSize}u + u)`;
    return `${keptElement(place, "0u", "row", "u")} = select(0.0, ${
      keptElement(from, "0u", "row", column)
    }, deeper == ${encoderLayers - 1}u && u < ${directionSize}u);`;
  };
  return writeValues(scope, {
    ...{ steps: 1, width: directions * directionUnits },
    each: `
    ${halfOf(scope, directionUnits)}
    ${begin(pending, last.state)}
    ${sizes.cell.carriedBack.map((name) => begin(carried[name]!, last.carried[name]!)).join("\n")}`,
  });
}
