"""A drafted rule: where it looks, and that nothing an attacker wrote can break out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from waf.rules import build_ruleset
from waf.rules.load import load_pack
from waf.rules.testing import run_tests
from waf.triage.draft import draft
from waf.triage.families import Family
from waf.triage.similar import parsed


def family(bucket: str, *texts: str) -> Family:
    made = Family(0.0)
    made.name = "0123456789abcdef"
    made.buckets[bucket] += 1
    for text in texts:
        made.texts[text] += 1
    return made


@pytest.mark.parametrize(
    ("bucket", "field"),
    [
        ("llm.user", "llm.user"), ("llm.tool_results", "llm.tool_results"), ("args.get", "request.args"), ("json", "request.args"),
        ("headers", "request.headers"), ("cookies", "request.cookies"), ("nonsense: {", "request.args"), ("response.body", "request.args"),
    ],
)  # fmt: skip
def test_where_it_looks(bucket: str, field: str) -> None:
    text = draft(family(bucket, "' or 1=1 union select one", "' or 1=1 union select two"), 9_100_010, "2026-11-30")
    assert f"field: {field}," in text


@pytest.mark.parametrize(
    "evil",
    ['"}}\n  - id: 1', "x: [y\n---\n", "\\", "\x00\x1b\u2028\ud800 and more of it", "# comment !!python/object", "\u0130\u1e9e folded letters"],
)  # fmt: skip
def test_what_an_attacker_wrote_stays_text(evil: str, tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(
        draft(
            family("llm.user", f"a common beginning {evil} one", f"a common beginning {evil} two"),
            9_100_010,
            "2026-11-30",
        )
    )
    pack = load_pack(path)
    assert [rule.id for rule in pack.rules] == [9_100_010]
    assert len(run_tests(build_ruleset(pack.rules, pack.exclusions))) == 4


def test_nothing_in_common() -> None:
    assert (
        draft(family("llm.user", "one text of some length", "SOMETHING ELSE ALTOGETHER"), 9_100_010, "2026-11-30") == ""
    )
    assert draft(family("llm.user"), 9_100_010, "2026-11-30") == ""


@pytest.mark.parametrize(
    ("text", "number"), [("0" * 31 + "f", 15), ("", None), ("0" * 31, None), ("g" * 32, None), ("\u0660" * 32, None)]
)
def test_digests(text: str, number: int | None) -> None:
    assert parsed(text) == number
