"""What the linter says about rules, conditions and texts that make no difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from waf.rules.implies import implies
from waf.rules.load import load_pack
from waf.rules.overlap import gone, overlaps, shut_off, useless_parts
from waf.rules.spec import Condition, PackSpec

HEAD = "schema: waf-rules/v1\npack: test.overlap\nrules:\n"
ARGS = "{field: request.args, "


def load(folder: Path, *matches: str, extra: str = "", change: tuple[str, str] = ("", "")) -> PackSpec:
    """A pack with one rule for each condition."""
    rules = [
        f"  - {{id: {n}, name: r{n}, title: t, severity: notice, match: {match}}}\n"
        for n, match in enumerate(matches, 1)
    ]
    path = folder / "p.yaml"
    path.write_text((HEAD + "".join(rules) + extra).replace(*change))
    return load_pack(path, "p.yaml")


def conditions(folder: Path, *matches: str) -> list[Condition]:
    return [rule.match for rule in load(folder, *matches).rules]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("contains: abc", "contains: b", True),
        ("contains: abc", "contains: x", False),
        ("contains: b", "contains: abc", False),
        ("contains_any: [abc, xby]", "contains: b", True),
        ("contains_any: [abc, xyz]", "contains: b", False),
        ("contains_any: [abc, xyz]", "contains_any: [yz, b, q]", True),
        ("contains_any: [abc]", "contains_any: [abc, xyz]", True),
        ("starts_with: /admin/x", "starts_with: [/admin, /b]", True),
        ("starts_with: /b/admin", "starts_with: /admin", False),
        ("starts_with: /b/admin", "contains: /admin", True),
        ("ends_with: .bak.gz", "ends_with: .gz", True),
        ("ends_with: .gz.bak", "ends_with: .gz", False),
        ("contains: .gz", "ends_with: .gz", False),
        ("eq: abc", "re2: '^a.c$'", True),
        ("eq: abc", "re2: '^a.d$'", False),
        ("in: [abc, abd]", "starts_with: ab", True),
        ("in: [1, 2]", "le: 2", True),
        ("in: [1, 2]", "re2: '1'", False),
        ("in: [a, b]", "in: [a, b, c]", True),
        ("re2: 'a|b'", "re2: 'c|b|a'", True),
        ("re2: 'a|b'", "re2: 'a'", False),
        ("re2: 'a'", "contains: a", False),
        ("words: [One]", "words: [two, one]", True),
        ("gt: 5", "gt: 4", True),
        ("gt: 4", "gt: 5", False),
        ("le: 4", "le: 5", True),
        ("lt: 5", "lt: 4", False),
        ("url_encoding: invalid", "url_encoding: invalid", True),
        ("transform: lowercase, contains: abc", "contains: abc", False),
        ("count: {ge: 2}, contains: abc", "contains: abc", True),
        ("contains: abc", "count: {ge: 2}, contains: abc", False),
        ("count: {le: 2}, contains: abc", "contains: abc", False),
    ],
)  # fmt: skip
def test_operators(tmp_path: Path, one: str, other: str, expected: bool) -> None:
    here, there = conditions(tmp_path, f"{ARGS}{one}}}", f"{ARGS}{other}}}")
    assert implies(here, there) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("request.args.get", "request.args", True),
        ("request.args", "request.args.get", False),
        ("'request.args[\"q\"]'", "request.args", True),
        ("request.args", "'request.args[\"q\"]'", False),
        ("'request.args[\"q\"]'", "'request.args[\"p\"]'", False),
        ("request.args.names", "request.args", False),
        ("[llm.user, llm.system]", "[llm.system, llm.user, llm.tools]", True),
        ("[llm.user, llm.system]", "llm.user", False),
        ("'json[\"$.a\"]'", "'json[\"$.a\"]'", True),
        ("'json[\"$.a\"]'", "'json[\"$.b\"]'", False),
    ],
)
def test_fields(tmp_path: Path, one: str, other: str, expected: bool) -> None:
    here, there = conditions(tmp_path, f"{{field: {one}, contains: abc}}", f"{{field: {other}, contains: abc}}")
    assert implies(here, there) is expected


A, B, C = (f"{ARGS}contains: {text}}}" for text in ("aa", "bb", "cc"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (f"{{all: [{A}, {B}]}}", A, True),
        (A, f"{{all: [{A}, {B}]}}", False),
        (A, f"{{any: [{B}, {A}]}}", True),
        (f"{{any: [{A}, {B}]}}", A, False),
        (f"{{any: [{A}, {B}]}}", f"{{any: [{C}, {B}, {A}]}}", True),
        (f"{{all: [{A}, {B}, {C}]}}", f"{{all: [{C}, {A}]}}", True),
        (f"{{not: {ARGS}contains: a}}}}", f"{{not: {A}}}", True),
        (f"{{not: {A}}}", f"{{not: {ARGS}contains: a}}}}", False),
        (f"{{not: {A}}}", A, False),
        (f"{ARGS}negate: true, contains: aa}}", f"{ARGS}negate: true, contains: a}}", False),
        (A, f"{ARGS}negate: true, contains: a}}", False),
        ("{field: 'request.args[/^q/]', contains: ab}", f"{ARGS}contains: a}}", True),
        (f"{ARGS}contains: ab}}", "{field: 'request.args[!/^q/]', contains: a}", False),
        ("{field: 'request.args[\"q\"]', contains: ab}", "{field: 'request.args[/^q/]', contains: a}", False),
    ],
)
def test_joins(tmp_path: Path, one: str, other: str, expected: bool) -> None:
    here, there = conditions(tmp_path, one, other)
    assert implies(here, there) is expected


def test_a_pattern_that_runs_out_of_time_is_not_known(tmp_path: Path) -> None:
    text = "1" * 40 + "xyz"
    here, there = conditions(tmp_path, f"{ARGS}eq: '{text}'}}", f"{ARGS}regex: '(?<!a)(\\d|\\d\\d)*z'}}")
    assert implies(here, there) is False


def test_long_lists_are_compared_as_sets_only(tmp_path: Path) -> None:
    words = [f"word{n}." for n in range(400)]
    one, other, same = conditions(
        tmp_path,
        *(f"{ARGS}contains_any: [{', '.join(items)}]}}" for items in (words, [w[1:] for w in words], words[::-1])),
    )
    assert implies(one, same)
    assert not implies(one, other)


def said(folder: Path, *matches: str, **more: str) -> list[str]:
    return [str(problem) for problem in overlaps(load(folder, *matches, **more).rules)]  # type: ignore[arg-type]


def test_a_rule_inside_another_one(tmp_path: Path) -> None:
    (line,) = said(tmp_path, A, f"{ARGS}contains: a}}")
    assert line.startswith(
        "p.yaml:4:5: warning: rule 1 only matches what is also matched by rule 2 (p.yaml:5): both score"
    )


def test_the_same_condition_is_said_once(tmp_path: Path) -> None:
    (line,) = said(tmp_path, A, A)
    assert line.startswith("p.yaml:5:5: warning: rule 2 is the same condition as that of rule 1 (p.yaml:4)")


@pytest.mark.parametrize("change", [("severity: notice, match: {field: request.args, contains: a}", "severity: notice, paranoia: 2, match: {field: request.args, contains: a}"),
                                    ("severity: notice, match: {field: request.args, contains: a}", "severity: notice, mode: monitor, match: {field: request.args, contains: a}")])  # fmt: skip
def test_a_rule_that_runs_less_often_excuses_nothing(tmp_path: Path, change: tuple[str, str]) -> None:
    pack = load(tmp_path, A, f"{ARGS}contains: a}}", change=change)
    assert list(overlaps(pack.rules)) == []


def test_a_stricter_level_of_the_same_condition(tmp_path: Path) -> None:
    pack = load(tmp_path, A, A, change=("id: 1,", "id: 1, paranoia: 3,"))
    (line,) = map(str, overlaps(pack.rules))
    assert "rule 1 only matches what is also matched by rule 2" in line


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        (f"{ARGS}contains_any: [foo, foobar, barfoo, bar]}}", ['"barfoo", "foobar": a shorter text']),
        (f"{ARGS}contains_any: [a1, a1b, a1c, a1d, a1e]}}", ['"a1b", "a1c", "a1d" and 1 more']),
        (f"{ARGS}starts_with: [/a, /ab, x/a]}}", ['"/ab": a shorter']),
        (f"{ARGS}ends_with: [.gz, .tar.gz, .gz.x]}}", ['".tar.gz": a shorter']),
        (f"{ARGS}words: [one, ones]}}", []),
        (f"{ARGS}words: [one, one]}}", ['"one": a shorter']),
        (f"{ARGS}contains_any: [foo, bar]}}", []),
        (f"{ARGS}transform: lowercase, contains: Foo}}", ['"Foo" never occurs after lowercase: no value has "F" there']),
        (f"{ARGS}transform: [lowercase, remove_whitespace], contains_any: ['a b', c]}}", ['"a b" never occurs', "U+0020"]),
        (f"{ARGS}transform: [lowercase, html_entity_decode], contains: Foo}}", []),
        (f"{ARGS}transform: lowercase, re2: 'foo|Bar+'}}", ["`Bar+` never matches after lowercase"]),
        (f"{ARGS}transform: lowercase, re2: '(?i)Bar+'}}", []),
        (f"{ARGS}transform: lowercase, re2: '[A-Za-z]x(?:A|b)C?'}}", []),
        (f"{ARGS}transform: lowercase, re2: 'x(?:A|[BC])'}}", ["never matches"]),
        (f"{ARGS}transform: lowercase, re2: 'x(?:y(Z))+'}}", ["never matches"]),
        (f"{ARGS}transform: lowercase, re2: 'x(?i:Y)'}}", []),
        (f"{ARGS}transform: lowercase, re2: '[[:upper:]]'}}", []),
        (f"{{any: [{A}, {ARGS}contains: a}}]}}", ["adds nothing: the one on line 4 holds as well"]),
        (f"{{all: [{A}, {ARGS}contains: a}}]}}", ["adds nothing: the one on line 4 implies it as well"]),
        (f"{{any: [{A}, {A}]}}", ["adds nothing"]),
        (f"{{not: {{any: [{A}, {A}]}}}}", ["adds nothing"]),
        (f"{{any: [{A}, {B}, {{all: [{B}, {C}]}}]}}", ["adds nothing"]),
    ],
)  # fmt: skip
def test_parts(tmp_path: Path, match: str, expected: list[str]) -> None:
    (rule,) = load(tmp_path, match).rules
    found = list(useless_parts(rule))
    assert len(found) == bool(expected)
    assert [text for text in expected if text not in "\n".join(map(str, found))] == []
    assert all(problem.warning for problem in found)


def test_what_a_chain_takes_out() -> None:
    assert gone(("lowercase", "remove_nulls")) >= {"A", "\0"}
    assert gone(("lowercase", "base64_decode")) == frozenset()
    assert "Z" not in gone(("remove_whitespace",))


@pytest.mark.parametrize(
    ("exclusion", "says"),
    [
        ("{rules: [1], reason: r}", True),
        ("{rules: [1], reason: r, route: '*'}", True),
        ("{rules: [1], reason: r, route: /a/*}", False),
        ("{rules: [1], reason: r, fields: [llm.user]}", False),
        ("{rules: [1], reason: r, expires: 2099-01-01}", False),
        ("{rules: [2], reason: r}", False),
    ],
)
def test_exclusions_that_shut_a_rule_off(tmp_path: Path, exclusion: str, says: bool) -> None:
    pack = load(tmp_path, A, extra=f"exclusions:\n  - {exclusion}\n")
    found = [str(problem) for problem in shut_off(pack.rules, pack.exclusions)]
    assert ["rule 1 can never match: the exclusion at p.yaml:6 takes it off" in line for line in found] == [True] * says
