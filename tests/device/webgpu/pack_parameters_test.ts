import { assertEquals } from "@std/assert";
import { CELLS } from "../../../src/network/config.ts";
import { layOutParameters, listMatrices } from "../../../src/device/webgpu/parameter_layout.ts";
import {
  packParameters,
  packTransposed,
  unpackParameters,
} from "../../../src/device/webgpu/pack_parameters.ts";
import { makeTrial, SMALL } from "../trial.ts";

for (const cell of CELLS) {
  for (const hiddenSize of [1, 5, 8]) {
    const { network, values } = makeTrial({ ...SMALL, cell, hiddenSize });
    const layout = layOutParameters(network);
    const packed = packParameters(network, layout, values);
    const what = `${cell} with hidden size ${hiddenSize}`;

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
}
