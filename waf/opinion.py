"""Second opinions about one request: the web-attack head, and learned scoring over what rules and head said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from waf import learned, shipped
from waf.classify.load import load_head
from waf.decide import decide
from waf.errors import ModelError
from waf.learned import Feature, Learned, Weights
from waf.model import Match, Parsed, Screened
from waf.rules import Ruleset
from waf.rules.spec import reads_head, reads_models, reads_ood
from waf.scores import Scores, WebScores, Weighed
from waf.settings import Config
from waf.verdict import Verdict

if TYPE_CHECKING:
    from waf.classify.web.head import WebHead


WEIGHTS: Final = "classifiers/models/web/scoring.json"
"""The shipped weights of learned scoring."""


class Opinion:
    """Immutable, like the engine that it belongs to. `weights`: of learned scoring, where a route decides by it. `report` is
    told of a model that fails at run time."""

    def __init__(
        self,
        ruleset: Ruleset,
        head: WebHead | None = None,
        weights: Weights | None = None,
        report: Callable[[Exception], None] = lambda error: None,
    ) -> None:
        self.head = head
        self._report = report
        crs = frozenset(r.id for r in ruleset.crs.rules if r.kind != "bookkeeping") if ruleset.crs else frozenset()
        self._on_head = frozenset(rule.id for rule in ruleset.rules if reads_head(rule))
        self.learned = Learned(weights, crs, self._on_head) if weights is not None else None
        self._on_ood = frozenset(rule.id for rule in ruleset.rules if reads_ood(rule))
        on_models = frozenset(rule.id for rule in ruleset.rules if reads_models(rule))
        self._on_text = on_models - self._on_head - self._on_ood

    @property
    def files(self) -> tuple[Path, ...]:
        """What the head was read from: a change means a reload."""
        return self.head.files if self.head is not None else ()

    def ask(self, verdict: Verdict, screened: Screened, parsed: Parsed) -> None:
        """Adds to `verdict.scores` what the head says. Asked `weak`, it only sees requests in which a rule found something; what
        the points block already it need not see, unless learning could let it through. A model that fails has read nothing: it
        blocks nothing, and learning lets nothing through."""
        policy, asked = verdict.route.policy, verdict.route.web.ask
        if self.head is None or asked == "off" or (asked == "weak" and not _odd(verdict, screened)):
            return
        if not (self.learned and policy.learned) and decide(policy, screened, verdict.crs_result).blocks:
            return
        try:
            found = self.head.judge(parsed.fields, frozenset(match.origin for match in screened.matches))
        except ModelError as error:
            self._report(error)
            found = WebScores(unread=True, model=self.head.sha256)
        verdict.scores = msgspec.structs.replace(verdict.scores or Scores(), web=found, web_attack=found.highest)

    def weigh(self, verdict: Verdict, screened: Screened) -> Weighed | None:
        """What learned scoring says, None on a route that adds up points."""
        policy = verdict.route.policy
        if self.learned is None or not policy.learned:
            return None
        tool_args = policy.enforce_tool_args
        verdict.weighed = self.learned.weigh(
            screened.matches, _crs(verdict), verdict.scores, enforce_tool_args=tool_args
        )
        return verdict.weighed

    def features(self, verdict: Verdict) -> dict[str, Feature]:
        """What of a request learned scoring weighs; empty for one that was refused unread. Needs weights, whichever."""
        if self.learned is None or verdict.screened is None:
            return {}
        tool_args = verdict.route.policy.enforce_tool_args
        return self.learned.features(
            verdict.screened.matches, _crs(verdict), verdict.scores, enforce_tool_args=tool_args
        )

    def watched(self, verdict: Verdict, matches: list[Match]) -> list[Match]:
        """The matches, with those of rules on models monitored where the route only monitors these models. Rules that score
        what the head says are left out where learned scoring weighs the head itself."""
        route = verdict.route
        if self.learned is not None and route.policy.learned:
            matches = [match for match in matches if match.rule not in self._on_head or match.action != "score"]
        ids = self._on_text if route.terms.mode == "monitor" else frozenset()
        ids = ids | self._on_head if route.web.mode == "monitor" else ids
        ids = ids | self._on_ood if route.terms.ood == "monitor" else ids
        return [msgspec.structs.replace(match, mode="monitor") if match.rule in ids else match for match in matches]


def _crs(verdict: Verdict) -> Sequence[int]:
    """Rules of the CRS that matched."""
    return verdict.inspection.transaction.matched if verdict.inspection is not None else ()


def _odd(verdict: Verdict, screened: Screened) -> bool:
    """A rule found something in what the head reads, or, where it decides with them, one of the CRS did."""
    if any(match.score and not match.bucket.startswith("llm.") for match in screened.matches):
        return True
    return verdict.route.policy.learned and verdict.crs_result is not None and verdict.crs_result.matched


def load(ruleset: Ruleset, config: Config, report: Callable[[Exception], None] = lambda error: None) -> Opinion:
    """Head and weights as the configuration wants them, read, checked and run once. Raises ModelError."""
    learns = config.scoring == "learned" or any(route.scoring == "learned" for route in config.routes)
    weights = None
    if learns:
        builtin = config.scoring_model == "builtin"
        weights = learned.read(shipped.root() / WEIGHTS if builtin else Path(config.scoring_model))
    return Opinion(ruleset, load_head(config.web_head), weights, report)
