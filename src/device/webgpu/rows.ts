/**
 * The first phase of a step: every row goes alone through all that is its own. One workgroup takes it through lookup, encoder,
 * decoder, dense layer and loss, and back to the gradients of the gates at every time step.
 *
 * @module
 */
import { ACTIVATIONS } from "./activation.ts";
import { BATCH_FUNCTIONS } from "./batch.ts";
import { type GateCount, gatesType } from "./cells/cell.ts";
import { keptElement } from "./kept_layout.ts";
import { groupBackward, groupForward, type LayerRun, scopeOfRun } from "./layer_loop.ts";
import { writeDenseForward } from "./layers/dense.ts";
import { writeRecurrentBackward } from "./layers/recurrent_backward.ts";
import { writeRecurrentForward } from "./layers/recurrent_forward.ts";
import { writeLoss } from "./loss.ts";
import { eachRow, type RowsScope } from "./rows_scope.ts";
import { listRowsBindings } from "./rows_bindings.ts";
import { MAIN_PARAMETERS, type Shader } from "./shader.ts";
import { declareShares } from "./stage.ts";

/** Writes the shader of a pass over rows. */
export function writeRows(scope: RowsScope): Shader {
  const { network, shape, pass, kept } = scope;
  const trains = pass === "train";
  const forward = groupForward(network).map((run) => writeForward(scope, run));
  const backward = trains
    ? groupBackward(network).toReversed().map((run) => writeBackward(scope, run))
    : [];
  return {
    name: `rows (${pass})`,
    bindings: listRowsBindings({ trains, hasQuads: kept.quads > 0, hasResults: true }),
    code: `
${BATCH_FUNCTIONS}
${ACTIVATIONS}
const THREADS = ${shape.lanes * shape.shares}u;
var<private> stride: u32;
${declareVectors(scope)}
${FUNCTIONS}
${writeExampleOf(scope)}

@compute @workgroup_size(THREADS)
fn main(${MAIN_PARAMETERS}) {
  let first = (group.y * groups.x + group.x) * ${shape.rows}u;
  let position = ${trains ? "progress.position" : "0u"};
  let batch_rows = batch_rows_at(position);
  let count = slice_rows_at(position);
  if (first >= count) {
    return;
  }
  stride = ${shape.rows}u * ((count + ${shape.rows - 1}u) / ${shape.rows}u);
  rows_start = ${trains ? "position * p.batch_size + p.slice_first" : "p.first + p.slice_first"};
  last_row = count - 1u;
  let u = thread % ${shape.lanes}u;
  let s = thread / ${shape.lanes}u;
  ${eachRow(scope, (row) => `let example_${row} = example_of(first + ${row}u);`)}
  ${trains ? keepCharacters(scope) : ""}
  ${forward.join("\n")}
  ${
      writeLoss({
        ...{ shape, sizes: scope.sizes, logits: scope.kept.layers.at(-1)!.gradients! },
        ...(trains && { batchCount: `(batch_rows * ${scope.sizes.outputLength}u)` }),
      })
    }
  ${backward.join("\n")}
}`,
  };
}

/** Declares the vectors that the threads of a workgroup read of each other, in its memory. */
function declareVectors(scope: RowsScope): string {
  const { shape, sizes: { cell, units }, pass } = scope;
  const most = Math.max(...cell.groups.map((group) => group.length)) as GateCount;
  if (shape.memory === "storage") return "";
  const declare = (name: string, type: string): string =>
    `var<workgroup> ${name}: array<array<${type}, ${units}>, ${shape.rows}>;`;
  return [
    ...["states", ...cell.vectors].map((name) => declare(name, "f32")),
    ...(pass === "train"
      ? cell.groups.map(({ length }, g) =>
        declare(`gradients_${g}`, gatesType(length as GateCount))
      )
      : []),
    declareShares(scope, most),
  ].join("\n");
}

const FUNCTIONS = `
var<private> rows_start: u32;
var<private> last_row: u32;

fn weight(at: u32) -> f32 {
  return weights[at / 4u][at % 4u];
}

fn character(at: u32) -> u32 {
  return extractBits(examples[at / 4u], 8u * (at % 4u), 8u);
}`;

/** Writes the function that gives the first byte of a row's example. A row that only fills the workgroup is the last one again. */
function writeExampleOf({ pass }: RowsScope): string {
  return `
fn example_of(row: u32) -> u32 {
  let at = rows_start + min(row, last_row);
  return ${pass === "train" ? "select(order[at], at, p.is_gathered == 1u)" : "at"} * p.row_bytes;
}`;
}

/** Writes the source's characters to where the gradient of the lookup reads them. */
function keepCharacters(scope: RowsScope): string {
  const { shape, sizes, kept } = scope;
  const places = { ...kept.characters!, width: 1 }; // time step by time step, as all that is kept
  return `
  for (var o = thread; o < ${sizes.inputLength * shape.rows}u; o += THREADS) {
    let row = first + o / ${sizes.inputLength}u;
    let t = o % ${sizes.inputLength}u;
    ${keptElement(places, "t", "row", "0u")} = f32(character(example_of(row) + t));
  }`;
}

function writeForward(scope: RowsScope, run: LayerRun): string {
  const layer = scope.network.layers[run.first]!;
  if (layer.type === "dense") return writeDenseForward(scope, layer, run.first);
  const text = writeRecurrentForward(scopeOfRun(scope, run), layer, run.first);
  return run.count === 1 ? text : `for (var deeper = 0u; deeper < ${run.count}u; deeper++) ${text}`;
}

/** Writes layers going back. A dense layer's way back is a product in the layer before it. */
function writeBackward(scope: RowsScope, run: LayerRun): string {
  const layer = scope.network.layers[run.first]!;
  if (layer.type === "dense") return "";
  const text = writeRecurrentBackward(scopeOfRun(scope, run), layer, run.first);
  return run.count === 1 ? text : `
  for (var turn = 0u; turn < ${run.count}u; turn++) {
    let deeper = ${run.count - 1}u - turn;
    ${text}
  }`;
}
