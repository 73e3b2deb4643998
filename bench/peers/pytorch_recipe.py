"""PyTorch on the CPU or a GPU: a whole training with our default recipe, evaluated on the validation split.

AdamW with decay of matrices only, clipping by global norm, a learning rate that rises, stays and falls. One difference:
epsilon is added before the bias correction. The split is a file with one byte per character: sources and targets for
training, with the swapped forms behind them, then for validation; then the rows of every epoch in their order, uint32. It
prints one line of JSON when it begins and one after every epoch.
"""
import argparse
import json

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--split", required=True, help="the file with the split")
parser.add_argument("--recipe", required=True, help="JSON: sizes and options, by our names")
parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
arguments = parser.parse_args()
recipe = json.loads(arguments.recipe)
device = arguments.device
torch.manual_seed(recipe["seed"])


def read_split():
    """Gives the rows of every epoch, and sources and targets for training and for validation, int64, on the device."""
    with open(arguments.split, "rb") as file:
        data = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)
    size = 4 * recipe["epochs"] * recipe["examples"]
    orders = data[-size:].clone().view(torch.int32).view(recipe["epochs"], -1).long().to(device)
    parts = [(recipe[side], recipe[length])
             for side in ("training", "validation") for length in ("inputLength", "outputLength")]
    sides = data[:-size].split([rows * length for rows, length in parts])
    return orders, [side.view(rows, length).long().to(device) for side, (rows, length) in zip(sides, parts)]


class Model(nn.Module):
    """The notebook's model, with Keras' first weights."""

    def __init__(self):
        super().__init__()
        H, V = recipe["hiddenSize"], recipe["vocabulary"]
        self.encoder = make_lstm(V, H)
        self.decoder = make_lstm(H, H)
        self.dense = nn.Linear(H, V)
        nn.init.xavier_uniform_(self.dense.weight)
        nn.init.zeros_(self.dense.bias)

    def forward(self, sources):
        _, (h, _) = self.encoder(nn.functional.one_hot(sources, recipe["vocabulary"]).float())
        states, _ = self.decoder(h[0].unsqueeze(1).expand(-1, recipe["outputLength"], -1))
        return self.dense(states)


def make_lstm(inputs, hidden):
    lstm = nn.LSTM(inputs, hidden, batch_first=True)
    nn.init.xavier_uniform_(lstm.weight_ih_l0)
    nn.init.orthogonal_(lstm.weight_hh_l0)
    nn.init.zeros_(lstm.bias_ih_l0)
    with torch.no_grad():
        lstm.bias_ih_l0[hidden : 2 * hidden] = 1
    lstm.bias_hh_l0.requires_grad_(False).zero_()
    return lstm


def learning_rate_at(step, steps):
    rise = max(1, recipe["warmup"] * steps)
    fall = max(rise, 0.6 * steps)
    return recipe["learningRate"] * min(1, step / rise, (steps + 1 - step) / (steps + 1 - fall))


def measure_exact_match(model, sources, targets):
    with torch.no_grad():
        right = [(model(x).argmax(-1) == y).all(1).sum()
                 for x, y in zip(sources.split(1024), targets.split(1024))]
    return (torch.stack(right).sum() / len(sources)).item()


def train():
    orders, (sources, targets, validation_sources, validation_targets) = read_split()
    model = Model().to(device)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in trained if p.dim() > 1], "weight_decay": recipe["weightDecay"]},
            {"params": [p for p in trained if p.dim() == 1], "weight_decay": 0.0},
        ],
        betas=(recipe["beta1"], recipe["beta2"]),
        eps=recipe["epsilon"],
        fused=True,
    )
    batch_size = recipe["batchSize"]
    steps = recipe["epochs"] * -(-recipe["examples"] // batch_size)
    step = 0
    report(event="start", version=torch.__version__)
    for order in orders:
        for rows in order.split(batch_size):
            step += 1
            for group in optimizer.param_groups:
                group["lr"] = learning_rate_at(step, steps)
            logits = model(sources[rows])
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets[rows].flatten())
            loss.backward()
            nn.utils.clip_grad_norm_(trained, recipe["clipNorm"])
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        exact_match = measure_exact_match(model, validation_sources, validation_targets)
        report(event="epoch", exactMatch=exact_match)


def report(**event):
    print(json.dumps(event), flush=True)


train()
