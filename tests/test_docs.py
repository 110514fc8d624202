"""Fields, operators and links: what is documented exists, and what exists is documented.

Settings, transforms, metrics and commands are held to their pages by the tests of their own rooms.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from waf.fields import FIELDS, FieldSpec
from waf.rules import build_ruleset, load_ruleset
from waf.rules.load import load_pack
from waf.rules.operators import OPERATORS
from waf.rules.spec import RuleSpec
from waf.rules.testing import run_tests
from waf.settings import Rules

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])
RULES = (ROOT / "docs" / "rules.md").read_text()


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_its_row(name: str) -> None:
    spec: FieldSpec = FIELDS[name]
    kind = "name" if spec.names else spec.kind
    selector = "" if spec.selector == "none" else spec.selector
    assert f"| `{name}` | {kind} | {spec.phase} | {selector} | {cell(spec.doc)} |\n" in RULES


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_has_its_row(name: str) -> None:
    spec = OPERATORS[name]
    assert f"| `{name}` | {cell(spec.argument)} | {', '.join(sorted(spec.kinds))} | {cell(spec.doc)} |\n" in RULES


def test_no_row_is_about_something_that_is_not_there() -> None:
    tables = RULES.split("### Operators")[1].split("## Exclusions")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", tables, re.MULTILINE)) == set(FIELDS) | set(OPERATORS)


@pytest.mark.parametrize(("page", "tests"), [("README.md", 2), ("docs/rules.md", 4)])
def test_example_rule_files_load_and_their_tests_pass(page: str, tests: int, tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(schema: .*?)```", (ROOT / page).read_text(), re.DOTALL)
    (tmp_path / "example.yaml").write_text(example)
    pack = load_pack(tmp_path / "example.yaml")
    outcomes = run_tests(build_ruleset(pack.rules, pack.exclusions))
    assert len(outcomes) == tests
    assert [outcome.detail for outcome in outcomes if not outcome.passed] == []


@pytest.mark.parametrize("rule", load_ruleset(Rules()).rules, ids=lambda rule: f"{rule.id}-{rule.name}")
def test_every_shipped_rule_shows_what_it_finds_and_what_it_leaves_alone(rule: RuleSpec) -> None:
    assert {fixture.attack for fixture in rule.tests} == {True, False}
    assert rule.id < 9_000_000


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_to_chapters_lead_to_one(page: Path) -> None:
    for file, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", page.read_text()):
        text = (page.parent / file).read_text() if file else page.read_text()
        chapters = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", c.lower()).replace(" ", "-") for c in chapters}, anchor
