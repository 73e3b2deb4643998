/** The layers of a Keras model in the order in which they compute, from the configuration of a Sequential or a functional one. @module */
import { describeFound, isObject } from "../../arguments/rule.ts";
import { checkFields, type Json, needList, needObject, needText, refuse } from "./keras_fault.ts";
import { nameOf } from "./layer_options.ts";
import { type ListedLayer, listLayer } from "./listed_layer.ts";

/** The layers, and the shape for which the model was built. */
export interface LayerChain {
  readonly listed: readonly ListedLayer[];
  readonly inputShape: unknown;
}

/** The classes of models, and the modules in which Keras has them. */
const MODELS: Readonly<Record<string, readonly unknown[]>> = {
  Sequential: [undefined, "keras", "keras.models", "keras.src.models.sequential"],
  Functional: [
    ...[undefined, "keras", "keras.models", "keras.src.models.functional"],
    "keras.src.engine.functional",
  ],
  Model: [undefined],
};
const MODEL_FIELDS = [
  ...["module", "class_name", "config", "registered_name", "build_config", "compile_config"],
  ...["keras_version", "backend", "shared_object_id"],
];
/** Most layers that are looked at: a model here has at most 68. */
const MOST_LAYERS = 100;

/** Lists the layers of a model. */
export function listLayers(root: unknown): LayerChain {
  const model = needObject("its configuration", root);
  const type = needText("the class of the model", model.class_name);
  const { registered_name: registered = null } = model;
  const modules = Object.hasOwn(MODELS, type) ? MODELS[type]! : [];
  if (!modules.includes(model.module) || (registered !== null && registered !== type)) {
    throw refuse(
      `the model must be Keras' own Sequential or Functional, but is ${nameOf(model)}${
        model.module === undefined ? "" : `, of the module ${describeFound(model.module)}`
      }`,
    );
  }
  checkFields("the model", model, MODEL_FIELDS);
  const config = needObject("the configuration of the model", model.config);
  return type === "Sequential" ? listSequential(config) : listFunctional(config);
}

function listSequential(config: Json): LayerChain {
  checkFields("the model", config, ["name", "trainable", "dtype", "layers", "build_input_shape"]);
  checkTrainable(config);
  return { listed: checkLayers(config.layers), inputShape: config.build_input_shape };
}

function checkTrainable({ trainable = true }: Json): void {
  if (trainable !== true) throw refuse("the model must be trainable, but is not");
}

function checkLayers(value: unknown): ListedLayer[] {
  const layers = needList("the layers of the model", value);
  if (layers.length > MOST_LAYERS) {
    throw refuse(`it must have at most ${MOST_LAYERS} layers, but has ${layers.length}`);
  }
  const listed = layers.map((layer, i) => listLayer(layer, `layer ${i}`));
  if (new Set(listed.map(({ name }) => name)).size < listed.length) {
    throw refuse("the names of its layers must be different, but two are equal");
  }
  return listed;
}

const FUNCTIONAL_FIELDS = ["name", "trainable", "dtype", "layers", "input_layers", "output_layers"];

/** Checks that the layers of a functional model read one another in the order of the list. */
function listFunctional(config: Json): LayerChain {
  checkFields("the model", config, FUNCTIONAL_FIELDS);
  checkTrainable(config);
  const listed = checkLayers(config.layers);
  const layers = needList("the layers of the model", config.layers);
  if (listed[0]?.type !== "InputLayer") throw refuse("its first layer must be InputLayer");
  layers.forEach((layer, i) => {
    const { name } = listed[i]!;
    const nodes = needList(
      `the calls of ${describeFound(name)}`,
      needObject(name, layer).inbound_nodes,
    );
    if (nodes.length !== (i === 0 ? 0 : 1)) {
      throw refuse(
        `every layer must be called once, but ${describeFound(name)} is ${nodes.length} times`,
      );
    }
    if (i > 0) checkCall(nodes[0], name, listed[i - 1]!.name);
  });
  checkEnd("input", config.input_layers, listed[0].name);
  checkEnd("output", config.output_layers, listed.at(-1)!.name);
  return { listed, inputShape: undefined };
}

/** Checks that a layer is called with the output of the layer before it, and nothing else. */
function checkCall(node: unknown, name: string, before: string): void {
  const { source, options } = isObject(node) ? readCall(node, name) : readOldCall(node, name);
  if (JSON.stringify(source) !== JSON.stringify([before, 0, 0])) {
    throw refuse(
      `every layer must read the one before it, but ${describeFound(name)} does not read ${
        describeFound(before)
      }`,
    );
  }
  for (const [option, value] of Object.entries(options)) {
    if (value === null || (option === "training" && value === false)) continue;
    throw refuse(
      `${describeFound(name)} must be called with its input alone, but is with ${
        describeFound(option)
      }`,
    );
  }
}

interface Call {
  readonly source: unknown;
  readonly options: Json;
}

/** Reads a call as Keras 3 writes it. */
function readCall(node: Json, name: string): Call {
  checkFields(`the call of ${describeFound(name)}`, node, ["args", "kwargs"]);
  const args = needList(`the inputs of ${describeFound(name)}`, node.args);
  const tensor = needObject(`the input of ${describeFound(name)}`, args[0]);
  if (args.length !== 1 || tensor.class_name !== "__keras_tensor__") {
    throw refuse(`${describeFound(name)} must have one tensor as its input, but has not`);
  }
  const { keras_history: source } = needObject("a tensor", tensor.config);
  return { source, options: needObject("the options of a call", node.kwargs) };
}

/** Reads a call as Keras 2 writes it: [[name, 0, 0, options]]. */
function readOldCall(node: unknown, name: string): Call {
  const inputs = needList(`the inputs of ${describeFound(name)}`, node);
  const input = needList(`the input of ${describeFound(name)}`, inputs[0]);
  if (inputs.length !== 1 || input.length < 3 || input.length > 4) {
    throw refuse(`${describeFound(name)} must have one tensor as its input, but has not`);
  }
  return {
    source: input.slice(0, 3),
    options: needObject("the options of a call", input[3] ?? {}),
  };
}

/** Checks what goes in or comes out: [name, 0, 0], or a list of that alone. */
function checkEnd(what: string, value: unknown, name: string): void {
  const found = JSON.stringify(value);
  const wanted = JSON.stringify([name, 0, 0]);
  if (found === wanted || found === `[${wanted}]`) return;
  throw refuse(`its ${what} must be that of ${describeFound(name)} alone, but is not`);
}
