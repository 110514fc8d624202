"""docs/tutorial.md, from its first line to its last: files are written, commands run, and print what the page says."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from waf.cli import main

DOCS = Path(__file__).parent.parent / "docs"
TUTORIAL = DOCS / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = 11


class Step(NamedTuple):
    """A command and what it prints, or a file and its content."""

    command: str
    output: str
    path: str
    content: str


def steps(text: str) -> Iterator[Step]:
    for kind, body in BLOCK.findall(text):
        if kind == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield Step(command, output, "", "")
        else:
            first, _, rest = body.partition("\n")
            named = re.fullmatch(r"(?:#|//) ([\w./-]+)(: replace the line with `match`)?", first)
            assert named, f"a block that names no file: {first}"
            yield Step("", "", named[1], f"\0{rest}" if named[2] else rest)


def pattern(output: str) -> str:
    """`…` stands for the rest of a line or a part of one; alone on a line for any number of lines."""
    lines = [
        "(?:.*\n)*" if line == "…\n" else re.escape(line).replace("…", ".*")
        for line in output.splitlines(keepends=True)
    ]
    return "".join(lines)


def run(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "waf"
    return CliRunner().invoke(main, words[1:], prog_name="waf").output


def write(step: Step) -> None:
    path = Path(step.path)
    path.parent.mkdir(exist_ok=True)
    if step.content.startswith("\0"):
        before = path.read_text()
        line = next(line for line in before.splitlines(keepends=True) if line.lstrip().startswith("match:"))
        path.write_text(before.replace(line, step.content[1:]))
    else:
        path.write_text(step.content)


def test_the_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = 0
    for step in steps(TUTORIAL.read_text()):
        if not step.command:
            write(step)
            continue
        ran += 1
        printed = run(step.command)
        assert re.fullmatch(pattern(step.output), printed), f"$ {step.command}\n{printed}"
    assert ran == COMMANDS


def test_the_page_can_fail() -> None:
    assert not re.fullmatch(pattern("one rule\n"), "two rules\n")
    assert re.fullmatch(pattern("a … b\n…\nend\n"), "a x y b\n1\n2\nend\n")
    assert not re.fullmatch(pattern("a …\n"), "a b\nc\n")


def blocks(page: str, kind: str) -> list[str]:
    return [body for found, body in BLOCK.findall((DOCS / page).read_text()) if found == kind]


def test_editor_settings_are_json_and_name_what_exists() -> None:
    settings, tasks = map(json.loads, blocks("editor.md", "json"))
    assert list(settings["yaml.schemas"]) == ["./.vscode/waf-rules.schema.json"]
    matcher = tasks["tasks"][0]["problemMatcher"]["pattern"]
    found = re.match(
        matcher["regexp"], "my-rules/a.yaml:7:15: error: severity must be one of critical (did you mean …?)"
    )
    assert found
    assert found.group(matcher["file"], matcher["line"], matcher["severity"]) == ("my-rules/a.yaml", "7", "error")
    for task in tasks["tasks"]:
        words = shlex.split(task["command"])
        assert "Usage" in CliRunner().invoke(main, [words[1], "--help"]).output


def test_the_schema_that_editors_use_knows_the_tutorial_s_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = json.loads((DOCS / "waf-rules.schema.json").read_text())
    packs = [
        yaml.load(body, yaml.BaseLoader) for body in blocks("tutorial.md", "yaml") if "schema: waf-rules/v1" in body
    ]
    assert len(packs) == 2
    for pack in packs:
        for rule in pack.get("rules", []):
            rule.update(id=int(rule["id"]), paranoia=int(rule["paranoia"]))
        jsonschema.validate(pack, schema)


def test_the_examples_for_ci_are_yaml_and_name_our_hooks_and_inputs() -> None:
    hooks, workflow = map(yaml.safe_load, blocks("ci.md", "yaml"))
    root = DOCS.parent
    known = {hook["id"] for hook in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in hooks["repos"][0]["hooks"]} == known
    inputs = yaml.safe_load((root / "action.yml").read_text())["inputs"]
    (step,) = [step for step in workflow["jobs"]["rules"]["steps"] if "mlwaf" in step["uses"]]
    assert set(step["with"]) <= set(inputs)
    assert set(re.findall(r"^\| `([\w-]+)` \|", (DOCS / "ci.md").read_text(), re.MULTILINE)) == set(inputs)
