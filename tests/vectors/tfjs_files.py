"""
Writes the models in tests/vectors/tfjs, with what they answer: Keras 2 saves them, and the converter of tensorflowjs converts them.

    python3 tests/vectors/tfjs_files.py tests/vectors/tfjs

Written with tensorflow-cpu 2.15.1 (Keras 2.15.0), tensorflowjs 4.22.0 and NumPy 1.26.4. Of every model NAME: NAME.json and NAME.bin,
which the converter calls model.json and group1-shard1of1.bin, and NAME.probabilities, float32 (20, 3, 12).
"""

import json
import os
import sys
import tempfile
import types

# The converter loads these at its start, and uses them for other models only.
for unused in ("tensorflow_decision_forests", "tensorflowjs.converters.jax_conversion"):
    sys.modules[unused] = types.ModuleType(unused)
sys.modules["tensorflowjs.converters.jax_conversion"].convert_jax = None

import numpy as np
from tensorflow.keras import Input, Model, Sequential, layers, utils
from tensorflowjs.converters.converter import dispatch_keras_h5_to_tfjs_layers_model_conversion

V, T_IN, T_OUT = 12, 5, 3


def draw(count, length, seed):
    """Indices that a test computes in the same way."""
    i, t = np.arange(count)[:, None], np.arange(length)[None, :]
    return (i * 7919 + t * 104729 + i * t * 31 + i * i * 17 + seed) % 65537 % V


def stack(new, decoders, output):
    """The layers of a model."""
    return [
        new(),
        layers.RepeatVector(T_OUT),
        *[new(return_sequences=True) for _ in range(decoders)],
        *output,
    ]


def gru(**options):
    return layers.GRU(4, reset_after=False, **options)


def write(folder, name, model):
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    questions = np.eye(V, dtype="float32")[draw(20, T_IN, 1)]
    model.train_on_batch(questions, np.eye(V, dtype="float32")[draw(20, T_OUT, 5)])
    np.asarray(model(questions), "float32").tofile(f"{folder}/{name}.probabilities")
    with tempfile.TemporaryDirectory() as temporary:
        path = f"{temporary}/{name}.h5"
        model.save(path)
        convert(path, temporary)
        with open(f"{temporary}/model.json") as file:
            assert json.load(file)["weightsManifest"][0]["paths"] == ["group1-shard1of1.bin"]
        os.replace(f"{temporary}/model.json", f"{folder}/{name}.json")
        os.replace(f"{temporary}/group1-shard1of1.bin", f"{folder}/{name}.bin")


def convert(path, folder):
    dispatch_keras_h5_to_tfjs_layers_model_conversion(path, folder)


def main(folder):
    utils.set_random_seed(16)
    first = layers.InputLayer((T_IN, V))
    distributed = [layers.TimeDistributed(layers.Dense(V)), layers.Activation("softmax")]
    lstm = lambda **options: layers.LSTM(4, **options)
    simple = lambda **options: layers.SimpleRNN(5, **options)
    write(folder, "lstm", Sequential([first, *stack(lstm, 1, distributed)]))
    x = source = Input((T_IN, V))
    for layer in stack(gru, 2, [layers.Dense(V, activation="softmax")]):
        x = layer(x)
    write(folder, "gru", Model(source, x))
    notebook = stack(simple, 1, [layers.TimeDistributed(layers.Dense(V, activation="softmax"))])
    write(folder, "simple", Sequential([layers.SimpleRNN(5, input_shape=(T_IN, V)), *notebook[1:]]))


main(sys.argv[1])
