"""`waf scan`: the whole decision, offline. JSON lines in, JSON lines out, in the same order."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from waf.cli.options import offline_engine, policy_options
from waf.cli.output import quoted, to_json
from waf.cli.requests import MEMBERS, RequestError, decode_json, near_member, request_from_json
from waf.edge.offline import accept
from waf.errors import Refusal

if TYPE_CHECKING:
    from waf.crs import CrsVerdict
    from waf.engine import Engine
    from waf.model import Request
    from waf.scores import OodScore, Scores, Weighed
    from waf.verdict import Verdict

MAX_LINE: Final = 96 << 20
"""Bytes of one line: the largest body that the default limit lets through, with every byte written as an escape."""
MOST_NAMES: Final = 1_000
"""Names of members that are remembered."""


@click.command("scan", short_help="Decide about requests offline.")
@policy_options
def scan(config: str | None, **options: Any) -> None:
    """Reads one request a line on stdin and writes one verdict a line on stdout, in the same order:

    \b
    {"id": 1, "method": "POST", "path": "/v1/chat/completions",
     "headers": [["Content-Type", "application/json"]], "body": "…"}

    Bytes go in body_b64. client_ip and protocol are optional, other members are passed over. A line that cannot be read is
    answered with its error, and the rest go on.
    """
    engine = offline_engine(config, options)
    out = sys.stdout.buffer
    slips = Slips()
    for number, line in lines(sys.stdin.buffer):
        out.write(to_json(answer(engine, line, partial(slips.look, number))) + b"\n")
        out.flush()


class Slips:
    """Says on stderr, once for each name, that nobody reads a member that is spelled nearly like one that is read."""

    def __init__(self) -> None:
        self._known = set(MEMBERS)

    def look(self, number: int, record: Mapping[str, object]) -> None:
        fresh = record.keys() - self._known
        if fresh and len(self._known) < MOST_NAMES:
            self._known |= fresh
            for name in sorted(fresh):
                if near := near_member(name):
                    click.echo(f"line {number}: {quoted(name, 40)} is not read; did you mean `{near}`?", err=True)


def lines(source: BinaryIO, most: int = MAX_LINE) -> Iterator[tuple[int, bytes | None]]:
    """Lines that are not blank, with their numbers as an editor counts them; None for one longer than `most` bytes, which is
    read past without being kept. A byte order mark before a line is taken off: some programs begin files with one, and files
    are joined.
    """
    number = 0
    while line := source.readline(most + 1):
        number += 1
        if len(line) > most and not line.endswith(b"\n"):
            while (rest := source.readline(1 << 20)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        elif (line := line.removeprefix(BOM_UTF8)) and not line.isspace():
            yield number, line


def answer(
    engine: Engine, line: bytes | None, look: Callable[[Mapping[str, object]], None] = lambda _: None
) -> dict[str, Any]:
    """What one line gets: a verdict, or its id and why it cannot be read. `look` is shown the line's object."""
    if line is None:
        return {"id": None, "error": f"the line is longer than {MAX_LINE:,} bytes"}
    ident = None
    try:
        record = decode_json(line)
        if isinstance(record, dict):
            ident = record.get("id")
            look(record)
        request = request_from_json(record)
    except RequestError as error:
        return {"id": ident, "error": str(error)}
    start = perf_counter()
    verdict = inspect(engine, request)
    return {"id": ident, **verdict_json(verdict, (perf_counter() - start) * 1e6)}


def inspect(engine: Engine, request: Request) -> Verdict:
    """What the edge and the engine together say about a request."""
    try:
        accepted = accept(request, engine.config.limits)
    except Refusal as refusal:
        return engine.refused(request.method, request.target, refusal)
    return engine.inspect(accepted)


def verdict_json(verdict: Verdict, total_us: float) -> dict[str, Any]:
    """A verdict in the published shape. `status` is 0 when the request would be forwarded; `us` are microseconds."""
    decision = verdict.decision
    crs = {} if verdict.crs is None else {"crs": crs_json(verdict.crs)}
    return {
        "action": decision.action,
        "status": decision.status,
        "score": decision.score,
        "scores": decision.scores,
        "rules": [match.rule for match in decision.matches],
        "tags": decision.tags,
        "ml": ml_json(verdict.scores),
        **({} if verdict.weighed is None else {"learned": learned_json(verdict.weighed)}),
        "would_block": decision.would_block,
        **crs,
        "coverage": verdict.coverage,
        "us": {"total": round(total_us, 1), **{stage: round(us, 1) for stage, us in verdict.us.items()}},
    }


def ml_json(scores: Scores | None) -> dict[str, Any]:
    """What the classifier says; four nulls where it was not asked."""
    if scores is None:
        return {"injection": None, "jailbreak": None, "web_attack": None, "ood_p": None}
    said: dict[str, Any] = {
        "injection": _rounded(scores.injection),
        "jailbreak": _rounded(scores.jailbreak),
        "web_attack": _rounded(scores.web_attack),
        "ood_p": None if scores.ood_p is None else round(scores.ood_p, 6),
        "surfaces": {
            first.surface: {
                "injection": _rounded(first.value),
                "jailbreak": _rounded(second.value),
                "flagged": first.flagged or second.flagged,
                "origin": (first if first.value >= second.value else second).origin,
            }
            for first, second in zip(scores.injections, scores.jailbreaks, strict=True)
        },
        "scored": scores.scored,
        "deep": scores.deep,
    }
    if scores.web is not None:
        said["web"] = {
            each.surface: {"p": _rounded(each.value), "flagged": each.flagged, "origin": each.origin}
            for each in scores.web.surfaces
        }
        said |= {"web_unread": True} if scores.web.unread else {}
    counts = {"over_budget": scores.over_budget, "degraded": scores.degraded, "missing": scores.missing}
    if scores.ood is not None:
        said["ood"] = ood_json(scores.ood)
    return said | {name: count for name, count in counts.items() if count}


def ood_json(found: OodScore) -> dict[str, Any]:
    """What a route's detector says; `why` are the distances that are furthest beyond usual."""
    return {
        "alpha": found.alpha,
        "flagged": found.flagged,
        "judged": found.judged,
        "missing": found.missing,
        "origin": found.origin,
        "why": dict(found.why),
    }


def learned_json(weighed: Weighed) -> dict[str, Any]:
    """What learned scoring says, and what each rule and the head add to it."""
    return {
        "p": _rounded(weighed.probability),
        "threshold": weighed.threshold,
        "bias": round(weighed.bias, 3),
        "parts": {name: round(weight, 3) for name, weight in weighed.parts},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def crs_json(found: CrsVerdict) -> dict[str, Any]:
    """What the OWASP CRS says, by its own scores; `rules` are the ids that ModSecurity would log."""
    return {
        "rules": found.logged,
        "inbound": found.inbound,
        "inbound_threshold": found.inbound_threshold,
        "outbound": found.outbound,
        "paranoia_scores": found.paranoia_scores,
        "status": found.would_status,
        "blocked_by": found.blocked_by,
    }
