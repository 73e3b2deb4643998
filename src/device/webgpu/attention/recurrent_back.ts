/** Recurrent layers with a state to begin with and masked positions, going back, in WGSL. @module */
import { type BackwardNames, type BackwardStage, gatesType } from "../cells/cell.ts";
import { keptElement, type KeptPlace } from "../kept_layout.ts";
import { keptGradient, setGates } from "../layers/recurrent_backward.ts";
import { addTransposedProduct } from "../products.ts";
import { rowOf } from "../rows_scope.ts";
import { type AttentionScope, dropFactor } from "./attention_scope.ts";
import { UNIT_IS_LANE, writeLaneStage } from "./lane_stage.ts";
import { groupsOf, type RecurrentText } from "./recurrent_text.ts";

/** What the way back of a time step needs to know besides the text of the layer. */
export interface BackStep {
  /** Whether the time step is the first going back: no gradient of a later one is added. */
  readonly isFirst: string;
  /** The time step after `t` in the layer's direction. */
  readonly later: string;
  /** Gives the gradient of the layer's output, of the unit `u` of a row at `t`. */
  outer(row: number): string;
}

/** Writes the gradients of a layer's gates at a time step. A masked position hands the gradient of its state on. */
export function writeRecurrentBackStep(
  scope: AttentionScope,
  text: RecurrentText,
  step: BackStep,
): string {
  return text.cell.backward.map((stage, i) => {
    const inner = addTransposedProduct(
      scope,
      text.parameters.recurrent[stage.product.group]!,
      gradientsAt(text, stage.product.group, stage.product.of === "later" ? step.later : "t"),
    );
    return writeLaneStage(scope, {
      ...{ lanes: text.directions * text.units, declare: text.declare },
      sum: {
        gates: 1,
        products: stage.product.of === "later" ? `if (!(${step.isFirst})) ${inner}` : inner,
      },
      unit: (row, sum) =>
        writeUnit(text, stage, row, i === 0 ? receive(text, step, row, sum) : sum),
    });
  }).join("\n");
}

/** Gives the whole gradient of a state: by the later time step, by later layers, and what masked positions handed on. */
function receive({ kept }: RecurrentText, step: BackStep, row: number, sum: string): string {
  const pending = keptElement(kept.back!.pending, "0u", rowOf(row), "u");
  return `${sum} + ${step.outer(row)} + ${pending}`;
}

function writeUnit(text: RecurrentText, stage: BackwardStage, row: number, sum: string): string {
  const { cell, kept } = text;
  const carried = (name: string): string =>
    keptElement(kept.back!.carried[name]!, "0u", rowOf(row), "u");
  const isFirstStage = stage === cell.backward[0];
  return `
      let masked = ${text.isMasked(row)};
      let sum = ${sum};
      ${cell.carriedBack.map((name) => `var carried_${name} = ${carried(name)};`).join("\n")}
      ${stage.unit(namesOf(text, row))}
      if (!masked) {
        ${cell.carriedBack.map((name) => `${carried(name)} = carried_${name};`).join("\n")}
      }
      ${
    isFirstStage
      ? `${keptElement(kept.back!.pending, "0u", rowOf(row), "u")} = select(0.0, sum, masked);`
      : ""
  }`;
}

function namesOf(text: RecurrentText, row: number): BackwardNames {
  const { states, back } = text.kept;
  const element = (name: string, time: string): string =>
    keptElement(name === "state" ? states : back!.values[name]!, time, rowOf(row), "u");
  return {
    carried: (name) => `carried_${name}`,
    kept: (name) => element(name, "t_after"),
    keptBefore: (name) => element(name, "t_before"),
    setGradient(g, value): string {
      const group = groupsOf(text)[g]!;
      const name = `gradient_${g}`;
      return `
      let ${name} = select(${value}, ${gatesType(group.count)}(), masked);
      ${setGates(back!.gradients, { time: "t", row, group }, name)}`;
    },
  };
}

/** Gives the gradients of a group's gates at a time step. */
function gradientsAt(
  text: RecurrentText,
  group: number,
  time: string,
): ReturnType<typeof keptGradient> {
  return keptGradient(text.kept.back!.gradients, time, groupsOf(text)[group]!);
}

/** Writes the gradients of what a layer reads, at the position `t`: the sum of those by both directions. */
export function writeInputGradient(scope: AttentionScope, text: RecurrentText): string {
  const products = groupsOf(text).map((_, g) =>
    addTransposedProduct(scope, text.parameters.inputs[g]!, gradientsAt(text, g, "t"))
  ).join("\n");
  return writeLaneStage(scope, {
    ...{ lanes: text.dInputs!.width, declare: UNIT_IS_LANE },
    sum: {
      gates: 1,
      products: text.directions === 1
        ? products
        : `for (var half = 0u; half < ${text.directions}u; half++) { ${products} }`,
    },
    unit: (row, sum) => {
      const at = { row: `${row}u`, site: text.inputSite, t: "t", column: "u" };
      return `${keptElement(text.dInputs!, "t", rowOf(row), "u")} = ${sum} * ${
        dropFactor(scope, at)
      };`;
    },
  });
}

/** Writes what the layers' states before the first time step of the decoder have as gradients: sums over the layers. */
export function writeFirstStateGradients(
  scope: AttentionScope,
  texts: readonly RecurrentText[],
): string {
  const { kept, sizes: { cell, units, decoderLayers } } = scope;
  const { state, carried } = kept.encoder.back!.last;
  const { group } = cell.backward[0]!.product;
  const products = texts.map((text) =>
    text.forEach(
      "first to last",
      addTransposedProduct(
        scope,
        text.parameters.recurrent[group]!,
        gradientsAt(text, group, "0u"),
      ),
    )
  );
  const set = (place: KeptPlace, row: number, value: string): string =>
    `${keptElement(place, "0u", rowOf(row), "u")} = ${value};`;
  const back = kept.decoder.layers.back!;
  return writeLaneStage(scope, {
    ...{ lanes: units, declare: UNIT_IS_LANE },
    sum: { gates: 1, products: products.join("\n") },
    unit: (row, sum) => `
      ${set(state, row, sum)}
      ${
      cell.carriedBack.map((name) => `
      {
        var total = 0.0;
        for (var deeper = 0u; deeper < ${decoderLayers}u; deeper++) {
          total += ${keptElement(back.carried[name]!, "0u", rowOf(row), "u")};
        }
        ${set(carried[name]!, row, "total")}
      }`).join("\n")
    }`,
  });
}
