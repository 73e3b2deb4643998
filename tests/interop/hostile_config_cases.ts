/** Configurations of Keras that must be refused: changes of one that is read. @module */

/** JSON that a test changes. */
// deno-lint-ignore no-explicit-any -- a test changes whatever it wants
export type Any = any;

/** A change of a configuration that is read, and what is said of it. */
export type ConfigCase = readonly [name: string, says: string, change: (config: Any) => unknown];

/** A layer of a Sequential: 0 input, 1 encoder, 2 repeat, 3 decoder, 4 TimeDistributed, 5 softmax. */
const layer = (config: Any, i: number): Any => config.config.layers[i];
const options = (config: Any, i: number): Any => layer(config, i).config;

/** Sets an option of a layer. */
function set(i: number, option: string, value: unknown): (config: Any) => void {
  return (config) => options(config, i)[option] = value;
}

function put(
  i: number,
  type: string,
  config: object = {},
  more: object = {},
): (root: Any) => void {
  return (root) => {
    root.config.layers.splice(i, 0, {
      ...{ module: "keras.layers", class_name: type, registered_name: null },
      config: { name: "new", trainable: true, dtype: "float32", ...config },
      ...more,
    });
  };
}

const optimizer = (config: Any): Any => config.compile_config.optimizer;
function setOptimizer(option: string, value: unknown): (config: Any) => void {
  return (config) => optimizer(config).config[option] = value;
}

const keras = (module: string, name: string, config: object = {}): object => ({
  ...{ module, class_name: name, config, registered_name: null },
});
const LAMBDA = {
  module: "builtins",
  class_name: "function",
  config: "os.system",
  registered_name: "evil>system",
};

/** Layers and their options. */
export const LAYER_CASES: readonly ConfigCase[] = [
  ["a Lambda layer", '"Lambda"', put(5, "Lambda", { function: LAMBDA })],
  [
    "a layer of another program",
    '"evil>Layer"',
    put(1, "Layer", {}, { registered_name: "evil>Layer" }),
  ],
  ["a layer of another module", '"os"', put(1, "system", {}, { module: "os" })],
  ["a layer named constructor", '"constructor"', put(1, "constructor")],
  ["a layer named __proto__", '"__proto__"', put(1, "__proto__")],
  ["Bidirectional", '"Bidirectional"', (config) => layer(config, 1).class_name = "Bidirectional"],
  ["Dropout", '"Dropout"', put(2, "Dropout", { rate: 0.5 })],
  ["Embedding", '"Embedding"', put(1, "Embedding", { input_dim: 12, output_dim: 4 })],
  ["Masking", '"Masking"', put(1, "Masking", { mask_value: 0 })],
  ["TFSMLayer", '"TFSMLayer"', put(1, "TFSMLayer", { filepath: "/etc" })],
  ["a second Dense", "is where Activation or Softmax must be", (config) => {
    config.config.layers.splice(5, 0, { ...options(config, 4).layer });
  }],
  ["a layer after the softmax", "nothing must follow", (config) => {
    config.config.layers.push({
      ...layer(config, 5),
      config: { ...options(config, 5), name: "z" },
    });
  }],
  ["no RepeatVector", "RepeatVector must be", (config) => config.config.layers.splice(2, 1)],
  ["no decoder", "LSTM or GRU or SimpleRNN must be", (config) => config.config.layers.splice(3, 1)],
  ["no softmax", "they end", (config) => config.config.layers.splice(5, 1)],
  ["no layer", "they end", (config) => config.config.layers = []],
  ["two encoders", "RepeatVector must be", (config) => {
    const copy = structuredClone(layer(config, 1));
    copy.config.name = "other";
    config.config.layers.splice(2, 0, copy);
  }],
  ["1,000 layers", "at most 100 layers", (config) => {
    config.config.layers = new Array(1000).fill(layer(config, 3));
  }],
  ["two layers of one name", "must be different", set(3, "name", "lstm")],
  ["a decoder of another size", "of one type and size", set(3, "units", 5)],
  ["a decoder of another cell", "of one type and size", (config) => {
    layer(config, 3).class_name = "SimpleRNN";
    for (const name of ["recurrent_activation", "unit_forget_bias"]) {
      delete options(config, 3)[name];
    }
  }],
  ["an encoder of all states", "return_sequences false", set(1, "return_sequences", true)],
  ["a decoder of one state", "return_sequences true", set(3, "return_sequences", false)],
  ["an encoder that does not say it", "does not say it", (config) => {
    delete options(config, 1).return_sequences;
  }],
  ["go_backwards", "go_backwards", set(1, "go_backwards", true)],
  ["stateful", "stateful", set(3, "stateful", true)],
  ["return_state", "return_state", set(1, "return_state", true)],
  ["time_major", "time_major", set(1, "time_major", true)],
  ["dropout", "dropout 0", set(1, "dropout", 0.1)],
  ["dropout that is a text", "dropout 0", set(1, "dropout", "0")],
  ["recurrent_dropout", "recurrent_dropout", set(3, "recurrent_dropout", 0.1)],
  ["no bias", "use_bias true", set(1, "use_bias", false)],
  [
    "no bias of Dense",
    "use_bias true",
    (config) => options(config, 4).layer.config.use_bias = false,
  ],
  ["relu", 'activation tanh, but has "relu"', set(1, "activation", "relu")],
  ["a function of another program", 'but has "evil>system"', set(1, "activation", LAMBDA)],
  ["hard_sigmoid", "recurrent_activation", set(3, "recurrent_activation", "hard_sigmoid")],
  ["no recurrent_activation", "does not say it", (config) => {
    delete options(config, 1).recurrent_activation;
  }],
  ["a sigmoid of the output", "softmax", set(5, "activation", "sigmoid")],
  ["a GRU with reset_after", "reset_after false", (config) => {
    for (const i of [1, 3]) {
      layer(config, i).class_name = "GRU";
      delete options(config, i).unit_forget_bias;
      options(config, i).reset_after = true;
    }
  }],
  [
    "a regulariser",
    "kernel_regularizer",
    set(1, "kernel_regularizer", keras("keras.regularizers", "L2")),
  ],
  ["a constraint", "recurrent_constraint", set(3, "recurrent_constraint", "max_norm")],
  ["an activity regulariser", "activity_regularizer", set(1, "activity_regularizer", "l1")],
  [
    "an initialiser of another program",
    "kernel_initializer",
    set(1, "kernel_initializer", keras("os", "system")),
  ],
  ["a layer that is not trained", "trainable true", set(3, "trainable", false)],
  ["half precision", "dtype float32", set(1, "dtype", "float16")],
  ["mixed precision", "dtype float32", (config) => {
    options(config, 3).dtype.config.name = "mixed_bfloat16";
  }],
  ["quantisation", "dtype float32", (config) => {
    options(config, 3).dtype.class_name = "QuantizedDTypePolicy";
  }],
  ["an unknown option", '"peepholes"', set(1, "peepholes", true)],
  ["an unknown field of a layer", '"code"', (config) => layer(config, 1).code = "import os"],
  ["units of 1e9", "from 1 to 8192, but is 1000000000", (config) => {
    for (const i of [1, 3]) options(config, i).units = 1e9;
  }],
  ["units of -1", "units", (config) => [1, 3].forEach((i) => options(config, i).units = -1)],
  ["units of 1.5", "units", (config) => [1, 3].forEach((i) => options(config, i).units = 1.5)],
  [
    "units that are a text",
    "units a number",
    (config) => [1, 3].forEach((i) => options(config, i).units = "4"),
  ],
  ["units that its weights have not", "hiddenSize is 5, but have 4", (config) => {
    for (const i of [1, 3]) options(config, i).units = 5;
  }],
  ["one more decoder than weights", "3 tensors, but has 0", (config) => {
    const copy = structuredClone(layer(config, 3));
    copy.config.name = "other";
    config.config.layers.splice(4, 0, copy);
  }],
  ["an answer of 10,000 characters", "from 1 to 4096, but is 10000", set(2, "n", 10_000)],
  ["an answer of no character", "from 1 to 4096, but is 0", set(2, "n", 0)],
  ["1,000 symbols", "from 1 to 256", (config) => options(config, 4).layer.config.units = 1000],
  ["an input of two dimensions", "(batch, T, V)", set(0, "batch_shape", [null, 12])],
  [
    "an input of 1e12 characters",
    "the length of its input",
    set(0, "batch_shape", [null, 1e12, 12]),
  ],
  ["an input of other symbols", "sourceSymbols is 9", set(0, "batch_shape", [null, 5, 9])],
  ["a sparse input", "sparse", set(0, "sparse", true)],
  ["an input that is no list", "must be a list", set(0, "batch_shape", "5")],
  ["layers that are no list", "must be a list", (config) => config.config.layers = { length: 6 }],
  ["a layer that is no object", "must be an object", (config) => config.config.layers[1] = null],
  ["a layer without a class", "must be a text", (config) => delete layer(config, 1).class_name],
  ["a layer without options", "must be an object", (config) => delete layer(config, 1).config],
  ["a layer without a name", "must be a text", (config) => delete options(config, 1).name],
];

/** The model, and how it was trained. */
export const MODEL_CASES: readonly ConfigCase[] = [
  ["another class of model", '"Evil"', (config) => config.class_name = "Evil"],
  ["a model of another module", '"os"', (config) => config.module = "os"],
  ["a registered model", '"evil>Model"', (config) => config.registered_name = "evil>Model"],
  ["a model named constructor", '"constructor"', (config) => config.class_name = "constructor"],
  ["a model without options", "must be an object", (config) => config.config = null],
  ["an unknown field of the model", '"preprocess"', (config) => config.preprocess = {}],
  ["an unknown option of the model", '"code"', (config) => config.config.code = ""],
  ["a model that is not trained", "must be trainable", (config) => config.config.trainable = false],
  ["a functional model without calls", "must be a list", (config) => {
    config.class_name = "Functional";
    delete config.config.build_input_shape;
  }],
  [
    "SGD",
    'but is "SGD" with the name "adam"; the model',
    (config) => optimizer(config).class_name = "SGD",
  ],
  ["an optimiser of another program", '"evil>Adam"', (config) => {
    optimizer(config).registered_name = "evil>Adam";
  }],
  ["an optimiser of another module", '"Adam"', (config) => optimizer(config).module = "os"],
  [
    "an optimiser that is a text",
    "must be an object",
    (config) => config.compile_config.optimizer = "adam",
  ],
  ["amsgrad", "amsgrad", setOptimizer("amsgrad", true)],
  ["a moving average", "use_ema", setOptimizer("use_ema", true)],
  ["a loss scale", "loss_scale_factor", setOptimizer("loss_scale_factor", 2)],
  ["clipvalue", "clipvalue", setOptimizer("clipvalue", 1)],
  ["clipnorm", "clipnorm", setOptimizer("clipnorm", 1)],
  [
    "accumulated gradients",
    "gradient_accumulation_steps",
    setOptimizer("gradient_accumulation_steps", 4),
  ],
  [
    "a schedule",
    '"ExponentialDecay"',
    setOptimizer("learning_rate", keras("keras.optimizers.schedules", "ExponentialDecay")),
  ],
  ["an unknown option of the optimiser", '"nesterov"', setOptimizer("nesterov", true)],
  ["a learning rate of 0", "learning_rate", setOptimizer("learning_rate", 0)],
  ["a learning rate of a text", "learning_rate", setOptimizer("learning_rate", "0.1")],
  ["a beta of 1", "beta_1", setOptimizer("beta_1", 1)],
  ["a beta of null", "beta_2", setOptimizer("beta_2", null)],
  ["an epsilon of 0", "epsilon", setOptimizer("epsilon", 0)],
  ["a negative decay", "weight_decay", setOptimizer("weight_decay", -1)],
  ["a negative limit of the norm", "global_clipnorm", setOptimizer("global_clipnorm", -1)],
  ["the squared error", '"mse"', (config) => config.compile_config.loss = "mse"],
  ["no loss", "its loss must be", (config) => delete config.compile_config.loss],
  ["a loss of another program", '"evil>system"', (config) => config.compile_config.loss = LAMBDA],
  ["a loss of logits", "from_logits", (config) => {
    config.compile_config.loss = keras("keras.losses", "CategoricalCrossentropy", {
      from_logits: true,
    });
  }],
  ["a loss that is a sum", "reduction", (config) => {
    config.compile_config.loss = keras("keras.losses", "CategoricalCrossentropy", {
      reduction: "sum",
    });
  }],
  ["a label smoothing of 1", "label smoothing", (config) => {
    config.compile_config.loss = keras("keras.losses", "CategoricalCrossentropy", {
      label_smoothing: 1,
    });
  }],
  ["weights of the loss", "loss_weights", (config) => config.compile_config.loss_weights = [2]],
];

const call = (config: Any, i: number): Any => config.config.layers[i].inbound_nodes[0];

/** Changes of a functional model: 0 input, 1 encoder, 2 repeat, 3 and 4 decoders, 5 Dense with softmax. */
export const FUNCTIONAL_CASES: readonly ConfigCase[] = [
  ["a layer that is called twice", "is 2 times", (config) => {
    config.config.layers[3].inbound_nodes.push(call(config, 3));
  }],
  [
    "a layer that is not called",
    "is 0 times",
    (config) => config.config.layers[3].inbound_nodes = [],
  ],
  ["a layer that reads another one", "must read the one before it", (config) => {
    call(config, 4).args[0].config.keras_history[0] = "repeat_vector";
  }],
  ["a layer that reads another output", "must read the one before it", (config) => {
    call(config, 4).args[0].config.keras_history[2] = 1;
  }],
  ["a layer with two inputs", "must have one tensor", (config) => {
    call(config, 4).args.push(call(config, 4).args[0]);
  }],
  ["a layer with no input", "must be an object", (config) => call(config, 4).args = []],
  [
    "a layer with a number as its input",
    "must be an object",
    (config) => call(config, 4).args = [3],
  ],
  ["a mask", '"mask"', (config) => call(config, 3).kwargs.mask = call(config, 3).args[0]],
  ["an initial state", '"initial_state"', (config) => call(config, 3).kwargs.initial_state = [1]],
  ["a call in training", '"training"', (config) => call(config, 3).kwargs.training = true],
  ["another output", "its output must be", (config) => config.config.output_layers[0] = "lstm"],
  ["two outputs", "its output must be", (config) => {
    config.config.output_layers = [config.config.output_layers, config.config.output_layers];
  }],
  ["another input", "its input must be", (config) => config.config.input_layers[0] = "dense"],
  ["a chain without an input", "InputLayer", (config) => config.config.layers.shift()],
  ["an unknown field of a call", '"code"', (config) => call(config, 3).code = ""],
];
