"""
Writes small models as Keras 2 saves them, compressed, with what they answer and how their training goes on: as keras_files.py does.

    python3 tests/vectors/keras2_files.py tests/vectors/keras

Written with tensorflow-cpu 2.15.1 (Keras 2.15.0) and NumPy 1.26.4.
"""

import gzip
import os
import sys

import numpy as np
from tensorflow.keras import Input, Model, Sequential, layers, optimizers, utils

V, T_IN, T_OUT, BATCH, STEPS = 12, 5, 3, 8, 20


def draw(count, length, seed):
    """Indices that a test computes in the same way."""
    i, t = np.arange(count)[:, None], np.arange(length)[None, :]
    return (i * 7919 + t * 104729 + i * t * 31 + i * i * 17 + seed) % 65537 % V


def one_hot(indices):
    return np.eye(V, dtype="float32")[indices]


def train(model, start, steps):
    losses = []
    for step in range(start, start + steps):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        count = (start + steps) * BATCH
        x, y = draw(count, T_IN, 3)[rows], draw(count, T_OUT, 5)[rows]
        losses.append(model.train_on_batch(one_hot(x), one_hot(y), reset_metrics=True))
    return np.array(losses, "float32")


def write(folder, names, model, optimizer):
    """Trains some steps, saves in each format, and trains on."""
    model.compile(optimizer, "categorical_crossentropy")
    train(model, 0, 4)
    for name in names:
        path = f"{folder}/{name}"
        model.save(path)
        with open(path, "rb") as file, gzip.GzipFile(f"{path}.gz", "wb", mtime=0) as packed:
            packed.write(file.read())
        os.remove(path)
        np.asarray(model(one_hot(draw(20, T_IN, 1)))).tofile(f"{path}.probabilities")
    losses = train(model, 4, STEPS)
    weights = np.concatenate([weight.ravel() for weight in model.get_weights()])
    for name in names:
        losses.tofile(f"{folder}/{name}.losses")
        weights.tofile(f"{folder}/{name}.after")


if __name__ == "__main__":
    utils.set_random_seed(7)
    lstm = [
        layers.LSTM(4, input_shape=(T_IN, V)),
        layers.RepeatVector(T_OUT),
        layers.LSTM(4, return_sequences=True),
        layers.TimeDistributed(layers.Dense(V)),
        layers.Activation("softmax"),
    ]
    write(sys.argv[1], ["keras2.h5", "keras2.keras"], Sequential(lstm), optimizers.Adam(0.003))
    x = source = Input((T_IN, V))
    for layer in [
        layers.GRU(4, reset_after=False),
        layers.RepeatVector(T_OUT),
        layers.GRU(4, reset_after=False, return_sequences=True),
        layers.Dense(V, activation="softmax"),
    ]:
        x = layer(x)
    write(sys.argv[1], ["keras2_legacy_adam.h5"], Model(source, x), optimizers.legacy.Adam(0.004))
    clipped = optimizers.Adam(0.002, global_clipnorm=0.1)
    simple = [
        layers.SimpleRNN(4, input_shape=(T_IN, V)),
        layers.RepeatVector(T_OUT),
        layers.SimpleRNN(4, return_sequences=True),
        layers.Dense(V),
        layers.Softmax(),
    ]
    write(sys.argv[1], ["keras2_clipped.h5"], Sequential(simple), clipped)
