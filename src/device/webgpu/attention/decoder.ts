/** The decoder going forward, in WGSL: its beginning, a time step, the output, and the choice of a symbol. @module */
import { keptElement, keptIndex, type KeptPlace } from "../kept_layout.ts";
import { setProbabilities, writeSoftmax } from "../loss.ts";
import { writeAttend } from "./attend.ts";
import {
  type AttentionScope,
  dropFactor,
  encoderRow,
  parametersOf,
  writeValues,
} from "./attention_scope.ts";
import { beginStates, clearSteps, type FirstState } from "./begin.ts";
import { writeRecurrentStep } from "./recurrent_forward.ts";
import { decoderTexts } from "./recurrent_text.ts";

/** Writes what the decoder layers begin with: the encoder's last state or, in `decode`, that of the hypothesis before. */
export function writeDecoderBeginning(scope: AttentionScope): string {
  const { sizes, kept: { decoder } } = scope;
  const T = decoder.layers.outputs.steps;
  return `
  for (var deeper = 0u; deeper < ${sizes.decoderLayers}u; deeper++) {
    ${
    writeValues(scope, {
      ...{ steps: T + 1, width: sizes.units },
      each: `
      let u = column;
      ${beginStates(scope, decoder.layers, firstState(scope))}
      if (t < ${T}u) {
        ${keptElement(decoder.layers.outputs, "t", "row", "u")} = 0.0;
        ${clearSteps(scope, decoder.layers, sizes.units)}
      }`,
    })
  }
  }
  ${scope.pass === "train" ? clearVectors(scope) : ""}`;
}

function firstState(scope: AttentionScope): FirstState {
  const { kept: { encoder: { last }, decoder: { layers } } } = scope;
  const ofEncoder = (place: KeptPlace): string =>
    keptElement(place, "0u", encoderRow(scope, "number"), "u");
  if (scope.pass !== "decode") {
    return { state: ofEncoder(last.state), carried: (name) => ofEncoder(last.carried[name]!) };
  }
  const choose = (encoded: KeptPlace, kept: KeptPlace, time: string): string => {
    const place: KeptPlace = { ...kept, buffer: "before" };
    const before = keptElement(place, time, "hypotheses[min(row, last_row)].x", "u");
    return `select(${before}, ${ofEncoder(encoded)}, p.begins == 1u)`;
  };
  return {
    state: choose(last.state, layers.states, "1u"),
    carried: (name) => choose(last.carried[name]!, layers.carried[name]!, "0u"),
  };
}

/** Writes zeros to what is kept of each position, because those after the end symbol are left out. */
function clearVectors(scope: AttentionScope): string {
  const { sizes, kept: { decoder } } = scope;
  const { dEmbedded, dAttended, dQueries } = decoder.back!;
  const clear = (places: readonly KeptPlace[], width: number): string =>
    writeValues(scope, {
      ...{ steps: sizes.outputLength, width },
      each: places.map((place) => `${keptElement(place, "t", "row", "column")} = 0.0;`).join("\n"),
    });
  return `
  ${clear([decoder.contexts, decoder.attended, dAttended, dQueries], sizes.units)}
  ${clear([dEmbedded], sizes.embedded)}`;
}

/** Writes a time step of the decoder layers and the attention, at the position `t`. */
export function writeDecoderStep(scope: AttentionScope): string {
  const { sizes } = scope;
  const layers = decoderTexts(scope).map((text) =>
    text.forEach(
      "first to last",
      `
    ${writeRecurrentStep(scope, text)}
    ${sizes.decoderLayers > 1 ? writeOutputs(scope) : ""}`,
    )
  );
  return `
  ${layers.join("\n")}
  ${writeAttend(scope)}`;
}

/** Writes what the next layer reads at the position: the states after dropout. */
function writeOutputs(scope: AttentionScope): string {
  const { sizes, kept: { decoder: { layers } } } = scope;
  const site = `${sizes.sites.decoderLayers[0]}u + deeper`;
  const factor = dropFactor(scope, { row: "number", site, t: "position_now", column: "column" });
  return `
  let position_now = t;
  ${
    writeValues(scope, {
      ...{ steps: 1, width: sizes.units },
      each: `
    ${keptElement(layers.outputs, "position_now", "row", "column")} =
      ${keptElement(layers.states, "(position_now + 1u)", "row", "column")} * ${factor};`,
    })
  }`;
}

/** Writes the logits of some positions, from the first on. @param steps their number; @param at the position, if it is one */
export function writeLogits(
  scope: AttentionScope,
  { steps, at }: { readonly steps: string; readonly at: string },
): string {
  const { shape: { rows }, kept: { decoder: { attended, logits } } } = scope;
  const { inputs: [kernel], bias } = parametersOf(scope, "output");
  const { depth, units } = kernel!;
  return `
  for (var o = thread; o < ${steps} * ${rows * units}u; o += THREADS) {
    let v = o % ${units}u;
    let row = first + o / ${units}u % ${rows}u;
    let at_step = ${at};
    let y = ${keptIndex(attended, "at_step", "row", "0u")};
    var sum = weight(${4 * bias.at}u + v);
    for (var k = 0u; k < ${depth}u; k += 4u) {
      let values = vec4f(kept[y + k], kept[y + k + 1u], kept[y + k + 2u], kept[y + k + 3u]);
      sum += dot(weights[${kernel!.at}u + k / 4u * ${units}u + v], values);
    }
    ${keptElement(logits, "at_step", "row", "v")} = sum;
  }
  storageBarrier();`;
}

/** Declares what the choice of symbols sets: of each row the symbol, and the number of rows whose answers go on. */
export function declareChoice({ shape }: AttentionScope): string {
  return `
var<workgroup> chosen: array<u32, ${shape.rows}>;
var<workgroup> going: atomic<u32>;
var<workgroup> shared_going: u32;`;
}

/** Writes the choice of the most probable symbol at the position, and the probabilities over the logits. */
export function writeChoice(scope: AttentionScope): string {
  const { shape: { rows }, sizes, kept: { decoder: { logits } } } = scope;
  const { outputLength: T, characters: V, targetPadding } = sizes;
  return `
  if (thread < ${rows}u) {
    let row = first + thread;
    let at = ${keptIndex(logits, "t", "row", "0u")};
    let has_ended = t > 0u && chosen[thread] == ${targetPadding}u;
    ${writeSoftmax(V)}
    var value = 1.0 / sum;
    if (has_ended) {
      ${certainPadding(scope)}
      answer = ${targetPadding}u;
      value = 1.0;
    } else {
      ${setProbabilities(V)}
    }
    chosen[thread] = answer;
    if (answer != ${targetPadding}u) {
      atomicAdd(&going, 1u);
    }
    if (row < count) {
      results[(p.slice_first + row) * ${T}u + t] = vec2u(bitcast<u32>(value), answer + 512u);
    }
  }`;
}

/** Writes the results of positions after the ends of all answers. */
export function writeAfterEnds(scope: AttentionScope, from: string): string {
  const { shape: { rows }, sizes, kept: { decoder: { logits } } } = scope;
  const { outputLength: T, targetPadding } = sizes;
  return `
  for (var o = thread; o < (${T}u - ${from}) * ${rows}u; o += THREADS) {
    let row = first + o % ${rows}u;
    let t = ${from} + o / ${rows}u;
    let at = ${keptIndex(logits, "t", "row", "0u")};
    ${certainPadding(scope)}
    if (row < count) {
      results[(p.slice_first + row) * ${T}u + t] = vec2u(bitcast<u32>(1.0), ${targetPadding}u + 512u);
    }
  }`;
}

function certainPadding({ sizes }: AttentionScope): string {
  return `
      for (var v = 0u; v < ${sizes.characters}u; v++) {
        kept[at + v] = select(0.0, 1.0, v == ${sizes.targetPadding}u);
      }`;
}
