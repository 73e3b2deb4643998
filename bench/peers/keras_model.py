"""The notebook's model in Keras 3, on the backend that KERAS_BACKEND names."""
import keras

import peer


def make_model(hidden_size):
    """Makes the model. `unroll` writes out the time steps, which is faster on both backends."""
    model = keras.Sequential(
        [
            keras.Input((peer.INPUT_LENGTH, len(peer.CHARACTERS))),
            keras.layers.LSTM(hidden_size, unroll=True),
            keras.layers.RepeatVector(peer.OUTPUT_LENGTH),
            keras.layers.LSTM(hidden_size, return_sequences=True, unroll=True),
            keras.layers.Dense(len(peer.CHARACTERS), activation="softmax"),
        ]
    )
    model.set_weights(peer.make_first_weights(hidden_size))
    return model


def make_optimizer(model):
    optimizer = keras.optimizers.Adam(peer.LEARNING_RATE, epsilon=peer.EPSILON)
    optimizer.build(model.trainable_variables)
    return optimizer
