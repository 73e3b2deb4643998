/** Recurrent layers with a state to begin with and masked positions, going forward, in WGSL. @module */
import type { ForwardStage } from "../cells/cell.ts";
import { keptElement } from "../kept_layout.ts";
import { rowGates } from "../layers/recurrent_forward.ts";
import { addProduct } from "../products.ts";
import { keptVector, rowOf, type RowVector } from "../rows_scope.ts";
import type { AttentionScope } from "./attention_scope.ts";
import { writeLaneStage } from "./lane_stage.ts";
import { groupsOf, type RecurrentText } from "./recurrent_text.ts";

/** Writes a time step of a layer. A masked position keeps its state. */
export function writeRecurrentStep(scope: AttentionScope, text: RecurrentText): string {
  return text.cell.forward.map((stage) => writeForwardStage(scope, text, stage)).join("\n");
}

function writeForwardStage(
  scope: AttentionScope,
  text: RecurrentText,
  stage: ForwardStage,
): string {
  const group = groupsOf(text)[stage.group]!;
  const { inputs, recurrent, bias } = text.parameters;
  return writeLaneStage(scope, {
    ...{ lanes: text.directions * text.units, declare: text.declare },
    sum: {
      gates: group.count,
      products: `
      ${addProduct(scope, inputs[stage.group]!, keptVector(text.inputs, "t"))}
      ${addProduct(scope, recurrent[stage.group]!, vectorOf(text, stage.vector))}`,
    },
    unit: (row, sum) => `
      let masked = ${text.isMasked(row)};
      let z = ${sum} + ${rowGates(bias, group)};
      ${
      text.cell.carried.map((name) => `var carried_${name} = ${carried(text, name, row)};`).join(
        "\n",
      )
    }
      ${stage.unit(namesOf(text, row))}
      if (!masked) {
        ${
      text.cell.carried.map((name) => `${carried(text, name, row)} = carried_${name};`).join("\n")
    }
      }`,
  });
}

/** Gives the vector that a stage multiplies: states before the position, or what an earlier stage gave. */
function vectorOf({ kept }: RecurrentText, name: string): RowVector {
  return name === "states"
    ? keptVector(kept.states, "t_before")
    : keptVector(kept.vectors[name]!, "t");
}

function carried({ kept }: RecurrentText, name: string, row: number): string {
  return keptElement(kept.carried[name]!, "0u", rowOf(row), "u");
}

function namesOf(
  { kept, cell }: RecurrentText,
  row: number,
): Parameters<ForwardStage["unit"]>[0] {
  const values = kept.back?.values ?? {};
  return {
    carried: (name) => `carried_${name}`,
    keep(name, value): string {
      const place = values[name];
      if (place === undefined) return "";
      const at = (time: string): string => keptElement(place, time, rowOf(row), "u");
      return cell.carried.includes(name)
        ? `${at("t_after")} = select(${value}, ${at("t_before")}, masked);`
        : `${at("t_after")} = ${value};`;
    },
    give: (name, value) => `${keptElement(kept.vectors[name]!, "t", rowOf(row), "u")} = ${value};`,
    setState(value): string {
      const at = (time: string): string => keptElement(kept.states, time, rowOf(row), "u");
      return `${at("t_after")} = select(${value}, ${at("t_before")}, masked);`;
    },
  };
}
