"""Failures of the model server in the log: at once, with the reason, and no flood."""

from __future__ import annotations

from typing import Any

from waf.edge.outage import QUIET, Outage
from waf.errors import UpstreamTimeout, UpstreamUnreachable


class Said(list[tuple[str, dict[str, Any]]]):
    def warning(self, message: str, **details: Any) -> None:
        self.append((message, details))


def test_one_message_at_once_and_then_one_for_all_of_some_seconds() -> None:
    said, now = Said(), [5.0]
    outage = Outage(said, lambda: now[0])  # type: ignore[arg-type]
    outage.seen(UpstreamUnreachable("upstream_unreachable", "cannot connect: certificate verify failed"), "a")
    for ident in "bc":
        outage.seen(UpstreamTimeout("upstream_timeout", "too slow"), ident)
    assert [(details["reason"], details["failures"]) for _, details in said] == [
        ("cannot connect: certificate verify failed", 1)
    ]
    now[0] += QUIET
    outage.seen(UpstreamTimeout("upstream_timeout", "too slow"), "d")
    assert said[1] == (
        "the model server failed",
        {"code": "upstream_timeout", "reason": "too slow", "request": "d", "failures": 3},
    )


def test_the_reason_is_in_the_log_and_not_in_the_answer(run: Any, front: Any, capsys: Any) -> None:
    async def main() -> None:
        async with front(1) as waf:
            for _ in range(2):
                answer = await waf.ask(b"GET / HTTP/1.1\r\nHost: api\r\n\r\n")
                assert answer.status == 502
                assert b"Connection refused" not in answer.body

    run(main())
    [line] = [line for line in "".join(capsys.readouterr()).splitlines() if "the model server failed" in line]
    assert "Connection refused" in line
