/** Graphs of layers as the configuration of a functional Keras model lists them. @module */
import { describeKeras, describeKerasLayer, type KerasObject } from "./keras_layers.ts";

/** A tensor between two layers: an output of one of them. */
export interface KerasTensor {
  readonly class_name: "__keras_tensor__";
  readonly config: {
    /** Its shape; the batch is null. */
    readonly shape: readonly (number | null)[];
    readonly dtype: "float32" | "int32";
    /** The layer, the number of its call, and which of its outputs it is. */
    readonly keras_history: readonly [layer: string, call: 0, output: number];
  };
}

/** A layer of a graph, and what it is called with. */
interface KerasNode extends KerasObject {
  readonly name: string;
  readonly inbound_nodes: readonly {
    readonly args: readonly (KerasTensor | readonly KerasTensor[])[];
    readonly kwargs: Readonly<Record<string, unknown>>;
  }[];
}

/** A layer to add. */
export interface AddedLayer {
  readonly className: string;
  readonly name: string;
  /** Its configuration, besides its name. */
  readonly own?: Readonly<Record<string, unknown>>;
  /** What it reads: a tensor, or a list of tensors. */
  readonly reads: KerasTensor | readonly KerasTensor[];
  /** The tensors that a recurrent layer begins with. */
  readonly initialState?: readonly KerasTensor[];
  /** The shapes of its outputs, without the batch. */
  readonly outputs: readonly (readonly number[])[];
}

/** Collects layers in an order in which each comes after those that it reads. */
export interface KerasGraph {
  /** Adds an input of indices. */
  addInput(name: string, length: number): KerasTensor;
  /** Adds a layer. @returns its outputs */
  add(layer: AddedLayer): readonly [KerasTensor, ...KerasTensor[]];
  /** Describes the model. */
  describe(inputs: readonly KerasTensor[], output: KerasTensor): KerasObject;
}

/** Begins a graph. */
export function createKerasGraph(): KerasGraph {
  const layers: KerasNode[] = [];
  return {
    addInput(name, length): KerasTensor {
      const own = { batch_shape: [null, length], dtype: "int32", sparse: false };
      layers.push({ ...describeKerasLayer("InputLayer", name, own), name, inbound_nodes: [] });
      return createTensor(name, [length], 0, "int32");
    },
    add(
      { className, name, own = {}, reads, initialState, outputs },
    ): readonly [KerasTensor, ...KerasTensor[]] {
      const kwargs = initialState === undefined ? {} : {
        initial_state: initialState.length === 1 ? initialState[0] : initialState,
      };
      layers.push({
        ...describeKerasLayer(className, name, own),
        ...{ name, inbound_nodes: [{ args: [reads], kwargs }] },
      });
      const [first, ...others] = outputs.map((shape, i) => createTensor(name, shape, i));
      return [first!, ...others];
    },
    describe: (inputs, output) => ({
      ...describeKeras("keras.src.models.functional", "Functional", {
        ...{ name: "functional", trainable: true, layers },
        input_layers: inputs.map(({ config }) => config.keras_history),
        output_layers: [output.config.keras_history],
      }),
      registered_name: "Functional",
    }),
  };
}

function createTensor(
  layer: string,
  shape: readonly number[],
  output: number,
  dtype: "float32" | "int32" = "float32",
): KerasTensor {
  return {
    class_name: "__keras_tensor__",
    config: { shape: [null, ...shape], dtype, keras_history: [layer, 0, output] },
  };
}
