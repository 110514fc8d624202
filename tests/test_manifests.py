"""JSON files of models and measurements that are none: an error that names the file, whatever is in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from waf import learned
from waf.classify.load import load_scorer
from waf.classify.ood.artefact import load as load_artefact
from waf.classify.web.head import read_manifest
from waf.cli import baseline
from waf.errors import InputError
from waf.inference import Classifier

CONTENTS = {
    "empty": b"",
    "a list": b"[]",
    "no UTF-8": b'{"format": 1, "name": "\xff", "surface": "\xff", "task": "\xff"}',
    "nested": b'{"a": ' + b"[" * 100_000,
}


def _cascade(path: Path) -> object:
    return load_scorer(Classifier(enabled=True, models=str(path.parent)), bytes(32), lambda error: None)


def _artefact(path: Path) -> object:
    return load_artefact(path.parent)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
@pytest.mark.parametrize(
    ("read", "name"),
    [
        (learned.read, "scoring.json"),
        (read_manifest, "manifest.json"),
        (_cascade, "manifest.json"),
        (_artefact, "ood.json"),
        (baseline.read, "baseline.json"),
    ],
    ids=["weights", "web head", "classifier", "calibration", "baseline"],
)
def test_the_file_is_named(read: Callable[[Path], object], name: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(InputError, match=name):
        read(file)
