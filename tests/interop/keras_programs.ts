/** Python programs that use exported files with Keras; the argument of each is a folder. @module */
import { PYTHON_TEXTS } from "../../src/interop/python_texts.ts";

/**
 * For every model that `models.json` names: asks `NAME.keras` the questions of `questions.json`, and writes the probabilities to
 * `NAME.f32`; loads `NAME.weights.h5` into a copy without its weights; trains it if `fitted.json` names it. Prints a report of each, with
 * what Keras warned of while it loaded.
 */
export const ASK_KERAS = String.raw`
import json, sys, unicodedata, warnings, zipfile
import keras, numpy as np

folder = sys.argv[1]
read = lambda name: json.load(open(f"{folder}/{name}.json"))
questions = read("questions")
TEXTS = ${JSON.stringify(PYTHON_TEXTS)}
report = {}
for name in read("models"):
    archive = zipfile.ZipFile(f"{folder}/{name}.keras")
    scope = {"sys": sys, "unicodedata": unicodedata}
    scope["description"] = json.loads(json.loads(archive.read("metadata.json"))["carry"])
    exec(TEXTS, scope)
    indices = np.array([scope["encode"](text, scope["source"]) for text in questions])
    one_hot = np.eye(len(scope["source"]["symbols"]), dtype="float32")[indices]
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        model = keras.models.load_model(f"{folder}/{name}.keras")
    probabilities = model.predict(one_hot, verbose=0)
    probabilities.astype("<f4").tofile(f"{folder}/{name}.f32")
    copy = keras.models.clone_model(model)
    copy.load_weights(f"{folder}/{name}.weights.h5")
    before = int(model.optimizer.iterations)
    rate = float(model.optimizer.learning_rate)
    loaded = model.get_weights()
    if name in read("fitted"):
        model.fit(one_hot[:64], probabilities[:64], batch_size=16, epochs=2, verbose=0)
    report[name] = {
        "sameWeights": all(map(np.array_equal, loaded, copy.get_weights())),
        "warnings": [str(each.message) for each in found],
        "iterations": before,
        "learningRate": rate,
        "fitted": int(model.optimizer.iterations) - before,
        "layers": [layer.name for layer in model.layers],
    }
print(json.dumps(report))
`;

/**
 * For every model that `models.json` names: trains `NAME.keras` on the batches of `NAME.json` (sources, targets, and weights of the
 * targets' positions), and writes all weights, and then the moments in Keras' order, to `NAME.f32`. Weight decay spares biases, as
 * exportKeras() describes.
 */
export const TRAIN_KERAS = String.raw`
import json, sys
import keras, numpy as np

folder = sys.argv[1]
read = lambda name: json.load(open(f"{folder}/{name}.json"))
for name in read("models"):
    model = keras.models.load_model(f"{folder}/{name}.keras")
    if model.optimizer.weight_decay:
        model.optimizer.exclude_from_weight_decay(var_names=["bias"])
    one_hot = lambda indices, shape: np.eye(shape[-1], dtype="float32")[np.array(indices)]
    for sources, targets, weights in read(name):
        wanted = one_hot(targets, model.output_shape)
        if len(model.inputs) == 2:
            model.train_on_batch([np.array(sources), np.array(targets)], wanted, np.array(weights))
        else:
            model.train_on_batch(one_hot(sources, model.input_shape), wanted)
    values = model.get_weights() + [np.array(each) for each in model.optimizer.variables[2:]]
    np.concatenate([each.ravel() for each in values]).astype("<f4").tofile(f"{folder}/{name}.f32")
`;

/**
 * For every model that `models.json` names: gives `NAME.keras` the sources and targets of `NAME.json`, and writes the probabilities to
 * `NAME.f32`. Fails if Keras warns while it loads, or a copy without its weights that loads `NAME.weights.h5` has others.
 */
export const TEACH_KERAS = String.raw`
import json, sys, warnings
import keras, numpy as np

folder = sys.argv[1]
read = lambda name: json.load(open(f"{folder}/{name}.json"))
for name in read("models"):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = keras.models.load_model(f"{folder}/{name}.keras", compile=False)
    copy = keras.models.clone_model(model)
    copy.load_weights(f"{folder}/{name}.weights.h5")
    assert all(map(np.array_equal, model.get_weights(), copy.get_weights()))
    inputs = [np.array(each, dtype="int32") for each in read(name)]
    model.predict(inputs, batch_size=250, verbose=0).astype("<f4").tofile(f"{folder}/{name}.f32")
`;
