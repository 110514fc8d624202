"""One set of models with what belongs to them: which texts of a request they see, and what their scores mean on a route."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from waf.classify.scoring import Outcome, Views, score
from waf.classify.segments import Keys, Segment, Selection, select
from waf.classify.types import SURFACES, Cascade
from waf.classify.views import views as all_views
from waf.model import Field
from waf.scores import Scores, SurfaceScore, Terms


class Scorer:
    """Immutable; a reload makes a new one. `secret`: key of the hashes under which scores are remembered, 16 to 64 bytes.

    `budget`: characters of one request that are scored. `files`: what the models were read from. `report` is told of a model
    that fails at run time.
    """

    def __init__(
        self,
        cascade: Cascade,
        secret: bytes,
        *,
        budget: int = 1 << 20,
        files: Iterable[Path] = (),
        views: Views = all_views,
        report: Callable[[Exception], None] = lambda error: None,
    ) -> None:
        self.cascade = cascade
        self.views = views
        self.files = tuple(files)
        self.report = report
        self.hashes = {"gate": cascade.gate.sha256}
        if cascade.deep is not None:
            self.hashes["deep"] = cascade.deep.sha256
        self._keys = Keys(secret, repr((cascade.version, self.hashes)))
        self._budget = budget
        self._own = tuple(cascade.thresholds[surface] for surface in SURFACES)

    def select(self, fields: Mapping[str, Sequence[Field]], tenant: str, *, deep: bool = False) -> Selection:
        """The texts of a request that are to be scored, with their keys. `deep`: whatever the gate says of them."""
        selection = select(fields, self._budget)
        selection.segments = self.keyed(selection.segments, f"{tenant}\0deep" if deep else tenant, deep=deep)
        return selection

    def keyed(self, segments: Iterable[Segment], tenant: str, *, deep: bool = False) -> list[Segment]:
        """The same with the keys under which they are remembered."""
        key = self._keys.key
        return [Segment(s.text, s.surface, s.origin, key(s.text, s.surface, tenant), deep) for s in segments]

    def score(self, segments: Sequence[Segment]) -> list[Outcome]:
        """Here and now, nothing remembered. Raises ModelError."""
        return score(self.cascade, self.views, segments)

    def sum_up(self, selection: Selection, outcomes: Sequence[Outcome | None], terms: Terms) -> Scores:
        """What the outcomes mean on a route."""
        thresholds = self._thresholds(terms)
        injection: dict[int, SurfaceScore] = {}
        jailbreak: dict[int, SurfaceScore] = {}
        deep = over = degraded = missing = 0
        for segment, outcome in zip(selection.segments, outcomes, strict=True):
            if outcome is None:
                missing += 1
                continue
            deep += outcome.deep
            over += outcome.over_budget
            degraded += outcome.degraded
            surface = segment.surface
            for best, value in ((injection, outcome.injection), (jailbreak, outcome.jailbreak)):
                before = best.get(surface)
                assumed = outcome.assumed and value == outcome.highest
                if before is None or (assumed, value) > (before.assumed, before.value):
                    flagged = assumed or value >= thresholds[surface]
                    best[surface] = SurfaceScore(SURFACES[surface], value, segment.origin, flagged, assumed)
        over += selection.cut != ""
        return Scores(
            injection=max((found.value for found in injection.values()), default=None),
            jailbreak=max((found.value for found in jailbreak.values()), default=None),
            injections=tuple(injection.values()),
            jailbreaks=tuple(jailbreak.values()),
            scored=len(outcomes) - missing,
            deep=deep,
            over_budget=over,
            degraded=degraded,
            missing=missing,
            models=self.hashes,
            refuses=(over > 0 and terms.block_over_budget) or (missing > 0 and terms.block_unscored),
        )

    def threshold(self, segment: Segment, terms: Terms) -> float:
        """From which score on the text counts as an attack on a route."""
        return self._thresholds(terms)[segment.surface]

    def name(self, segment: Segment) -> str:
        """Of the surface that the text stands on."""
        return SURFACES[segment.surface]

    def _thresholds(self, terms: Terms) -> tuple[float, ...]:
        return tuple(map(_or, terms.thresholds, self._own)) if terms.thresholds else self._own


def _or(given: float, own: float) -> float:
    return given or own
