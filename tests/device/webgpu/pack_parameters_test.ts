import { assertEquals } from "@std/assert";
import { CELLS } from "../../../src/network/config.ts";
import { layOutParameters, listMatrices } from "../../../src/device/webgpu/parameter_layout.ts";
import {
  packParameters,
  packTransposed,
  unpackParameters,
} from "../../../src/device/webgpu/pack_parameters.ts";
import { SMALL_ATTENTION } from "../../describe_attention.ts";
import { makeAttentionTrial, makeTrial, SMALL, type Trial } from "../trial.ts";
import type { Network } from "../../../src/network/network.ts";

function listTrials(): Record<string, Trial<Network>> {
  const trials: Record<string, Trial<Network>> = {};
  for (const cell of CELLS) {
    for (const hiddenSize of [1, 5, 8]) {
      trials[`${cell} with hidden size ${hiddenSize}`] = makeTrial({ ...SMALL, cell, hiddenSize });
    }
    for (const [hiddenSize, embeddingSize] of [[2, 1], [6, 5], [16, 8]] as const) {
      const what = `${cell} with attention, hidden size ${hiddenSize}`;
      trials[what] = makeAttentionTrial({ ...SMALL_ATTENTION, cell, hiddenSize, embeddingSize });
    }
  }
  return trials;
}

for (const [what, { network, values }] of Object.entries(listTrials())) {
  const layout = layOutParameters(network);
  const packed = packParameters(network, layout, values);

  Deno.test(`unpackParameters() reverses packParameters(): ${what}`, () => {
    assertEquals(unpackParameters(network, layout, packed), [...values]);
  });

  Deno.test(`packParameters() gives each value one place, and zero to every other: ${what}`, () => {
    const given = values.flatMap((each) => Array.from(each)).sort((a, b) => a - b);
    const found = Array.from(packed).filter((value) => value !== 0).sort((a, b) => a - b);
    assertEquals(packed.length, 4 * layout.quads);
    assertEquals(found, given.filter((value) => value !== 0));
  });

  Deno.test(`packTransposed() copies every matrix with rows and units exchanged: ${what}`, () => {
    const transposed = packTransposed(layout, packed);
    for (const { at, transposedAt, depth, units, gates } of listMatrices(layout)) {
      const per = 4 / gates;
      for (let i = 0; i < depth * units * gates; i++) {
        const [gate, unit, row] = [
          i % gates,
          Math.floor(i / gates) % units,
          Math.floor(i / gates / units),
        ];
        // as `MatrixPlace` describes both copies
        const place = 4 * (at + Math.floor(row / per) * units + unit) + row % per * gates + gate;
        const copy = 4 * (transposedAt + Math.floor(unit / per) * depth + row) +
          unit % per * gates + gate;
        assertEquals(transposed[copy], packed[place]);
      }
    }
  });
}
