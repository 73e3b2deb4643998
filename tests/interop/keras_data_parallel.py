"""Goes on with the training of an exported model in Keras, data-parallel on all devices of this machine.

    deno run -A cli.ts export --to keras model.keras --optimizer
    python keras_data_parallel.py model.keras pairs.tsv continued.keras
    deno run -A cli.ts import continued.keras --like ./checkpoints/run-0001

The pairs are questions and answers with a tab between them, in the order in which they are learned. Every batch is divided
among the devices. For a model on several machines, call keras.distribution.initialize() first, as Keras' guide says.
"""

import argparse
import json
import os
import sys
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")  # the backend that Keras distributes on

import keras
import numpy as np


def read_description(path):
    """Reads what the file says of its symbols and lengths."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(json.loads(archive.read("metadata.json"))["carry"])["model"]


def check(description):
    """Refuses what this program does not encode."""
    sides = [description["source"], description["target"]]
    if description["decoder"] != "repeat" or any(side["separator"] for side in sides):
        sys.exit("Cannot train the model: it must read single characters and have the decoder repeat")


def encode(texts, layout):
    """One-hot vectors, float32 (texts, length, symbols), padded and reversed as the model reads them."""
    symbols, length = layout["symbols"], layout["length"]
    index = {symbol: i for i, symbol in enumerate(symbols)}
    vectors = np.zeros((len(texts), length, len(symbols)), "float32")
    for row, text in enumerate(texts):
        characters = list(text) + [layout["padding"]] * (length - len(text))
        if layout["reverse"]:
            characters.reverse()
        for position, character in enumerate(characters):
            vectors[row, position, index[character]] = 1
    return vectors


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("pairs")
    parser.add_argument("continued")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--batch-size", type=int, default=128)
    options = parser.parse_args()

    devices = keras.distribution.list_devices()
    keras.distribution.set_distribution(keras.distribution.DataParallel(devices=devices))
    layout = read_description(options.model)
    check(layout)
    model = keras.models.load_model(options.model)
    model.optimizer.exclude_from_weight_decay(var_names=["bias"])  # which a file does not say
    with open(options.pairs, encoding="utf-8") as file:
        pairs = [line.rstrip("\n").split("\t") for line in file]
    questions = encode([question for question, _ in pairs], layout["source"])
    answers = encode([answer for _, answer in pairs], layout["target"])
    model.fit(
        questions,
        answers,
        batch_size=options.batch_size,
        epochs=options.epochs,
        shuffle=False,
        verbose=2,
    )
    model.save(options.continued)
    print(f"{len(devices)} devices, {int(model.optimizer.iterations.value)} steps")


if __name__ == "__main__":
    main()
