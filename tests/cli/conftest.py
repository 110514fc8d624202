"""A small rule pack of the tests' own, and a way to run commands in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from waf.cli import main

PACK = """\
schema: waf-rules/v1
pack: own.words
macros:
  norm: [url_decode_uni, lowercase]
rules:
  - id: 900001
    name: evil-word
    title: A word that nobody writes by chance
    severity: critical
    tags: [attack.words]
    references: [CWE-1]
    match: {field: request.args, transform: norm, contains: xyzzy}
    tests:
      - {attack: {request.args: 'say XYZZY'}}
      - {benign: {request.args: 'say plugh'}}
  - id: 900002
    name: order-in-prompt
    title: An order to the model
    severity: warning
    tags: [attack.orders]
    references: [CWE-1]
    false_positives: [texts about orders]
    match:
      all:
        - {field: [llm.user, llm.prompt], transform: lowercase, re2: 'obey\\s+me'}
        - {field: request.method, eq: POST}
    tests:
      - {attack: {llm.user: 'Obey  me', request.method: POST}}
      - {benign: {llm.user: 'obey the law', request.method: POST}}
  - id: 900003
    name: rare-word
    title: A word for the paranoid
    severity: notice
    paranoia: 3
    tags: [attack.words]
    references: [CWE-1]
    match: {field: request.args, contains: plover}
    tests:
      - {attack: {request.args: plover}}
      - {benign: {request.args: lover}}
"""

Run = Callable[..., Result]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A rule file with three rules."""
    path = tmp_path / "own.yaml"
    path.write_text(PACK)
    return path


@pytest.fixture
def run() -> Run:
    """Runs `waf` with arguments and, if given, bytes on stdin."""

    def invoke(*arguments: str | Path, given: bytes | str | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=given, prog_name="waf")

    return invoke


@pytest.fixture
def scan(run: Run, pack: Path) -> Callable[..., list[dict[str, Any]]]:
    """Verdicts of `waf scan` over records, with the tests' own rules."""

    def verdicts(*records: Any, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        text = b"".join(r if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in records)
        result = run("scan", "--rules", pack, *options, given=text)
        assert result.exit_code == 0, result.output
        return [json.loads(line) for line in result.stdout.splitlines()]

    return verdicts
