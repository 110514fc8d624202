"""`waf lint`, `waf test` and `waf check-config`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from waf.config import documentation, schema

Run = Callable[..., Result]

BROKEN = """\
schema: waf-rules/v1
pack: own.broken
rules:
  - id: 1
    name: a
    title: A
    severity: criticle
    match: {feild: request.args, contains: x}
"""


class TestLint:
    def test_a_pack_without_problems(self, run: Run, pack: Path) -> None:
        result = run("lint", pack)
        assert result.stdout == "1 file, 3 rules: 0 errors, 0 warnings\n"
        assert result.exit_code == 0

    def test_every_problem_has_its_line_and_a_caret(self, run: Run, pack: Path) -> None:
        text = pack.read_text().replace("plugh", "xyzzy").replace("references: [CWE-1]", "references: []", 1)
        pack.write_text(text)
        result = run("lint", pack)
        assert result.exit_code == 1
        line = text[: text.index("- {benign")].count("\n") + 1
        assert f"{pack}:{line}:9: error: rule 900001, test 2: matched, but should not\n" in result.stdout
        assert "\n          - {benign: {request.args: 'say xyzzy'}}\n            ^\n" in result.stdout
        assert "has no references" in result.stdout
        assert result.stdout.endswith("1 file, 3 rules: 1 error, 1 warning\n")

    def test_strict(self, run: Run, pack: Path) -> None:
        pack.write_text(pack.read_text().replace("references: [CWE-1]", "references: []", 1))
        assert run("lint", pack).exit_code == 0
        assert run("lint", pack, "--strict").exit_code == 1

    def test_strict_asks_for_more(self, run: Run, pack: Path) -> None:
        shown = run("lint", pack, "--strict").stdout
        assert "rule 900001 has 1 of 3 attack tests (one of them an evasion)" in shown
        assert "3 rules: 0 errors, 11 warnings" in shown

    def test_exclusions_expire_on_the_day_that_is_given(self, run: Run, pack: Path) -> None:
        exclusion = "exclusions:\n  - {rules: [900001], route: /a, reason: r, expires: 2030-01-01}\n"
        pack.write_text(pack.read_text() + exclusion)
        assert "expired on 2030-01-01" not in run("lint", pack, "--today", "2030-01-01").stdout
        assert "expired on 2030-01-01" in run("lint", pack, "--today", "2030-01-02").stdout

    def test_a_file_that_does_not_load_does_not_hide_the_others(self, run: Run, pack: Path) -> None:
        (pack.parent / "a.yaml").write_text(BROKEN)
        (pack.parent / "b.yaml").write_bytes(b"a: \xff")
        pack.write_text(pack.read_text().replace("plugh", "xyzzy"))
        result = run("lint", pack.parent)
        assert result.exit_code == 1
        assert "a.yaml:7:15: error: severity" in result.stdout or "a.yaml:8:13: error" in result.stdout
        assert "b.yaml:1:4: error: not valid UTF-8" in result.stdout
        assert "own.yaml:15:9: error: rule 900001, test 2" in result.stdout
        assert "3 files, 3 rules: " in result.stdout

    def test_ids_used_twice(self, run: Run, pack: Path) -> None:
        (pack.parent / "copy.yaml").write_text(pack.read_text())
        result = run("lint", pack.parent)
        assert result.stdout.count("is taken by the rule at") == 3

    def test_json(self, run: Run, pack: Path) -> None:
        pack.write_text(pack.read_text().replace("plugh", "xyzzy"))
        shown = json.loads(run("lint", pack, "--json").stdout)
        assert (shown["files"], shown["rules"], shown["errors"], shown["warnings"]) == (1, 3, 1, 0)
        (problem,) = shown["problems"]
        assert problem == {
            "file": str(pack),
            "line": 15,
            "column": 9,
            "severity": "error",
            "message": "rule 900001, test 2: matched, but should not",
            "hint": "",
        }

    def test_the_shipped_packs_are_linted_without_arguments(self, run: Run, tmp_path: Path, pack: Path) -> None:
        run_with = run("lint", "--json")
        shown = json.loads(run_with.stdout)
        assert shown["files"] > 3
        assert all("/rules/" in problem["file"] for problem in shown["problems"])


class TestTest:
    def test_all_pass(self, run: Run, pack: Path) -> None:
        result = run("test", pack)
        assert result.stdout == "3 rules, 6 tests: 6 passed, 0 failed in 0 rules\n"
        assert result.exit_code == 0

    def test_verbose(self, run: Run, pack: Path) -> None:
        assert "pass 900001 evil-word 2 of 2\n" in run("test", pack, "-v").stdout

    def test_failures(self, run: Run, pack: Path) -> None:
        text = pack.read_text().replace("plugh", "xyzzy").replace("say XYZZY", "say nothing")
        pack.write_text(text)
        result = run("test", pack)
        assert result.exit_code == 1
        assert result.stdout == (
            "FAIL 900001 evil-word 0 of 2\n"
            f"  {pack}:14:9: attack test 1: did not match\n"
            "    expected a match\n"
            "    found    no match\n"
            '    ✗ request.args contains "xyzzy", line 12  ← nearest\n'
            '        test:request.args: "say nothing"\n'
            "        the same after url_decode_uni, lowercase\n"
            f"  {pack}:15:9: benign test 2: matched, but should not\n"
            "    expected no match\n"
            "    found    a match\n"
            '    ✓ request.args contains "xyzzy", line 12\n'
            '        test:request.args: "say xyzzy"\n'
            "        the same after url_decode_uni, lowercase\n"
            "        at say ›xyzzy‹\n"
            "3 rules, 6 tests: 4 passed, 2 failed in 1 rule\n"
        )

    def test_rules_without_tests(self, run: Run, pack: Path) -> None:
        text = pack.read_text()
        pack.write_text(text[: text.rindex("    tests:")])
        result = run("test", pack)
        assert result.exit_code == 0
        assert result.stdout.startswith("untested 900003 rare-word\n")
        assert result.stdout.endswith("; 1 rule without a test\n")

    def test_no_tests_at_all_is_a_problem(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty.yaml").write_text("schema: waf-rules/v1\npack: own.empty\nrules: []\n")
        assert run("test", tmp_path / "empty.yaml").exit_code == 1

    def test_rules_that_do_not_load(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(BROKEN)
        result = run("test", tmp_path)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "a.yaml:8" in result.stderr

    def test_each_condition_is_shown(self, run: Run, pack: Path) -> None:
        text = pack.read_text().replace("'Obey  me', request.method: POST", "'Obey  you', request.method: POST")
        text = text.replace("{field: request.method, eq: POST}", "not: {field: request.method, eq: POST}")
        pack.write_text(text.replace("{attack: {request.args: plover}}", "{attack: {llm.user: plover}}"))
        shown = run("test", pack).stdout
        assert (
            "    ✗ all of\n"
            '      ✗ llm.user, llm.prompt re2 "obey\\s+me", line 25  ← nearest\n'
            '          test:llm.user: "Obey  you"\n'
            '          after lowercase: "obey  you"\n'
            "          found as far as obey\\s+, then wanted me\n"
            "      ✗ not\n"
            '        ✓ request.method eq "POST", line 26\n'
            '            test:request.method: "POST"\n'
        ) in shown
        assert (
            "    no condition found a value of its fields: the test gives llm.user\n"
            '    ✗ request.args contains "plover", line 37  ← nearest\n'
            "        no such value\n"
        ) in shown

    def test_many_values_are_cut_and_nothing_reaches_the_terminal(self, run: Run, pack: Path) -> None:
        values = ", ".join(f'"v{n}\\e[31m"' for n in range(9))
        pack.write_text(pack.read_text().replace("request.args: 'say XYZZY'", f"request.args: [{values}]"))
        shown = run("test", pack).stdout
        assert "        … and 5 more values\n" in shown
        assert "\x1b" not in shown

    def test_a_test_that_cannot_be_read_has_no_conditions_to_show(self, run: Run, pack: Path) -> None:
        pack.write_text(pack.read_text().replace("{request.args: 'say XYZZY'}", "{request: {verb: GET}}"))
        shown = run("test", pack).stdout
        assert "attack test 1: the test itself is wrong: a request has no verb\n3 rules" in shown
        assert json.loads(run("test", pack, "--json").stdout)["rules"][0]["failures"][0]["condition"] is None

    def test_a_tree_of_conditions_as_json(self, run: Run, pack: Path) -> None:
        pack.write_text(pack.read_text().replace("'Obey  me'", "'Obey  you'"))
        shown = json.loads(run("test", pack, "--json").stdout)
        condition = shown["rules"][1]["failures"][0]["condition"]
        assert (condition["kind"], condition["holds"], len(condition["parts"])) == ("all", False, 2)
        assert condition["parts"][0]["values"][0]["wanted"] == "me"

    def test_watch(self, run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = pack.read_text()

        def changes(*folders: Path, watch_filter: Callable[..., bool], raise_interrupt: bool) -> Iterator[None]:
            assert folders == (pack.parent,)
            assert raise_interrupt
            assert [name for name in ("a.yaml", "b.txt", "c.pyc", ".a.yaml.swp") if watch_filter(None, name)] == [
                "a.yaml",
                "b.txt",
            ]
            for new in (text.replace("plugh", "xyzzy"), BROKEN, text):
                pack.write_text(new)
                yield

        monkeypatch.setattr("waf.cli.watch.rerun.__defaults__", (changes,))
        result = run("test", pack, "--watch")
        assert result.exit_code == 0
        sums = [line for line in result.stdout.splitlines() if "rules, 6 tests" in line or "error:" in line]
        assert [sums[0][-38:], sums[1][-38:]] == [
            "6 tests: 6 passed, 0 failed in 0 rules",
            " 6 tests: 5 passed, 1 failed in 1 rule",
        ]
        assert any("severity" in line for line in sums[2:-1])
        assert sums[-1].endswith("6 passed, 0 failed in 0 rules")

    def test_watch_ends_with_ctrl_c(self, run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def changes(*_: Path, **__: object) -> Iterator[None]:
            raise KeyboardInterrupt
            yield

        monkeypatch.setattr("waf.cli.watch.rerun.__defaults__", (changes,))
        assert run("test", pack, "--watch").exit_code == 130

    def test_watching_the_shipped_packs(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[Path] = []

        def rerun(action: Callable[[], int], paths: list[Path]) -> int:
            seen.extend(paths)
            return 0

        monkeypatch.setattr("waf.cli.watch.rerun", rerun)
        assert run("test", "-w").exit_code == 0
        assert [path.name for path in seen] == ["rules"]

    def test_json(self, run: Run, pack: Path) -> None:
        pack.write_text(pack.read_text().replace("plugh", "xyzzy"))
        result = run("test", pack, "--json")
        shown = json.loads(result.stdout)
        assert result.exit_code == 1
        assert (shown["passed"], shown["failed"], shown["untested"]) == (5, 1, 0)
        condition = shown["rules"][0]["failures"][0].pop("condition")
        assert condition == {
            "holds": True,
            "kind": "contains",
            "argument": "xyzzy",
            "fields": ["request.args"],
            "transforms": ["url_decode_uni", "lowercase"],
            "line": 12,
            "values": [
                {
                    "field": "request.args",
                    "origin": "test:request.args",
                    "value": "say xyzzy",
                    "view": "say xyzzy",
                    "holds": True,
                    "found": "",
                    "wanted": "",
                    "span": [4, 9],
                }
            ],
        }
        assert shown["rules"][0] == {
            "id": 900001,
            "name": "evil-word",
            "passed": 1,
            "failed": 1,
            "failures": [
                {"test": 2, "kind": "benign", "file": str(pack), "line": 15, "detail": "matched, but should not"}
            ],
        }
        assert [rule["failed"] for rule in shown["rules"]] == [1, 0, 0]


class TestCheckConfig:
    @pytest.fixture
    def config(self, pack: Path) -> Callable[[str], Path]:
        def write(text: str) -> Path:
            path = pack.parent / "waf.yaml"
            path.write_text(text)
            return path

        return write

    def test_valid(self, run: Run, config: Callable[[str], Path]) -> None:
        path = config("rules: {packs: [own.yaml]}\nroutes: [{path: /a, name: a}]\n")
        result = run("check-config", path)
        assert result.stdout == f"{path} is valid: 3 rules, 2 routes, 0 warnings\n"
        assert result.exit_code == 0

    def test_the_defaults_are_valid(self, run: Run) -> None:
        assert run("check-config").stdout.startswith("the default configuration is valid: ")

    def test_warnings(self, run: Run, config: Callable[[str], Path]) -> None:
        path = config("rules: {packs: [own.yaml], disable: [7]}\ntrusted_proxies: ['::/0']\n")
        result = run("check-config", path)
        assert result.exit_code == 0
        assert f"{path}:2:19: warning: trusted_proxies[0]" in result.stdout
        assert '"7" means no loaded rule' in result.stdout
        assert "2 warnings" in result.stdout

    def test_problems(self, run: Run, config: Callable[[str], Path]) -> None:
        path = config("mode: x\nlimits: {body: 1}\n")
        result = run("check-config", path)
        assert result.exit_code == 1
        assert [line.partition(": ")[0] for line in result.stdout.splitlines()] == [f"{path}:1:7", f"{path}:2:16"]

    def test_problems_of_the_rules(self, run: Run, config: Callable[[str], Path], pack: Path) -> None:
        pack.write_text(BROKEN)
        result = run("check-config", config("rules: {packs: [own.yaml]}\ntrusted_proxies: ['::/0']\n"))
        assert result.exit_code == 1
        assert "warning: trusted_proxies[0]" in result.stdout
        assert f"{pack}:8" in result.stdout

    def test_json(self, run: Run, config: Callable[[str], Path]) -> None:
        shown = json.loads(run("check-config", config("mode: x"), "--json").stdout)
        assert shown["valid"] is False
        assert shown["problems"][0]["line"] == 1
        shown = json.loads(run("check-config", config("rules: {packs: [own.yaml]}"), "--json").stdout)
        assert shown == {"valid": True, "rules": 3, "routes": 1, "problems": []}

    def test_documents(self, run: Run) -> None:
        assert run("check-config", "--docs").stdout == documentation()
        assert json.loads(run("check-config", "--schema").stdout) == schema()
