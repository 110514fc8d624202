"""The OWASP CRS on one request: which phases run, what of a body stays out of them, and what they mean for the decision."""

from __future__ import annotations

from typing import Final

from waf.decide import CrsResult
from waf.model import Parsed, Request, Response
from waf.prose import model_text, model_text_of_message
from waf.protocols import PROTOCOLS
from waf.rules.seclang import CrsRuleset, Inspection, Kept
from waf.verdict import Verdict

MOST_REFUSED: Final = 131_072
MOST_ARGUMENTS: Final = 1000
"""Bytes and arguments of a refused request that the CRS still looks at: no limit of the parser's has bounded them."""
_NONE: Final = frozenset[str]()


class CrsStage:
    """One CRS, shared by all requests. `responses`: answers are inspected, so a transaction stays open for them."""

    def __init__(self, ruleset: CrsRuleset, *, responses: bool) -> None:
        self._ruleset = ruleset
        self._responses = responses
        self._excludes_prose = ruleset.options.model_text == "exclude"
        self._scoring = frozenset(rule.id for rule in ruleset.rules if rule.kind != "bookkeeping")
        self.kept: Kept | None = None
        """Collections that outlive a request; None: they do not."""

    def on_request(self, verdict: Verdict, request: Request, parsed: Parsed) -> None:
        """Phases 1 and 2, and phase 5 as well where nothing follows. Sets the verdict's `inspection` and `crs_result`."""
        reads_json = PROTOCOLS[parsed.protocol].reads_json(parsed.operation)
        prose = model_text(parsed) if self._excludes_prose else _NONE
        inspection = self._ruleset.inspect(
            request, prose=prose, json=reads_json, detect=_detects(verdict), most=0, kept=self.kept
        )
        if inspection.transaction.status or not self._responses:
            inspection.finish()
        verdict.inspection = inspection
        verdict.crs_result = self._result(inspection, 0)

    def on_refused(self, verdict: Verdict, request: Request) -> None:
        """The same for a request that our parser refused: the event tells what the CRS finds in it, if it is not too large. The
        refusal stands whatever that is."""
        if len(request.body) > MOST_REFUSED:
            return
        inspection = self._ruleset.inspect(
            request, prose=_NONE, json=False, detect=_detects(verdict), most=MOST_ARGUMENTS, kept=self.kept
        )
        inspection.finish()
        verdict.inspection = inspection

    def on_message(self, verdict: Verdict, handshake: Request, text: str) -> None:
        """A WebSocket's text message, as the body of its handshake. Sets the same."""
        prose = model_text_of_message(verdict.route.options, handshake.target, text) if self._excludes_prose else _NONE
        verdict.inspection = self._ruleset.inspect_message(handshake, text, prose=prose, detect=_detects(verdict))
        verdict.crs_result = self._result(verdict.inspection, 0)

    def on_response(self, verdict: Verdict, response: Response) -> CrsResult | None:
        """Phases 3 to 5. What the answer adds to the request's result; None when the request was not inspected."""
        inspection = verdict.inspection
        if inspection is None:
            return None
        before = inspection.transaction.would_status
        inspection.response(response)
        inspection.finish()
        return self._result(inspection, before)

    def _result(self, inspection: Inspection, before: int) -> CrsResult:
        """`before`: the status with which the transaction was refused at an earlier phase already; it is not told twice."""
        transaction = inspection.transaction
        status = transaction.would_status if transaction.would_status != before else 0
        return CrsResult(status, not self._scoring.isdisjoint(transaction.matched))


def _detects(verdict: Verdict) -> bool:
    """DetectionOnly: what would end the request is noted, and the rest of the rules still run."""
    return verdict.route.policy.mode != "enforce"
