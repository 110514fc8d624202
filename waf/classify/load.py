"""The models that a configuration names, loaded, checked and run once, so that the first client does not wait for that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from waf import shipped
from waf.classify.scorer import Scorer
from waf.classify.types import SURFACES, USER, Cascade
from waf.errors import ModelError, Problem
from waf.settings import Classifier

SHIPPED: Final = "classifiers/models/text"
MANIFEST: Final = "manifest.json"

OWN_RUN: Final = 1024
"""Positions of one run of a model of the operator's own, which may be a large one."""

Report = Callable[[Exception], None]
Models = Callable[[Classifier, bytes, Report], Scorer | None]
"""(settings, key of the hashes, who is told of faults) → the models, or None when the classifier is off."""

_WARM_UP: Final = ("Hello.", "Please summarise the report in three sentences, and name the months it is about. " * 30)


def load_scorer(settings: Classifier, secret: bytes, report: Report) -> Scorer | None:
    """Reads and checks everything and runs it once. Raises ModelError; then whatever ran before goes on."""
    if not settings.enabled:
        return None
    cascade = load_cascade(settings)
    for stage in (cascade.gate, cascade.deep):
        if stage is not None:
            for text in _WARM_UP:
                ids = stage.windows(text).ids[:2]
                stage.score(ids, [USER] * len(ids))
    return Scorer(cascade, secret, budget=settings.characters, files=files(settings), report=report)


def files(settings: Classifier) -> tuple[Path, ...]:
    """What the models are read from: a change means a reload."""
    own = settings.own
    paths = [Path(own.model), Path(own.tokenizer)] if own.model else []
    if not own.model or own.stage == "deep":
        folder = _folder(settings)
        paths += sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    return tuple(paths)


def load_cascade(settings: Classifier) -> Cascade:
    """The shipped models, a folder of the same make, or a model of the operator's own. Raises ModelError."""
    own = settings.own
    if own.model and own.stage == "only":
        from waf.classify.own_model import OwnStage

        stage = OwnStage(own, threads=settings.threads)
        everywhere = dict.fromkeys(SURFACES, own.threshold)
        return Cascade(
            stage,
            None,
            dict.fromkeys(SURFACES, (0.0, 1.0)),
            everywhere,
            f"own {stage.sha256[:12]}",
            gate_run=OWN_RUN,
        )
    folder = _folder(settings)
    hint = "name a folder that has one, or a model of your own under classifier.own"
    raise ModelError([Problem(str(folder), 0, 0, f"there are no models: {MANIFEST} is missing", hint)])


def _folder(settings: Classifier) -> Path:
    return shipped.root() / SHIPPED if settings.models == "builtin" else Path(settings.models)
