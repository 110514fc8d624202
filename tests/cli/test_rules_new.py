"""`waf rules new`: what it writes loads, passes, and needs no apology; what it finds stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from waf.cli.scaffold import FIRST_OWN_ID, TEXT, Wanted, header, next_id, rule
from waf.fields import FIELDS
from waf.rules.lint import lint
from waf.rules.load import load_pack

Run = Callable[..., Result]
FIELD_NAMES = [
    name for name, spec in FIELDS.items() if spec.kind == "text" and spec.selector != "path" and spec.phase != "scored"
]


def test_a_new_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "packs" / "Shop Support.yaml"
    result = run("rules", "new", "internal-host", "--file", path)
    assert (result.exit_code, result.stdout) == (
        0, f"{path}: rule 9100010 internal-host in pack shop_support\nnext: waf test {path} --watch\n",
    )  # fmt: skip
    pack = load_pack(path)
    (own,) = pack.rules
    assert (pack.name, own.name, own.title, own.tags) == (
        "shop_support", "internal-host", "Internal host in a value", ("attack.shop_support", "cwe-20"),
    )  # fmt: skip
    assert run("lint", path, "--strict").stdout == "1 file, 1 rule: 0 errors, 0 warnings\n"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_everything_can_be_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    options = ("--text", "Vault.Internal", "--field", 'request.headers["x-to"]', "--title", "It's: a title", "--severity", "critical",
               "--attack", "ssrf", "--reference", "https://example.org/a", "--pack", "shop.hosts")  # fmt: skip
    assert run("rules", "new", "one", "--file", path, *options).exit_code == 0
    pack = load_pack(path)
    (own,) = pack.rules
    assert (pack.name, own.title, own.severity, own.category) == ("shop.hosts", "It's: a title", "critical", "ssrf")
    assert own.references == ("https://example.org/a",)
    assert run("lint", path).stdout == "1 file, 1 rule: 0 errors, 0 warnings\n"


@pytest.mark.parametrize(
    "end", ["", "\n", "\n\n# about what follows\nexclusions:\n  - {rules: [900001], route: /a, reason: r}\n"]
)
def test_in_a_file_that_is_there_it_goes_to_the_end(run: Run, pack: Path, end: str) -> None:
    before = pack.read_text().rstrip("\n") + end
    pack.write_text(before)
    assert run("rules", "new", "one-more", "--file", pack).exit_code == 0
    after = pack.read_text()
    assert load_pack(pack).rules[-1].id == 900013
    assert after.replace(after[after.index("\n  - id: 900013") : after.index("'one mor'}}\n") + 12], "").rstrip(
        "\n"
    ) == before.rstrip("\n")
    assert ("# about what follows\nexclusions:" in after) == bool(end.strip())
    assert run("test", pack).exit_code == 0


def test_twice(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for name in ("one-name", "two-name", "three-name"):
        assert run("rules", "new", name, "--file", path).exit_code == 0
    assert [rule.id for rule in load_pack(path).rules] == [9100010, 9100020, 9100030]
    other = tmp_path / "b.yaml"
    (tmp_path / "broken.yaml").write_text("a: [")
    assert run("rules", "new", "one-name", "--file", other).exit_code == 0
    assert load_pack(other).rules[0].id == 9101010


@pytest.mark.parametrize(
    ("own", "taken", "expected"),
    [
        ((), (), FIRST_OWN_ID),
        ((), (1101010,), FIRST_OWN_ID),
        ((), (9100010, 9104020), 9105010),
        ((900003,), (900013, 900023), 900033),
        ((900003,), (), 900013),
    ],
)
def test_the_next_id(own: tuple[int, ...], taken: tuple[int, ...], expected: int) -> None:
    assert next_id(own, taken) == expected


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("Not A Slug",), "small letters, digits and dashes"),
        (("abc",), "4 to 80 letters"),
        (("good-name", "--text", "it's"), "4 to 80 letters"),
        (("good-name", "--field", "request.arg"), "request.args"),
        (("good-name", "--field", "request.body.length"), "is a number: begin with a field that holds text"),
        (("good-name", "--attack", "a b"), "one word"),
        (("good-name", "--reference", "a b"), "without blanks"),
        (("good-name", "--title", "a\nb"), "one line"),
        (("good-name", "--pack", "other"), "is the pack own.words"),
    ],
)
def test_what_makes_no_rule(run: Run, pack: Path, options: tuple[str, ...], says: str) -> None:
    before = pack.read_bytes()
    result = run("rules", "new", *options, "--file", pack)
    assert result.exit_code == 2
    assert says in result.stderr
    assert pack.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schema: waf-rules/v1\npack: a.b\nrules: []\n", "there is no rule yet"),
        ("schema: waf-rules/v1\npack: a.b\nrules: [{id: 1, name: a, title: t, severity: notice, match: {field: llm.user, contains: ab}}]\n", "not a list with a dash"),
    ],
)  # fmt: skip
def test_a_file_that_it_will_not_touch(run: Run, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    result = run("rules", "new", "good-name", "--file", path)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "put the rule in by hand" in result.stderr
    assert result.stdout.startswith("  - id: ")
    assert path.read_text() == text


def test_a_file_that_does_not_load(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [")
    result = run("rules", "new", "good-name", "--file", tmp_path / "a.yaml")
    assert result.exit_code == 2
    assert "YAML syntax" in result.stderr


def test_ids_beside_it_are_taken_whether_their_rules_are_right_or_not(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("rules: [{id: 9100040}, 7, {id: x}]\n")
    (tmp_path / "other.yaml").write_text("[]\n")
    (tmp_path / "broken.yaml").write_text("a: [")
    result = run("rules", "new", "good-name", "--file", tmp_path / "mine.yaml")
    assert result.exit_code == 0
    assert "rule 9101010 good-name" in result.stdout


def test_a_write_that_would_not_load_leaves_the_file_alone(
    run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waf.cli.scaffold.rule", lambda *_: "  - broken\n")
    before = pack.read_bytes()
    assert run("rules", "new", "good-name", "--file", pack).exit_code == 2
    assert pack.read_bytes() == before
    assert [file.name for file in pack.parent.iterdir()] == [pack.name]


@given(st.from_regex(TEXT, fullmatch=True), st.sampled_from(FIELD_NAMES))
def test_every_text_gives_a_rule_that_is_complete(
    tmp_path_factory: pytest.TempPathFactory, text: str, field: str
) -> None:
    path = tmp_path_factory.mktemp("new") / "a.yaml"
    path.write_text(header("a.b") + rule(1, Wanted("one", "One", field, text, "notice", "b", "CWE-20")))
    assert [str(problem) for problem in lint([load_pack(path)], lambda: 0.0, strict=True)] == []
