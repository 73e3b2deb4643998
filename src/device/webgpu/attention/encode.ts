/** The encoder going forward, in WGSL. @module */
import { keptElement, type KeptPlace } from "../kept_layout.ts";
import { beginStates, clearSteps } from "./begin.ts";
import { type AttentionScope, dropFactor, ofLast, writeValues } from "./attention_scope.ts";
import { writeSourceEmbeddings } from "./embed.ts";
import { writeRecurrentStep } from "./recurrent_forward.ts";
import { encoderTexts } from "./recurrent_text.ts";

/** Writes the encoder, and what the decoder begins with. */
export function writeEncoder(scope: AttentionScope): string {
  const layers = encoderTexts(scope).map((text) =>
    text.forEach(
      "first to last",
      `
    ${writeBeginning(scope)}
    for (var i = span.x; i < span.y; i++) {
      ${writeRecurrentStep(scope, text)}
    }
    ${writeOutputs(scope)}`,
    )
  );
  return `
  ${writeSourceEmbeddings(scope)}
  ${layers.join("\n")}
  ${writeLast(scope)}`;
}

/** Writes zeros to the states at all time steps, and to what the cell carries. */
function writeBeginning(scope: AttentionScope): string {
  const { sizes, kept: { encoder: { layers } } } = scope;
  const { inputLength: T, directions, directionUnits } = sizes;
  return writeValues(scope, {
    ...{ steps: T + 1, width: directions * directionUnits },
    each: `
    ${halfOf(scope, directionUnits)}
    ${beginStates(scope, layers, { state: "0.0", carried: () => "0.0" })}
    if (t < ${T}u) {
      ${clearSteps(scope, layers, directionUnits)}
    }`,
  });
}

/** Writes what the next layer reads: the states of both directions side by side, after dropout. */
function writeOutputs(scope: AttentionScope): string {
  const { sizes, kept: { encoder: { layers } } } = scope;
  const site = `${sizes.sites.encoder[0]}u + deeper`;
  const factor = dropFactor(scope, { row: "number", site, t: "t", column: "column" });
  return writeValues(scope, {
    ...{ steps: sizes.inputLength, width: sizes.units },
    each: `
    var value = 0.0;
    if (t >= span.x && t < span.y && column < ${sizes.hiddenSize}u) {
      ${halfOf(scope, sizes.directionSize)}
      let t_after = t + 1u - ${sizes.directions === 1 ? "0u" : "half"};
      value = ${keptElement(layers.states, "t_after", "row", "u")} * ${factor};
    }
    ${keptElement(layers.outputs, "t", "row", "column")} = value;`,
  });
}

/** Writes what the decoder begins with: the last states of both directions of the last layer side by side. */
function writeLast(scope: AttentionScope): string {
  const { sizes, kept: { encoder } } = scope;
  const { layers, last } = encoder;
  const value = (place: KeptPlace, time: string): string =>
    keptElement(ofLast(place, sizes.encoderLayers), time, "row", "u");
  const set = (place: KeptPlace, value: string): string =>
    `${
      keptElement(place, "0u", "row", "column")
    } = select(0.0, ${value}, column < ${sizes.hiddenSize}u);`;
  return writeValues(scope, {
    ...{ steps: 1, width: sizes.units },
    each: `
    ${halfOf(scope, sizes.directionSize)}
    let t_last = ${sizes.directions === 1 ? "span.y" : "select(span.y, span.x, half == 1u)"};
    ${set(last.state, value(layers.states, "t_last"))}
    ${
      sizes.cell.carried.map((name) => set(last.carried[name]!, value(layers.carried[name]!, "0u")))
        .join("\n")
    }`,
  });
}

/** Declares the direction `half` of a column, and its unit `u`. @param size number of columns of a direction */
export function halfOf({ sizes }: AttentionScope, size: number): string {
  if (sizes.directions === 1) return "let u = column;";
  return `let half = min(column / ${size}u, 1u); let u = column - half * ${size}u;`;
}
