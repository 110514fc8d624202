"""`waf rules`: list, fp, bench, schema and docs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from waf.cli.rules_docs import page
from waf.cli.rules_schema import rules_schema
from waf.fields import FIELDS
from waf.rules import load_packs, pack_files
from waf.rules.fieldref import parse_field
from waf.rules.operators import OPERATORS, Context
from waf.rules.spec import Exclusion, RuleSpec
from waf.source import load

Run = Callable[..., Result]
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def corpus(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: Any) -> Path:
        path = tmp_path / "corpus.jsonl"
        path.write_bytes(
            b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)
        )
        return path

    return write


class TestList:
    def test_table(self, run: Run, pack: Path) -> None:
        lines = run("rules", "list", "--rules", pack).stdout.splitlines()
        assert lines[0].split() == ["id", "name", "pack", "severity", "paranoia", "phase", "title"]
        assert lines[1].split()[:6] == ["900001", "evil-word", "own.words", "critical", "1", "request"]
        assert lines[-1] == "3 rules"

    @pytest.mark.parametrize(
        ("selectors", "count"),
        [
            (["900001"], 1),
            (["tag:attack.words"], 2),
            (["pack:own"], 3),
            (["7"], 0),
            (["900001", "tag:attack.orders"], 2),
        ],
    )
    def test_selectors(self, run: Run, pack: Path, selectors: list[str], count: int) -> None:
        assert len(json.loads(run("rules", "list", *selectors, "--rules", pack, "--json").stdout)) == count

    def test_json(self, run: Run, pack: Path) -> None:
        rule = json.loads(run("rules", "list", "900002", "--rules", pack, "--json").stdout)[0]
        assert rule["score"] == 3
        assert rule["false_positives"] == ["texts about orders"]
        assert (rule["file"], rule["line"]) == (str(pack), 16)

    def test_on_a_terminal(self, run: Run, pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda _: True, raising=False)
        shown = run("rules", "list", "--rules", pack).stdout
        assert "900001" in shown
        assert "evil-word" in shown


class TestFalsePositives:
    LINES = ("all quiet", {"text": "say xyzzy"}, {"prompt": "obey me"}, {"content": "nothing"},
             {"path": "/?q=xyzzy&p=plover"}, {"path": "/", "method": "TRACE"})  # fmt: skip

    def test_json(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        result = run("rules", "fp", "--corpus", corpus(*self.LINES), "--rules", pack, "--json")
        assert result.exit_code == 0
        assert json.loads(result.stdout) == {
            "requests": 6,
            "matched": 3,
            "blocked": 3,
            "refused": 1,
            "rules": [
                {"rule": 900001, "name": "evil-word", "matched": 2, "alone": 2, "lines": [2, 5]},
                {"rule": 900002, "name": "order-in-prompt", "matched": 1, "alone": 0, "lines": [3]},
            ],
        }

    def test_table(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        shown = run("rules", "fp", "--corpus", corpus(*self.LINES), "--rules", pack).stdout.splitlines()
        assert shown[1].split() == ["900001", "evil-word", "2", "33.33%", "2", "2,", "5"]
        assert shown[-1] == "6 requests: 3 matched (50.00%), 3 blocked (50.00%), 1 of them refused as unreadable"

    def test_a_baseline(self, run: Run, pack: Path, corpus: Callable[..., Path], tmp_path: Path) -> None:
        lines, known = corpus(*self.LINES), tmp_path / "known.json"
        again = ("rules", "fp", "--corpus", lines, "--rules", pack, "--baseline", known)
        assert run("rules", "fp", "--corpus", lines, "--rules", pack, "--write-baseline", known).exit_code == 0
        kept = json.loads(known.read_text())
        assert kept.pop("corpus") == hashlib.sha256(lines.read_bytes()).hexdigest()
        assert kept == {
            "shape": "generic", "paranoia": 1, "block_score": 5, "requests": 6, "blocked": 3, "refused": 1,
            "rules": {"900001": 2, "900002": 1},
        }  # fmt: skip
        result = run(*again)
        assert result.exit_code == 0
        assert result.stdout.endswith("nothing is worse than the baseline\n")
        pack.write_text(pack.read_text().replace("contains: xyzzy", "re2: 'xyzzy|quiet'"))
        result = run(*again)
        assert result.exit_code == 1
        assert result.stdout.splitlines()[-2:] == [
            "worse than the baseline: requests blocked: 3 before, 4 now",
            "worse than the baseline: rule 900001 evil-word: 2 before, 3 now",
        ]
        shown = json.loads(run(*again, "--json").stdout)
        assert shown["regressions"][1] == {"what": "evil-word", "rule": 900001, "before": 2, "now": 3}

    def test_fewer_is_not_worse_and_can_be_kept(
        self, run: Run, pack: Path, corpus: Callable[..., Path], tmp_path: Path
    ) -> None:
        lines, known = corpus(*self.LINES), tmp_path / "known.json"
        run("rules", "fp", "--corpus", lines, "--rules", pack, "--write-baseline", known)
        pack.write_text(pack.read_text().replace("contains: xyzzy", "contains: xyzzyy"))
        result = run(
            "rules", "fp", "--corpus", lines, "--rules", pack, "--baseline", known, "--write-baseline", known, "--json"
        )
        assert (result.exit_code, json.loads(result.stdout)["regressions"]) == (0, [])
        assert json.loads(known.read_text())["rules"] == {"900002": 1}

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (("--as", "chat"), "another --as"),
            (("--paranoia", "3"), "another paranoia level"),
            (("--block-score", "9"), "another score that blocks"),
        ],
    )
    def test_a_baseline_of_something_else(
        self, run: Run, pack: Path, corpus: Callable[..., Path], tmp_path: Path, options: tuple[str, ...], says: str
    ) -> None:
        lines, known = corpus(*self.LINES), tmp_path / "known.json"
        base = ("rules", "fp", "--corpus", lines, "--rules", pack)
        run(*base, "--write-baseline", known)
        result = run(*base, "--baseline", known, *options)
        assert result.exit_code == 2
        assert f"{known}: error: this baseline is of {says} (write a new one)" in result.stderr

    def test_a_baseline_of_another_corpus(
        self, run: Run, pack: Path, corpus: Callable[..., Path], tmp_path: Path
    ) -> None:
        known = tmp_path / "known.json"
        run("rules", "fp", "--corpus", corpus(*self.LINES), "--rules", pack, "--write-baseline", known)
        result = run("rules", "fp", "--corpus", corpus("quiet"), "--rules", pack, "--baseline", known)
        assert "this baseline is of another corpus" in result.stderr

    @pytest.mark.parametrize("text", ["{", "[]", '{"corpus": 1}', "\xff"])
    def test_not_a_baseline(self, run: Run, pack: Path, corpus: Callable[..., Path], tmp_path: Path, text: str) -> None:
        (tmp_path / "known.json").write_bytes(text.encode("latin-1"))
        result = run("rules", "fp", "--corpus", corpus("quiet"), "--rules", pack, "--baseline", tmp_path / "known.json")
        assert result.exit_code == 2
        assert "not a baseline" in result.stderr

    def test_nothing_matched(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        shown = run("rules", "fp", "--corpus", corpus("quiet"), "--rules", pack).stdout
        assert shown == "1 requests: 0 matched (0.00%), 0 blocked (0.00%), 0 of them refused as unreadable\n"

    def test_paranoia_counts_more_rules(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        result = run("rules", "fp", "--corpus", corpus(*self.LINES), "--rules", pack, "--json", "--paranoia", "4")
        rare = json.loads(result.stdout)["rules"][-1]
        assert rare == {"rule": 900003, "name": "rare-word", "matched": 1, "alone": 0, "lines": [5]}

    def test_as_chat(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        result = run("rules", "fp", "--corpus", corpus("xyzzy", "obey me"), "--rules", pack, "--as", "chat", "--json")
        assert [rule["rule"] for rule in json.loads(result.stdout)["rules"]] == [900002]

    @pytest.mark.parametrize(("most", "code"), [("0", 1), ("0.5", 0), ("1", 0)])
    def test_a_bound(self, run: Run, pack: Path, corpus: Callable[..., Path], most: str, code: int) -> None:
        path = corpus("xyzzy", "quiet")
        assert run("rules", "fp", "--corpus", path, "--rules", pack, "--max-blocked", most).exit_code == code

    def test_a_rule_that_blocks_by_itself(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        pack.write_text(pack.read_text().replace("severity: warning", "severity: warning\n    action: block"))
        result = run("rules", "fp", "--corpus", corpus("obey me"), "--rules", pack, "--json")
        assert json.loads(result.stdout)["rules"][0]["alone"] == 1

    @pytest.mark.parametrize(
        ("lines", "message"),
        [
            (["good", 3], ":2:1: error: neither a text nor a request: write a string"),
            ([["list"]], ":1:1: error: neither a text nor a request: write a string"),
            ([{"other": "x"}], ":1:1: error: neither a text nor a request: write a string"),
            ([b"nonsense\n"], ":1:1: error: neither a text nor a request: not JSON"),
            ([b"\n", b" \n", "good", b"\r\n", b"nonsense\n"], ":5:1: error: neither a text nor a request: not JSON"),
            ([{"path": 3}], ":1:1: error: neither a text nor a request: Expected"),
            ([], "holds no requests"),
        ],
    )
    def test_a_corpus_that_is_none(
        self, run: Run, pack: Path, corpus: Callable[..., Path], lines: list[Any], message: str
    ) -> None:
        result = run("rules", "fp", "--corpus", corpus(*lines), "--rules", pack)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_a_line_that_is_too_long(
        self, run: Run, pack: Path, corpus: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("waf.cli.scan.lines.__defaults__", (30,))
        result = run("rules", "fp", "--corpus", corpus("x" * 40), "--rules", pack)
        assert "longer than" in result.stderr


class TestBench:
    def test_json(self, run: Run, pack: Path) -> None:
        shown = json.loads(run("rules", "bench", "--rules", pack, "--json").stdout)
        assert shown["requests"] == 7
        assert 0 < shown["p50"] <= shown["p99"]
        assert {rule["rule"] for rule in shown["rules"]} == {900001, 900002, 900003}
        assert [r["mean"] for r in shown["rules"]] == sorted((r["mean"] for r in shown["rules"]), reverse=True)
        assert all(0 <= rule["evaluated"] <= 1 for rule in shown["rules"])

    def test_table_over_a_corpus(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        path = corpus(
            "quiet",
            "xyzzy",
            {"path": "/", "method": "POST", "headers": [["Content-Type", "application/json"]], "body": "{"},
        )
        lines = run("rules", "bench", "--rules", pack, "--corpus", path).stdout.splitlines()
        assert len(lines) == 6
        assert lines[-2].startswith("all 3 rules together: ")
        assert lines[-2].endswith("over 2 different requests")
        assert lines[-1].startswith("of that, transforms and prefilter, which the rules share: ")

    def test_what_rules_share_is_counted_once(self, run: Run, pack: Path) -> None:
        shown = json.loads(run("rules", "bench", "--rules", pack, "--json").stdout)
        own = sum(rule["mean"] for rule in shown["rules"])
        assert shown["shared"] > 0
        assert own + shown["shared"] == pytest.approx(shown["mean"])
        assert {rule["rule"]: rule["gated"] for rule in shown["rules"]}[900001]

    def test_limit(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        path = corpus("a", "b", "c")
        shown = json.loads(run("rules", "bench", "--rules", pack, "--corpus", path, "--limit", "2", "--json").stdout)
        assert shown["requests"] == 2

    def test_nothing_to_measure_with(self, run: Run, pack: Path, corpus: Callable[..., Path]) -> None:
        result = run("rules", "bench", "--rules", pack, "--corpus", corpus())
        assert result.exit_code == 2
        assert "holds no request that can be read" in result.stderr


class TestSchema:
    def test_the_one_in_docs_is_current(self, run: Run) -> None:
        published = json.loads((REPOSITORY / "docs/waf-rules.schema.json").read_text())
        assert published == rules_schema(), "waf rules schema > docs/waf-rules.schema.json"
        assert json.loads(run("rules", "schema").stdout) == published

    def test_it_knows_every_member_of_a_rule(self) -> None:
        known = set(rules_schema()["properties"]["rules"]["items"]["properties"])
        assert known == set(RuleSpec.__struct_fields__) - {"pack", "phase", "place"}
        known = set(rules_schema()["properties"]["exclusions"]["items"]["properties"])
        assert known == set(Exclusion.__struct_fields__) - {"place"}

    def test_it_knows_every_operator(self) -> None:
        joins = {"all", "any", "not"}
        required = [set(option["required"]) - {"field"} for option in rules_schema()["$defs"]["condition"]["anyOf"]]
        assert set().union(*required) == set(OPERATORS) | joins

    @pytest.mark.parametrize("file", pack_files(["builtin"]), ids=lambda path: path.stem)
    def test_the_shipped_packs_conform(self, file: Path) -> None:
        schema = rules_schema()
        assert mismatch(load(file.read_bytes(), str(file)).plain(), schema, schema) is None

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (("severity: critical", "severity: fatal"), "severity"),
            (("own.words", "Own Words"), "pack"),
            (("id: 900001", "id: '900001'"), "id"),
            (("title: A word", "titel: x\n    title: A word"), "titel"),
            (("contains: xyzzy", "contain: xyzzy"), "match"),
            (("field: request.args,", "field: request.arg,"), "match"),
            (("paranoia: 3", "paranoia: 5"), "paranoia"),
            (("{attack: {request.args: plover}}", "{atack: {}}"), "tests"),
        ],
    )
    def test_mistakes_do_not_conform(self, pack: Path, change: tuple[str, str], where: str) -> None:
        schema = rules_schema()
        text = pack.read_text()
        assert mismatch(load(text, "f").plain(), schema, schema) is None
        wrong = mismatch(load(text.replace(*change), "f").plain(), schema, schema)
        assert wrong is not None
        assert where in wrong

    @pytest.mark.parametrize(
        "text",
        [*FIELDS, 'request.headers["x"]', 'tensor["a"].shape', 'json["$.a[*].b"]', "nope", "tensor.what", "xml[]"],
    )
    def test_it_takes_the_fields_that_the_loader_takes(self, text: str) -> None:
        schema = rules_schema()
        try:
            parse_field(text)
            expected = True
        except ValueError:
            expected = False
        assert (mismatch(text, {"$ref": "#/$defs/field"}, schema) is None) == expected


def mismatch(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str = "$") -> str | None:
    """Where a value breaks a schema that uses the keywords ours uses; None when it conforms."""
    if "$ref" in schema:
        return mismatch(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, path)
    if "anyOf" in schema:
        return None if any(mismatch(value, option, root, path) is None for option in schema["anyOf"]) else path
    types = {"object": dict, "array": list, "string": str, "integer": int}
    if "type" in schema and (not isinstance(value, types[schema["type"]]) or isinstance(value, bool)):
        return path
    if value != schema.get("const", value) or value not in schema.get("enum", [value]):
        return path
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        return path
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return path
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            return path
        found = (mismatch(item, schema.get("items", {}), root, f"{path}[{i}]") for i, item in enumerate(value))
        return next((where for where in found if where), None)
    if isinstance(value, dict):
        return _object_mismatch(value, schema, root, path)
    return None


def _object_mismatch(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], path: str) -> str | None:
    if not set(schema.get("required", [])) <= set(value) or len(value) < schema.get("minProperties", 0):
        return path
    for key, item in value.items():
        inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
        where = f"{path}.{key}" if inner is False else mismatch(item, inner, root, f"{path}.{key}")
        if where:
            return where
    return None


class TestDocs:
    def test_page(self, run: Run, pack: Path) -> None:
        shown = run("rules", "docs", "--rules", pack).stdout
        assert shown.startswith("# Rules\n\n3 rules.")
        assert "\n## own.words\n" in shown
        assert (
            "\n### 900002 order-in-prompt\n\nAn order to the model.\n\n"
            "- warning, score 3, paranoia 1, medium confidence, incubating; phase request\n"
            "- looks at `llm.user`, `llm.prompt`, `request.method`\n"
            "- tags: `attack.orders`\n- references: CWE-1\n- known to match, too: texts about orders\n"
        ) in shown

    def test_an_action_is_named(self, pack: Path) -> None:
        pack.write_text(pack.read_text().replace("severity: warning", "severity: warning\n    action: tag"))
        (own,) = load_packs([pack], Context())
        assert "- warning, action tag, paranoia 1" in page(own.rules)
