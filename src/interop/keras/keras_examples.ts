/** Programs that use files for Keras. @module */
import type { Examples } from "../examples.ts";
import { PYTHON_TEXTS } from "../python_texts.ts";

/** A program that answers with a `.keras` file. */
export const KERAS_EXAMPLES: Examples = {
  python: (file) =>
    `"""Answers questions with Keras 3: python answer.py QUESTION ..."""
import json
import sys
import unicodedata
import zipfile

import keras  # on TensorFlow, JAX or PyTorch: set KERAS_BACKEND
import numpy as np

FILE = ${JSON.stringify(file)}
with zipfile.ZipFile(FILE) as archive:
    description = json.loads(json.loads(archive.read("metadata.json"))["carry"])
${PYTHON_TEXTS}

model = keras.models.load_model(FILE, compile=False)
${ANSWER}`,
};

/** A program that makes a model of the layers that a `.weights.h5` file is for, loads it, and answers. */
export const KERAS_WEIGHTS_EXAMPLES: Examples = {
  python: (file) =>
    `"""Answers questions with Keras 3: python answer.py QUESTION ..."""
import json
import sys
import unicodedata

import h5py
import keras  # on TensorFlow, JAX or PyTorch: set KERAS_BACKEND
import numpy as np
from keras import layers

FILE = ${JSON.stringify(file)}
with h5py.File(FILE) as weights:
    description = json.loads(weights.attrs["carry"])
${PYTHON_TEXTS}

def recurrent(**options):
    """Makes a recurrent layer of the model's cell."""
    size = description["model"]["hiddenSize"]
    cell = description["model"]["cell"]
    if cell == "lstm":
        return layers.LSTM(size, **options)
    if cell == "gru":
        return layers.GRU(size, reset_after=False, **options)
    return layers.SimpleRNN(size, **options)


model = keras.Sequential([
    keras.Input((source["length"], len(source["symbols"]))),
    recurrent(),
    layers.RepeatVector(target["length"]),
    *[recurrent(return_sequences=True) for _ in range(description["model"]["layers"])],
    layers.TimeDistributed(layers.Dense(len(target["symbols"]))),
    layers.Activation("softmax"),
])
model.load_weights(FILE)
${ANSWER}`,
};

/** Python that answers the arguments with `model`. */
const ANSWER = `questions = [encode(text, source) for text in sys.argv[1:]]
one_hot = np.eye(len(source["symbols"]), dtype="float32")[np.array(questions, dtype=int)]
probabilities = model.predict(one_hot, verbose=0)
for indices in probabilities.argmax(axis=-1):
    print(decode(indices, target))
`;
