"""PyTorch on the CPU, or with cuDNN on a GPU: the notebook's model, one training step.

--form layers    torch.nn.LSTM, eager, as a PyTorch user would write it
--form compiled  the time steps written out and torch.compile, which needs a C++ compiler; repeated products computed once
"""
import os

import peer

os.environ["TORCHINDUCTOR_COMPILE_THREADS"] = "1"  # a pool of compilers would disturb the measurement
options = peer.read_options(form=["layers", "compiled"], device=["cpu", "cuda"])

import torch
from torch import nn

torch.set_num_threads(options.threads)
torch.set_num_interop_threads(1)


class Layers(nn.Module):
    """Two nn.LSTM. Their second bias, which Keras' LSTM does not have, stays zero and is not trained."""

    def __init__(self, weights):
        super().__init__()
        self.encoder = make_lstm(*weights[0:3])
        self.decoder = make_lstm(*weights[3:6])
        self.dense = make_dense(*weights[6:8])

    def forward(self, x):
        _, (h, _) = self.encoder(x)
        states, _ = self.decoder(h[0].unsqueeze(1).expand(-1, peer.OUTPUT_LENGTH, -1))
        return self.dense(states)


class WrittenOut(nn.Module):
    """The same model in plain operations. The decoder's input is the same at every time step, so it is multiplied once."""

    def __init__(self, weights):
        super().__init__()
        self.weights = nn.ParameterList([nn.Parameter(weight.clone()) for weight in weights[0:6]])
        self.dense = make_dense(*weights[6:8])

    def forward(self, x):
        kernel, recurrent, bias, kernel_1, recurrent_1, bias_1 = self.weights
        h = c = x.new_zeros(x.shape[0], recurrent.shape[0])
        for t in range(x.shape[1]):
            h, c = advance(torch.addmm(bias, x[:, t], kernel), h, c, recurrent)
        repeated = torch.addmm(bias_1, h, kernel_1)
        h, c, states = torch.zeros_like(h), torch.zeros_like(c), []
        for _ in range(peer.OUTPUT_LENGTH):
            h, c = advance(repeated, h, c, recurrent_1)
            states.append(h)
        return self.dense(torch.stack(states, 1))


def advance(projected, h, c, recurrent):
    i, f, g, o = torch.addmm(projected, h, recurrent).chunk(4, 1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def make_lstm(kernel, recurrent, bias):
    lstm = nn.LSTM(kernel.shape[0], recurrent.shape[0], batch_first=True)
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(kernel.T)
        lstm.weight_hh_l0.copy_(recurrent.T)
        lstm.bias_ih_l0.copy_(bias)
    lstm.bias_hh_l0.requires_grad_(False).zero_()
    return lstm


def make_dense(kernel, bias):
    dense = nn.Linear(*kernel.shape)
    with torch.no_grad():
        dense.weight.copy_(kernel.T)
        dense.bias.copy_(bias)
    return dense


weights = [torch.from_numpy(weight).to(options.device) for weight in peer.make_first_weights(options.hidden_size)]
model = (Layers if options.form == "layers" else WrittenOut)(weights).to(options.device)
trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimizer = torch.optim.Adam(trained, lr=peer.LEARNING_RATE, eps=peer.EPSILON, fused=True)
run = model if options.form == "layers" else torch.compile(model)
batch = peer.make_batch(options.batch_size)
sources, one_hot_targets = (torch.from_numpy(part).to(options.device) for part in batch)
targets = one_hot_targets.argmax(-1).flatten()


def step():
    loss = nn.functional.cross_entropy(run(sources).flatten(0, 1), targets)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.item()


peer.serve_rounds(
    f"pytorch {options.form}", torch.__version__, options, sum(p.numel() for p in trained), step
)
