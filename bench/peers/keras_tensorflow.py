"""Keras 3 on TensorFlow: the notebook's model, one training step.

The step is a tf.function compiled by XLA over the unrolled model. It was faster than train_on_batch, with XLA or without,
and than the same function without XLA or with a loop.
"""
import os

import peer

options = peer.read_options()
peer.restrict_cores(options.threads)
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import tensorflow as tf
from keras_model import make_model, make_optimizer

model = make_model(options.hidden_size)
optimizer = make_optimizer(model)
sources, targets = map(tf.constant, peer.make_batch(options.batch_size))


@tf.function(jit_compile=True)
def take_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.categorical_crossentropy(y, model(x, training=True)))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


peer.serve_rounds(
    "keras on tensorflow",
    f"{keras.__version__} on {tf.__version__}",
    options,
    model.count_params(),
    lambda: float(take_step(sources, targets)),
)
