"""libinjection's detectors. An optional extra, because the package has no wheels and needs a C compiler."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any, Final

from waf.rules.operators.base import Context, Operator, OperatorSpec, flag

_BLANKS: Final = {"is_sql_injection": "\udca0"}
"""Bytes beyond ASCII that a detector takes for a blank."""
_NO_TEXT: Final = re.compile("[\ud800-\udfff]")


def detector(function: str) -> Callable[[str], dict[str, Any]]:
    """One of libinjection's detectors, on text. Raises ValueError when the package is not installed."""
    try:
        detect = getattr(importlib.import_module("libinjection"), function)
    except ImportError:
        raise ValueError(
            "needs the libinjection package: pip install 'mlwaf[injection]' (a C compiler builds it)"
        ) from None
    blank = _BLANKS.get(function, "")
    # The binding raises on lone surrogates. libinjection takes bytes that are no UTF-8 for letters, and so it does U+FFFD,
    # which is three of them; anything in ASCII would change how the text around it reads.
    return lambda text: detect(_NO_TEXT.sub("\ufffd", text.replace(blank, " ") if blank else text))


def _detector(function: str, key: str) -> Callable[[Any, Context], Operator]:
    def make(argument: Any, _: Context) -> Operator:
        flag(argument)
        detect = detector(function)
        return Operator(test=lambda text: bool(detect(text)[key]))

    return make


_TEXT = frozenset({"text"})
INJECTION_OPERATORS = (
    OperatorSpec(
        "sqli",
        _TEXT,
        _detector("is_sql_injection", "is_sqli"),
        "true",
        "libinjection takes the value for SQL injection.",
    ),
    OperatorSpec(
        "xss", _TEXT, _detector("is_xss", "is_xss"), "true", "libinjection takes the value for cross-site scripting."
    ),
)
