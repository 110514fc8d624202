"""The last step of every request: count it and write its event down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b

from waf.errors import ConfigError, Problem
from waf.model import Request
from waf.observability import Log
from waf.record import oplog
from waf.record.event import Event, encode
from waf.record.event_builder import Ending, EventBuilder, Inspected, undecided
from waf.record.metrics import Metrics
from waf.record.recent import Recent
from waf.record.redact import Redactor
from waf.record.similarity import Similarity
from waf.record.sink import Sink

_NOBODY = Request(method="", target="")


class Recorder:
    """Counts every request and writes its event, without structlog's pipeline: that would double what an event costs.

    `key`: 16 to 64 bytes for the hashes in events, where the settings name no secret for them.
    `render` turns an event into the line that is written; `recent` gets each event as well, encoded. `country` says
    which one an address is in. Raises ConfigError when the destination cannot be opened.
    """

    def __init__(
        self,
        log: Log,
        metrics: Metrics,
        key: bytes,
        *,
        render: Callable[[Event], bytes] = encode,
        recent: Recent | None = None,
        country: Callable[[str], str] = lambda _: "",
    ) -> None:
        self.metrics = metrics
        self._clean = log.clean
        key = blake2b(log.key.encode("utf-8", "surrogatepass"), digest_size=32).digest() if log.key else key
        similarity = Similarity(key) if log.similarity else None
        self._builder = EventBuilder(Redactor(key), texts=log.prompts == "text", similarity=similarity, country=country)
        self._messages = oplog.get("waf.record")
        self._failed = 0
        self._render = render
        self._recent = recent
        self._sink = sink = self._open(log.events)
        if sink is not None:
            metrics.events_dropped = lambda: sink.dropped + self._failed

    def record(
        self,
        request: Request | None,
        verdict: Inspected | None,
        *,
        status: int,
        total_us: float,
        upstream_us: float = 0.0,
        upstream_status: int = 0,
        stage_us: Mapping[str, float] | None = None,
        bytes_in: int = 0,
        bytes_out: int = 0,
        outcome: str = "ok",
    ) -> None:
        """Call once per request, in a `finally`. Never raises and never waits.

        `status` is what the client got (0: nothing), `upstream_status` what the upstream said (0: not asked or no
        answer). `outcome` is a slug: `ok`, `client_closed`, `upstream_unreachable`, … `request` and `verdict` are None
        when it did not get that far; `outcome` then gives the reason too, e.g. the code of a Refusal.
        """
        us = dict(verdict.us) if verdict is not None else {}
        if stage_us is not None:
            us.update(stage_us)
        try:
            self.metrics.timings(us, max(0.0, total_us - upstream_us), upstream_us)
            us["upstream"], us["total"] = upstream_us, total_us
            ending = Ending(
                status=status,
                upstream_status=upstream_status,
                us=us,
                bytes_in=bytes_in,
                bytes_out=bytes_out,
                outcome=outcome,
            )
            self._count(verdict, ending)
            if not self._wanted(verdict, ending):
                return
            event = self._builder.build(request or _NOBODY, verdict, ending)
            line = self._render(event)
            if self._sink is not None:
                self._sink.write(line)
            if self._recent is not None:
                self._recent.add(line if self._render is encode else encode(event))
        except Exception as error:  # noqa: BLE001 - the answer is already on its way; a lost event must not undo it
            self._failed += 1
            if oplog.worth_saying(self._failed):
                self._messages.error("event lost", error=repr(error), total=self._failed)

    def reopen(self) -> None:
        """After log rotation: open the event file again."""
        if self._sink is not None:
            self._sink.reopen()

    def close(self, timeout: float = 2.0) -> None:
        """Write what is queued. Blocks for at most `timeout` seconds."""
        if self._sink is not None:
            self._sink.close(timeout)

    def _count(self, verdict: Inspected | None, ending: Ending) -> None:
        decision = verdict.decision if verdict is not None else undecided(ending)
        self.metrics.request(decision.route, decision.action, decision.mode, decision.matches)
        if verdict is not None:
            for rule, seconds in verdict.rule_seconds.items():
                self.metrics.rule_seconds(rule, seconds)

    def _wanted(self, verdict: Inspected | None, ending: Ending) -> bool:
        """Whether anybody reads events, and `log.clean` does not leave this one out."""
        if self._sink is None and self._recent is None:
            return False
        return self._clean or not _uneventful(verdict, ending)

    def _open(self, target: str) -> Sink | None:
        if target == "none":
            return None
        try:
            return Sink(target, lambda message, details: self._messages.warning(message, **details))
        except OSError as error:
            raise ConfigError([Problem("log.events", 0, 0, f"cannot open {target}: {error.strerror}")]) from error


def _uneventful(verdict: Inspected | None, ending: Ending) -> bool:
    """Whether `log.clean: false` leaves the event out: nothing matched and nothing went wrong."""
    if verdict is None or ending.outcome != "ok":
        return False
    decision = verdict.decision
    return decision.action == "allow" and not decision.would_block and not decision.matches
