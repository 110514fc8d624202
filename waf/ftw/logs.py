"""Where the log of a firewall in another process is read: its events, or a header of its answers."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any, Final

import msgspec

from waf.ftw.inspect import Logged, crs_line

REQUEST_ID: Final = "x-waf-request-id"
RULES: Final = "x-waf-rules"
MAX_KEPT: Final = 10_000
"""Events that nobody has asked for yet."""
WAIT_SECONDS: Final = 5.0
_PAUSE: Final = 0.005


class HeaderLog:
    """What answers tell with `expose_matches: true`."""

    def of(self, headers: dict[str, str]) -> Logged | None:
        named = [word.strip() for word in headers.get(RULES, "").split(",")]
        ids = tuple([int(word) for word in named if word.isascii() and word.isdigit()])
        return Logged(ids, _short(ids), refused=not ids)


class EventLog:
    """The file that events go to (`log.events`), read as it grows. Safe to use from several threads."""

    def __init__(self, path: Path, seconds: float = WAIT_SECONDS) -> None:
        """`seconds`: how long an event is waited for. Raises OSError when the file cannot be read."""
        self._file = path.open("rb")
        self._seconds = seconds
        self._lock = threading.Lock()
        self._partial = b""
        self._events: OrderedDict[str, Logged] = OrderedDict()

    def close(self) -> None:
        self._file.close()

    def of(self, headers: dict[str, str]) -> Logged | None:
        ident = headers.get(REQUEST_ID, "")
        if not ident:
            return None
        until = time.monotonic() + self._seconds
        while True:
            with self._lock:
                if ident not in self._events:
                    self._read()
                found = self._events.pop(ident, None)
            if found is not None or time.monotonic() > until:
                return found
            time.sleep(_PAUSE)

    def _read(self) -> None:
        *lines, self._partial = (self._partial + self._file.read()).split(b"\n")
        for line in lines:
            try:
                event = msgspec.json.decode(line)
            except msgspec.DecodeError:
                continue
            if isinstance(event, dict) and isinstance(event.get("id"), str):
                self._events[event["id"]] = logged_in(event)
        while len(self._events) > MAX_KEPT:
            self._events.popitem(last=False)


def logged_in(event: dict[str, Any]) -> Logged:
    """The rules an event names, in order: those of the CRS where it tells of one, else our own."""
    refused = event.get("action") == "block" and not event.get("rules")
    core = event.get("crs")
    if isinstance(core, dict):
        ids = tuple([rule for rule in core.get("logged", ()) if isinstance(rule, int)])
        told = tuple([_core_line(rule) for rule in core.get("rules", ()) if isinstance(rule, dict)])
        return Logged(ids, told or _short(ids), refused=refused and not core.get("blocked_by"))
    rules = [rule for rule in event.get("rules", ()) if isinstance(rule, dict) and isinstance(rule.get("id"), int)]
    return Logged(tuple([rule["id"] for rule in rules]), tuple([_line(rule) for rule in rules]), refused=refused)


def _short(ids: tuple[int, ...]) -> tuple[str, ...]:
    """Lines about rules of which nothing but the id is told."""
    return tuple([f'[id "{rule}"]' for rule in ids])


def _core_line(rule: dict[str, Any]) -> str:
    target, message, data = (str(rule.get(name, "")) for name in ("target", "message", "data"))
    return crs_line(target, rule.get("id", 0), message, data)


def _line(rule: dict[str, Any]) -> str:
    return f'[id "{rule["id"]}"] [msg "{rule.get("name", "")}"] found within {rule.get("origin", "")}'
