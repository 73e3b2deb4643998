/** What recurrent layers begin with, in WGSL. Memory that an earlier pass left may hold anything, and the weight gradients read all of it. @module */
import { keptElement, type KeptPlace } from "../kept_layout.ts";
import { range } from "../shader.ts";
import type { KeptRecurrent } from "./attention_kept.ts";
import type { AttentionScope } from "./attention_scope.ts";

/** The first state of a unit, and what its cell carries. */
export interface FirstState {
  readonly state: string;
  carried(name: string): string;
}

/** Writes the state of the unit `u` before the first time step, which is number 0, and zeros at all others. */
export function beginStates(
  { sizes }: AttentionScope,
  layers: KeptRecurrent,
  first: FirstState,
): string {
  const values = layers.back?.values ?? {};
  const isFirst = "t == 0u";
  const begin = (place: KeptPlace, value: string): string =>
    `${element(place)} = select(0.0, ${value}, ${isFirst});`;
  return `
    ${begin(layers.states, first.state)}
    ${
    sizes.cell.carried.map((name) => `
    if (${isFirst}) {
      ${element(layers.carried[name]!)} = ${first.carried(name)};
    }
    ${values[name] === undefined ? "" : begin(values[name], first.carried(name))}`).join("\n")
  }`;
}

/** Writes zeros to what the time step `t` keeps of the unit `u`, and the weight gradients read. @param units of a direction */
export function clearSteps(
  { sizes }: AttentionScope,
  { vectors, back }: KeptRecurrent,
  units: number,
): string {
  const gates = sizes.cell.groups.flat().length;
  return `
    ${Object.values(vectors).map((place) => `${element(place)} = 0.0;`).join("\n")}
    ${
    back === undefined
      ? ""
      : back.gradients.buffer === "kept_quads"
      ? `${element(back.gradients)} = vec4f();`
      : range(gates).map((gate) =>
        `${keptElement(back.gradients, "t", "row", `${gate * units}u + u`)} = 0.0;`
      ).join("\n")
  }`;
}

function element(place: KeptPlace): string {
  return keptElement(place, place.steps === 1 ? "0u" : "t", "row", "u");
}
