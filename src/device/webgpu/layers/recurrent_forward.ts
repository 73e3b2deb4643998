/** A recurrent layer going forward, in WGSL. @module */
import type { RecurrentLayer } from "../../../network/network.ts";
import { type ForwardStage, gatesType } from "../cells/cell.ts";
import { keptElement } from "../kept_layout.ts";
import { type GateGroup, gateGroups, placeInLoop, type RowsPlace } from "../parameter_layout.ts";
import { addProduct } from "../products.ts";
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
import { writeStage } from "../stage.ts";

/** Writes a recurrent layer over all its time steps, from a zero state. @param index its place among the network's layers */
export function writeRecurrentForward(
  scope: RowsScope,
  layer: RecurrentLayer,
  index: number,
): string {
  const { cell } = scope.sizes;
  return `{
  ${cell.carried.map((name) => declareOwn(scope, `carried_${name}`, "f32")).join("\n")}
  ${layer.input === "repeated" ? projectRepeated(scope, layer, index) : ""}
  for (var t = 0u; t < ${layer.timeSteps}u; t++) {
    ${cell.forward.map((stage) => writeForwardStage(scope, layer, index, stage)).join("\n")}
  }
  ${
    scope.shape.memory === "workgroup"
      ? "storageBarrier(); // the next layer reads the states"
      : ""
  }
  }`;
}

/** Writes the product of an input that is the same at every time step, with the bias. */
function projectRepeated(scope: RowsScope, layer: RecurrentLayer, index: number): string {
  const { inputs, bias } = scope.parameters.layers[index]!;
  return gateGroups(layer).map((group, g) => `
  ${declareOwn(scope, `projected_${g}`, gatesType(group.count))}
  ${
    writeStage(scope, {
      gates: group.count,
      products: addProduct(scope, inputs[g]!, lastStates(scope, index - 1)),
      unit: (row, sum) =>
        `${own(scope, `projected_${g}`, row)} = ${sum} + ${rowGates(bias, group)};`,
    })
  }`).join("\n");
}

function writeForwardStage(
  scope: RowsScope,
  layer: RecurrentLayer,
  index: number,
  stage: ForwardStage,
): string {
  const group = gateGroups(layer)[stage.group]!;
  const { recurrent } = scope.parameters.layers[index]!;
  const before = forwardVector(scope, index, stage.vector);
  return writeStage(scope, {
    gates: group.count,
    products: `
    ${layer.input === "sequence" ? addInput(scope, index, stage.group) : ""}
    if (t > 0u) ${addProduct(scope, recurrent[stage.group]!, before)}`,
    unit: (row, sum) => `
      let z = ${sum} + ${inputGates(scope, layer, { index, group: stage.group, row })};
      ${stage.unit(namesOf(scope, index, row))}`,
  });
}

/** Adds the product of the states of the layer before. */
function addInput(scope: RowsScope, index: number, group: number): string {
  const { inputs } = scope.parameters.layers[index]!;
  return addProduct(scope, inputs[group]!, keptVector(scope.kept.layers[index - 1]!.states!, "t"));
}

/** Gives what the gates of a unit get besides products: bias, and what was looked up or projected. */
function inputGates(
  scope: RowsScope,
  layer: RecurrentLayer,
  at: { readonly index: number; readonly group: number; readonly row: number },
): string {
  const { lookup, bias } = scope.parameters.layers[at.index]!;
  const group = gateGroups(layer)[at.group]!;
  if (layer.input === "repeated") return own(scope, `projected_${at.group}`, at.row);
  const biases = rowGates(bias, group);
  if (lookup === undefined) return biases;
  return `${rowGates(lookup, group, `character(example_${at.row} + t)`)} + ${biases}`;
}

/** Gives the gates of unit `u` in one of several rows of parameters. */
export function rowGates(rows: RowsPlace, { column, count }: GateGroup, row?: string): string {
  const first = placeInLoop(rows.at, rows);
  const start = row === undefined ? first : `(${first} + ${row} * ${rows.quads}u)`;
  if (count === 4) return `weights[${start} + u]`;
  const gate = (i: number): string => `weight(4u * ${start} + ${column + i}u + ${count}u * u)`;
  return count === 1 ? gate(0) : `vec2f(${range(2).map(gate).join(", ")})`;
}

function namesOf(
  scope: RowsScope,
  index: number,
  row: number,
): Parameters<ForwardStage["unit"]>[0] {
  const kept = scope.kept.layers[index]!;
  const set = (name: string, value: string): string =>
    scope.shape.memory === "workgroup" ? `${name}[${row}][u] = ${value};` : "";
  return {
    carried: (name) => own(scope, `carried_${name}`, row),
    keep: (name, value) =>
      name in kept.values
        ? `${keptElement(kept.values[name]!, "t", rowOf(row), "u")} = ${value};`
        : "",
    give: (name, value) => `
      let given_${name} = ${value};
      ${set(name, `given_${name}`)}
      ${
      name in kept.vectors
        ? `${keptElement(kept.vectors[name]!, "t", rowOf(row), "u")} = given_${name};`
        : ""
    }`,
    setState: (value) => `
      let next = ${value};
      ${set("states", "next")}
      ${kept.states ? `${keptElement(kept.states, "t", rowOf(row), "u")} = next;` : ""}`,
  };
}

/** Gives the vector that a stage multiplies: states before this time step, or what an earlier stage gave. */
function forwardVector(scope: RowsScope, index: number, name: string): RowVector {
  if (scope.shape.memory === "workgroup") return workgroupVector(name, 1);
  const { states, vectors } = scope.kept.layers[index]!;
  return name === "states" ? keptVector(states!, "(t - 1u)") : keptVector(vectors[name]!, "t");
}

/** Gives the last states of a layer that was just computed. */
function lastStates(scope: RowsScope, index: number): RowVector {
  if (scope.shape.memory === "workgroup") return workgroupVector("states", 1);
  const states = scope.kept.layers[index]!.states!;
  return keptVector(states, `${states.steps - 1}u`);
}
