"""The pre-commit hooks and the GitHub Action for repositories of rules: they parse, and what they run runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from waf.cli import main
from waf.cli.lazy import LazyGroup

ROOT = Path(__file__).parent.parent
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
SCRIPTS = {step["name"]: step for step in ACTION["runs"]["steps"] if "waf " in step.get("run", "")}
PACK = """\
schema: waf-rules/v1
pack: own.ci
rules:
  - id: 9100010
    name: evil-word
    title: A word
    severity: critical
    tags: [attack.words]
    references: [CWE-1]
    match: {field: request.args, contains: xyzzy}
    tests:
      - {attack: {request.args: xyzzy}}
      - {benign: {request.args: plugh}}
"""


def command(words: list[str]) -> click.Command:
    """The command that a line names; fails when there is none."""
    assert words[0] == "waf"
    found: click.Command = main
    for word in words[1:]:
        if not isinstance(found, LazyGroup) or word not in found.entries:
            break
        found = found.get_command(click.Context(found), word) or found
    assert not isinstance(found, click.Group), words
    return found


def options(found: click.Command) -> set[str]:
    return {name for parameter in found.params for name in parameter.opts}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text(PACK)
    (tmp_path / "benign.jsonl").write_text('"all quiet"\n"say xyzzy"\n')
    return tmp_path


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        check=False, cwd=folder, env={**os.environ, "PATH": path, **environment}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_names_a_command_and_runs(hook: dict[str, Any], repository: Path) -> None:
    assert {"id", "name", "entry", "language"} <= set(hook)
    command(hook["entry"].split())
    line = " ".join([hook["entry"], *hook["args"]])
    assert shell(line, repository).returncode == 0
    (repository / "rules" / "own.yaml").write_text(PACK.replace("plugh", "xyzzy"))
    assert shell(line, repository).returncode == 1
    assert re.search(hook["files"], "rules/own.yaml")
    assert not re.search(hook["files"], "README.md")


def test_the_action_s_commands_and_options_exist() -> None:
    lines = [line.strip() for step in SCRIPTS.values() for line in step["run"].splitlines()]
    named = [line.split() for line in lines if line.startswith("waf ")]
    assert len(named) == 3
    known = set().union(*(options(command(words)) for words in named))
    assert set(re.findall(r"--[a-z-]+", " ".join(lines))) <= known


def test_inputs_reach_scripts_through_the_environment_only() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])


@pytest.mark.parametrize(
    ("step", "environment", "code"),
    [
        ("Lint", {"RULES": "rules/", "STRICT": "false"}, 0),
        ("Lint", {"RULES": "rules/", "STRICT": "true"}, 1),
        ("Lint", {"RULES": "rules/ nowhere/", "STRICT": "false"}, 2),
        ("Test", {"RULES": "rules/own.yaml rules/"}, 0),
        ("False positives", {"RULES": "rules/", "CORPUS": "benign.jsonl", "BASELINE": ""}, 0),
        ("False positives", {"RULES": "rules/", "CORPUS": "benign.jsonl", "BASELINE": "known.json"}, 1),
        ("Lint", {"RULES": "$(touch pwned);touch pwned", "STRICT": "false"}, 2),
    ],
)  # fmt: skip
def test_the_action_s_scripts_run(repository: Path, step: str, environment: dict[str, str], code: int) -> None:
    if environment.get("BASELINE"):
        line = "waf rules fp --corpus benign.jsonl --rules rules/ --write-baseline known.json"
        assert shell(line, repository).returncode == 0
        known = json.loads((repository / "known.json").read_text())
        (repository / "known.json").write_text(json.dumps({**known, "rules": {}}))
    result = shell(SCRIPTS[step]["run"], repository, **environment)
    assert result.returncode == code, result.stdout + result.stderr
    assert not (repository / "pwned").exists()
