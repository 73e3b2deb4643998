/** What files of TensorFlow.js's format layers-model are called, and how large they may be. @module */

/** What fails if the files are not those of a model of ours. */
export const IMPORT_ACTION = "import the TensorFlow.js model";

/** Name of the file that describes the model and names the others. */
export const MODEL_FILE = "model.json";

/** The format's name in that file. */
export const FORMAT = "layers-model";

/** Most bytes of `model.json`: 4 MiB. The largest model of ours, with 65 recurrent layers, needs a tenth of a MiB. */
export const MAX_MODEL_FILE_BYTES: number = 4 * 2 ** 20;

/** Most bytes of all weights: 2 GiB. TensorFlow.js joins them in one buffer, and browsers have none larger. */
export const MAX_WEIGHT_BYTES: number = 2 * 2 ** 30;

/** Most bytes of a file of weights that is written: 4 MiB, so that browsers cache it. Source: tensorflowjs, `write_weights.py`. */
export const SHARD_BYTES: number = 4 * 2 ** 20;

/** Bytes of a weight: all are float32. */
export const BYTES_PER_WEIGHT = 4;
