"""Honest days and thefts, with simulated clocks: who is noticed after how many queries, and what a stolen copy is worth.

    pip install -e '.[abuse]'
    OMP_NUM_THREADS=1 python -m benchmarks.abuse.simulate [--worlds digits,wine] [--callers 1000]

Each theft begins after an honest day, in a copy of the process, so that thefts do not teach the firewall about each other.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
import traceback
from array import array
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.abuse.attackers import THIEVES
from benchmarks.abuse.population import DAY, day
from benchmarks.abuse.victims import WORLDS, World
from waf.abuse.assessment import Assessment
from waf.abuse.challenge import work_of
from waf.abuse.observer import MOST_WAITING, Observer
from waf.abuse.rounding import rounded
from waf.misuse import Abuse
from waf.model import Field, Parsed, Tensor

MOST: Final = 800
KEYS: Final = 50
SECONDS: Final = 600
"""How long a theft goes on, at a query a second while nothing holds it up."""
DRIP: Final = 600.0
"""Seconds between two queries of a theft that tries not to be seen."""
TAGGED: Final = 0.5
ASKING: Final = 0.001
"""CPU seconds that a query costs a thief without a proof: a request over a connection that is open, and its JSON."""
UNSEEN: Final = MOST + 1


def parsed(world: World, x: Any) -> Parsed:
    if world.is_text:
        return Parsed({"llm.prompt": [Field("llm.prompt", "$.text", x, "json:$.text")]})
    return Parsed({}, protocol="kserve", tensors=[Tensor("instances", array("d", x), (1, len(x)))])


def forked(work: Callable[[], Any]) -> Any:
    """What `work` returns, numbers and tables of them, done in a copy of this process."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with os.fdopen(writer, "w") as out:
                json.dump(work(), out, default=float)  # NumPy's numbers
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as found:
        data = found.read()
    os.waitpid(child, 0)
    return json.loads(data)


def ask(observer: Observer, who: str, request: Parsed, now: float) -> Assessment:
    """As a busy firewall does: requests are looked at together, and what is known of a caller is a few of them old."""
    found = observer.look(observer.hash(who), "predict", request, now)
    if observer.waiting >= MOST_WAITING:
        observer.settle()
    return found


def honest_day(world: World, observer: Observer, callers: int, seed: int) -> dict[str, Any]:
    """Lets a day pass."""
    alarms: dict[str, tuple[str, ...]] = {}
    queries, spent = 0, 0
    seen = set()
    for now, who, x in day(world, np.random.default_rng(seed), callers):
        seen.add(who)
        request = parsed(world, x)
        began = time.thread_time_ns()
        found = ask(observer, who, request, now)
        spent += time.thread_time_ns() - began
        queries += 1
        if found.risk >= TAGGED:
            alarms.setdefault(who, found.signals)
    names = {observer.hash(who): who for who in seen}
    for profile in observer.pool:  # somebody's last request, too
        if profile.risk >= TAGGED:
            alarms.setdefault(names.get(profile.key[0], "?"), profile.odd)
    return {
        "callers": len(seen),
        "queries": queries,
        "false_alarms": len(alarms),
        "who": {who: list(signals) for who, signals in list(alarms.items())[:10]},
        "us_per_request": round(spent / queries / 1000, 1),
    }


def noticed(world: World, observer: Observer, name: str, seed: int, keys: int, gap: float) -> int:
    """Queries until the first alarm."""
    thief, rng = THIEVES[name](world, np.random.default_rng(1000 + seed)), np.random.default_rng(seed)
    x, now = next(thief), DAY
    for query in range(1, UNSEEN):
        now += float(rng.exponential(gap))
        if ask(observer, f"thief-{seed}-{query % keys}", parsed(world, x), now).risk >= TAGGED:
            return query
        x = thief.send(world.model.predict_proba([x])[0])
    return UNSEEN


def theft(world: World, observer: Observer | None, name: str, seed: int, rate: float) -> dict[str, float]:
    """A theft that lasts `SECONDS`. With an observer, probabilities are rounded and proofs asked for from the tag on. Returns
    the agreement of the copy with the model on honest inputs, the queries that were answered and the CPU seconds they took."""
    settings = Abuse()
    thief, rng = THIEVES[name](world, np.random.default_rng(1000 + seed)), np.random.default_rng(seed)
    x, now, end = next(thief), DAY, DAY + SECONDS
    xs, ys, cpu, risk = [], [], 0.0, 0.0
    while True:
        now += 1.0
        cpu += ASKING
        if observer is not None:
            found = ask(observer, f"thief-{seed}", parsed(world, x), now)
            risk = max(risk, found.risk)
            if risk >= TAGGED:
                solving = rng.exponential(work_of(risk, TAGGED, settings.proof.work, settings.proof.hardest)) / rate
                now, cpu = now + solving, cpu + solving
        if now > end:
            break
        y = world.model.predict_proba([x])[0]
        if risk >= TAGGED:
            y = np.array(json.loads(rounded(json.dumps(y.tolist()).encode(), 1) or b""))
        xs.append(x)
        ys.append(y)
        x = thief.send(y)
    return {"agreement": agreement(world, xs, ys, seed), "queries": len(xs), "cpu": cpu / max(len(xs), 1)}


def agreement(world: World, xs: list[Any], ys: list[Any], seed: int) -> float:
    """Share of honest inputs on which a copy that learns from these answers says what the model says."""
    rng = np.random.default_rng(seed + 9)
    tests = [world.draw(i % world.classes, rng) for i in range(500)]
    truth = world.model.predict_proba(tests).argmax(1)
    labels = [int(np.argmax(y)) for y in ys]
    if len(set(labels)) < 2:
        return float((truth == (labels[0] if labels else 0)).mean())
    copy: Any = world.surrogate()
    copy.fit(xs, labels)
    return float((copy.predict(tests) == truth).mean())


def hash_rate() -> float:
    """Hashes a second of one core in Python, which is what the client in examples/ does."""
    began, start = time.thread_time(), sha256(b"x" * 70)
    for number in range(200_000):
        tried = start.copy()
        tried.update(b"%d" % number)
        tried.digest()
    return 200_000 / (time.thread_time() - began)


def simulate(name: str, callers: int, thefts: int, seed: int, rate: float) -> dict[str, Any]:
    world = WORLDS[name](seed)
    observer = Observer(Abuse().false_alarms / 1000, 8192, 1_000_000, DAY, bytes(32))
    report: dict[str, Any] = {"honest": honest_day(world, observer, callers, seed + 1), "thefts": {}}
    for attack in THIEVES:
        row: dict[str, Any] = {}
        for label, keys, gap in (("one key", 1, 1.0), ("50 keys", KEYS, 0.3), ("drip", 1, DRIP)):
            found = [forked(partial(noticed, world, observer, attack, rep, keys, gap)) for rep in range(thefts)]
            row[label] = statistics.median(found)
        free = [theft(world, None, attack, rep, rate) for rep in range(2)]
        held = [forked(partial(theft, world, observer, attack, rep, rate)) for rep in range(2)]
        for label, done in (("free", free), ("held", held)):
            row[label] = {key: round(statistics.mean(one[key] for one in done), 4) for key in done[0]}
        report["thefts"][attack] = row
    return report


def show(name: str, report: dict[str, Any]) -> None:
    honest = report["honest"]
    per = honest["false_alarms"] / honest["callers"] * 10_000
    print(
        f"\n{name}: {honest['callers']} honest callers, {honest['queries']} queries, {honest['us_per_request']} us each;"
    )
    print(f"  {honest['false_alarms']} false alarms, {per:.1f} per 10,000 callers a day {honest['who'] or ''}")
    print(
        f"  {'theft':<10}{'one key':>9}{'50 keys':>9}{'drip':>7}   {'agreement free -> held':<24}{'answers':>13}{'CPU x':>8}"
    )
    for attack, row in report["thefts"].items():
        free, held = row["free"], row["held"]
        seen = [("-" if row[label] == UNSEEN else f"{row[label]:.0f}") for label in ("one key", "50 keys", "drip")]
        told = (
            f"{free['agreement']:.2f} -> {held['agreement']:.2f} ({100 * (held['agreement'] - free['agreement']):+.0f})"
        )
        print(
            f"  {attack:<10}{seen[0]:>9}{seen[1]:>9}{seen[2]:>7}   {told:<24}"
            f"{free['queries']:>6.0f} ->{held['queries']:>4.0f}{held['cpu'] / free['cpu']:>8.0f}"
        )


def plot(reports: dict[str, Any], file: str) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(reports), figsize=(3.6 * len(reports), 3.6), sharey=True, squeeze=False)
    for axis, (name, report) in zip(axes[0], reports.items(), strict=True):
        attacks = list(report["thefts"])
        for i, label in enumerate(("one key", "50 keys", "drip")):
            values = [report["thefts"][attack][label] for attack in attacks]
            axis.barh(np.arange(len(attacks)) + 0.27 * i, values, 0.25, label=label)
        axis.set_yticks(np.arange(len(attacks)) + 0.27, attacks)
        axis.axvline(150, color="grey", lw=0.8)
        axis.axvline(500, color="grey", lw=0.8, ls="--")
        axis.set_title(f"{name}: queries until noticed", fontsize=9)
    axes[0][0].legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(file, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", default=",".join(WORLDS))
    parser.add_argument("--callers", type=int, default=1000)
    parser.add_argument("--thefts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", default="")
    parser.add_argument("--plot", default="")
    asked = parser.parse_args()
    rate = hash_rate()
    print(f"{rate:,.0f} hashes a second")
    reports = {}
    for name in asked.worlds.split(","):
        reports[name] = simulate(name, asked.callers, asked.thefts, asked.seed, rate)
        show(name, reports[name])
    if asked.json:
        Path(asked.json).write_text(json.dumps(reports, indent=1) + "\n")
    if asked.plot:
        plot(reports, asked.plot)


if __name__ == "__main__":
    main()
