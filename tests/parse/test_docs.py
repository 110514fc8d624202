"""docs/parsing.md lists every refusal, every reason to skip and every protocol there is, and no others."""

from __future__ import annotations

import re
from pathlib import Path

from waf.protocols import PROTOCOLS

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs/parsing.md").read_text()
SOURCE = "".join(
    path.read_text() for room in ("parse", "protocols") for path in sorted((ROOT / "waf" / room).glob("*.py"))
)


def listed(heading: str) -> set[str]:
    """The words in the first column of the last table below a heading."""
    section = DOCS.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return set(re.findall(r"`([a-z-]+)`", " ".join(rows)))


def test_refusals() -> None:
    raised = set(re.findall(r'(?:BadRequest|BodyTooLarge|Malformed)\(\s*"([a-z-]+)"', SOURCE))
    assert listed("What is refused") == raised


def test_reasons_to_skip() -> None:
    given = re.findall(r'(?:skip\([\w.]+|Skip\([\w."]+|opaque\(|_encoded\(),? ?"([a-z-]+)"', SOURCE)
    assert listed("What is skipped") == set(given)


def test_protocols() -> None:
    assert listed("Model APIs") == set(PROTOCOLS)
