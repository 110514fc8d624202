"""What every shipped rule owes its readers, and the packs owe as a whole."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from waf.rules import load_packs, pack_files
from waf.rules.catalogues import CATALOGUES
from waf.rules.lint import lint
from waf.rules.operators import Context
from waf.rules.ruleset import build_ruleset
from waf.rules.spec import RuleSpec, leaves
from waf.rules.testing import run_tests

ROOT = Path(__file__).parents[2]
FILES = pack_files([str(ROOT / "rules")])
PACKS = load_packs(FILES, Context())
RULES = [rule for pack in PACKS for rule in pack.rules]
RULESET = build_ruleset(RULES)

PREFIXES = {
    "web.sqli": (1101,),
    "web.xss": (1102,),
    "web.rce": (1103,),
    "web.lfi": (1104,),
    "web.ssrf": (1105,),
    "web.ssti": (1106,),
    "web.xxe": (1107,),
    "web.protocol": (1108,),
    "web.other": (1109,),
    "web.java": (1110,),
    "web.php": (1111,),
    "web.sqli_operators": (1121,),
    "web.sqli_shapes": (1112,),
    "web.xss_shapes": (1113,),
    "web.rce_shapes": (1114,),
    "web.http": (1115,),
    "web.upload": (1116,),
    "web.dotnet": (1117,),
    "web.exploits": (1118,),
    "web.head": (1119,),
    "web.lines": (1120,),
    "web.framing": (1122,),
    "web.exploits_pages": (1123,),
    "web.ssrf_inside": (1124,),
    "web.hops": (1125,),
    "web.products": (1126,),
    "ml.tensor": (1201,),
    "ml.limits": (1202,),
    "ml.admin": (1203,),
    "ml.cve": (1204,),
    "ml.ood": (1205,),
    "llm.tool_args": (1301,),
    "agent.args": (1302,),
    "agent.tools": (1303,),
    "llm.leak": (1401, 1402),
    "llm.override": (1501,),
    "llm.jailbreak": (1502,),
    "llm.invisible": (1503,),
    "llm.encoded": (1504,),
    "llm.hijack": (1505,),
    "llm.secrets": (1506,),
    "llm.frames": (1507,),
    "llm.tongues": (1508,),
    "llm.probes": (1509,),
    "llm.short": (1510,),
    "llm.plain": (1511,),
    "llm.plain_tongues": (1512,),
    "llm.addressed": (1513,),
    "llm.classifier": (1520,),
    "leak.secrets": (1601,),
    "leak.personal": (1602,),
    "leak.server": (1603,),
}
"""First four digits of each pack's rule ids."""

CATEGORIES = (
    "sqli xss rce lfi rfi ssrf ssti xxe protocol scanner nosqli prototype ldap xpath graphql mail ssi format redirect "
    "deserialisation session tensor dos extraction admin injection indirect jailbreak leak exfiltration invisible destruction "
    "persistence disclosure ood web"
).split()
COVERED = {
    "owasp-top10-2025": 9,
    "owasp-api-2023": 8,
    "owasp-llm-2025": 8,
    "owasp-ml-2023": 5,
    "aisvs-1.0": 10,
    "mitre-atlas": 17,
}
"""How many items of each public list have rules."""
EXTRA = {"sqli", "xss"}
"""Operators that need a package which a plain install does not have."""

per_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=str(rule.id)) for rule in RULES])


@per_rule
def test_rule_passes_its_own_tests(rule: RuleSpec) -> None:
    outcomes = run_tests(RULESET, [rule])
    assert [(o.number, o.detail) for o in outcomes if not o.passed] == []


@per_rule
def test_rule_shows_three_attacks_and_three_benign_values(rule: RuleSpec) -> None:
    kinds = Counter(fixture.attack for fixture in rule.tests)
    assert kinds[True] >= 3
    assert kinds[False] >= 3


@per_rule
def test_rule_says_what_it_is(rule: RuleSpec) -> None:
    assert rule.id // 1000 in PREFIXES[rule.pack]
    assert [tag for tag in rule.tags if tag.startswith("attack.")] == [f"attack.{rule.category}"]
    assert any(tag.startswith("owasp.") for tag in rule.tags) or rule.category == "scanner"
    assert any(tag.startswith("surface.") for tag in rule.tags)
    assert rule.references
    assert rule.title[0].isupper()
    assert not rule.title.endswith(".")


@per_rule
def test_rule_runs_on_a_plain_install_in_linear_time(rule: RuleSpec) -> None:
    assert EXTRA.isdisjoint(leaf.operator for leaf in leaves(rule.match))
    assert "regex" not in {leaf.operator for leaf in leaves(rule.match)}


@per_rule
def test_first_level_rule_that_blocks_alone_is_not_a_guess(rule: RuleSpec) -> None:
    if rule.severity == "critical" and rule.paranoia == 1:
        assert rule.confidence in ("medium", "high")


def test_the_linter_asks_for_nothing_more() -> None:
    """Not even when it is strict; what a pattern without a literal costs is another matter."""
    problems = lint(PACKS, time.perf_counter, strict=True)
    assert [str(problem) for problem in problems if not problem.message.startswith("no literal")] == []


@pytest.mark.parametrize(("name", "least"), COVERED.items())
def test_rules_name_items_of_the_public_lists(name: str, least: int) -> None:
    catalogue = next(catalogue for catalogue in CATALOGUES if catalogue.name == name)
    named = {item for rule in RULES for tag in rule.tags if (item := catalogue.item(tag))}
    assert len(named) >= least


def test_names_are_unique() -> None:
    assert [name for name, count in Counter(rule.name for rule in RULES).items() if count > 1] == []


def test_every_category_has_rules() -> None:
    assert {rule.category for rule in RULES} == set(CATEGORIES)
    assert {pack.name for pack in PACKS} == set(PREFIXES)


def test_tool_arguments_have_a_pack_of_their_own() -> None:
    """What an agent is about to do tags by default, so no rule may mix tool arguments with fields that score.

    Hidden characters are the exception: they are as wrong there as anywhere.
    """
    for rule in RULES:
        names = {ref.name for leaf in leaves(rule.match) for ref in leaf.fields}
        if "llm.tool_args" in names and rule.pack != "llm.invisible":
            assert names == {"llm.tool_args"}
            assert rule.pack in ("llm.tool_args", "agent.args")


def test_prompt_prose_is_no_web_input() -> None:
    """Web rules do not read what only a model reads; what they may read of it is a reference or a name."""
    allowed = {"llm.images", "llm.names"}
    for rule in RULES:
        if rule.pack.startswith("web."):
            fields = {ref.name for leaf in leaves(rule.match) for ref in leaf.fields}
            assert {name for name in fields if name.startswith("llm.")} <= allowed


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_other_yaml_readers_read_the_same(file: Path) -> None:
    """Editors and scripts use plain YAML parsers; no pack depends on ours being lenient."""
    document = yaml.load(file.read_text(), yaml.SafeLoader)
    assert [rule["id"] for rule in document["rules"]] == [r.id for r in RULES if r.place.file == str(file)]


def test_every_pack_is_documented() -> None:
    page = (ROOT / "docs" / "rules.md").read_text()
    for pack, prefixes in PREFIXES.items():
        assert f"| `{pack}` | {', '.join(f'{prefix}…' for prefix in prefixes)} |" in page
