"""Teach what reads as published: python -m benchmarks.writing.train_judge FOLDER OFFERS.jsonl OUT [--edits MORE.jsonl]

OFFERS is what `list_offers` writes. What an editor made is published, what the machine made mostly not; the marks say
which of it. Beside OUT, `OUT.reads.jsonl` gets a line a marked offer for `train_weighing`: its features, and what a
reader taught without its show says of it.
"""

import argparse
import collections
import hashlib
import json
import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from benchmarks.writing.corpus import KEPT_APART, read_edits, read_pairs
from benchmarks.writing.network import FROZEN, Network
from feeds.reading.embedding_graph import WIDTH, model_directory, read_safetensors
from feeds.reading.embeddings import load_tokenizer

LONGEST = 128
# Offers that nobody marked are taken for what most of them are; a few are enough.
_SHARE_OF_UNREAD = 0.3
Row = dict[str, Any]
Floats = NDArray[np.float32]


@dataclass
class Item:
    """`good_text`, `good_headline` and `published` are chances, -1 where nobody knows."""

    headline: str
    text: str
    good_text: float
    good_headline: float
    published: float
    weight: float
    show: str
    low: Tensor | None = None
    ids: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)


class Judge(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = Network({})
        self.body.load(read_safetensors(model_directory() / "model.safetensors"))
        self.out = nn.Linear(2 * WIDTH, 3)
        self.drop = nn.Dropout(0.2)

    def forward(self, low: Tensor, mask: Tensor) -> Tensor:
        x = low
        for layer in self.body.layers[FROZEN:]:
            x = layer(x, mask)
        flat = mask[:, 0, 0, :, None].float()
        return self.out(self.drop(torch.cat([x[:, 0], (x * flat).sum(1) / flat.sum(1)], 1)))


def read(item: Item, tokenizer: Tokenizer) -> None:
    head, text = (tokenizer.encode(part).ids for part in (item.headline, item.text))
    ids = [*head, *text[1:]][:LONGEST]
    item.ids, item.kinds = ids, [int(n >= len(head)) for n in range(len(ids))]


def collate(batch: list[Item]) -> tuple[Tensor, Tensor, Tensor]:
    length = max(len(one.ids) for one in batch)
    ids, kinds = torch.zeros(len(batch), length, dtype=torch.long), torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), 1, 1, length, dtype=torch.bool)
    for row, one in enumerate(batch):
        ids[row, : len(one.ids)], kinds[row, : len(one.ids)] = torch.tensor(one.ids), torch.tensor(one.kinds)
        mask[row, :, :, : len(one.ids)] = True
    return ids, kinds, mask


@torch.no_grad()
def lower(judge: Judge, items: list[Item]) -> None:
    tokenizer = load_tokenizer()
    for one in items:
        read(one, tokenizer)
    judge.eval()
    for start in range(0, len(items), 32):
        batch = items[start : start + 32]
        ids, kinds, mask = collate(batch)
        states = judge.body.low(ids, kinds, mask)
        for row, one in enumerate(batch):
            one.low = states[row, : len(one.ids)].to(torch.bfloat16).clone()


def logits(judge: Judge, batch: list[Item]) -> Tensor:
    _, _, mask = collate(batch)
    low = torch.zeros(len(batch), mask.shape[-1], WIDTH)
    for row, one in enumerate(batch):
        low[row, : len(one.ids)] = one.low
    logits: Tensor = judge(low, mask)
    return logits


def fold_of(show: str) -> int:
    return hashlib.sha256(show.encode()).digest()[0] % 2


def teach(items: list[Item], *, epochs: int, rate: float = 1.5e-4) -> Judge:
    judge = Judge()
    if any(one.low is None for one in items):
        lower(judge, [one for one in items if one.low is None])
    tuned = [p for layer in judge.body.layers[FROZEN:] for p in layer.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": tuned, "lr": rate}, {"params": judge.out.parameters(), "lr": 1e-3}], weight_decay=0.01
    )
    steps = epochs * (len(items) // 16)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 40) * max(0.02, 1 - step / steps)
    )
    for epoch in range(epochs):
        judge.train()
        order = sorted(items, key=lambda one: len(one.ids) + random.random() * 25)
        batches = [order[at : at + 16] for at in range(0, len(order) - 15, 16)]
        random.shuffle(batches)
        begin, losses = time.time(), []
        for batch in batches:
            optimiser.zero_grad()
            goal = torch.tensor([[one.good_text, one.good_headline, one.published] for one in batch])
            weight = torch.tensor([[one.weight] for one in batch])
            known = (goal >= 0).float()
            each = nn.functional.binary_cross_entropy_with_logits(logits(judge, batch), goal.clamp(0), reduction="none")
            loss = (each * known * weight).sum() / (known * weight).sum().clamp(1)
            loss.backward()
            nn.utils.clip_grad_norm_([*tuned, *judge.out.parameters()], 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        print(
            f"  epoch {epoch + 1} {len(batches)} batches {np.mean(losses):.3f} {time.time() - begin:.0f} s", flush=True
        )
    judge.eval()
    return judge


@torch.no_grad()
def scores(judge: Judge, items: list[Item]) -> Floats:
    if missing := [one for one in items if one.low is None]:
        lower(judge, missing)
    return np.concatenate([logits(judge, items[at : at + 32]).numpy() for at in range(0, len(items), 32)])


def material(folder: Path, labelled: list[Row], unread: list[Row], edits: list[Path]) -> list[Item]:
    chance = random.Random(4)
    pairs = read_pairs(folder / "pairs.jsonl")
    items = []
    for edit in read_edits(folder / "edits.jsonl", *edits):
        show = pairs[edit.key].show
        if edit.ok and show not in KEPT_APART:
            text, headline, published = {2: (0.9, 0.95, 0.85), 1: (0.4, 0.75, 0.2)}[edit.ok]
            items.append(Item(edit.headline, edit.text, text, headline, published, 1.0, show))
            items.append(Item(edit.headline, garbled(edit.text, chance), 0.05, -1.0, 0.02, 0.5, show))
            items.append(Item(garbled(edit.headline, chance), edit.text, -1.0, 0.05, 0.02, 0.5, show))
    by_key = collections.defaultdict(list)
    for row in unread:
        by_key[row["key"]].append(row)
    for rows in by_key.values():
        if chance.random() < _SHARE_OF_UNREAD:
            row = chance.choice(rows)
            items.append(Item(row["headline"], row["text"], 0.2, 0.12, 0.04, 0.3, row["show"]))
    for pair in pairs.values():
        if pair.headline and pair.show not in KEPT_APART and chance.random() < 0.4:
            items.append(
                Item(pair.headline, pair.text, 0.95, 0.97, {2: 0.9, 1: 0.6, 0: 0.1}[pair.verdict], 0.5, pair.show)
            )
    for row in labelled:
        items.append(Item(row["headline"], row["text"], *goals_of(row["mark"]), 2.5, row["show"]))
    return items


def goals_of(mark: str) -> tuple[float, float, float]:
    """Whether text, headline and the whole are fit to print."""
    return float(mark in "PBT"), float(mark in "PBH"), float(mark == "P")


def garbled(text: str, chance: random.Random) -> str:
    """What a bad edit leaves: a few words gone, two sentences that do not belong together."""
    words = text.split()
    for _ in range(max(1, len(words) // 14)):
        at = chance.randrange(max(1, len(words) - 1))
        size = chance.choice((1, 1, 2, 3))
        if len(words) - size > 3:
            del words[at : at + size]
    return " ".join(words)


def area(score: Floats, label: Floats) -> float:
    order = np.argsort(score)
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    positive = label > 0.5
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / max(1, n * m))


def report(fold: int, found: Floats, rows: list[Row]) -> str:
    goals = np.array([goals_of(row["mark"]) for row in rows])
    names = ("text", "headline", "whole")
    areas = (f"{name} {area(found[:, column], goals[:, column]):.3f}" for column, name in enumerate(names))
    return f"fold {fold}, {len(rows)} offers: area under the curve " + ", ".join(areas)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("folder", "offers", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--edits", type=Path, nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    random.seed(3)
    torch.manual_seed(3)
    rows = [row for row in map(json.loads, options.offers.open(encoding="utf-8")) if row["show"] not in KEPT_APART]
    marked, unread = [row for row in rows if "mark" in row], [row for row in rows if "mark" not in row]
    items = material(options.folder, marked, unread, options.edits)
    print(f"{len(items)} items, {len(marked)} marked offers", flush=True)
    with options.out.with_suffix(".reads.jsonl").open("w", encoding="utf-8") as lines:
        for fold in (0, 1):
            judge = teach([one for one in items if fold_of(one.show) != fold], epochs=options.epochs)
            mine = [row for row in marked if fold_of(row["show"]) == fold]
            found = scores(judge, [Item(row["headline"], row["text"], 0, 0, 0, 0, "") for row in mine])
            print(report(fold, found, mine), flush=True)
            for row, reads in zip(mine, found.tolist(), strict=True):
                lines.write(json.dumps({**row, "reads": reads, "label": row["mark"] == "P"}) + "\n")
    torch.save({"judge": teach(items, epochs=options.epochs).state_dict()}, options.out)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main()
