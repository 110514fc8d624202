from __future__ import annotations

from pathlib import Path

import pytest

from waf import shipped


def test_in_a_checkout_data_lies_beside_the_package() -> None:
    assert shipped.path("classifiers/demo/sentiment.onnx").is_file()
    assert shipped.root() == Path(shipped.__file__).parents[1]


def test_in_a_wheel_it_lies_inside_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder `rules` beside an installed package belongs to somebody else."""
    (tmp_path / "rules").mkdir()
    package = tmp_path / "waf"
    (package / "_shipped" / "classifiers").mkdir(parents=True)
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    assert shipped.path("classifiers") == package / "_shipped" / "classifiers"
    with pytest.raises(FileNotFoundError, match="this installation of waf lacks rules"):
        shipped.path("rules")
