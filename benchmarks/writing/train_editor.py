"""Teach the editor: python -m benchmarks.writing.train_editor FOLDER OUT [--edits MORE.jsonl ...]

It saves OUT after each epoch and goes on from there.
"""

import argparse
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import django
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks.writing.alignment import Labels, labels
from benchmarks.writing.corpus import KEPT_APART, Pair, read_edits, read_pairs
from benchmarks.writing.network import FROZEN, Network
from feeds.reading.embedding_graph import WIDTH, model_directory, read_safetensors
from feeds.reading.insights.editor.draft import MARKS
from feeds.reading.insights.editor.sequence import SHAPES, Material, TokenRow, material, token_row
from feeds.reading.insights.editor.words import sentence_ranges, split_words

BATCH = 8
# Passages that nobody edited teach which sentences carry the claim, and what is worth printing; a third as many.
SHARE_OF_OTHERS = 1 / 3
SIZES = {"take": 1, "gone": 1, "says": 1, "headline": 1, "mark": len(MARKS)}
FACTORS = {"take": 1.0, "gone": 3.0, "says": 0.7, "headline": 1.0, "mark": 0.7}
Floats = NDArray[np.float32]


@dataclass
class Example:
    """`goals` hold a value a word, -1 where nobody knows."""

    tokens: TokenRow
    weight: float
    goals: dict[str, Floats]
    worth: int
    low: Tensor | None = None


def read_material(pair: Pair) -> Material:
    header = (pair.show, pair.episode, ", ".join(pair.guests), pair.speaker or "")
    return material(header=header, before=pair.before, passage=pair.passage, after=pair.after, speaker=pair.speaker)


def example(pair: Pair, found: Labels | None, *, weight: float) -> Example:
    read = read_material(pair)
    goals = {name: np.full(len(read.words), -1, dtype=np.float32) for name in SIZES}
    inside = list(read.passage)
    if found:
        goals["take"][inside] = found.take[inside]
        taken = found.take == 1
        goals["gone"][taken] = found.gone[taken]
        stays = taken & (found.gone == 0)
        for name in ("says", "headline", "mark"):
            goals[name][stays] = getattr(found, name)[stays]
    elif pair.text:
        goals["take"][inside] = soft_take(read, pair.text)
    return Example(token_row(read), weight, goals, pair.verdict)


def soft_take(read: Material, text: str) -> Floats:
    """How much of each sentence's long words the editor's own text uses: 0 to 1, a value a word of the passage."""
    wanted = {word.key for word in split_words(text) if len(word.key) > 4}
    words = [read.words[place] for place in read.passage]
    values = np.zeros(len(words), dtype=np.float32)
    for begin, end in sentence_ranges(words):
        long = [word.key for word in words[begin:end] if len(word.key) > 4]
        values[begin:end] = min(1.0, 2 * sum(key in wanted for key in long) / max(4, len(long)))
    return values


def collate(batch: list[Example]) -> dict[str, Tensor]:
    length = max(len(one.tokens.ids) for one in batch)
    width = max(len(one.tokens.first) for one in batch)
    made = {
        "ids": torch.zeros(len(batch), length, dtype=torch.long),
        "kinds": torch.zeros(len(batch), length, dtype=torch.long),
        "first": torch.zeros(len(batch), width, dtype=torch.long),
        "last": torch.zeros(len(batch), width, dtype=torch.long),
        "shapes": torch.zeros(len(batch), width, SHAPES),
        "mask": torch.zeros(len(batch), 1, 1, length, dtype=torch.bool),
        "low": torch.zeros(len(batch), length, WIDTH),
    }
    for row, one in enumerate(batch):
        n, w = len(one.tokens.ids), len(one.tokens.first)
        for name in ("ids", "kinds"):
            made[name][row, :n] = torch.tensor(getattr(one.tokens, name))
        for name in ("first", "last", "shapes"):
            made[name][row, :w] = torch.tensor(getattr(one.tokens, name))
        made["mask"][row, :, :, :n] = True
        if one.low is not None:
            made["low"][row, :n] = one.low
    return made


def logits_of(network: Network, batch: list[Example]) -> dict[str, Tensor]:
    made = collate(batch)
    return network.high(made["low"], made["mask"], made["first"], made["last"], made["shapes"])


def loss_of(network: Network, batch: list[Example]) -> Tensor:
    logits = logits_of(network, batch)
    width = logits["take"].shape[1]
    weights = torch.tensor([one.weight for one in batch])
    total = 0.2 * nn.functional.cross_entropy(logits["worth"], torch.tensor([one.worth for one in batch]))
    for name, factor in FACTORS.items():
        rows = [np.pad(one.goals[name], (0, width - len(one.goals[name])), constant_values=-1) for one in batch]
        goal = torch.tensor(np.stack(rows))
        known = (goal >= 0).float()
        if name == "mark":
            each = nn.functional.cross_entropy(logits[name].transpose(1, 2), goal.clamp(0).long(), reduction="none")
        else:
            each = nn.functional.binary_cross_entropy_with_logits(
                logits[name].squeeze(-1), goal.clamp(0), reduction="none"
            )
        each = (each * known).sum(1) / known.sum(1).clamp(1) * weights
        total = total + factor * each.sum() / (known.sum(1) > 0).sum().clamp(1)
    return total


@torch.no_grad()
def add_lower_states(network: Network, examples: list[Example]) -> None:
    """The frozen layers' states, once for all epochs."""
    network.eval()
    order = sorted(examples, key=lambda one: len(one.tokens.ids))
    for start in range(0, len(order), 16):
        batch = order[start : start + 16]
        made = collate(batch)
        low = network.low(made["ids"], made["kinds"], made["mask"])
        for row, one in enumerate(batch):
            one.low = low[row, : len(one.tokens.ids)].to(torch.bfloat16).clone()


@torch.no_grad()
def measured(network: Network, examples: list[Example]) -> str:
    """Log-loss of each question on edits of shows kept apart, beside that of the mean."""
    network.eval()
    rows: dict[str, list[tuple[Floats, Floats]]] = {name: [] for name in ("take", "gone", "says", "headline")}
    for one in examples:
        logits = logits_of(network, [one])
        for name, found in rows.items():
            known = one.goals[name] >= 0
            found.append((torch.sigmoid(logits[name][0, :, 0]).numpy()[known], one.goals[name][known]))
    parts = []
    for name, found in rows.items():
        chance, goal = (np.concatenate(columns) for columns in zip(*found, strict=True))
        parts.append(f"{name} {log_loss(chance, goal):.3f} ({log_loss(np.full_like(goal, goal.mean()), goal):.3f})")
    return ", ".join(parts)


def log_loss(chance: Floats, goal: Floats) -> float:
    clipped = np.clip(chance, 1e-3, 1 - 1e-3)
    return float(-np.mean(goal * np.log(clipped) + (1 - goal) * np.log(1 - clipped)))


def examples_of(folder: Path, edits: list[Path]) -> tuple[list[Example], list[Example], list[Example]]:
    """Edited passages, others, and edited ones of shows kept apart."""
    pairs = read_pairs(folder / "pairs.jsonl")
    taught: list[Example] = []
    others: list[Example] = []
    apart: list[Example] = []
    edited = {}
    for edit in read_edits(folder / "edits.jsonl", *edits):
        if edit.ok and edit.key in pairs:
            found = labels(read_material(pairs[edit.key]), edit.taken, edit.text, edit.headline)
            edited[edit.key] = (edit.ok, found)
    for key, pair in pairs.items():
        ok, found = edited.get(key, (0, None))
        made = example(pair, found, weight=1.0 if ok == 2 else 0.5)
        if pair.show in KEPT_APART:
            apart += [made] if found else []
        else:
            (taught if found else others).append(made)
    return taught, others, apart


def batches_of(taught: list[Example], others: list[Example]) -> list[list[Example]]:
    chosen = [*taught, *random.sample(others, min(len(others), int(len(taught) * SHARE_OF_OTHERS)))]
    chosen.sort(key=lambda one: len(one.tokens.ids) + 30 * random.random())
    batches = [chosen[at : at + BATCH] for at in range(0, len(chosen) - BATCH + 1, BATCH)]
    random.shuffle(batches)
    return batches


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--edits", type=Path, nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=6)
    options = parser.parse_args()
    torch.set_num_threads(1)
    random.seed(7)
    torch.manual_seed(7)
    taught, others, apart = examples_of(options.folder, options.edits)
    print(f"{len(taught)} edits, {len(others)} other passages, {len(apart)} edits of shows kept apart", flush=True)
    network = Network(SIZES)
    network.load(read_safetensors(model_directory() / "model.safetensors"))
    add_lower_states(network, [*taught, *others, *apart])
    tuned = [p for layer in network.layers[FROZEN:] for p in layer.parameters()]
    heads = [p for part in (network.heads, network.worth) for p in part.parameters()]
    optimiser = torch.optim.AdamW([{"params": tuned, "lr": 1.5e-4}, {"params": heads, "lr": 1e-3}], weight_decay=0.01)
    steps = options.epochs * len(batches_of(taught, others))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / 60) * max(0.03, 1 - step / steps)
    )
    begun = 0
    if options.out.exists():
        saved = torch.load(options.out, weights_only=False)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
        begun = saved["epoch"]
    for epoch in range(begun, options.epochs):
        network.train()
        network.layers[:FROZEN].eval()
        begin, losses = time.time(), []
        for batch in batches_of(taught, others):
            optimiser.zero_grad()
            loss = loss_of(network, batch)
            loss.backward()
            nn.utils.clip_grad_norm_([*tuned, *heads], 2.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        took = time.time() - begin
        print(f"epoch {epoch + 1}: {np.mean(losses):.3f}, {took:.0f} s; {measured(network, apart)}", flush=True)
        state = {
            "network": network.state_dict(),
            "optimiser": optimiser.state_dict(),
            "schedule": schedule.state_dict(),
        }
        torch.save({"epoch": epoch + 1, **state}, options.out)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main()
