"""Where the data that ships with the package is: rule packs and models.

In the wheel it lies inside the package, in a source checkout beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds `rules/` and `classifiers/`."""
    installed = _PACKAGE / "_shipped"
    return installed if installed.is_dir() else _PACKAGE.parent


def path(relative: str) -> Path:
    """The shipped file or folder `relative`, e.g. `rules` or `classifiers/demo/sentiment.onnx`.

    Raises FileNotFoundError when this installation lacks it.
    """
    found = root() / relative
    if not found.exists():
        raise FileNotFoundError(f"this installation of waf lacks {relative}: {found} does not exist")
    return found
