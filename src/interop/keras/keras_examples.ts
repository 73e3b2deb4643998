/** Programs that use files for Keras. @module */
import { writePythonHead } from "../example_head.ts";
import type { Examples } from "../examples.ts";
import { PYTHON_QUESTIONS, PYTHON_TEXTS } from "../python_texts.ts";

const HEAD = writePythonHead({
  what: "Answers questions with Keras 3",
  install: "pip install keras jax",
  notes: [
    "Keras needs JAX, TensorFlow or PyTorch. The environment variable KERAS_BACKEND chooses another one",
    "than JAX: tensorflow, torch.",
  ],
});

/** A program that answers with a `.keras` file. */
export const KERAS_EXAMPLES: Examples = {
  python: (file) =>
    `${HEAD}
import json
import math
import os
import sys
import unicodedata
import zipfile

import numpy as np

FILE = ${JSON.stringify(file)}
with zipfile.ZipFile(FILE) as archive:
    description = json.loads(json.loads(archive.read("metadata.json"))["carry"])
${PYTHON_TEXTS}${PYTHON_QUESTIONS}${IMPORT_KERAS}
model = keras.models.load_model(FILE, compile=False)
${ANSWER}`,
};

/** A program that makes a model of the layers that a `.weights.h5` file is for, loads it, and answers. */
export const KERAS_WEIGHTS_EXAMPLES: Examples = {
  python: (file) =>
    `${HEAD}
import json
import math
import os
import sys
import unicodedata

import h5py
import numpy as np

FILE = ${JSON.stringify(file)}
with h5py.File(FILE) as weights:
    description = json.loads(weights.attrs["carry"])
${PYTHON_TEXTS}${PYTHON_QUESTIONS}${IMPORT_KERAS}from keras import layers
${MAKE_MODEL}

shape = description["model"]
model = make_repeat() if shape["decoder"] == "repeat" else make_attention()
model.load_weights(FILE)
${ANSWER}`,
};

/** Python that imports Keras. */
const IMPORT_KERAS = `
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras  # here, because it takes seconds, and questions are refused at once
`;

/** Python that makes the model, with the layers that exportKeras() describes. */
const MAKE_MODEL = `

def recurrent(size, **options):
    """Makes a recurrent layer of the model's cell."""
    if shape["cell"] == "lstm":
        return layers.LSTM(size, **options)
    if shape["cell"] == "gru":
        return layers.GRU(size, reset_after=False, **options)
    return layers.SimpleRNN(size, **options)


def make_repeat():
    """Makes a model whose decoder reads the encoder's last state at every position."""
    size = shape["hiddenSize"]
    return keras.Sequential([
        keras.Input((source["length"], len(source["symbols"]))),
        recurrent(size),
        layers.RepeatVector(target["length"]),
        *[recurrent(size, return_sequences=True) for _ in range(shape["layers"])],
        layers.TimeDistributed(layers.Dense(len(target["symbols"]))),
        layers.Activation("softmax"),
    ])


def make_attention():
    """Makes a model whose decoder reads the symbol before, and looks at all states of the encoder."""
    size, embedding = shape["hiddenSize"], shape["embeddingSize"]
    asked = keras.Input((source["length"],), dtype="int32")
    before = keras.Input((target["length"],), dtype="int32")
    masks = source["padding"] is not None
    states = layers.Embedding(len(source["symbols"]), embedding, mask_zero=masks)(asked)
    for _ in range(shape["encoderLayers"]):
        options = {"return_sequences": True, "return_state": True, "zero_output_for_mask": True}
        if shape["bidirectional"]:
            states, *last = layers.Bidirectional(recurrent(size // 2, **options))(states)
            last = [layers.Concatenate()(list(pair)) for pair in zip(last, last[len(last) // 2:])]
        else:
            states, *last = recurrent(size, **options)(states)
    read = layers.Embedding(len(target["symbols"]), embedding)(before)
    read = layers.Cropping1D((0, 1))(layers.ZeroPadding1D((1, 0))(read))
    for _ in range(shape["layers"]):
        read = recurrent(size, return_sequences=True)(read, initial_state=last)
    context = layers.Attention()([layers.Dense(size, use_bias=False)(read), states])
    mixed = layers.Dense(size, activation="tanh")(layers.Concatenate()([context, read]))
    logits = layers.TimeDistributed(layers.Dense(len(target["symbols"])))(mixed)
    return keras.Model([asked, before], layers.Activation("softmax")(logits))`;

/** Python that answers `questions` with `model`. */
const ANSWER = `

def answer_at_once(indices):
    """Gives the most probable symbol of every position."""
    one_hot = np.eye(len(source["symbols"]), dtype="float32")[np.array([indices])]
    return model.predict_on_batch(one_hot)[0].argmax(axis=-1)


def search(indices, beam=5):
    """Gives the symbols of the best answer that a beam search finds."""
    end = target["symbols"].index(target["padding"]) if target["padding"] is not None else None
    length = target["length"]
    ended = lambda symbols: len(symbols) == length or symbols[-1:] == [end]
    best = [(0.0, [])]  # logarithms of probabilities, and symbols
    while not ended(best[0][1]):
        before = np.zeros((beam, length), dtype="int32")
        for row, (_, symbols) in enumerate(best):
            before[row, :len(symbols)] = symbols
        probabilities = model.predict_on_batch([np.array([indices] * beam), before])
        grown = []
        for row, (score, symbols) in enumerate(best):
            if ended(symbols):
                grown.append((score, symbols))
                continue
            for index, probability in enumerate(probabilities[row, len(symbols)]):
                grown.append((score + math.log(max(probability, 1e-300)), symbols + [index]))
        best = sorted(grown, key=lambda each: -each[0])[:beam]
    symbols = best[0][1]
    return symbols + [end] * (length - len(symbols))


find = answer_at_once if description["model"]["decoder"] == "repeat" else search
for indices in questions:
    print(decode(find(indices), target))
`;
