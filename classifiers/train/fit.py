"""Trains a network on examples, epoch by epoch, with checkpoints that survive an interruption."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from rich.progress import Progress
from torch import Tensor
from torch.nn import functional

from classifiers.train.examples import Example, Maker
from classifiers.train.network import Network
from waf.classify.stage import padded

BATCH: Final = 96
_NOTHING: Final = -40.0
SMOOTHING: Final = 0.01

Optimisers = list[torch.optim.Optimizer]


def fit(model: Network, maker: Maker, checkpoint: Path | None, say: Callable[[str], None]) -> Network:
    """Trains `model` in place. With `checkpoint`, goes on from the file's epoch if it belongs to the same training."""
    plan = maker.plan
    torch.manual_seed(plan.seed)
    rest = [p for name, p in model.named_parameters() if not name.startswith("table")]
    optimisers: Optimisers = [
        torch.optim.AdamW(rest, plan.rate, weight_decay=0.02),
        torch.optim.SparseAdam(list(model.table.parameters()), plan.rate),
    ]
    key = _key(model, maker)
    start = _resume(checkpoint, model, optimisers, key)
    with Progress() as bar:
        for epoch in range(start, plan.epochs):
            rng = random.Random(f"{plan.seed}:order:{epoch}")
            order = sorted(maker.epoch(epoch), key=lambda e: (len(e.windows), max(map(len, e.windows)), rng.random()))
            steps = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
            rng.shuffle(steps)
            task = bar.add_task(f"epoch {epoch + 1}/{plan.epochs}", total=len(steps))
            model.train()
            total = 0.0
            for number, step in enumerate(steps):
                done = (epoch + number / len(steps)) / plan.epochs
                for optimiser in optimisers:
                    optimiser.param_groups[0]["lr"] = plan.rate * min(1.0, done / 0.03 + 0.05) * (1 - done)
                loss = loss_of(model, step)
                loss.backward()  # type: ignore[no-untyped-call]
                torch.nn.utils.clip_grad_norm_(rest, 1.0)
                for optimiser in optimisers:
                    optimiser.step()
                    optimiser.zero_grad()
                total += float(loss.detach())
                bar.advance(task)
            say(f"epoch {epoch + 1}/{plan.epochs}: {len(order)} examples, loss {total / len(steps):.4f}")
            if checkpoint is not None:
                _save(checkpoint, model, optimisers, key, epoch + 1)
    return model.eval()


def loss_of(model: Network, step: Sequence[Example]) -> Tensor:
    """Of each example its strongest window has to be right; for an attack, which of the two it is counts a tenth."""
    flat = [(window, example.surface, number) for number, example in enumerate(step) for window in example.windows]
    ids = torch.from_numpy(padded([window for window, _, _ in flat], model.shape.kinds).astype(np.int64))
    found = model(ids, torch.tensor([surface for _, surface, _ in flat]))
    owner = torch.tensor([number for _, _, number in flat])[:, None].expand(-1, 2)
    strongest = torch.full((len(step), 2), _NOTHING).scatter_reduce(0, owner, found, "amax")
    target = torch.tensor([example.target for example in step])
    weight = torch.tensor([example.weight for example in step])[:, None]
    other = (target.sum(1, keepdim=True) > 0) & (target == 0)
    weight = weight * torch.where(other, 0.1, 1.0)
    aim = target * (1 - 2 * SMOOTHING) + SMOOTHING
    return (functional.binary_cross_entropy_with_logits(strongest, aim, reduction="none") * weight).sum() / weight.sum()


def _key(model: Network, maker: Maker) -> str:
    """What a checkpoint belongs to: the same shape, plan and rows."""
    rows = hashlib.sha256("\n".join([row.text[:80] for row in maker.rows]).encode("utf-8", "replace")).hexdigest()
    return f"{model.shape} {maker.plan} {rows}"


def _save(path: Path, model: Network, optimisers: Optimisers, key: str, epoch: int) -> None:
    fresh = path.with_suffix(".new")
    states = [optimiser.state_dict() for optimiser in optimisers]
    torch.save({"key": key, "epoch": epoch, "model": model.state_dict(), "optimisers": states}, fresh)
    fresh.replace(path)


def _resume(path: Path | None, model: Network, optimisers: Optimisers, key: str) -> int:
    if path is None or not path.exists():
        return 0
    state: dict[str, Any] = torch.load(path, weights_only=True)
    if state["key"] != key:
        return 0
    model.load_state_dict(state["model"])
    for optimiser, saved in zip(optimisers, state["optimisers"], strict=True):
        optimiser.load_state_dict(saved)
    epoch: int = state["epoch"]
    return epoch
