"""`waf rules convert`: exit codes, where things go, and the example in the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from tests.rules.convert.test_convert import EVERYTHING
from waf.cli import main
from waf.cli.rules_schema import rules_schema
from waf.rules.load import load_pack
from waf.source import load

PAGE = (Path(__file__).parents[2] / "docs" / "convert.md").read_text()
GOOD = 'SecRule ARGS "@rx union" "id:5,phase:2,deny,t:lowercase"\n'
BAD = 'SecRule TX:a "@eq 1" "id:6,deny"\n'


def run(folder: Path, text: str, *arguments: str) -> Result:
    (folder / "My rules.conf").write_text(text)
    return CliRunner().invoke(main, ["rules", "convert", str(folder / "My rules.conf"), *arguments])


def test_the_example_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conf, made = (re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) for kind in ("apache", "yaml"))
    assert conf
    assert made
    (tmp_path / "own.conf").write_text(conf[1])
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["rules", "convert", "own.conf", "--pack", "web.own"])
    assert result.exit_code == 1
    assert result.stdout == made[1]
    assert result.stderr.splitlines() == [
        "own.conf:10: rule 1004 is not converted: reads a collection that lasts over several requests",
        "3 of 4 rules converted (collection 1)",
    ]


def test_all_converted(tmp_path: Path) -> None:
    out = tmp_path / "sub" / "own.yaml"
    result = run(tmp_path, GOOD, "-o", str(out), "--ids", "9200010", "--attack", "sqli")
    assert (result.exit_code, result.stdout) == (0, "")
    pack = load_pack(out)
    assert (pack.name, [rule.id for rule in pack.rules]) == ("my_rules", [9200010])
    assert pack.rules[0].tags == ("attack.sqli", "seclang.5")
    assert result.stderr == "1 of 1 rule converted\n"
    assert list(out.parent.iterdir()) == [out]


def test_a_report_for_programs(tmp_path: Path) -> None:
    result = run(tmp_path, GOOD + BAD + "SecFoo 1\n", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["rules"], report["converted"], report["without_tests"]) == (2, {"5": 5}, [])
    assert report["yaml"].startswith("# Made by `waf rules convert` from My rules.conf.\nschema: waf-rules/v1\n")
    assert [(note["line"], note["rule"], note["code"], note["converted"]) for note in report["notes"]] == [
        (2, 6, "tx", False), (3, None, "unread", False),
    ]  # fmt: skip
    assert "yaml" not in json.loads(run(tmp_path, GOOD, "--json", "-o", str(tmp_path / "o.yaml")).stdout)


def test_a_missing_test_is_said(tmp_path: Path) -> None:
    result = run(tmp_path, 'SecRule ARGS "@validateUtf8Encoding" "id:5,phase:2,deny"\n')
    assert "1 of 1 rule converted; 1 rule without a test of each kind, which waf lint asks for" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--pack", "Web Own"], "--pack"),
        (["--attack", "SQL injection"], "--attack"),
        (["--ids", "0"], "--ids"),
        (["--out", "/"], "is a directory"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], says: str) -> None:
    result = run(tmp_path, GOOD, *arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_no_such_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["rules", "convert", str(tmp_path / "none.conf")])
    assert result.exit_code == 2


def test_editors_know_what_comes_out(tmp_path: Path) -> None:
    names = 'SecRule REQUEST_HEADERS_NAMES|!REQUEST_HEADERS_NAMES:/^x-/ "@pm a b" "id:99,phase:1,deny"\n'
    made = load(run(tmp_path, EVERYTHING + names).stdout, "p").plain()
    assert "request.headers.names[!/(?i)(?:^x-)/]" in str(made)
    jsonschema.validate(made, rules_schema())
