"""Rule files: what loads, and what is said about what does not; every problem at once, each at its place."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from waf.errors import RuleError
from waf.rules import load_ruleset, pack_files
from waf.rules.load import load_pack
from waf.rules.spec import All, Leaf, Not
from waf.settings import Rules

HEAD = "schema: waf-rules/v1\npack: web.test\n"
RULE = """rules:
  - id: 1100001
    name: a-rule
    title: A rule
    severity: critical
    tags: [attack.sqli]
    match: %s
    tests: [{attack: {request.args.get: 'x select y'}}, {benign: {request.args.get: 'x'}}]
"""


def pack(folder: Path, text: str, name: str = "pack.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(RuleError) as caught:
        load_pack(pack(folder, text), "p.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_whole_rule(tmp_path: Path) -> None:
    text = (
        HEAD
        + "macros: {norm: [url_decode_uni, lowercase]}\nlists: {verbs: [select, union]}\n"
        + RULE
        % (
            "{all: [{field: request.args, transform: norm, contains_any: $verbs}, {not: {field: client.ip, cidr: 10.0.0.0/8}}]}"
        )
    )
    loaded = load_pack(pack(tmp_path, text))
    (rule,) = loaded.rules
    assert isinstance(rule.match, All)
    first, second = rule.match.parts
    assert isinstance(first, Leaf)
    assert isinstance(second, Not)
    assert first.chain == ("url_decode_uni", "lowercase")
    assert first.argument == ["select", "union"]
    assert (rule.category, rule.phase, rule.paranoia, rule.place.line) == ("sqli", "request", 1, 6)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("{field: request.arg, contains: x}", 'p.yaml:9:20: error: there is no field "request.arg"; did you mean "request.args"?'),
        ("{field: request.args, contain: x}", 'there is no operator "contain" (did you mean "contains"?)'),
        ("{field: request.args, transform: lowercas, contains: x}", 'there is no transform or macro "lowercas" (did you mean "lowercase"?)'),
        ("{field: request.args, contains: $verb}", 'there is no list "verb"'),
        ("{field: request.args, re2: '(a'}", "re2 is not a pattern RE2 can read: missing )"),
        ("{field: request.args, re2: '(?=a)'}", "look-around can use `regex:`"),
        ("{field: tensor.size, contains: x}", "tensor.size is a number, and contains takes"),
        ("{field: tensor.size, transform: lowercase, gt: 3}", "only text can be transformed"),
        ("{field: request.args, gt: x}", "gt takes a number"),
        ("{field: client.ip, cidr: 10.0.0.1/8}", "is not a network"),
        ("{field: \"request.method['x']\", eq: x}", "takes no selector"),
        ("{field: 'request.method[/x/]', eq: x}", "takes no pattern"),
        ("{field: 'request.nothing[/x/]', eq: x}", 'there is no field "request.nothing"'),
        ("{field: 'request.args[/(/]', eq: x}", "not a pattern RE2 can read"),
        ("{field: request.args, negate: false, eq: x}", "negate takes only `true`"),
        ("{field: request.args, negate: true, exists: true}", "write `exists: false`"),
        ("{field: json, eq: x}", 'needs a selector: json["$.a.b"]'),
        ("{field: 'json[\"a.b\"]', eq: x}", "is not a path like"),
        ("{field: request.args}", "has `field` and exactly one operator"),
        ("{field: request.args, contains: a, re2: b}", "has `field` and exactly one operator"),
        ("{any: []}", "takes a list of conditions"),
        ("{any: [{field: a, eq: 1}], all: []}", "stands alone in its mapping"),
        ("[]", "a condition is a mapping"),
        ("{field: request.args, contains: a, count: 3}", "count takes bounds"),
        ("{field: request.args, contains: a, count: {ge: x}}", "count takes eq, ge, gt, le or lt"),
        ("{field: request.args, byte_range: 300}", "byte_range takes"),
        ("{field: request.args, utf8: true}", "takes only `invalid`"),
        ("{field: request.args, luhn: false}", "negate with `not:`"),
        ("{field: tensor.shape, shape: {rank: 3}}", "takes bounds such as"),
        ("{field: request.args, json_schema: {type: nonsense}}", "is not a JSON schema"),
        ("{field: request.args, json_schema: {$ref: 'http://x.example/'}}", "nothing is fetched"),
        ("{all: [{field: score.anomaly, ge: 3}, {field: response.status, eq: 500}]}", "cannot be mixed"),
        ("{not: {not: {not: {not: {not: {not: {not: {not: {not: {not: {not: {not: {not: {field: a, eq: b}}}}}}}}}}}}}}", "nested more than"),
    ],
)  # fmt: skip
def test_wrong_conditions(tmp_path: Path, match: str, expected: str) -> None:
    assert expected in "\n".join(problems(tmp_path, HEAD + RULE % match))


def test_all_that_is_wrong_with_one_condition(tmp_path: Path) -> None:
    found = "\n".join(
        problems(tmp_path, HEAD + RULE % "{field: request.arg, transform: lowercas, count: {ge: x}, contain: abc}")
    )
    assert all(
        f"there is no {what}" in found
        for what in ('field "request.arg"', 'transform or macro "lowercas"', 'operator "contain"')
    )
    assert "count takes" in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pack: a\nrules: []\n", "the file must say `schema: waf-rules/v1`"),
        ("schema: waf-rules/v1\nrules: []\n", "the file must name its pack"),
        (HEAD + "rulez: []\n", 'a rule file has no "rulez" (did you mean "rules"?)'),
        (HEAD + "rules: {}\n", "rules must be a list"),
        (HEAD + "rules: [{id: 1}]\n", "the rule has no name, title, severity, match"),
        (HEAD + "macros: {m: [lowercas]}\n", 'there is no transform "lowercas"'),
        (HEAD + "macros: {lowercase: [trim]}\n", "has the name of a transform"),
        (HEAD + "lists: {l: {file: ../x.txt}}\n", "must lie in the rule file's folder"),
        (HEAD + "lists: {l: {file: gone.txt}}\n", "gone.txt cannot be read"),
        (HEAD + "lists: {l: []}\n", 'list "l" is empty'),
        (HEAD + "exclusions: [{rules: [1]}]\n", "an exclusion needs rules and a reason"),
        (HEAD + "exclusions: [{rules: ['x y'], reason: r}]\n", "must be a rule id, tag:NAME or pack:NAME"),
        (HEAD + "exclusions: [{rules: [1], reason: r, expires: soon}]\n", "expires must be a date"),
        (HEAD + "exclusions: [{rules: [1], reason: r, fields: [nope]}]\n", 'there is no field "nope"'),
        ((HEAD + RULE % "{field: llm.user, contains: abc}").replace("critical", "critcal"), 'severity must be one of critical, error, warning, notice (did you mean "critical"?)'),
        ((HEAD + RULE % "{field: response.body, contains: abc}").replace("tags:", "action: challenge\n    tags:"), "has had its answer"),
        ((HEAD + RULE % "{field: llm.user, contains: abc}").replace("tags:", "paranoia: 5\n    tags:"), "paranoia must be 1, 2, 3 or 4"),
        ((HEAD + RULE % "{field: llm.user, contains: abc}").replace("1100001", "x1"), "id must be a number"),
        ((HEAD + RULE % "{field: llm.user, contains: abc}").replace("attack.sqli", "Attack SQLI"), "a tag is lower case"),
        ((HEAD + RULE % "{field: llm.user, contains: abc}").replace("{benign:", "{bening:"), 'a test has no "bening"'),
        ((HEAD + RULE % "{field: llm.user, contains: abc}").replace("a-rule", "A Rule"), "name must be a text like"),
        ("a: [\n", "p.yaml:"),
        ("- 1\n", "a rule file must be a mapping"),
    ],
)  # fmt: skip
def test_wrong_files(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in "\n".join(problems(tmp_path, text))


def test_all_problems_at_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + (RULE % "{field: nope, contains: x}")
        + (RULE % "{field: llm.user, contians: x}").removeprefix("rules:\n")
    )
    found = problems(tmp_path, text)
    assert [line.split(":")[1] for line in found] == ["9", "16"]


def test_two_rules_of_one_id(tmp_path: Path) -> None:
    good = HEAD + RULE % "{field: llm.user, contains: abc}"
    pack(tmp_path, good, "a.yaml")
    pack(tmp_path, good.replace("web.test", "web.other"), "b.yaml")
    with pytest.raises(RuleError, match=r"id 1100001 is taken by the rule at .*a.yaml:4"):
        load_ruleset(Rules(packs=(str(tmp_path),)))


@pytest.mark.parametrize("name", ["gone.yaml", "empty"])
def test_packs_that_are_not_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleError):
        load_ruleset(Rules(packs=(name,)), root=tmp_path)


def test_selection_and_warnings(tmp_path: Path) -> None:
    text = (
        HEAD
        + RULE % "{field: request.args.get, contains: select}"
        + (
            "exclusions:\n"
            "  - {rules: [1100001], fields: ['request.args[\"q\"]'], reason: a search box, expires: 2026-01-01, owner: shop}\n"
            "  - {rules: ['tag:attack.nothing'], reason: nobody}\n"
        )
    )
    pack(tmp_path, text)
    settings = Rules(packs=(str(tmp_path),), disable=("tag:attack.xss",), monitor=("pack:web",))
    late = load_ruleset(settings, today=date(2026, 6, 1))
    warnings = "\n".join(map(str, late.warnings))
    assert 'disable: "tag:attack.xss" means no loaded rule' in warnings
    assert "expired on 2026-01-01" in warnings
    assert "this exclusion means no loaded rule" in warnings
    assert all(rule.monitored for rule in late.request.rules)
    assert late.digest != load_ruleset(Rules(packs=(str(tmp_path),)), today=date(2026, 6, 1)).digest
    gone = load_ruleset(Rules(packs=(str(tmp_path),), disable=("1100001",)))
    assert gone.rules == ()


def test_a_list_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "verbs.txt").write_text("# verbs\nselect\n\nunion\n")
    text = HEAD + "lists: {verbs: {file: verbs.txt}}\n" + RULE % "{field: request.args, words: $verbs}"
    (rule,) = load_pack(pack(tmp_path, text)).rules
    assert isinstance(rule.match, Leaf)
    assert rule.match.argument == ["select", "union"]
    (tmp_path / "verbs.txt").write_bytes(b"\xff\n")
    assert "is not UTF-8 at byte 0" in "\n".join(problems(tmp_path, text))


def test_a_mounted_config_map_is_read_once_and_hidden_files_never(tmp_path: Path) -> None:
    hidden = tmp_path / "..2026_11_30"
    hidden.mkdir()
    (hidden / "pack.yaml").write_text("")
    (tmp_path / "..data").symlink_to(hidden.name)
    (tmp_path / "pack.yaml").symlink_to("..data/pack.yaml")
    (tmp_path / ".#pack.yaml").write_text("")
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "more.yml").write_text("")
    assert pack_files([str(tmp_path)]) == [tmp_path / "pack.yaml", tmp_path / "team" / "more.yml"]


def test_a_folder_of_packs_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission bits do not stop the superuser, who runs these tests in a container."""
    closed, scan = tmp_path / "closed", os.scandir
    closed.mkdir()
    (tmp_path / "pack.yaml").write_text("")

    def scandir(path: str) -> Any:
        if path == str(closed):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(RuleError, match=rf"{closed}: error: cannot be read: Permission denied"):
        pack_files([str(tmp_path)])
