"""Small language models that are really trained: seeded, on made-up languages, with torch on one core.

`python -m tests.real.training FOLDER` writes the weights of every model as an .npz file with GGUF names.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

HIDDEN, FEED, LAYERS, HEADS, WORDS, LENGTH = 256, 512, 2, 4, 128, 24
BATCH = 8
CLASSES = 2
"""Of words: so few that a minute of training on one core is enough to learn a language."""


class Block(nn.Module):
    """One layer of a transformer with RMS norms and a gated feed-forward part."""

    def __init__(self) -> None:
        super().__init__()
        self.attn_norm, self.ffn_norm = nn.RMSNorm(HIDDEN), nn.RMSNorm(HIDDEN)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            setattr(self, name, nn.Linear(HIDDEN, HIDDEN, bias=False))
        self.ffn_gate, self.ffn_up = nn.Linear(HIDDEN, FEED, bias=False), nn.Linear(HIDDEN, FEED, bias=False)
        self.ffn_down = nn.Linear(FEED, HIDDEN, bias=False)

    def forward(self, x):
        inner = self.attn_norm(x)
        split = [
            one(inner).view(*inner.shape[:2], HEADS, -1).transpose(1, 2)
            for one in (self.attn_q, self.attn_k, self.attn_v)
        ]
        heard = functional.scaled_dot_product_attention(*split, is_causal=True)
        x = x + self.attn_output(heard.transpose(1, 2).reshape(inner.shape))
        inner = self.ffn_norm(x)
        return x + self.ffn_down(functional.silu(self.ffn_gate(inner)) * self.ffn_up(inner))


class Model(nn.Module):
    """The model; its parameters are named as GGUF names them."""

    def __init__(self) -> None:
        super().__init__()
        self.token_embd = nn.Embedding(WORDS, HIDDEN)
        self.place = nn.Embedding(LENGTH, HIDDEN)
        self.blk = nn.ModuleList(Block() for _ in range(LAYERS))
        self.output_norm, self.output = nn.RMSNorm(HIDDEN), nn.Linear(HIDDEN, WORDS, bias=False)
        for one in self.parameters():
            if one.ndim > 1:
                nn.init.normal_(one, std=0.02)

    def forward(self, words):
        x = self.token_embd(words) + self.place.weight[: words.shape[1]]
        for block in self.blk:
            x = block(x)
        return self.output(self.output_norm(x))


def language(seed: int) -> torch.Tensor:
    """Return which four words may follow each pair of word classes."""
    return torch.randint(0, WORDS, (WORDS, CLASSES, 4), generator=torch.Generator().manual_seed(seed))


def sentences(follow: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Return a batch of sentences: the next word depends on the last one and on the class of the one before."""
    words = torch.randint(0, WORDS, (BATCH, LENGTH + 1), generator=random)
    for at in range(2, LENGTH + 1):
        chosen = torch.randint(0, 4, (BATCH,), generator=random)
        words[:, at] = follow[words[:, at - 1], words[:, at - 2] % CLASSES, chosen]
    return words


def train(model: Model, follow: torch.Tensor, steps: int, rate: float, seed: int, parameters=None) -> float:
    """Train `model` in place and return its last loss, averaged over ten steps."""
    random = torch.Generator().manual_seed(seed)
    chosen = list(parameters if parameters is not None else model.parameters())
    optimizer = torch.optim.AdamW(chosen, lr=rate, weight_decay=0.1)
    losses = []
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 20) * (1 - 0.9 * step / steps)
        words = sentences(follow, random)
        loss = functional.cross_entropy(model(words[:, :-1]).reshape(-1, WORDS), words[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(chosen, 1.0)
        optimizer.step()
        losses.append(loss.item())
    return sum(losses[-10:]) / 10


class Adapted(nn.Module):
    """A projection with a trainable low-rank change beside it."""

    def __init__(self, inner: nn.Linear, rank: int = 8) -> None:
        super().__init__()
        self.inner = inner
        self.down = nn.Parameter(torch.randn(rank, inner.in_features) * 0.02)
        self.up = nn.Parameter(torch.zeros(inner.out_features, rank))

    def forward(self, x):
        return self.inner(x) + 2 * (x @ self.down.T @ self.up.T)


def copy_of(model: Model) -> Model:
    """Return a model with the same weights."""
    copied = Model()
    copied.load_state_dict(model.state_dict())
    return copied


def with_adapter(model: Model, follow: torch.Tensor, steps: int, seed: int) -> Model:
    """Return `model` with a low-rank adapter of the query and value projections, trained and merged."""
    adapted = copy_of(model)
    changes = []
    for block in adapted.blk:
        for name in ("attn_q", "attn_v"):
            setattr(block, name, Adapted(getattr(block, name)))
            changes += [getattr(block, name).down, getattr(block, name).up]
    train(adapted, follow, steps, 3e-3, seed, changes)
    for block in adapted.blk:
        for name in ("attn_q", "attn_v"):
            wrapped = getattr(block, name)
            wrapped.inner.weight.data += 2 * wrapped.up.data @ wrapped.down.data
            setattr(block, name, wrapped.inner)
    return adapted


def tuned(model: Model, follow: torch.Tensor, steps: int, rate: float, seed: int) -> Model:
    """Return `model` after more training on another language."""
    further = copy_of(model)
    train(further, follow, steps, rate, seed)
    return further


def models(steps: int = 300) -> tuple[dict[str, dict[str, np.ndarray]], dict[str, float]]:
    """Return the weights of every model by name, and the losses of those from scratch before and after training."""
    torch.set_num_threads(1)
    made: dict[str, Model] = {}
    losses: dict[str, float] = {}
    for name, seed in (("base", 1), ("stranger 1", 2), ("stranger 2", 3), ("stranger 3", 4)):
        torch.manual_seed(seed)
        made[name] = Model()
        losses[f"{name} at first"] = train(made[name], language(1), 10, 0.0, seed + 50)
        losses[name] = train(made[name], language(1), steps, 2e-3, seed + 100)
    for number in (1, 2):
        made[f"tuned {number}"] = tuned(made["base"], language(10 + number), steps // 4, 3e-4, 200 + number)
    made["tuned far"] = tuned(made["base"], language(20), steps, 2e-3, 300)
    made["adapter"] = with_adapter(made["base"], language(30), steps // 4, 400)
    return {name: weights(model) for name, model in made.items()}, losses


def weights(model: Model) -> dict[str, np.ndarray]:
    """Return weights by GGUF name."""
    return {
        name: value.detach().numpy().astype(np.float32)
        for name, value in model.named_parameters()
        if name != "place.weight"
    }


def main(folder: str) -> None:
    """Write every model and the losses into `folder`."""
    made, losses = models()
    for name, one in made.items():
        np.savez(Path(folder) / f"{name}.npz", **one)
    print(losses)


if __name__ == "__main__":
    main(*sys.argv[1:])
