"""The editor's network in PyTorch: the embedder's six layers, the lower two as they are, and a head a question."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from feeds.reading.embedding_graph import HEADS, LAYERS, WIDTH
from feeds.reading.insights.editor.sequence import SHAPES

FROZEN = 2
SEEN = 2 * WIDTH + SHAPES


class Layer(nn.Module):
    """One layer of BERT, named as the safetensors file names its parts."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        n, length, _ = x.shape
        shape = (n, length, HEADS, WIDTH // HEADS)
        q, k, v = (part(x).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value))
        mixed = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm(x + self.drop(self.out(mixed.transpose(1, 2).reshape(n, length, WIDTH))))
        return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))


NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}


class Network(nn.Module):
    """Words' states to logits, a head a question."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.kind = nn.Embedding(2, WIDTH)
        self.word = nn.Embedding(30522, WIDTH)
        self.place = nn.Embedding(512, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.heads = nn.ModuleDict({name: nn.Linear(SEEN, size) for name, size in sizes.items()})
        self.drop = nn.Dropout(0.1)
        self.worth = nn.Linear(WIDTH, 3)

    def load(self, weights: Mapping[str, np.ndarray]) -> None:
        own = self.state_dict()
        for number in range(LAYERS):
            for ours, theirs in NAMES.items():
                for part in ("weight", "bias"):
                    own[f"layers.{number}.{ours}.{part}"].copy_(
                        torch.tensor(weights[f"encoder.layer.{number}.{theirs}.{part}"])
                    )
        for ours, theirs in (
            ("word", "word_embeddings"),
            ("place", "position_embeddings"),
            ("kind", "token_type_embeddings"),
        ):
            own[f"{ours}.weight"].copy_(torch.tensor(weights[f"embeddings.{theirs}.weight"]))
        for part in ("weight", "bias"):
            own[f"norm.{part}"].copy_(torch.tensor(weights[f"embeddings.LayerNorm.{part}"]))

    def low(self, ids: Tensor, kinds: Tensor, mask: Tensor) -> Tensor:
        x = self.norm(self.word(ids) + self.place(torch.arange(ids.shape[1])) + self.kind(kinds))
        for layer in self.layers[:FROZEN]:
            x = layer(x, mask)
        return x

    def high(self, low: Tensor, mask: Tensor, first: Tensor, last: Tensor, shapes: Tensor) -> dict[str, Tensor]:
        x = low
        for layer in self.layers[FROZEN:]:
            x = layer(x, mask)
        words = self.drop(torch.cat([_words(x, first, last), _words(low, first, last), shapes], dim=-1))
        logits = {name: head(words) for name, head in self.heads.items()}
        logits["worth"] = self.worth(x[:, 0])
        return logits


def _words(states: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """A word is the mean of its first and its last token."""
    ends = [torch.gather(states, 1, at.unsqueeze(-1).expand(-1, -1, WIDTH)) for at in (first, last)]
    return (ends[0] + ends[1]) / 2
