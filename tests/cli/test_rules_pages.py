"""`waf rules coverage`, and `waf rules docs` with a page for each rule."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from waf.cli.rulepage import index, page
from waf.rules import load_ruleset
from waf.rules.load import load_pack
from waf.rules.spec import RuleSpec
from waf.settings import Rules

Run = Callable[..., Result]
SHIPPED = load_ruleset(Rules()).rules


@pytest.fixture
def tagged(pack: Path) -> Path:
    text = pack.read_text().replace("[attack.words]", "[attack.words, owasp.a05-2025, atlas.aml.t0051.001]", 1)
    pack.write_text(
        text.replace("[attack.orders]", "[attack.orders, owasp.llm01-2025, owasp.a05-2025, owasp.a99-2025]")
    )
    return pack


class TestCoverage:
    def test_table(self, run: Run, tagged: Path) -> None:
        result = run("rules", "coverage", "owasp-top10", "--rules", tagged)
        lines = result.stdout.splitlines()
        assert result.exit_code == 0
        assert lines[0] == "OWASP Top 10:2025: 1 of 10 (owasp-top10-2025)"
        assert lines[2].split() == ["A01", "Broken", "Access", "Control", "–"]
        assert lines[6].split() == ["A05", "Injection", "2", "900001", "900002"]
        assert lines[-1] == "owasp.a99-2025 names nothing: rules 900002"

    def test_gaps(self, run: Run, tagged: Path) -> None:
        shown = run("rules", "coverage", "owasp-top10", "--gaps", "--rules", tagged).stdout
        assert "A05" not in shown
        assert "A06" in shown

    def test_json(self, run: Run, tagged: Path) -> None:
        shown = json.loads(run("rules", "coverage", "--rules", tagged, "--json").stdout)
        found = {catalogue["name"]: catalogue for catalogue in shown["catalogues"]}
        assert found["mitre-atlas"]["covered"] == 1
        item = next(item for item in found["mitre-atlas"]["items"] if item["id"] == "T0051")
        assert item == {
            "id": "T0051",
            "title": "LLM Prompt Injection",
            "rules": [900001],
            "tags": ["atlas.aml.t0051.001"],
        }
        assert shown["unknown_tags"] == {"owasp.a99-2025": [900002]}

    def test_there_is_no_such_list(self, run: Run, tagged: Path) -> None:
        result = run("rules", "coverage", "iso", "--rules", tagged)
        assert result.exit_code == 2
        assert "there are owasp-top10-2025, owasp-api-2023" in result.stderr

    def test_many_rules_are_cut(self, run: Run) -> None:
        assert re.search(
            r"^A05 +Injection +\d+(?: \d{7}| {2}\d{7}){4} …$",
            run("rules", "coverage", "owasp-top10").stdout,
            re.MULTILINE,
        )


class TestPages:
    def test_a_folder_of_pages(self, run: Run, pack: Path, tmp_path: Path) -> None:
        out = tmp_path / "pages"
        out.mkdir()
        for name in ("123.md", "notes.md", "900001.md"):
            (out / name).write_text("old")
        result = run("rules", "docs", "--rules", pack, "--out", out)
        size = sum(file.stat().st_size for file in out.iterdir()) - 3
        assert result.stdout == f"3 pages and index.md in {out}, {size:,} bytes\n"
        assert sorted(file.name for file in out.iterdir()) == [
            "900001.md",
            "900002.md",
            "900003.md",
            "index.md",
            "notes.md",
        ]
        assert (
            "| [900001](900001.md) `evil-word` | A word that nobody writes by chance | critical | 1 |"
            in (out / "index.md").read_text()
        )

    def test_a_page(self, pack: Path) -> None:
        pack.write_text(pack.read_text().replace("[CWE-1]", "[CWE-1, CVE-2024-1, https://a.example/b, 'A *note*']", 2))
        text = page(load_pack(pack).rules[1])
        assert text.startswith(
            "# 900002 order-in-prompt\n\nAn order to the model.\n\n| | |\n|---|---|\n| pack | `own.words` |\n"
        )
        assert (
            "| references | [CWE-1](https://cwe.mitre.org/data/definitions/1.html), "
            "[CVE-2024-1](https://www.cve.org/CVERecord?id=CVE-2024-1), <https://a.example/b>, A \\*note\\* |\n"
        ) in text
        assert (
            "- all of\n  - `llm.user`, `llm.prompt` after `lowercase`: `re2`\n\n    ```text\n    obey\\s+me\n    ```\n\n"
            "  - `request.method`: `eq`\n\n    ```text\n    POST\n    ```\n"
        ) in text
        assert "## Whom it may hit by mistake\n\n- texts about orders\n" in text
        assert "## Attacks that it finds\n\n- `llm.user`\n\n  ```text\n  Obey  me\n  ```\n" in text

    def test_what_an_author_wrote_stays_text(self, pack: Path) -> None:
        text = pack.read_text().replace("title: An order to the model", "title: 'A <b>bold</b> [x](y) `z` | w'")
        text = text.replace("llm.user: 'obey the law'", 'llm.user: "a ```` b\\e[31m\\n# c"')
        pack.write_text(text)
        own = load_pack(pack).rules[1]
        assert "A \\<b\\>bold\\</b\\> \\[x\\](y) \\`z\\` \\| w." in page(own)
        assert "  `````text\n  a ```` b\\x1b[31m\n  # c\n  `````\n" in page(own)
        assert "\\| w" in index([own])

    def test_a_count_and_an_absence(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_text(
            "schema: waf-rules/v1\npack: a.b\nrules:\n"
            "  - {id: 1, name: a, title: t, severity: notice, action: tag, match: {not: {field: request.args, in: [1, 2], count: {ge: 2, le: 4}}}}\n"
        )
        text = page(load_pack(tmp_path / "a.yaml").rules[0])
        assert "| severity | notice, action tag in `a` |" in text
        assert "- not\n  - `request.args`: `in`, on at least 2 and at most 4 values\n" in text

    @pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: f"{rule.id}")
    def test_shipped_rules_have_sound_pages(self, rule: RuleSpec) -> None:
        text = page(rule)
        opened = ""
        for line in map(str.strip, text.splitlines()):  # what stands between two fences may look like a shorter one
            if opened:
                opened = "" if line == opened else opened
            elif found := re.fullmatch(r"(`{3,})(?:text)?", line):
                opened = found[1]
        assert not opened
        assert text.count("  ```text") + text.count("````text") >= 2
        assert "\n\n\n" not in text
        assert text.isprintable() or all(c.isprintable() or c == "\n" for c in text)
