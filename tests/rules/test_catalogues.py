"""What a tag means in the public lists of risks."""

from __future__ import annotations

import re

import pytest

from waf.rules import load_ruleset
from waf.rules.catalogues import CATALOGUES, Catalogue, meaning
from waf.settings import Rules


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("owasp.a05-2025", ("owasp-top10-2025", "A05")),
        ("owasp.a11-2025", ("owasp-top10-2025", "")),
        ("owasp.api07-2023", ("owasp-api-2023", "API07")),
        ("owasp.llm10-2025", ("owasp-llm-2025", "LLM10")),
        ("owasp.ml05-2023", ("owasp-ml-2023", "ML05")),
        ("aisvs.c2", ("aisvs-1.0", "C2")),
        ("aisvs.c2.1.1", ("aisvs-1.0", "C2")),
        ("owasp.aisvs-c12-3", ("aisvs-1.0", "C12")),
        ("aisvs.c13", ("aisvs-1.0", "")),
        ("atlas.aml.t0051", ("mitre-atlas", "T0051")),
        ("atlas.aml.t0051.001", ("mitre-atlas", "T0051")),
        ("aml.t0054", ("mitre-atlas", "T0054")),
        ("atlas.t9999", ("mitre-atlas", "")),
        ("owasp.a05-2021", None),
        ("cwe-89", None),
        ("attack.sqli", None),
    ],
)
def test_meaning(tag: str, expected: tuple[str, str] | None) -> None:
    found = meaning(tag)
    assert (found and (found[0].name, found[1])) == expected


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda catalogue: catalogue.name)
def test_the_example_is_one(catalogue: Catalogue) -> None:
    assert catalogue.item(catalogue.example)


def test_tags_of_the_shipped_rules_name_something() -> None:
    tags = {tag for rule in load_ruleset(Rules()).rules for tag in rule.tags}
    public = {tag for tag in tags if re.match(r"owasp|aisvs|atlas|aml", tag)}
    assert public
    assert {tag for tag in public if not (found := meaning(tag)) or not found[1]} == set()
