"""References of many kinds and what is strange to them, for `benchmarks.ood`.

Rows of scikit-learn's sets with one class left out, generated series, counts, surveys, embeddings, pictures and tables; texts
are in `ood_texts.py`. `far` kinds break what a row is, `near` ones are another class, another source, or a row
with something amiss.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Draw = np.random.Generator


class Set(NamedTuple):
    """Reference rows, fresh ones from the same source, and strange ones by kind; kinds that begin with `near` are near."""

    name: str
    reference: list[Any]
    fresh: list[Any]
    odd: dict[str, list[Any]]


def numeric(name: str, reference: Array, fresh: Array, near: dict[str, Array] | None = None) -> Set:
    """With the strange rows that can be made of any numbers."""
    draw = np.random.default_rng(2)
    low, high, spread = reference.min(0), reference.max(0), reference.std(0)
    d = reference.shape[1]
    far = fresh.copy()
    at = np.arange(len(far)), draw.integers(0, d, len(far))
    far[at] = high[at[1]] + 4 * (spread[at[1]] + 1e-9)
    odd = {
        "scaled x10": fresh * 10,
        "features permuted": fresh[:, draw.permutation(d)],
        "gauss, same moments": reference.mean(0) + spread * draw.standard_normal(fresh.shape),
        "uniform, wide": reference.mean(0) + spread * draw.uniform(-4, 4, fresh.shape),
        "inverted": low + high - fresh,
        "one constant": np.repeat(draw.uniform(low.min(), high.max(), (len(fresh), 1)), d, 1),
        "saturated": np.where(draw.random(fresh.shape) < 0.5, low, high),
        "alternating": np.clip(fresh + spread * np.where(np.arange(d) % 2, 1, -1), low, high),
        "one feature far out": far,
        "near: noise of one deviation": fresh + spread * draw.standard_normal(fresh.shape),
        **{f"near: {kind}": rows for kind, rows in (near or {}).items()},
    }
    return Set(name, reference.tolist(), fresh.tolist(), {kind: rows.tolist() for kind, rows in odd.items()})


def cut(rows: Array, share: float = 0.7, seed: int = 1) -> tuple[Array, Array]:
    rows = rows[np.random.default_rng(seed).permutation(len(rows))]
    at = int(len(rows) * share)
    return rows[:at], rows[at:]


# ---------------------------------------------------------------------- of scikit-learn


def from_sklearn() -> list[Set]:
    """Nothing where it is not installed."""
    try:
        from sklearn import datasets
    except ImportError:
        return []
    whole = ("wine", "breast_cancer", "digits", "diabetes")
    made = [numeric(name, *cut(getattr(datasets, f"load_{name}")().data)) for name in whole]
    for name, gone in (("iris", 1), ("wine", 1), ("breast_cancer", 0), ("digits", 8), ("digits", 1)):
        found = getattr(datasets, f"load_{name}")()
        kept = found.target != gone
        reference, fresh = cut(found.data[kept])
        made.append(numeric(f"{name} without class {gone}", reference, fresh, {"the class": found.data[~kept]}))
    return [*made, *photographs()]


def photographs() -> list[Set]:
    """Patches of one photograph, 3 x 32 x 32, against those of another; nothing where pictures cannot be read."""
    from sklearn import datasets

    try:
        pictures = [datasets.load_sample_image(name) / 255.0 for name in ("china.jpg", "flower.jpg")]
    except (ImportError, OSError):
        return []
    draw = np.random.default_rng(3)

    def patches(picture: Array, count: int) -> Array:
        places = zip(
            draw.integers(0, picture.shape[0] - 32, count), draw.integers(0, picture.shape[1] - 32, count), strict=True
        )
        return np.array([picture[y : y + 32, x : x + 32].transpose(2, 0, 1).reshape(-1) for y, x in places])

    made = []
    for number, picture in enumerate(pictures):
        rows = patches(picture, 3000)
        near = {"other photograph": patches(pictures[1 - number], 300)}
        made.append(numeric(f"patches of photograph {number}", rows[:2400], rows[2400:], near))
    return made


# ---------------------------------------------------------------------- generated rows


def generated() -> list[Set]:
    makers = (clusters, roll, sensors, beats, counts, survey, embeddings, shapes, payments, flows)
    return [make(np.random.default_rng(seed)) for seed, make in enumerate(makers, 5)]


def clusters(draw: Draw) -> Set:
    """Six clusters of their own form in twelve dimensions; near: half way between two."""
    middles = 6 * draw.standard_normal((6, 12))
    forms = draw.standard_normal((6, 12, 12)) / 2
    of = draw.integers(0, 6, 1800)
    rows = middles[of] + np.einsum("nij,nj->ni", forms[of], draw.standard_normal((1800, 12)))
    other = rows[draw.permutation(1800)][:400]
    apart = np.linalg.norm(rows[:400] - other, axis=1) > 15
    return numeric("clusters", rows[400:1400], rows[1400:], {"between": ((rows[:400] + other) / 2)[apart]})


def roll(draw: Draw) -> Set:
    """A rolled-up sheet in eight dimensions; near: beside the sheet, within its hull."""

    def sheet(count: int, off: float) -> Array:
        angle = draw.uniform(4, 13, count)
        away = angle + off
        flat = np.stack([away * np.cos(angle), draw.uniform(0, 15, count), away * np.sin(angle)], 1)
        return flat @ turn + 0.3 * draw.standard_normal((count, 8))

    turn = draw.standard_normal((3, 8)) / 2
    return numeric("rolled sheet", sheet(1500, 0), sheet(400, 0), {"beside it": sheet(300, 3.1)})


def sensors(draw: Draw) -> Set:
    """Three axes of 32 samples of steps; near: other paces, axes exchanged or stuck, a spike, a gap, hum."""

    def windows(count: int, low: float = 1.5, high: float = 2.5) -> Array:
        t = np.arange(32) / 16
        pace, start = draw.uniform(low, high, (count, 1)), draw.uniform(0, 6.3, (count, 1))
        size = np.exp(draw.normal(0, 0.2, (count, 1)))
        angle = 2 * np.pi * pace * t + start
        up = size * (np.sin(angle) + 0.4 * np.sin(2 * angle + 0.5)) + 9.8
        axes = [0.5 * size * np.sin(angle / 2), 0.3 * size * np.cos(angle) + 0.5, up]
        rows = np.stack(axes, 1) + 0.1 * draw.standard_normal((count, 3, 32))
        return np.asarray(rows.reshape(count, 96))

    fresh = windows(500)
    cube = fresh.reshape(-1, 3, 32)
    stuck, spiked, gap = cube.copy(), cube.copy(), cube.copy()
    stuck[:, 2] = stuck[:, 2, :1]
    spiked[:, 2, 13] += 4
    gap[:, :, 10:18] = 0
    near = {
        "other pace": windows(300, 4, 6),
        "axes exchanged": cube[:, [1, 0, 2]],
        "one axis stuck": stuck,
        "a spike": spiked,
        "a gap": gap,
        "hum": cube + 0.5 * np.sin(np.arange(32) * 2.6),
    }
    return numeric("steps, 3 x 32", windows(1500), fresh, {k: v.reshape(len(v), -1) for k, v in near.items()})


def beats(draw: Draw) -> Set:
    """A heart's trace in 128 samples; near: backwards, a beat missing, clipped, drowsy, wide."""

    def traces(count: int, rate: float = 1.0, width: float = 1.0, keep: float = 1.0) -> Array:
        t = np.arange(128)[None, :]
        rows = 0.05 * draw.standard_normal((count, 128)) + 0.1 * np.sin(t / 40 + draw.uniform(0, 6, (count, 1)))
        start, gap = draw.uniform(-40, 0, (count, 1)), draw.normal(38, 2, (count, 1)) / rate
        for beat in range(8):
            here = start + beat * gap
            there = draw.random((count, 1)) <= keep
            for at, size, wide in ((-8, 0.15, 3), (0, 1.0, 1.2), (2.5, -0.25, 1.2), (13, 0.3, 5)):
                rows = rows + there * size * np.exp(-(((t - here - at) / (wide * width)) ** 2) / 2)
        return np.asarray(rows)

    fresh = traces(400)
    near = {
        "backwards": fresh[:, ::-1],
        "beats missing": traces(300, keep=0.4),
        "clipped": np.minimum(fresh, 0.4),
        "fast": traces(300, rate=1.8),
        "wide": traces(300, width=2.0),
    }
    return numeric("heart beats, 128", traces(1200), fresh, near)


def counts(draw: Draw) -> Set:
    """Counts of 120 words of four topics, most of them zero; near: a fifth topic, twice the counts, one word often."""
    topics = draw.dirichlet(np.full(120, 0.08), 5)

    def documents(count: int, of: list[int], times: float = 1.0) -> Array:
        share = draw.dirichlet(np.full(len(of), 0.4), count) @ topics[of]
        return draw.poisson(share * draw.gamma(6, 8, (count, 1)) * times).astype(float)

    fresh = documents(400, [0, 1, 2, 3])
    often = fresh.copy()
    often[np.arange(400), draw.integers(0, 120, 400)] += 25
    near = {"another topic": documents(300, [4]), "long": documents(300, [0, 1, 2, 3], 4), "one word often": often}
    return numeric("counts of words", documents(1500, [0, 1, 2, 3]), fresh, near)


def survey(draw: Draw) -> Set:
    """Twenty answers from 1 to 5 with three factors behind; near: random answers, always the same, only extremes."""
    load = draw.standard_normal((3, 20)) * (draw.random((3, 20)) < 0.5)

    def answers(count: int) -> Array:
        inner = draw.standard_normal((count, 3)) @ load + 0.6 * draw.standard_normal((count, 20))
        return np.clip(np.round(3 + inner), 1, 5)

    fresh = answers(400)
    near = {
        "random": draw.integers(1, 6, (300, 20)).astype(float),
        "always the same": np.repeat(draw.integers(1, 6, (300, 1)), 20, 1).astype(float),
        "extremes": np.where(fresh >= 3, 5.0, 1.0),
    }
    return numeric("survey", answers(1000), fresh, near)


def embeddings(draw: Draw) -> Set:
    """Unit vectors of 128 numbers around ten topics; near: an eleventh topic, two topics mixed."""
    mixing = draw.standard_normal((12, 128))
    base = 3 * draw.standard_normal((11, 12))

    def vectors(count: int, of: Array) -> Array:
        rows = (base[draw.choice(of, count)] + draw.standard_normal((count, 12))) @ mixing
        rows = rows + draw.standard_normal((count, 128))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))

    fresh = vectors(400, np.arange(10))
    noise = draw.standard_normal((300, 128))
    near = {
        "an eleventh topic": vectors(300, np.array([10])),
        "any direction": noise / np.linalg.norm(noise, axis=1, keepdims=True),
    }
    return numeric("embeddings, 128", vectors(2000, np.arange(10)), fresh, near)


def shapes(draw: Draw) -> Set:
    """Discs and squares in 16 x 16 pixels; near: crosses, rings, blurred."""

    def pictures(count: int, kinds: str) -> Array:
        y, x = np.mgrid[0:16, 0:16]
        rows = []
        for _ in range(count):
            cy, cx, r = draw.uniform(5, 10), draw.uniform(5, 10), draw.uniform(3, 5)
            far, edge = np.hypot(y - cy, x - cx), np.maximum(abs(y - cy), abs(x - cx))
            arm = np.minimum(abs(y - cy), abs(x - cx))
            made = {
                "disc": far < r,
                "square": edge < r,
                "ring": abs(far - r) < 0.9,
                "cross": (edge < r + 1) & (arm < 1),
            }[str(draw.choice(kinds.split()))]
            rows.append((0.2 + 0.6 * made + 0.05 * draw.standard_normal((16, 16))).reshape(-1))
        return np.array(rows)

    fresh = pictures(400, "disc square")
    blurred = fresh.reshape(-1, 16, 16)
    for _ in range(3):
        blurred = (blurred + np.roll(blurred, 1, 1) + np.roll(blurred, 1, 2) + np.roll(blurred, -1, 1)) / 4
    near = {"crosses": pictures(300, "cross"), "rings": pictures(300, "ring"), "blurred": blurred.reshape(-1, 256)}
    return numeric("shapes, 16 x 16", pictures(1500, "disc square"), fresh, near)


def payments(draw: Draw) -> Set:
    """Payments with categories, missing values and a heavy tail; the strange ones break a relation or a category."""

    def some(count: int) -> list[dict[str, Any]]:
        rows = []
        for _ in range(count):
            shop = str(draw.choice(["grocer", "fuel", "travel", "online"], p=[0.5, 0.25, 0.05, 0.2]))
            amount = float(np.exp(draw.normal({"grocer": 3, "fuel": 3.8, "travel": 6, "online": 3.5}[shop], 0.5)))
            hour = int(draw.normal(14 if shop != "online" else 20, 3)) % 24
            age = int(draw.integers(18, 90)) if draw.random() > 0.1 else None
            country = str(draw.choice(["DE", "FR", "IT"], p=[0.8, 0.15, 0.05]))
            balance = round(amount * float(np.exp(draw.normal(2, 0.3))), 2)
            rows.append({"amount": round(amount, 2), "shop": shop, "country": country, "hour": hour, "age": age})
            rows[-1]["balance"] = balance
        return rows

    usual, fresh = some(3000), some(1500)
    odd = {
        "amount x100": [{**one, "amount": one["amount"] * 100} for one in fresh[:300]],
        "unknown country": [{**one, "country": "XX"} for one in fresh[:300]],
        "negative": [{**one, "amount": -one["amount"]} for one in fresh[:300]],
        "missing amount": [{**one, "amount": None} for one in fresh[:300]],
        "text for a number": [{**one, "hour": "14; drop"} for one in fresh[:300]],
        "near: balance of another": [
            {**one, "balance": two["balance"]} for one, two in zip(fresh[:300], fresh[300:], strict=False)
        ],
    }
    return Set("payments", usual, fresh, odd)


def flows(draw: Draw) -> Set:
    """Connections of a network; near: a scan, much sent out, a port of another service."""
    ports = {"http": 443, "dns": 53, "mail": 25, "ssh": 22}

    def some(count: int) -> list[dict[str, Any]]:
        rows = []
        for _ in range(count):
            service = str(draw.choice(list(ports), p=[0.6, 0.25, 0.1, 0.05]))
            packets = int(1 + draw.gamma({"http": 4, "dns": 1, "mail": 5, "ssh": 10}[service], 6))
            size = float(np.exp(draw.normal({"http": 6.5, "dns": 4.5, "mail": 6, "ssh": 5}[service], 0.3)))
            seconds = round(packets * float(np.exp(draw.normal(-3, 0.6))), 4)
            sent = int(packets * size * 0.2)
            row = {"service": service, "port": ports[service], "packets": packets, "sent": sent}
            rows.append({**row, "received": int(packets * size), "seconds": seconds, "flags": "SF"})
            if draw.random() < 0.1:
                rows[-1]["flags"] = "S1"
        return rows

    usual, fresh = some(2000), some(600)
    odd = {
        "near: scan": [{**one, "packets": 1, "sent": 40, "received": 0, "seconds": 0.0} for one in fresh[:300]],
        "near: much sent": [{**one, "sent": one["received"] * 20} for one in fresh[:300]],
        "near: another port": [{**one, "port": 8081} for one in fresh[:300]],
        "near: port of another": [
            {**one, "port": two["port"]} for one, two in pairwise(fresh) if one["port"] != two["port"]
        ],
        "near: slow": [{**one, "seconds": one["seconds"] * 200} for one in fresh[:300]],
        "unknown flags": [{**one, "flags": "REJ"} for one in fresh[:300]],
    }
    return Set("connections", usual, fresh, odd)
