"""The firewall's own messages: started, reloaded, upstream lost. One JSON object a line on stderr, or a coloured line
where a person is looking. Events about requests go another way (`waf.record.recorder`)."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO, cast

import structlog

LEVELS: Final = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}
MAX_VALUE: Final = 1000


class _Stream:
    """structlog's logger at the end of the chain: writes a line, and survives a stream that is closed or broken."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def msg(self, message: str) -> None:
        stream = self._stream or sys.stderr  # looked up late, so that a redirected stderr is respected
        try:
            stream.write(message + "\n")
            stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = exception = msg


def _printable(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Cut long values and escape what is not printable ASCII; a traceback keeps its line ends in JSON's own escapes."""
    for name, value in event.items():
        if isinstance(value, str) and name != "exception":
            text = value if len(value) <= MAX_VALUE else value[: MAX_VALUE - 3] + "..."
            event[name] = text if text.isascii() and text.isprintable() else ascii(text)[1:-1]
    return event


def worth_saying(count: int) -> bool:
    """Whether the `count`-th fault of a kind is said: the 1st, 2nd, 4th, 8th, … A fault that stays must not flood the log."""
    return count & (count - 1) == 0


def configure(level: str = "info", stream: TextIO | None = None) -> None:
    """Set up the whole process. `level`: debug, info, warning or error; `stream`: None means stderr."""
    shown = stream or sys.stderr
    renderer: structlog.typing.Processor
    if shown is not None and shown.isatty():
        colours = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        renderer = structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
            structlog.processors.format_exc_info,
            _printable,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=lambda *_names: _Stream(stream),
        cache_logger_on_first_use=False,
    )


def get(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger whose messages carry `source: NAME`."""
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(source=name))
