/** The dense layer at every time step, in WGSL. Its way back is a product in the layer before it. @module */
import type { DenseLayer } from "../../../network/network.ts";
import { keptElement, keptIndex } from "../kept_layout.ts";
import type { RowsScope } from "../rows_scope.ts";

/**
 * Writes logits = states W + b, each by one thread.
 *
 * The logits lie where their gradients will; those of characters that do not exist are 0.
 */
export function writeDenseForward(scope: RowsScope, layer: DenseLayer, index: number): string {
  const { shape, sizes, parameters, kept } = scope;
  const { inputs: [kernel], bias } = parameters.layers[index]!;
  const states = kept.layers[index - 1]!.states!;
  const logits = kept.layers[index]!.gradients!;
  const { depth, units } = kernel!;
  return `
  for (var o = thread; o < ${
    layer.timeSteps * shape.rows * sizes.paddedCharacters
  }u; o += THREADS) {
    let v = o % ${units}u;
    let row = first + o / ${units}u % ${shape.rows}u;
    let t = o / ${units * shape.rows}u;
    let h = ${keptIndex(states, "t", "row", "0u")};
    var sum = weight(${4 * bias.at}u + v);
    for (var k = 0u; k < ${depth}u; k += 4u) {
      let states = vec4f(kept[h + k], kept[h + k + 1u], kept[h + k + 2u], kept[h + k + 3u]);
      sum += dot(weights[${kernel!.at}u + k / 4u * ${units}u + v], states);
    }
    ${keptElement(logits, "t", "row", "v")} = sum;
  }
  storageBarrier();`;
}
