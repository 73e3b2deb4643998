/** A layer in the configuration of a Keras model. @module */
import { describeFound } from "../../arguments/rule.ts";
import type { Cell } from "../../network/config.ts";
import { checkFields, type Json, needObject, needText, refuse } from "./keras_fault.ts";
import { LAYER_RULES, nameOf } from "./layer_options.ts";

/** A layer of the list, checked to be Keras' own. */
export interface ListedLayer {
  readonly type: string;
  readonly name: string;
  readonly config: Json;
}

/** The types of recurrent layers. */
export const CELL_TYPES: ReadonlyMap<string, Cell> = new Map([
  ...[["LSTM", "lstm"], ["GRU", "gru"], ["SimpleRNN", "simple"]] as const,
]);

/** What may be said of a layer besides its options. `build_config` repeats shapes. */
const LAYER_FIELDS = [
  ...["module", "class_name", "config", "registered_name", "build_config", "name", "inbound_nodes"],
  ...["shared_object_id"],
];

/** Checks that a layer is one of Keras' own. */
export function listLayer(value: unknown, what: string): ListedLayer {
  const layer = needObject(what, value);
  const type = needText(`the class of ${what}`, layer.class_name);
  const { module = "keras.layers", registered_name: registered = null } = layer;
  if (module !== "keras.layers" || registered !== null) {
    throw refuse(
      `its layers must be Keras' own, but ${what} is ${nameOf(layer)}, of the module ${
        describeFound(module)
      }`,
    );
  }
  checkFields(what, layer, LAYER_FIELDS);
  if (!CELL_TYPES.has(type) && !Object.hasOwn(LAYER_RULES, type)) {
    throw refuse(
      `its layers must be ${
        [...CELL_TYPES.keys(), ...Object.keys(LAYER_RULES)].join(", ")
      }, but ${what} is ${describeFound(type)}`,
    );
  }
  const config = needObject(`the options of ${what}`, layer.config);
  const name = needText(`the name of ${what}`, config.name ?? layer.name);
  if (layer.name !== undefined && layer.name !== name) {
    throw refuse(
      `the names of ${what} must be equal, but are ${describeFound(layer.name)} and ${
        describeFound(name)
      }`,
    );
  }
  return { type, config, name };
}

/** Names a layer, for errors. */
export function titleOf({ name, type }: ListedLayer): string {
  return `the layer ${describeFound(name)} (${describeFound(type).replaceAll('"', "")})`;
}
