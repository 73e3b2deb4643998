"""The shared part of the Python peers: options, the task, and rounds of timed steps.

A peer measures one round for every line that it reads from standard input, and answers with one line of JSON.
The batch and the first weights have the same numbers as those of bench/task.ts, so all losses must agree.
"""
import argparse
import json
import os
import statistics
import sys
import time

import numpy as np

CHARACTERS = " +0123456789"
INPUT_LENGTH = 7
OUTPUT_LENGTH = 4
LEARNING_RATE = 1e-3
EPSILON = 1e-7
CHECKED_STEPS = 5
"""Number of first steps whose losses are reported, for comparison with the other competitors."""
WARM_UP_SECONDS = 0.5
LEAST_STEPS = 3
"""Least number of steps per round."""


def read_options(**extra):
    """Reads the command line. `extra` maps the names of a peer's own options to their choices."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden-size", type=int, default=128)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=1.0, help="seconds per round (default 1)")
    for name, choices in extra.items():
        parser.add_argument(f"--{name}", choices=choices, default=choices[0])
    return parser.parse_args()


def restrict_cores(threads):
    """Limits the cores of this process, because the framework takes all that it finds. Call before importing the framework."""
    if threads < os.cpu_count():
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def make_batch(batch_size):
    """Makes the batch: float32 one-hot sources (B, 7, 12) and targets (B, 4, 12)."""
    sources, targets = [], []
    for i in range(batch_size):
        a, b = (7919 * i + 13) % 1000, (10477 * i + 7) % 1000
        sources.append(encode(f"{a}+{b}".ljust(INPUT_LENGTH)[::-1]))
        targets.append(encode(str(a + b).ljust(OUTPUT_LENGTH)))
    one_hot = np.eye(len(CHARACTERS), dtype=np.float32)
    return one_hot[sources], one_hot[targets]


def encode(text):
    return [CHARACTERS.index(character) for character in text]


def make_first_weights(hidden_size):
    """Makes the first weights in Keras' order: Glorot's range for matrices, 1 for the forget gates, 0 for other biases."""
    H, V = hidden_size, len(CHARACTERS)
    shapes = [(V, 4 * H), (H, 4 * H), (4 * H,), (H, 4 * H), (H, 4 * H), (4 * H,), (H, V), (V,)]
    return [first_weight(k, shape, H) for k, shape in enumerate(shapes)]


def first_weight(k, shape, hidden_size):
    if len(shape) == 2:
        limit = np.sqrt(6 / sum(shape))
        x = np.arange(shape[0] * shape[1], dtype=np.uint32) + np.uint32((k << 24) + 1)
        return (limit * (mix(x) / 2**31 - 1)).astype(np.float32).reshape(shape)
    bias = np.zeros(shape, np.float32)
    if shape[0] == 4 * hidden_size:
        bias[hidden_size : 2 * hidden_size] = 1
    return bias


def mix(x):
    """Wellons' lowbias32: a 32-bit hash."""
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def serve_rounds(peer, version, options, parameters, step):
    """Warms up, then measures a round for every line of standard input.

    `step` takes one training step, waits for the device and returns the loss as a Python float.
    """
    losses = [step() for _ in range(CHECKED_STEPS)]
    time_steps(step, WARM_UP_SECONDS)
    for _ in sys.stdin:
        step()  # the first step after a pause is slow
        times = time_steps(step, options.seconds)
        print(
            json.dumps(
                {
                    "peer": peer,
                    "version": version,
                    "threads": options.threads,
                    "hiddenSize": options.hidden_size,
                    "batchSize": options.batch_size,
                    "parameters": int(parameters),
                    "losses": losses,
                    "medianMs": statistics.median(times),
                    "minMs": min(times),
                    "steps": len(times),
                }
            ),
            flush=True,
        )


def time_steps(step, seconds):
    """Times single steps, in milliseconds, for some seconds."""
    times = []
    while len(times) < LEAST_STEPS or sum(times) < 1000 * seconds:
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    return times
