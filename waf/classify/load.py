"""The models that a configuration names, loaded, checked and run once, so that the first client does not wait for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from waf import shipped
from waf.classify.scorer import Scorer
from waf.classify.types import SURFACES, USER, Cascade
from waf.inference import Classifier
from waf.inference import WebHead as HeadSettings

if TYPE_CHECKING:
    from waf.classify.web.head import WebHead

SHIPPED: Final = "classifiers/models/text"
SHIPPED_HEAD: Final = "classifiers/models/web"

OWN_RUN: Final = 1024
OWN_WINDOWS: Final = 8
"""Positions of one run, and windows of a block, of a model of the operator's own, which may be a large one."""

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


def load_head(settings: HeadSettings) -> WebHead | None:
    """The web-attack head, read, checked and run once; None where nobody asks it. Raises ModelError."""
    if settings.ask == "off":
        return None
    from waf.classify.web.head import WebHead  # it brings ONNX Runtime

    folder = shipped.root() / SHIPPED_HEAD if settings.models == "builtin" else Path(settings.models)
    head = WebHead(folder)
    head.warm_up()
    return head


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
    from waf.classify.cascade import load  # it brings ONNX Runtime, which nobody needs who has the classifier off
    from waf.classify.own_model import OwnStage

    own = settings.own
    if not own.model:
        return load(_folder(settings), settings.threads)
    if own.stage == "only":
        stage = OwnStage(own, threads=settings.threads)
        everywhere = dict.fromkeys(SURFACES, own.threshold)
        bands = dict.fromkeys(SURFACES, (0.0, 1.0))
        return Cascade(stage, None, bands, everywhere, f"own {stage.sha256[:12]}", gate_run=OWN_RUN)
    made = load(_folder(settings), settings.threads)
    deep = OwnStage(own, threads=settings.threads, thresholds=made.thresholds)
    version = f"{made.version}, own {deep.sha256[:12]}"
    return replace(made, deep=deep, version=version, long={}, deep_run=OWN_RUN, deep_windows=OWN_WINDOWS)


def _folder(settings: Classifier) -> Path:
    return shipped.root() / SHIPPED if settings.models == "builtin" else Path(settings.models)
