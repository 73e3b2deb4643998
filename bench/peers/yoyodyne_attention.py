"""Yoyodyne's LSTM with attention: an epoch of a file of pairs, as its command line trains.

It measures an epoch for every line that it reads from standard input, and answers with one line of JSON. The first epoch is
a warm-up. With --validation it also answers the pairs of another file after every epoch, greedily; that time does not count.

The encoder has both directions with half of the hidden size each, so that its states are as wide as the decoder's.
"""
import argparse
import contextlib
import json
import logging
import multiprocessing
import os
import sys
import tempfile
import time
import warnings

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True, help="file of pairs: question, tab, answer")
parser.add_argument("--validation", help="file of pairs to answer after every epoch")
parser.add_argument("--target-separator", default="", help="text between two symbols of an answer")
parser.add_argument("--hidden-size", type=int, default=128)
parser.add_argument("--embedding-size", type=int, default=64)
parser.add_argument("--batch-size", type=int, default=32)
parser.add_argument("--dropout", type=float, default=0.2)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

os.environ["OMP_NUM_THREADS"] = str(options.threads)  # before torch is imported
os.environ["WANDB_MODE"] = "disabled"
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])  # also of the process that reads the pairs

sys.path.pop(0)  # this folder, whose pytorch.py some package of Lightning takes for its own
import lightning
import torch
from importlib.metadata import version
from yoyodyne import data, models
from yoyodyne.models import modules

logging.disable(logging.INFO)
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
warnings.simplefilter("ignore")
torch.set_num_threads(options.threads)


class Rounds(lightning.Callback):
    """Times an epoch for every line of standard input."""

    def on_train_epoch_start(self, trainer, model):
        if trainer.current_epoch > 0 and not sys.stdin.readline():
            os._exit(0)  # nobody asks any more; Lightning would end the epoch first
        self.started = time.perf_counter(), read_processor_seconds()

    def on_train_epoch_end(self, trainer, model):
        started, processor_started = self.started
        elapsed_ms = 1000 * (time.perf_counter() - started)
        processor_ms = 1000 * (read_processor_seconds() - processor_started)
        if trainer.current_epoch > 0:
            answer(model, elapsed_ms, processor_ms)


def read_processor_seconds():
    """Gives the processor time of this process and of those that read the pairs for it. Source: man 5 proc_pid_stat."""
    seconds = time.process_time()
    for child in multiprocessing.active_children():
        with open(f"/proc/{child.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def answer(model, elapsed_ms, processor_ms):
    accuracy = None if options.validation is None else measure_accuracy(model)
    print(
        json.dumps(
            {
                "peer": "yoyodyne",
                "version": version("yoyodyne"),
                "threads": options.threads,
                "hiddenSize": options.hidden_size,
                "batchSize": options.batch_size,
                "parameters": model.num_parameters,
                "losses": [],
                "medianMs": elapsed_ms,
                "minMs": elapsed_ms,
                "processorMs": processor_ms,
                "steps": 1,
                "accuracy": accuracy,
            }
        ),
        file=out,
        flush=True,
    )


def measure_accuracy(model):
    """Gives the share of the validation pairs that are answered right, without their answers as input."""
    model.eval()
    model.accuracy.reset()
    with torch.no_grad():
        for batch in pairs.val_dataloader():
            predictions = model.greedy_decode_predict_test(*encode(model, batch)).argmax(dim=1)
            model._update_metrics(*model._align(predictions, batch.target.tensor))
    model.train()
    return model.accuracy.compute().item()


def encode(model, batch):
    return model.source_encoder(batch.source, model.embeddings), batch.source.mask


out = sys.stdout
with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
    pairs = data.DataModule(
        model_dir=folder,
        train=options.data,
        val=options.validation,
        target_sep=options.target_separator,
        batch_size=options.batch_size,
    )
    model = models.SoftAttentionLSTMModel(
        source_encoder=modules.LSTMEncoder(
            embedding_size=options.embedding_size,
            hidden_size=options.hidden_size // 2,
            dropout=options.dropout,
        ),
        embedding_size=options.embedding_size,
        decoder_hidden_size=options.hidden_size,
        decoder_dropout=options.dropout,
        vocab_size=pairs.vocab_size,
        target_vocab_size=pairs.target_vocab_size,
    )
    lightning.Trainer(
        accelerator="cpu",
        max_epochs=-1,
        limit_val_batches=0,
        callbacks=[Rounds()],
        default_root_dir=folder,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    ).fit(model, train_dataloaders=pairs.train_dataloader())
