"""One request, and its answer, under one rule set."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec

from waf.crs import CrsVerdict
from waf.model import Request, Response
from waf.rules.seclang.bodies import read_body, read_message, without_numbers
from waf.rules.seclang.evaluate import run_phase
from waf.rules.seclang.kept import TIMEOUT, Kept
from waf.rules.seclang.request_head import Reading, fill_head
from waf.rules.seclang.transaction import Engine, Transaction
from waf.transform.base import from_bytes, to_bytes

if TYPE_CHECKING:
    from waf.rules.seclang.ruleset import CrsRuleset

_AS_JSON: Final = ("Content-Type", "application/json")
_INBOUND: Final = ("blocking_inbound_anomaly_score", "inbound_anomaly_score", "anomaly_score")
_OUTBOUND: Final = ("blocking_outbound_anomaly_score", "outbound_anomaly_score")


class Inspection:
    """Call `request`, then `response` when there is one, then `finish`; `verdict` may be asked at any time."""

    def __init__(self, ruleset: CrsRuleset, *, detect: bool, kept: Kept | None = None) -> None:
        """`kept`: collections of earlier requests."""
        self._ruleset = ruleset
        said = {ruleset.settings.get("SecRuleEngine", "On"), "DetectionOnly" if detect else ruleset.options.engine}
        engine: Engine = "Off" if "Off" in said else "DetectionOnly" if "DetectionOnly" in said else "On"
        timeout = float(ruleset.settings.get("SecCollectionTimeout", TIMEOUT))
        self.transaction = Transaction(engine, partial(kept.open, timeout=timeout) if kept is not None else None)

    def request(self, request: Request, prose: frozenset[str], *, json: bool, most: int) -> None:
        """Phases 1 and 2, with the body read between them; see `CrsRuleset.inspect`."""
        tx, settings = self.transaction, self._ruleset.settings
        most = most or int(settings.get("SecArgumentsLimit", 0))
        how = Reading(settings.get("SecArgumentSeparator", "&"), most, self._ruleset.options.base, prose)
        fill_head(tx, request, how)
        self._run(1)
        if settings.get("SecRequestBodyAccess", "On") == "On" and tx.body:
            content_type = next((value for name, value in request.headers if name.lower() == "content-type"), "")
            if json and request.body:
                tx.processor = tx.scalars["REQBODY_PROCESSOR"] = "JSON"
            read_body(tx, request.body, content_type, how)
            if request.body and not prose and self._has_raw_body():
                raw = without_numbers(request.body) if tx.processor == "JSON" else request.body
                tx.scalars["REQUEST_BODY"] = from_bytes(raw)
            if request.body:
                tx.scalars["REQUEST_BODY_LENGTH"] = str(len(request.body))
        self._run(2)

    def message(self, request: Request, text: str, prose: frozenset[str]) -> None:
        """Phases 1 and 2 over a WebSocket's message: the handshake's head with the text as its body, as if it had been sent as
        JSON. Rules that want a type for each body have one."""
        tx, settings = self.transaction, self._ruleset.settings
        most = int(settings.get("SecArgumentsLimit", 0))
        how = Reading(settings.get("SecArgumentSeparator", "&"), most, self._ruleset.options.base, prose)
        head = msgspec.structs.replace(request, headers=(*request.headers, _AS_JSON)) if text else request
        fill_head(tx, head, how)
        self._run(1)
        if settings.get("SecRequestBodyAccess", "On") == "On" and tx.body and text:
            raw = to_bytes(text)
            read_message(tx, raw, text, how)
            if not (prose and tx.processor == "JSON"):
                tx.scalars["REQUEST_BODY"] = from_bytes(without_numbers(raw)) if tx.processor == "JSON" else text
            tx.scalars["REQUEST_BODY_LENGTH"] = str(len(raw))
        self._run(2)

    def response(self, response: Response) -> None:
        """Phases 3 and 4; the body is looked at where its type is one of those in the options."""
        tx, options = self.transaction, self._ruleset.options
        headers = list(response.headers)
        tx.maps["RESPONSE_HEADERS"] = headers
        tx.maps["RESPONSE_HEADERS_NAMES"] = [(name, name) for name, _ in headers]
        kind = next((value for name, value in headers if name.lower() == "content-type"), "").partition(";")[0]
        scalars = tx.scalars
        scalars["RESPONSE_STATUS"] = str(response.status)
        scalars["RESPONSE_PROTOCOL"] = "HTTP/1.1"
        scalars["RESPONSE_CONTENT_TYPE"] = kind
        self._run(3)
        given = self._ruleset.settings.get("SecResponseBodyMimeType")
        types = given.split() if given is not None else options.response_types
        if (not kind or kind.strip().lower() in types) and tx.response_body:
            scalars["RESPONSE_BODY"] = from_bytes(response.body)
            scalars["RESPONSE_CONTENT_LENGTH"] = str(len(response.body))
            self._run(4)

    def finish(self) -> None:
        """Phase 5, which only writes logs."""
        self._run(5)

    def verdict(self) -> CrsVerdict:
        """What has been found so far."""
        tx = self.transaction
        return CrsVerdict(
            logged=tuple(line.id for line in tx.logged),
            matched=tuple(tx.matched),
            rules=tuple(tx.logged),
            status=tx.status,
            blocked_by=tx.blocked_by,
            inbound=_score(tx, _INBOUND),
            outbound=_score(tx, _OUTBOUND),
            paranoia_scores=(
                _level(tx, 1),
                _level(tx, 2),
                _level(tx, 3),
                _level(tx, 4),
            ),
            inbound_threshold=tx.number("inbound_anomaly_score_threshold"),
            outbound_threshold=tx.number("outbound_anomaly_score_threshold"),
            would_status=tx.would_status,
        )

    def _has_raw_body(self) -> bool:
        """The manual has REQUEST_BODY for forms only; released libmodsecurity always. JSON's escapes are worth a look."""
        tx = self.transaction
        return tx.processor not in ("XML", "MULTIPART") or tx.force_body or self._ruleset.options.quirks

    def _run(self, phase: int) -> None:
        fast = self._ruleset.fast.get(phase)
        if fast is not None:
            fast.run(self.transaction)
        else:
            run_phase(self._ruleset.phases[phase], phase, self.transaction)


def _score(tx: Transaction, names: tuple[str, ...]) -> int:
    """CRS 4 has the first of these names, CRS 3 a later one."""
    return next((tx.number(name) for name in names if name in tx.tx), 0)


def _level(tx: Transaction, level: int) -> int:
    """CRS 4's name, then CRS 3's."""
    name = f"inbound_anomaly_score_pl{level}"
    return tx.number(name if name in tx.tx else f"anomaly_score_pl{level}")
