"""Keras 3 on JAX: the notebook's model, one training step.

The step is a jitted function of Keras' stateless calls over the unrolled model, which reuses the memory of its old state
for the new one. It was faster than train_on_batch and than a loop.
"""
import os
import sys

import peer

options = peer.read_options(device=["cpu", "cuda"])
if options.device == "cpu":
    peer.restrict_cores(options.threads)
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = options.device

import jax

try:
    jax.devices()
except Exception as error:
    sys.exit(f"JAX finds no {options.device} device: {error!r}")
import keras
from keras_model import make_model, make_optimizer

model = make_model(options.hidden_size)
optimizer = make_optimizer(model)
sources, targets = map(jax.numpy.asarray, peer.make_batch(options.batch_size))


def measure(trained, fixed, x, y):
    probabilities, fixed = model.stateless_call(trained, fixed, x, training=True)
    return keras.ops.mean(keras.losses.categorical_crossentropy(y, probabilities)), fixed


def advance(state, x, y):
    trained, fixed, moments = state
    (loss, fixed), gradients = jax.value_and_grad(measure, has_aux=True)(trained, fixed, x, y)
    trained, moments = optimizer.stateless_apply(moments, gradients, trained)
    return (trained, fixed, moments), loss


take_step = jax.jit(advance, donate_argnums=0)
state = tuple(
    [jax.numpy.array(variable.value) for variable in variables]
    for variables in (model.trainable_variables, model.non_trainable_variables, optimizer.variables)
)


def step():
    global state
    state, loss = take_step(state, sources, targets)
    jax.block_until_ready(state)
    return float(loss)


peer.serve_rounds(
    "keras on jax",
    f"{keras.__version__} on {jax.__version__}",
    options,
    model.count_params(),
    step,
)
