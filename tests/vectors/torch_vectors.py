"""Golden vectors for networks with attention, from real PyTorch in float64; GRU layers from Keras 3 (reset_after=False) on PyTorch.

usage: KERAS_BACKEND=torch torch_vectors.py OUT.json CELL HIDDEN EMBEDDING ENCODER DECODER INPUT_T OUTPUT_T SOURCES TARGETS BATCH PHASE [SMOOTHING]

ENCODER is the number of encoder layers, followed by b if they read in both directions: 2b. DECODER is the number of decoder layers.
SOURCES and TARGETS are numbers of symbols, paddings included: symbol 0 of sources, symbol 2 of targets; a number with n has none: 9n.

Weights come from a formula, so that no file of weights is needed:
  value(k, n) = scale * cos(PHASE + 0.7 * k + 1.3 * n)    k-th parameter in Carry's order and layout, n-th element, row-major
  scale = 1 / sqrt(first dimension) for matrices, 0.1 for biases
Sources x and targets y come from formulas too (below), with all lengths; some targets are empty, some have no end symbol.

PyTorch's layers have two biases: the second is 0 and is not trained. Its Adam adds epsilon to the corrected second moment, Keras'
and Carry's to the moment itself: they are equal if epsilon is divided by sqrt(1 - beta2^step) before each step, as is done here.
"""
import json, os, sys
os.environ.setdefault("KERAS_BACKEND", "torch"); os.environ["CUDA_VISIBLE_DEVICES"] = ""
import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot, scaled_dot_product_attention

torch.set_default_dtype(torch.float64)
out, cell = sys.argv[1:3]
h, e = map(int, sys.argv[3:5])
encoder_layers, both = int(sys.argv[5].rstrip("b")), sys.argv[5].endswith("b")
decoder_layers, ti, to = map(int, sys.argv[6:9])
padded = not sys.argv[9].endswith("n")
s, v = (int(each.rstrip("n")) for each in sys.argv[9:11])
batch, phase = int(sys.argv[11]), float(sys.argv[12])
smoothing = float(sys.argv[13]) if len(sys.argv) > 13 else 0.0
directions = 2 if both else 1
pad_x, pad_y = (0, 2) if padded else (None, None)


def draw(value, symbols, padding):
    if padding is None: return value % symbols
    value %= symbols - 1
    return value + (value >= padding)

x = [[draw(7 * b + 3 * t + b * t, s, pad_x) if not padded or t < ti - b % ti else pad_x for t in range(ti)] for b in range(batch)]
y = [[draw(5 * b + 2 * t + 1, v, pad_y) if not padded or t < (to + b) % (to + 1) else pad_y for t in range(to)] for b in range(batch)]
X, Y = torch.tensor(x), torch.tensor(y)
lengths = torch.tensor([ti - b % ti if padded else ti for b in range(batch)])
mask = torch.arange(ti)[None, :] < lengths[:, None]
ends = (Y == pad_y) if padded else torch.zeros_like(Y, dtype=torch.bool)
counted = ((ends.cumsum(1) - ends.long()) == 0).double()

# parameters in Carry's order: (torch parameter, whether Carry's is its transpose)
parameters = []
def take(*values): parameters.extend(values)


class TorchLayer(nn.Module):
    """One layer in one or two directions, by PyTorch."""
    def __init__(self, inputs, units, both):
        super().__init__()
        kind = {"lstm": nn.LSTM, "simple": nn.RNN}[cell]
        self.rnn = kind(inputs, units, batch_first=True, bidirectional=both)
        for end in ["", "_reverse"] if both else [""]:
            take((getattr(self.rnn, "weight_ih_l0" + end), True), (getattr(self.rnn, "weight_hh_l0" + end), True),
                 (getattr(self.rnn, "bias_ih_l0" + end), False))
            nn.init.zeros_(getattr(self.rnn, "bias_hh_l0" + end))
            getattr(self.rnn, "bias_hh_l0" + end).requires_grad_(False)

    def encode(self, values):
        packed = nn.utils.rnn.pack_padded_sequence(values, lengths, batch_first=True, enforce_sorted=False)
        states, last = self.rnn(packed)
        join = lambda each: torch.cat(list(each), 1)[None]
        last = tuple(map(join, last)) if cell == "lstm" else join(last)
        return nn.utils.rnn.pad_packed_sequence(states, batch_first=True, total_length=ti)[0], last

    def decode(self, values, state): return self.rnn(values, state)


class KerasGru(nn.Module):
    """The same by Keras, whose reset gate can be applied before the product."""
    def __init__(self, inputs, units, both):
        super().__init__()
        import keras
        keras.config.set_floatx("float64")
        make = lambda backwards: keras.layers.GRU(units, reset_after=False, return_sequences=True, return_state=True, go_backwards=backwards)
        self.layers = [make(False)] + ([make(True)] if both else [])
        for layer in self.layers:
            layer.build((None, None, inputs))
            take(*((weight.value, False) for weight in layer.weights))

    def encode(self, values):
        runs = [layer(values, mask=mask) for layer in self.layers]
        states = [run[0].flip(1) if layer.go_backwards else run[0] for layer, run in zip(self.layers, runs)]
        return torch.cat(states, 2), torch.cat([run[1] for run in runs], 1)[None]

    def decode(self, values, state):
        states, last = self.layers[0](values, initial_state=[state[0]])
        return states, last[None]


Layer = KerasGru if cell == "gru" else TorchLayer
source_embedding = nn.Embedding(s, e); take((source_embedding.weight, False))
encoder = [Layer(e if i == 0 else h, h // directions, both) for i in range(encoder_layers)]
target_embedding = nn.Embedding(v, e); take((target_embedding.weight, False))
decoder = [Layer(e if i == 0 else h, h, False) for i in range(decoder_layers)]
score, combine, dense = nn.Linear(h, h, bias=False), nn.Linear(2 * h, h), nn.Linear(h, v)
take((score.weight, True), (combine.weight, True), (combine.bias, False), (dense.weight, True), (dense.bias, False))

with torch.no_grad():
    for k, (parameter, transposed) in enumerate(parameters):
        shape = tuple(parameter.T.shape) if transposed else tuple(parameter.shape)
        scale = 0.1 if len(shape) == 1 else shape[0] ** -0.5
        values = (scale * torch.cos(phase + 0.7 * k + 1.3 * torch.arange(parameter.numel(), dtype=torch.float64))).reshape(shape)
        parameter.copy_(values.T if transposed else values)


def encode():
    values = source_embedding(X)
    for layer in encoder: values, last = layer.encode(values)
    return values, last


def decode(embedded, states, encoded):
    """Logits (B, T, V), attention (B, T, T_in) and states after some time steps."""
    after, values = [], embedded
    for layer, state in zip(decoder, states):
        values, state = layer.decode(values, state)
        after.append(state)
    query = score(values)
    context = scaled_dot_product_attention(query, encoded, encoded, attn_mask=mask[:, None, :], scale=1.0)
    weights = (query @ encoded.transpose(1, 2)).masked_fill(~mask[:, None, :], -torch.inf).softmax(-1)
    return dense(torch.tanh(combine(torch.cat([context, values], 2)))), weights, after


def loss_of():
    encoded, last = encode()
    before = torch.cat([torch.zeros(batch, 1, e), target_embedding(Y[:, :-1])], 1)
    logits = decode(before, [last] * decoder_layers, encoded)[0]
    each = cross_entropy(logits.transpose(1, 2), Y, reduction="none", label_smoothing=smoothing)
    return (each * counted).sum() / counted.sum()


def answer():
    encoded, last = encode()
    states, embedded, ended = [last] * decoder_layers, torch.zeros(batch, 1, e), torch.zeros(batch, dtype=torch.bool)
    characters, probabilities, attention = [], [], []
    for _ in range(to):
        logits, weights, states = decode(embedded, states, encoded)
        p, chosen = logits[:, 0].softmax(-1), logits[:, 0].argmax(-1)
        if padded:
            p = torch.where(ended[:, None], one_hot(torch.tensor(pad_y), v).double(), p)
            chosen = torch.where(ended, pad_y, chosen)
            ended = chosen == pad_y
        characters.append(chosen); probabilities.append(p); attention.append(weights[:, 0])
        embedded = target_embedding(chosen)[:, None]
    return encoded, *(torch.stack(each, 1) for each in (characters, probabilities, attention))


def plain(tensor):
    """As nested lists of nine digits."""
    if isinstance(tensor, torch.Tensor): tensor = tensor.detach().tolist()
    return [plain(each) for each in tensor] if isinstance(tensor, list) else float(f"{tensor:.9g}") if isinstance(tensor, float) else tensor

def flat(tensors): return [plain((tensor.T if transposed else tensor).flatten()) for tensor, (_, transposed) in zip(tensors, parameters)]

weights = [parameter for parameter, _ in parameters]
loss = loss_of()
gradients = torch.autograd.grad(loss, weights)
with torch.no_grad(): encoded, characters, probabilities, attention = answer()
result = {"torch": torch.__version__, "cell": cell, "hiddenSize": h, "embeddingSize": e, "encoderLayers": encoder_layers, "bidirectional": both,
          "decoderLayers": decoder_layers, "inputLength": ti, "outputLength": to, "sourceVocabularySize": s, "targetVocabularySize": v, "padded": padded,
          "batchSize": batch, "phase": phase, "labelSmoothing": smoothing, "x": x, "y": y, "encoded": plain(encoded),
          "answers": plain(characters), "probabilities": plain(probabilities), "attention": plain(attention),
          "loss": loss.item(), "gradients": flat(gradients)}
if cell == "gru": result["keras"] = __import__("keras").__version__
epsilon, beta2 = 1e-5, 0.999
optimizer = torch.optim.Adam(weights, lr=0.01, betas=(0.9, beta2), eps=epsilon)
losses = []
for step in range(1, 6):
    optimizer.param_groups[0]["eps"] = epsilon / (1 - beta2 ** step) ** 0.5
    loss = loss_of()
    for weight, gradient in zip(weights, torch.autograd.grad(loss, weights)): weight.grad = gradient
    losses.append(loss.item())
    optimizer.step()
result["adam"] = {"learningRate": 0.01, "beta1": 0.9, "beta2": beta2, "epsilon": epsilon, "lossBeforeStep": losses, "weightsAfter5Steps": flat(weights)}
json.dump(result, open(out, "w"))
print(out, sum(weight.numel() for weight in weights), result["loss"], result["answers"])
