/** A recurrent layer going back, in WGSL. @module */
import type { RecurrentLayer } from "../../../network/network.ts";
import { type BackwardNames, type BackwardStage, gatesType } from "../cells/cell.ts";
import { keptElement, type KeptPlace } from "../kept_layout.ts";
import { type GateGroup, gateGroups } from "../parameter_layout.ts";
import { addTransposedProduct } from "../products.ts";
import {
  declareOwn,
  keptVector,
  own,
  rowOf,
  type RowsScope,
  type RowVector,
  workgroupVector,
} from "../rows_scope.ts";
import { range } from "../shader.ts";
import { writeStage, writeUnits } from "../stage.ts";

/** Writes the gradients of a recurrent layer's gates at all its time steps. @param index its place among the network's layers */
export function writeRecurrentBackward(
  scope: RowsScope,
  layer: RecurrentLayer,
  index: number,
): string {
  const { cell } = scope.sizes;
  const isRepeated = layer.input === "repeated";
  const totals = isRepeated ? gateGroups(layer) : [];
  return `{
  ${cell.carriedBack.map((name) => declareOwn(scope, `carried_${name}`, "f32")).join("\n")}
  ${totals.map(({ count }, g) => declareOwn(scope, `total_${g}`, gatesType(count))).join("\n")}
  for (var back = 0u; back < ${layer.timeSteps}u; back++) {
    let t = ${layer.timeSteps - 1}u - back;
    ${cell.backward.map((_, stage) => writeBackwardStage(scope, layer, index, stage)).join("\n")}
  }
  ${isRepeated ? writeUnits(scope, (row) => keepTotals(scope, layer, index, row)) : ""}
  ${
    scope.shape.memory === "workgroup"
      ? "storageBarrier(); // an earlier layer reads the gradients"
      : ""
  }
  }`;
}

function writeBackwardStage(
  scope: RowsScope,
  layer: RecurrentLayer,
  index: number,
  stage: number,
): string {
  const { product, unit } = scope.sizes.cell.backward[stage]!;
  const { recurrent } = scope.parameters.layers[index]!;
  const vector = gradientVector(scope, layer, index, product);
  const inner = addTransposedProduct(scope, recurrent[product.group]!, vector);
  return writeStage(scope, {
    gates: 1,
    products: `
    ${stage === 0 ? addOuterGradient(scope, layer, index) : ""}
    ${product.of === "later" ? `if (back > 0u) ${inner}` : inner}`,
    unit: (row, sum) => `
      let sum = ${sum};
      ${unit(namesOf(scope, layer, index, row))}`,
  });
}

/** Adds the gradient that the next layer gives to the states: at every time step, or only at the last. */
function addOuterGradient(scope: RowsScope, layer: RecurrentLayer, index: number): string {
  const next = scope.network.layers[index + 1]!;
  const { inputs } = scope.parameters.layers[index + 1]!;
  const kept = scope.kept.layers[index + 1]!;
  const products = gateGroups(next).map((group, g) => {
    const vector = layer.output === "every"
      ? keptGradient(kept.gradients!, "t", group)
      : scope.shape.memory === "workgroup"
      ? workgroupVector(`gradients_${g}`, group.count) // the totals, until this layer sets its own
      : keptGradient(kept.totals!, "0u", group);
    return addTransposedProduct(scope, inputs[g]!, vector);
  });
  return layer.output === "every"
    ? products.join("\n")
    : `if (back == 0u) { ${products.join("\n")} }`;
}

/** Keeps the sums over time of the gradients of a layer whose input is the same at every time step. */
function keepTotals(
  scope: RowsScope,
  layer: RecurrentLayer,
  index: number,
  row: number,
): string {
  const { totals } = scope.kept.layers[index]!;
  return gateGroups(layer).map((group, g) => {
    const total = own(scope, `total_${g}`, row);
    return `
    ${setGates(totals!, { time: "0u", row, group }, total)}
    ${scope.shape.memory === "workgroup" ? `gradients_${g}[${row}][u] = ${total};` : ""}`;
  }).join("\n");
}

function namesOf(
  scope: RowsScope,
  layer: RecurrentLayer,
  index: number,
  row: number,
): BackwardNames {
  const { values, states, gradients } = scope.kept.layers[index]!;
  const element = (name: string, time: string): string =>
    keptElement(name === "state" ? states! : values[name]!, time, rowOf(row), "u");
  return {
    carried: (name) => own(scope, `carried_${name}`, row),
    kept: (name) => element(name, "t"),
    // the index is of some element at the first time step too
    keptBefore: (name) => `select(0.0, ${element(name, "(max(t, 1u) - 1u)")}, t > 0u)`,
    setGradient: (g, value) => {
      const group = gateGroups(layer)[g]!;
      const name = `gradient_${g}`;
      return `
      let ${name} = ${value};
      ${setGates(gradients!, { time: "t", row, group }, name)}
      ${scope.shape.memory === "workgroup" ? `gradients_${g}[${row}][u] = ${name};` : ""}
      ${layer.input === "repeated" ? `${own(scope, `total_${g}`, row)} += ${name};` : ""}`;
    },
  };
}

/** Writes the gates of unit `u` to where they are kept. */
export function setGates(
  place: KeptPlace,
  at: { readonly time: string; readonly row: number; readonly group: GateGroup },
  value: string,
): string {
  const { column, count } = at.group;
  const element = (column: string): string => keptElement(place, at.time, rowOf(at.row), column);
  if (count === 4) return `${element("u")} = ${value};`;
  if (count === 1) return `${element(`${column}u + u`)} = ${value};`;
  return range(2).map((i) => `${element(`${column + i}u + 2u * u`)} = ${value}.${"xy"[i]};`).join(
    " ",
  );
}

/** Gives the gradients of a group's gates that a stage multiplies. */
function gradientVector(
  scope: RowsScope,
  layer: RecurrentLayer,
  index: number,
  { group, of }: BackwardStage["product"],
): RowVector {
  const groups = gateGroups(layer);
  if (scope.shape.memory === "workgroup") {
    return workgroupVector(`gradients_${group}`, groups[group]!.count);
  }
  const time = of === "later" ? "(t + 1u)" : "t";
  return keptGradient(scope.kept.layers[index]!.gradients!, time, groups[group]!);
}

/** Gives the gradients of a group's gates at a time step. */
export function keptGradient(
  place: KeptPlace,
  time: string,
  { column, count }: GateGroup,
): RowVector {
  return keptVector(place, time, { column, count });
}
