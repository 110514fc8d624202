"""References to the environment and to files, and that nothing they hold is ever shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from waf.config import Loaded
from waf.config.substitute import MAX_FILE, SubstitutionError, refers, substitute
from waf.errors import Problem

Reader = Callable[..., Loaded]
Complainer = Callable[..., list[Problem]]
SECRET = "correct-horse-battery-staple"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"), ("$", "$"), ("$5", "$5"), ("a$b", "a$b"), ("", ""),
        ("${env:A}", "1"), ("x${env:A}y${env:B}", "x1y${env:A}"), ("$${env:A}", "${env:A}"), ("$${", "${"),
        ("${file:one}", "content"), ("${file:crlf}", "line\nline"),
    ],
)  # fmt: skip
def test_values(tmp_path: Path, text: str, value: str) -> None:
    (tmp_path / "one").write_text("content\n")
    (tmp_path / "crlf").write_bytes(b"line\nline\r\n")
    assert substitute(text, tmp_path, {"A": "1", "B": "${env:A}"}) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${env:NONE}", "environment variable NONE is not set"),
        ("${env:EMPTY}", "environment variable EMPTY is empty"),
        ("${A}", "not a reference"),
        ("${env:}", "not a reference"),
        ("${env:A", "not a reference"),
        ("${secret:A}", "not a reference"),
        ("${file:none}", "file none cannot be read: No such file"),
        ("${file:.}", "file . cannot be read: Is a directory"),
        ("${file:a\0}", "cannot be read"),
        ("${file:empty}", "file empty is empty"),
        ("${file:binary}", "file binary is not UTF-8 text"),
        ("${file:large}", "file large is larger than"),
    ],
)
def test_errors(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff")
    (tmp_path / "large").write_text("x" * (MAX_FILE + 1))
    with pytest.raises(SubstitutionError, match=message):
        substitute(text, tmp_path, {"A": "1", "EMPTY": ""})


def test_refers() -> None:
    assert refers("a ${env:X}")
    assert not refers("a $${env:X} $")


def test_numbers_and_flags_can_come_from_outside(reader: Reader) -> None:
    environ = {"N": "3", "FLAG": "true", "SIZE": "2MiB", "TIME": "90s", "MODE": "monitor"}
    text = (
        "paranoia: ${env:N}\nreuse_port: ${env:FLAG}\nlimits: {body: '${env:SIZE}'}\n"
        "timeouts: {drain: '${env:TIME}'}\nmode: ${env:MODE}"
    )
    config = reader(text, environ=environ).config
    assert (config.paranoia, config.reuse_port, config.limits.body, config.timeouts.drain, config.mode) == (
        3, True, 2 << 20, 90.0, "monitor",
    )  # fmt: skip


def test_a_secret_from_a_file_beside_the_configuration(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n")
    loaded = reader("signature_secret: ${file:key}")
    assert loaded.config.signature_secret == SECRET
    assert loaded.warnings == ()


def test_a_secret_in_the_file_itself_is_a_warning(reader: Reader) -> None:
    (warning,) = reader(f"signature_secret: {SECRET}").warnings
    assert warning.warning
    assert "stands in the file" in warning.message
    assert SECRET not in str(warning)


LEAKS = [
    "listen", "upstream.url", "mode", "paranoia", "reuse_port", "limits.body", "timeouts.header", "server_header",
    "upstream.tls", "routes", "rules.packs",
]  # fmt: skip


@pytest.mark.parametrize("path", LEAKS)
def test_no_message_shows_what_a_reference_holds(complaints: Complainer, path: str) -> None:
    section, _, name = path.rpartition(".")
    text = f"{section}: {{{name}: '${{env:X}}'}}" if section else f"{name}: '${{env:X}}'"
    problems = complaints(text, environ={"X": SECRET + "\x01"})
    assert problems
    assert all(SECRET not in str(p) for p in problems)


@pytest.mark.parametrize("path", ["rules.packs", "rules.disable", "trusted_proxies", "rules.exclusions"])
def test_nor_in_a_list(complaints: Complainer, path: str) -> None:
    section, _, name = path.rpartition(".")
    text = f"{section}: {{{name}: ['${{env:X}}']}}" if section else f"{name}: ['${{env:X}}']"
    (problem,) = complaints(text, environ={"X": SECRET})
    assert SECRET not in str(problem)


def test_a_missing_reference_names_the_setting_and_the_variable(complaints: Complainer) -> None:
    (problem,) = complaints("upstream:\n  url: ${env:MODEL_URL}")
    assert str(problem).endswith("waf.yaml:2:8: error: upstream.url: environment variable MODEL_URL is not set")
