"""Other detectors on the same rows: a library that is installed, or any command that reads and writes JSON lines."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from waf.cli.eval_rows import Row
from waf.errors import InputError, Problem
from waf.rules.operators.injection import detector

LIBINJECTION: Final = "libinjection"
TIMEOUT: Final = 3_600.0
"""Seconds that a command has for all rows."""


def scores(command: str, rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    """One score a row. `command` is `libinjection`, or a command line that is given {"text", "surface"} a line on stdin and
    writes {"score": number} a line. Raises InputError when it cannot be run, fails, or answers in another way."""
    return _libinjection(rows) if command == LIBINJECTION else _command(command, rows)


def _libinjection(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    try:
        sqli, xss = detector("is_sql_injection"), detector("is_xss")
    except ValueError as error:
        raise _wrong(LIBINJECTION, str(error), "or leave it out") from error
    return np.array([sqli(row.text)["is_sqli"] or xss(row.text)["is_xss"] for row in rows], float)


def _command(command: str, rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    lines = "".join([json.dumps({"text": row.text, "surface": row.surface}) + "\n" for row in rows])
    try:
        if not (words := shlex.split(command)):
            raise ValueError("it is empty")
        done = subprocess.run(words, input=lines.encode(), stdout=subprocess.PIPE, timeout=TIMEOUT, check=False)  # noqa: S603 - it is the user's own command line
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _wrong(command, f"cannot be run: {error}", "a program, found on PATH, with its arguments") from error
    if done.returncode:
        raise _wrong(command, f"failed with exit code {done.returncode}", "what it says on stderr is above")
    answers = done.stdout.splitlines()
    if len(answers) != len(rows):
        raise _wrong(command, f"wrote {len(answers)} lines for {len(rows)} rows", "one a row, in the same order")
    return np.array([_score(command, number, line) for number, line in enumerate(answers, 1)], float)


def _score(command: str, number: int, line: bytes) -> float:
    try:
        value: Any = json.loads(line)["score"]
        return float(value)
    except (ValueError, KeyError, TypeError) as error:
        raise _wrong(command, f"line {number} of its output has no score", '{"score": 0.97}') from error


def _wrong(command: str, message: str, hint: str) -> InputError:
    return InputError([Problem(f"--compare {command}", 0, 0, message, hint)])
