"""
Writes small models as Keras saves them, what they answer, and how their training goes on: for tests of the import.

    KERAS_BACKEND=jax python3 tests/vectors/keras_files.py FOLDER fixtures   five files of tests/vectors/keras, compressed
    KERAS_BACKEND=jax python3 tests/vectors/keras_files.py FOLDER hdf5       the files in tests/vectors/hdf5, which are refused, and two others
    KERAS_BACKEND=jax python3 tests/vectors/keras_files.py FOLDER all        every cell with 1 to 3 decoder layers, in every format

Written with Keras 3.15.1, JAX 0.10 and h5py 3.16. Of every file: NAME.probabilities, float32 (N, 3, 12); of those with an optimiser
also NAME.losses, float32 (20), the loss of each of 20 more steps, and NAME.after, float32, all parameters after them.
"""

import glob
import gzip
import json
import os
import sys

import h5py
import keras
import numpy as np
from keras import layers
from keras.src.legacy.saving import legacy_h5_format

V, T_IN, T_OUT, BATCH, STEPS = 12, 5, 3, 8, 20
CELLS = {"lstm": layers.LSTM, "gru": layers.GRU, "simple": layers.SimpleRNN}


def draw(count, length, seed):
    """Indices that a test computes in the same way."""
    i, t = np.arange(count)[:, None], np.arange(length)[None, :]
    return (i * 7919 + t * 104729 + i * t * 31 + i * i * 17 + seed) % 65537 % V


def one_hot(indices):
    return np.eye(V, dtype="float32")[indices]


def build(cell, hidden, decoders, form):
    """form: which of the equivalent ways to say the same model, 0 to 3."""
    more = {"reset_after": False} if cell == "gru" else {}
    new = CELLS[cell]
    inner = layers.Dense(V, activation="softmax" if form % 2 else None)
    stack = [
        new(hidden, **more),
        layers.RepeatVector(T_OUT),
        *[new(hidden, return_sequences=True, **more) for _ in range(decoders)],
        inner if form >= 2 else layers.TimeDistributed(inner),
    ]
    if form % 2 == 0:
        stack.append(layers.Softmax() if form == 2 else layers.Activation("softmax"))
    if form == 3:
        x = source = keras.Input((T_IN, V))
        for layer in stack:
            x = layer(x)
        return keras.Model(source, x)
    model = keras.Sequential(stack if form == 2 else [layers.InputLayer(shape=(T_IN, V)), *stack])
    model.build((None, T_IN, V))
    return model


def train(model, start, steps):
    losses = []
    for step in range(start, start + steps):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        count = (start + steps) * BATCH
        x, y = draw(count, T_IN, 3)[rows], draw(count, T_OUT, 5)[rows]
        losses.append(model.train_on_batch(one_hot(x), one_hot(y))[0])
        model.reset_metrics()
    return np.array(losses, "float32")


def answer(model, questions):
    return np.asarray(model(one_hot(draw(questions, T_IN, 1))), "float32")


def write(folder, name, model, optimizer=None, probabilities=None, questions=20):
    """Trains some steps, saves, and trains on."""
    path = f"{folder}/{name}"
    if optimizer is not None:
        if optimizer.weight_decay:
            optimizer.exclude_from_weight_decay(var_names=["bias"])
        model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
        train(model, 0, 4)
    if name.endswith("_weights.h5"):
        with h5py.File(path, "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, model)
    elif name.endswith(".weights.h5"):
        model.save_weights(path)
    else:
        model.save(path)
    if probabilities is None:
        probabilities = answer(model, questions)
    probabilities.tofile(f"{path}.probabilities")
    if optimizer is not None:
        train(model, 4, STEPS).tofile(f"{path}.losses")
        weights = [np.ravel(weight) for weight in model.get_weights()]
        np.concatenate(weights).astype("float32").tofile(f"{path}.after")


def write_fixtures(folder):
    adam, adamw = keras.optimizers.Adam, keras.optimizers.AdamW
    write(folder, "lstm.keras", build("lstm", 4, 1, 0), adam(0.003))
    clipped = adamw(0.002, weight_decay=0.1, beta_2=0.99, epsilon=1e-5, global_clipnorm=0.1)
    write(folder, "gru.keras", build("gru", 4, 2, 3), clipped)
    write(folder, "simple.weights.h5", build("simple", 5, 1, 1))
    write(folder, "lstm.h5", build("lstm", 4, 1, 2), adam(0.01))
    write(folder, "gru_weights.h5", build("gru", 4, 1, 2))
    for path in glob.glob(f"{folder}/*.h5") + glob.glob(f"{folder}/*.keras"):
        with open(path, "rb") as file, gzip.GzipFile(f"{path}.gz", "wb", mtime=0) as packed:
            packed.write(file.read())
        os.remove(path)


def write_hdf5(folder):
    """Files with one dataset "x" of what the HDF5 library can do, and Keras does not."""
    data = np.arange(12, dtype="float32").reshape(3, 4)
    kinds = {
        "external": {"external": [("/etc/passwd", 0, 48)], "shape": (3, 4), "dtype": "float32"},
        "lzf": {"data": data, "compression": "lzf"},
        "fletcher32": {"data": data, "fletcher32": True, "chunks": (3, 4)},
        "float64": {"data": data.astype("float64")},
        "float16": {"data": data.astype("float16")},
        "bool": {"data": data > 3},
        "complex": {"data": data.astype("complex64")},
        "compound": {"data": np.zeros(3, dtype=[("a", "f4"), ("b", "i4")])},
        "text": {"data": np.array([b"one", b"two"])},
        "variable_length": {"shape": (2,), "dtype": h5py.vlen_dtype(np.float32)},
        "array": {"shape": (2,), "dtype": np.dtype(("f4", (3,)))},
        "reference": {"shape": (2,), "dtype": h5py.ref_dtype},
        "null": {"data": h5py.Empty("f4")},
        "early": {"data": data},
        "gzip": {"data": data, "compression": "gzip", "shuffle": True, "chunks": (2, 3)},
    }
    for name, options in kinds.items():
        with h5py.File(f"{folder}/{name}.h5", "w") as file:
            file.create_dataset("x", **options)
    with h5py.File(f"{folder}/virtual.h5", "w") as file:
        layout = h5py.VirtualLayout((3, 4), "float32")
        layout[:] = h5py.VirtualSource("early.h5", "x", (3, 4))
        file.create_virtual_dataset("x", layout)
    with h5py.File(f"{folder}/bomb.h5", "w") as file:
        zeros = {"shape": (1024, 1024), "chunks": (1024, 1024), "compression": "gzip"}
        file.create_dataset("x", dtype="float32", **zeros)[:] = 0
    for bound in ("v108", "latest"):
        with h5py.File(f"{folder}/{bound}.h5", "w", libver=(bound, bound)) as file:
            file.create_dataset("x", data=data)
    with h5py.File(f"{folder}/named_type.h5", "w") as file:
        file["type"] = np.dtype("f4")
        file.create_dataset("x", data=data, dtype=file["type"])
    links = {"soft": h5py.SoftLink("/y"), "other_file": h5py.ExternalLink("early.h5", "/x")}
    for name, link in links.items():
        with h5py.File(f"{folder}/{name}.h5", "w") as file:
            file["x"] = link
    with h5py.File(f"{folder}/shared.h5", "w") as file:
        file["y"] = data
        file["x"] = file["y"]
    with h5py.File(f"{folder}/cycle.h5", "w") as file:
        file.create_group("x")["y"] = file["/"]
    struct = np.zeros(1, dtype=[("a", "f4")])
    for name, value in {"numbers": [1.0, 2.0], "boolean": True, "struct": struct}.items():
        with h5py.File(f"{folder}/attribute_{name}.h5", "w") as file:
            file.attrs["name"] = value


def write_all(folder):
    files, form = [], 0
    for cell in CELLS:
        for decoders in (1, 2, 3):
            model = build(cell, 9, decoders, form % 4)
            trained = {"lstm": 1, "gru": 3, "simple": 2}[cell] == decoders  # compiling takes most of the time
            optimizer = keras.optimizers.Adam(0.004, weight_decay=0.05) if trained else None
            known = answer(model, 1000)
            for ending in (".weights.h5", "_weights.h5"):
                name = f"{cell}_{decoders}{ending}"
                write(folder, name, model, None, known)
                files.append(name)
            name = f"{cell}_{decoders}{'.h5' if form % 2 else '.keras'}"
            write(folder, name, model, optimizer, None if trained else known, 1000)
            files.append(name)
            form += 1
    with open(f"{folder}/files.json", "w") as file:
        json.dump(files, file)


if __name__ == "__main__":
    keras.utils.set_random_seed(7)
    {"fixtures": write_fixtures, "hdf5": write_hdf5, "all": write_all}[sys.argv[2]](sys.argv[1])
