"""Events as lines for a person: when, what, what became of it, why, and how long the firewall took."""

from __future__ import annotations

from typing import Final

from waf.record.event import Event

_COLOURS: Final = {"block": "31", "challenge": "31", "tag": "33", "allow": "32"}
_SHOWN_RULES: Final = 3
_SHOWN_PATH: Final = 60


def printable(text: str) -> str:
    """`text` with whatever could move a cursor or turn the reading direction as `?`."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


class Lines:
    """`render` for a Recorder. `colour`: whether the action may be painted with terminal escapes."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour

    def render(self, event: Event) -> bytes:
        """`15:04:05  POST /v1/chat/completions  block 403  score 5  1510010 override  412 µs`, in printable text."""
        action = f"{event.action} {event.status}"
        columns = [
            event.ts.astimezone().strftime("%H:%M:%S"),
            printable(f"{event.method} {event.path}"[:_SHOWN_PATH]).ljust(36),
            self._paint(event.action, action.ljust(9)),
            f"score {event.score}".ljust(8),
            f"{self.overhead(event)} µs".rjust(8),
            printable("  ".join(f"{rule.id} {rule.name}" for rule in event.rules[:_SHOWN_RULES]) or event.reason),
        ]
        hidden = len(event.rules) + event.rules_more - _SHOWN_RULES
        if hidden > 0:
            columns.append(f"and {hidden} more")
        return ("  ".join(columns).rstrip() + "\n").encode()

    @staticmethod
    def overhead(event: Event) -> int:
        """Microseconds that were not the model's."""
        return max(0, event.us.get("total", 0) - event.us.get("upstream", 0))

    def _paint(self, action: str, text: str) -> str:
        return f"\x1b[{_COLOURS[action]}m{text}\x1b[0m" if self._colour else text
