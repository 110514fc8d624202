"""`waf fit-scoring`: weights of learned scoring from recorded traffic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec
import numpy as np

from waf import fitting, learned
from waf.classify.measure import share
from waf.cli.options import offline_engine, policy_options
from waf.cli.output import complain
from waf.cli.requests import RequestError, decode_json, request_from_json
from waf.cli.scan import inspect, lines
from waf.errors import InputError, Problem
from waf.files import put

if TYPE_CHECKING:
    from waf.engine import Engine
    from waf.learned import Feature
    from waf.model import Request

FILE: Final = "scoring.json"
FEWEST: Final = 50
"""Requests of a kind that a fit needs."""
_EXISTING: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("fit-scoring", short_help="Fit learned scoring to recorded traffic.")
@click.option(
    "--benign", required=True, type=_EXISTING, help="Harmless requests, a line each, as `waf scan` reads them."
)
@click.option("--attacks", type=_EXISTING, help="Attacks of the same form. Without them only the threshold is fitted.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for scoring.json.")
@click.option(
    "--rate",
    type=click.FloatRange(0, 0.2),
    default=0.001,
    show_default=True,
    help="Share of harmless requests that may be blocked.",
)
@policy_options
def fit_scoring(benign: Path, attacks: Path | None, out: Path, rate: float, config: str | None, **options: Any) -> int:
    """Weighs rules of ours, of the CRS where it is configured, and the web-attack head, so that they tell the recorded attacks
    from the recorded harmless requests. Put the file into `scoring_model` and set `scoring: learned`.
    """
    engine = offline_engine(config, {**options, "scoring": "learned"})
    good = features(engine, benign)
    bad = features(engine, attacks) if attacks is not None else []
    _enough(benign, good)
    if attacks is not None:
        _enough(attacks, bad)
    if len(good) * rate < 1:
        least = round(1 / rate) if rate else 0
        complain(
            [
                Problem(
                    str(benign),
                    0,
                    0,
                    f"{len(good)} requests say little about a rate of {rate:g}",
                    f"{least} or more do",
                    warning=True,
                )
            ]
        )
    weights = fitted(good, bad, rate) if bad else moved(engine, good, rate)
    out.mkdir(parents=True, exist_ok=True)
    put(out / FILE, msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")
    click.echo(report(weights, good, bad))
    click.echo(f"{out / FILE}: {len(weights.rules)} weights; put it into `scoring_model` and set `scoring: learned`")
    return 0


def features(engine: Engine, path: Path) -> list[dict[str, Feature]]:
    """What learned scoring weighs of each request of a file. Raises InputError naming file and line."""
    return [engine.opinion.features(inspect(engine, request)) for request in _requests(path)]


def _requests(path: Path) -> Iterator[Request]:
    with path.open("rb") as file:
        for number, line in lines(file):
            try:
                if line is None:
                    raise RequestError("the line is too long")
                yield request_from_json(decode_json(line))
            except RequestError as error:
                hint = 'a record as `waf scan` reads it: {"method": …, "path": …}'
                raise InputError([Problem(str(path), number, 1, str(error), hint)]) from error


def _enough(path: Path, requests: list[dict[str, Feature]]) -> None:
    if len(requests) < FEWEST:
        raise InputError([Problem(str(path), 0, 0, f"holds {len(requests)} requests", f"a fit needs {FEWEST} or more")])


def fitted(good: list[dict[str, Feature]], bad: list[dict[str, Feature]], rate: float) -> learned.Weights:
    """Weights from both kinds; the threshold from fits that did not see the request."""
    data = fitting.matrix([*good, *bad])
    attack = np.arange(data.rows) >= len(good)
    scores = fitting.out_of_fold(data, attack)
    threshold = fitting.cut(scores[~attack], rate)
    trained = {
        "benign": len(good),
        "attacks": len(bad),
        "rate": rate,
        "held_out": {
            "blocked": int((scores[~attack] >= threshold).sum()),
            "caught": int((scores[attack] >= threshold).sum()),
        },
    }
    return fitting.weights_of(data, fitting.fit(data, attack, np.ones(data.rows, bool)), threshold, trained)


def moved(engine: Engine, good: list[dict[str, Feature]], rate: float) -> learned.Weights:
    """The weights that run already, with the threshold that this traffic wants."""
    made = engine.opinion.learned
    if made is None:
        raise ValueError("this engine has no weights")
    scores = np.array([made.total(found) for found in good])
    threshold = fitting.cut(1 / (1 + np.exp(-scores)), rate)
    trained = {**made.weights.trained, "threshold_from": {"benign": len(good), "rate": rate}}
    return msgspec.structs.replace(made.weights, threshold=threshold, trained=trained)


def report(weights: learned.Weights, good: list[dict[str, Feature]], bad: list[dict[str, Feature]]) -> str:
    """What the fit says about itself."""
    made = learned.Learned(weights)
    said = []
    for name, requests in (("harmless requests blocked", good), ("attacks caught", bad)):
        if requests:
            found = share(sum(learned.logistic(made.total(r)) >= weights.threshold for r in requests), len(requests))
            interval = f"95% interval {100 * found.low:.2f} to {100 * found.high:.2f}"
            said.append(f"{name}: {found.hits} of {found.total} ({100 * found.value:.2f}%, {interval})")
    held = weights.trained.get("held_out")
    if held and bad:
        blocked, caught = f"{held['blocked']} of {len(good)}", f"{held['caught']} of {len(bad)}"
        said.append(f"by fits that had not seen them: {blocked} harmless ones blocked, {caught} attacks caught")
    said.append("A critical or blocking rule of ours still blocks by itself, whatever the weights say.")
    return "\n".join(said)
