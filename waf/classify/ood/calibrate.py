"""Reference rows → a detector: which rows fit, which calibrate, which stay fresh to measure, and what the report says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from waf.classify.measure import auroc
from waf.classify.ood import artefact, card, odd_text, text
from waf.classify.ood.artefact import Kind, Manifest, Reference, Usual
from waf.classify.ood.conformal import Calibration, bounded, needed, rate
from waf.classify.ood.detector import Detector
from waf.classify.ood.fit import fit, run
from waf.classify.ood.schema import Schema, infer
from waf.classify.ood.text import Counts

Array = npt.NDArray[Any]
Folds = npt.NDArray[np.int64]

CROSS_ROWS: Final = 4096
CROSS_VALUES: Final = 4 << 20
"""Rows, and numbers in them, up to which every row both fits and calibrates; with more, each does one of the two."""
FOLDS: Final = 5
MORE_FOLDS: Final = 8
FEW: Final = 200
"""Rows below which there are MORE_FOLDS."""
LEAST: Final = 20
"""Rows to fit on, at least."""
MOST_FITTED: Final = 20_000
"""Texts that are counted, and rows that are looked at for a schema, at most."""
RISING: Final = (text.SURFACE + text.COUNTED, text.SURFACE + 2 * text.COUNTED)
"""Features of a text that say how surprising it is: only more than usual is strange."""
STRANGE: Final = 250
ALPHAS: Final = (0.001, 0.01, 0.05)
"""Rates that a report shows besides the chosen one, where there are rows enough."""


class Rows(NamedTuple):
    """Inputs, with the label of each where it has one, in the order of the file; and the file's SHA-256."""

    values: Sequence[Any]
    labels: Sequence[str]
    sha256: str


class Split(NamedTuple):
    """Indices of the rows."""

    fitted: list[int]
    calibrated: list[int]
    fresh: list[int]


class TooFewRows(ValueError):
    """There are not enough rows for the alpha that was asked."""


def split(keys: Sequence[bytes], alpha: float, seed: int, *, measure: bool = True) -> Split:
    """Half of the rows fit; of the others a third stays fresh as long as enough are left for alpha. Equal rows stay together:
    one that was fitted would look far too ordinary when it calibrates. Raises TooFewRows."""
    total, wanted = len(keys), needed(alpha)
    least = max(LEAST, total // 6)
    if total - least < wanted:
        enough = next(n for n in range(wanted, 2 * wanted + 200) if n - max(LEAST, n // 6) >= wanted)
        message = (
            f"{total:,} rows are too few for alpha {alpha:g}: p-values come in steps of 1/(n + 1), so {wanted:,} rows must "
            f"calibrate and at least {least:,} fit"
        )
        raise TooFewRows(f"{message}; give at least {enough:,} rows, or a larger alpha")
    target = max(least, min(total // 2, total - wanted, MOST_FITTED))
    groups: dict[bytes, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        groups[key].append(index)
    members = list(groups.values())
    fitted: list[int] = []
    rest: list[int] = []
    for number in np.random.default_rng(seed).permutation(len(members)):
        group = members[int(number)]
        (fitted if len(fitted) + len(group) <= target else rest).extend(group)
    spare = min(len(rest) // 3, len(rest) - wanted) if measure else 0
    fresh, calibrated = rest[:spare], rest[spare:]
    if len(groups) < LEAST:
        raise TooFewRows(f"only {len(groups):,} rows differ, and at least {LEAST} different ones have to fit")
    return Split(sorted(fitted), sorted(calibrated), sorted(fresh))


def folds_of(keys: Sequence[bytes], seed: int) -> Folds:
    """The number of each row's fold; equal rows share one. Raises TooFewRows."""
    groups: dict[bytes, int] = {}
    numbers = np.array([groups.setdefault(key, len(groups)) for key in keys])
    if len(groups) < LEAST:
        differ = f"only {len(groups):,} rows differ" if len(groups) > 1 else "all rows are the same"
        raise TooFewRows(f"{differ}, and at least {LEAST} different ones have to fit")
    count = MORE_FOLDS if len(keys) < FEW else FOLDS
    folds: Folds = (np.random.default_rng(seed).permutation(len(groups)) % count)[numbers]
    return folds


class Maker(NamedTuple):
    """Inputs to vectors, and vectors to scores, as they were fitted."""

    kind: Kind
    schema: Schema | None
    counts: Counts | None
    model: bytes
    names: tuple[str, ...]
    weights: tuple[float, ...]

    def scores(self, values: Sequence[Any]) -> Array:
        """Scores [n]; infinite for what has not the form of the reference."""
        out = np.full(len(values), np.inf)
        if self.schema is not None:
            rows, fits = self.schema.vectors(values)
        else:
            rows, fits = _texts(self.counts, values, 0), np.ones(len(values), bool)
        if fits.any():
            out[fits] = run(self.model, np.nan_to_num(rows[fits]))["score"][:, 0]
        return out


def make(values: Sequence[Any], seed: int = 0, folds: Folds | None = None) -> tuple[Maker, Array]:
    """Fits on rows of one make. With `folds` also gives each row's score by what was fitted without its fold [n], infinite
    for rows that would not fit without themselves. Raises ValueError that says what is wrong with the rows."""
    held = np.full(len(values), np.inf)
    if isinstance(values[0], str):
        read = [text.read(value) for value in values]
        counts = text.count(read)
        rows = np.array([text.vector(counts, each, 1) for each in read])
        odd = odd_text.strange(values, STRANGE, np.random.default_rng(seed))
        fitted = fit(rows, seed, folds=folds, rising=RISING, strange_rows=[_texts(counts, kind, 0) for kind in odd])
        return Maker("text", None, counts, fitted.model, fitted.names, fitted.weights), fitted.held
    schema = infer(values)
    rows, fits = schema.vectors(values, own=int(folds is not None))
    if not fits.any():
        raise ValueError("every row lacks a value that all others have")
    fitted = fit(np.nan_to_num(rows[fits]), seed, folds=None if folds is None else folds[fits])
    if folds is not None:
        held[fits] = fitted.held
    return Maker("vector", schema, None, fitted.model, fitted.names, fitted.weights), held


def _texts(counts: Counts | None, values: Sequence[str], own: int) -> Array:
    if counts is None:
        raise ValueError("texts need counts")
    return np.array([text.vector(counts, text.read(value), own) for value in values]).reshape(-1, text.SIZE)


class Learned(NamedTuple):
    """A scoring, the scores that calibrate it, and what it was measured with."""

    maker: Maker
    scores: Array
    """Of the calibration rows in the order of the file; finite."""
    fitted: int
    folds: int
    tried: Maker
    calibration: Calibration
    """Of `tried`, which saw none of the fresh rows; else of `maker`."""
    fresh: Rows


def _all_in_turn(
    rows: Rows, keys: Sequence[bytes], alpha: float, seed: int, half_life: float, *, measure: bool
) -> Learned:
    """Every row fits, and calibrates by the score that it has without its fold. To measure, the same is done before without a
    quarter of the rows, as long as enough are left for alpha."""
    total, wanted = len(keys), needed(alpha)
    if total < max(wanted, LEAST):
        message = f"{total:,} rows are too few for alpha {alpha:g}: "
        message += "p-values come in steps of 1/(n + 1)" if wanted > LEAST else f"at least {LEAST} rows have to fit"
        raise TooFewRows(f"{message}; give at least {max(wanted, LEAST):,} rows, or a larger alpha")
    folds = folds_of(keys, seed)
    fresh, tried = Rows([], [], ""), None
    spare = folds % 4 == 0 if folds.max() >= MORE_FOLDS - 1 else folds == 0
    left = list(map(int, np.flatnonzero(~spare)))
    if measure and len(left) >= max(wanted, 2 * LEAST):
        kept = [keys[i] for i in left]
        tried, scores = make([rows.values[i] for i in left], seed, folds_of(kept, seed + 1))
        calibration = Calibration(list(map(float, bounded(scores))), half_life)
        fresh = _some(rows, list(map(int, np.flatnonzero(spare))))
    maker, scores = make(rows.values, seed, folds)
    scores = bounded(scores)
    if tried is None or calibration.least > alpha:
        tried, fresh, calibration = maker, Rows([], [], ""), Calibration(list(map(float, scores)), half_life)
    return Learned(maker, scores, total, int(folds.max()) + 1, tried, calibration, fresh)


def _some_each(
    rows: Rows, keys: Sequence[bytes], alpha: float, seed: int, half_life: float, *, measure: bool
) -> Learned:
    """Some rows fit and the others calibrate. Rows whose form the fitted ones never had are as strange as can be, and take
    their share of alpha."""
    parts = split(keys, alpha, seed, measure=measure)
    maker, _ = make([rows.values[i] for i in parts.fitted], seed)
    scores = bounded(maker.scores([rows.values[i] for i in parts.calibrated]))
    calibration = Calibration(list(map(float, scores)), half_life)
    if parts.fresh:  # measured, they are worth more among the calibration rows
        scores = bounded(maker.scores([rows.values[i] for i in sorted([*parts.calibrated, *parts.fresh])]))
    return Learned(maker, scores, len(parts.fitted), 0, maker, calibration, _some(rows, parts.fresh))


def _some(rows: Rows, places: Sequence[int]) -> Rows:
    return Rows([rows.values[i] for i in places], [rows.labels[i] for i in places] if rows.labels else [], "")


def _width(values: Sequence[Any]) -> int:
    first = values[0]
    return text.SIZE if isinstance(first, str) else infer([first]).width


def calibrate(
    rows: Rows,
    folder: Path,
    *,
    alpha: float,
    seed: int = 0,
    half_life: float = 0.0,
    fresh: Rows | None = None,
    outliers: Rows | None = None,
) -> Manifest:
    """Fits, calibrates, measures and writes. Raises TooFewRows, and ValueError for rows that cannot be used."""
    kinds = {type(value) is str for value in rows.values}
    if len(kinds) > 1:
        raise ValueError("some rows are texts and others are not")
    if kinds == {False}:
        infer(rows.values)  # says what is wrong with any of them
    keys = [msgspec.json.encode(value) for value in rows.values]
    cross = len(keys) <= CROSS_ROWS and len(keys) * _width(rows.values) <= CROSS_VALUES
    learn = _all_in_turn if cross else _some_each
    found = learn(rows, keys, alpha, seed, half_life, measure=fresh is None)
    if found.calibration.least > alpha:
        raise TooFewRows(
            f"with a half-life of {half_life:g} rows the weights add up to {1 / found.calibration.least - 1:.0f} rows, and alpha "
            f"{alpha:g} needs {needed(alpha):,}; raise the half-life or alpha"
        )
    tested = fresh or found.fresh
    report = measured(found.tried, found.calibration, tested, alpha)
    if outliers is not None:
        report["outliers"] = _outliers(found.tried, found.calibration, tested, outliers, alpha)
    maker, scores = found.maker, found.scores
    usual = None
    if maker.counts is not None:
        c = maker.counts
        usual = Usual(c.texts, *(tuple(map(float, part)) for part in (c.middle, c.within, c.between)))
    manifest = Manifest(
        format=artefact.FORMAT,
        kind=maker.kind,
        alpha=alpha,
        reference=Reference(rows.sha256, len(rows.values), found.fitted, len(scores), found.folds),
        files={},
        distances=maker.names,
        weights=maker.weights,
        scores=tuple(map(float, scores))[-artefact.MAX_SCORES :],
        half_life=half_life,
        schema=maker.schema,
        usual=usual,
        report=report,
    )
    return artefact.save(folder, manifest, maker.model, maker.counts, card.write(manifest))


def renew(folder: Path, rows: Rows, *, alpha: float, half_life: float = 0.0) -> Manifest:
    """The same scoring with the calibration of newer rows, oldest first; nothing is fitted. The folder's alpha for 0. Raises
    TooFewRows and ModelError."""
    made = artefact.load(folder)
    alpha = alpha or made.manifest.alpha
    scores, _ = Detector(folder).score(rows.values)
    scores = bounded(scores)[-artefact.MAX_SCORES :]
    calibration = Calibration(list(map(float, scores)), half_life)
    if calibration.least > alpha:
        raise TooFewRows(
            f"{len(rows.values):,} rows weigh as {1 / calibration.least - 1:.0f}, and alpha {alpha:g} needs {needed(alpha):,}"
        )
    old = made.calibration.p(scores)
    before = rate(int((old <= alpha).sum()), len(old))
    reference = msgspec.structs.replace(made.manifest.reference, calibrated=len(scores), newest=rows.sha256)
    report = {**made.manifest.report, "renewed": {"rows": len(scores), "rate_before": _rate(before)}}
    manifest = msgspec.structs.replace(
        made.manifest,
        alpha=alpha,
        scores=tuple(map(float, scores)),
        half_life=half_life,
        reference=reference,
        report=report,
    )
    model = (folder / artefact.MODEL).read_bytes()
    return artefact.save(folder, manifest, model, made.counts, card.write(manifest))


def measured(maker: Maker, calibration: Calibration, rows: Rows, alpha: float) -> dict[str, Any]:
    """False-alarm rates on rows that took no part, with 95% intervals, and by label where there are any."""
    if not rows.values:
        return {"fresh": 0}
    p = calibration.p(maker.scores(rows.values))
    report: dict[str, Any] = {"fresh": len(p), "rates": {}}
    for each in sorted({alpha, *(a for a in ALPHAS if a >= calibration.least)}):
        report["rates"][f"{each:g}"] = _rate(rate(int((p <= each).sum()), len(p)))
    labels = np.array(rows.labels)
    if len(labels) == len(p) and len(names := sorted(set(rows.labels))) > 1:
        report["by_label"] = {
            name: _rate(rate(int((p[labels == name] <= alpha).sum()), int((labels == name).sum())))
            for name in names[:50]
        }
    return report


def _outliers(maker: Maker, calibration: Calibration, usual: Rows, odd: Rows, alpha: float) -> dict[str, Any]:
    scores = maker.scores(odd.values)
    found = {"rows": len(scores), "flagged": _rate(rate(int((calibration.p(scores) <= alpha).sum()), len(scores)))}
    ordinary = maker.scores(usual.values) if usual.values else calibration.scores
    return {**found, "auroc": round(auroc(scores, ordinary), 4)}


def _rate(found: Any) -> dict[str, Any]:
    return {
        "hits": found.hits,
        "of": found.total,
        "rate": round(found.value, 5),
        "low": round(found.low, 5),
        "high": round(found.high, 5),
    }
