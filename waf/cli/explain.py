"""`waf explain`: one request as a tree: what was seen in it, which rule scored what and why, what that took, and what nobody
looked at."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import click

from waf.cli import explain_crs, explain_ml
from waf.cli.diagnosis import marked
from waf.cli.options import offline_engine, policy_options
from waf.cli.output import plural, print_json, quoted
from waf.cli.requests import RequestError, read_request
from waf.cli.scan import inspect, verdict_json
from waf.cli.tree import Branch, show
from waf.model import Field, Match, Screened
from waf.rules.diagnose import Evidence, evidence
from waf.rules.operators import Context
from waf.rules.program import Timing
from waf.screen import add_scores
from waf.seams import with_seams

if TYPE_CHECKING:
    from waf.engine import Engine
    from waf.model import Request
    from waf.verdict import Verdict

MAX_REQUEST: Final = 96 << 20
SHOWN_FIELDS: Final = 40
DEAREST: Final = 5
"""Rules whose time is shown."""


@click.command("explain", short_help="Show why one request is blocked, tagged or allowed.")
@click.argument("request", required=False)
@policy_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option("--all", "all_fields", is_flag=True, help="Every field, however many.")
def explain(request: str | None, config: str | None, as_json: bool, all_fields: bool, **options: Any) -> None:
    """REQUEST is a curl command line in quotes, raw HTTP, or a record as `waf scan` reads them; @FILE reads it from a
    file, and - or nothing from stdin. Nothing is sent anywhere.
    """
    try:
        read = read_request(_given(request))
    except RequestError as error:
        raise click.BadParameter(str(error), param_hint="REQUEST") from None
    engine = offline_engine(config, options)
    start = perf_counter()
    verdict = inspect(engine, read)
    total = (perf_counter() - start) * 1e6
    if as_json:
        print_json(_json(engine, read, verdict, total))
    else:
        _show(engine, read, verdict, total, None if all_fields else SHOWN_FIELDS)


def _given(request: str | None) -> bytes:
    if request is None or request == "-":
        data = sys.stdin.buffer.read(MAX_REQUEST + 1)
    elif request.startswith("@"):
        with Path(request[1:]).open("rb") as file:
            data = file.read(MAX_REQUEST + 1)
    else:
        data = request.encode("utf-8", "surrogateescape")
    if len(data) > MAX_REQUEST:
        raise RequestError(f"larger than {MAX_REQUEST:,} bytes")
    return data


def _proof(engine: Engine, verdict: Verdict) -> list[tuple[Match, str, list[Evidence]]]:
    """(match, title of its rule, evidence) for each match."""
    specs = {rule.id: rule for rule in engine.ruleset.rules}
    context = Context(regex_timeout=engine.config.rules.regex_timeout)
    fields = with_seams(verdict.parsed.fields) if verdict.parsed is not None else {}
    return [
        (match, specs[match.rule].title, evidence(specs[match.rule].match, fields, context))
        for match in verdict.decision.matches
    ]


def _fields(verdict: Verdict) -> list[tuple[list[str], Field]]:
    """Every value once, with the buckets it is in: a generic string is both web input and prompt, one object in both."""
    found: dict[tuple[str, int], tuple[list[str], Field]] = {}
    for bucket, fields in (verdict.parsed.fields if verdict.parsed else {}).items():
        for field in fields:
            found.setdefault((field.origin, id(field.value)), ([], field))[0].append(bucket)
    return list(found.values())


def _json(engine: Engine, request: Request, verdict: Verdict, total_us: float) -> dict[str, Any]:
    decision = verdict.decision
    return {
        "request": {"method": request.method, "path": request.target, "body_bytes": len(request.body)},
        "protocol": verdict.protocol,
        "operation": verdict.parsed.operation if verdict.parsed else "",
        "model": verdict.parsed.model if verdict.parsed else "",
        "route": decision.route,
        "mode": decision.mode,
        "reason": decision.reason,
        "message": verdict.refusal.message if verdict.refusal else "",
        **verdict_json(verdict, total_us),
        "matches": [
            {
                "rule": match.rule,
                "name": match.name,
                "title": title,
                "severity": match.severity,
                "score": match.score,
                "category": match.category,
                "action": match.action,
                "mode": match.mode,
                "bucket": match.bucket,
                "origin": match.origin,
                "timed_out": match.timed_out,
                "evidence": proofs,
            }
            for match, title, proofs in _proof(engine, verdict)
        ],
        "fields": [
            {"buckets": buckets, "name": field.name, "origin": field.origin, "value": field.value}
            for buckets, field in _fields(verdict)
        ],
        "texts": explain_ml.as_json(engine, verdict),
        "inputs": explain_ml.ood_json(engine, verdict),
        "web_values": explain_ml.web_as_json(engine, verdict),
        "crs_rules": explain_crs.as_json(engine, verdict),
        "evaluated": verdict.screened.evaluated if verdict.screened else 0,
        "rule_us": {str(rule): round(us, 1) for rule, us in _rule_us(engine, request, verdict).items()},
    }


def _rule_us(engine: Engine, request: Request, verdict: Verdict) -> dict[int, float]:
    """Microseconds that evaluating each candidate takes, dearest first; measured in a run of its own."""
    if verdict.parsed is None or verdict.screened is None:
        return {}
    timing = Timing(perf_counter, {})
    path = request.target.partition("?")[0]
    engine.ruleset.request.run(with_seams(verdict.parsed.fields), path, verdict.route.policy.paranoia, timing)
    return {rule: seconds * 1e6 for rule, seconds in sorted(timing.seconds.items(), key=lambda item: -item[1])}


def _show(engine: Engine, request: Request, verdict: Verdict, total_us: float, most: int | None) -> None:
    decision, policy = verdict.decision, verdict.route.policy
    parsed = verdict.parsed
    what = " ".join(part for part in (verdict.protocol, parsed.operation if parsed else "") if part)
    model = f", model {quoted(parsed.model, 60)}" if parsed and parsed.model else ""
    click.echo(
        f"{quoted(request.method, 20)[1:-1]} {quoted(request.target, 200)[1:-1]}, {len(request.body)} bytes of body"
    )
    click.echo(f"read as {what}{model}; route {decision.route}, mode {decision.mode}, paranoia {policy.paranoia}")
    click.echo()
    color = {"block": "red", "tag": "yellow"}.get(decision.action, "green")
    click.echo(click.style(f"{decision.action.upper()} ({decision.reason})", fg=color, bold=True) + _because(verdict))
    costs = _rule_us(engine, request, verdict)
    show(*(_match(match, title, proofs, costs) for match, title, proofs in _proof(engine, verdict)))
    explain_crs.show(engine, verdict)
    judged = [*explain_ml.ood_tree(engine, verdict), *explain_ml.web_tree(engine, verdict)]
    show(*explain_ml.tree(engine, verdict), *judged)
    show(_seen(_fields(verdict), most), _unseen(verdict), _times(engine, verdict, total_us, costs))


def _because(verdict: Verdict) -> str:
    decision, limit = verdict.decision, verdict.route.policy.block_score
    if verdict.refusal is not None:
        return f" with {decision.status}: {verdict.refusal.message} In every mode."
    scores = ", ".join(f"{name} {score}" for name, score in decision.scores.items())
    text = f": score {decision.score} of {limit}" + (f" ({scores})" if scores else "")
    whole = Screened()
    add_scores(whole, decision.matches, verdict.route.policy.enforce_tool_args)
    if whole.score > decision.score:
        text += f"; all messages together {whole.score}, and the heaviest counts"
    return text + (
        f"; in {decision.mode} mode, but enforced it would block"
        if decision.would_block and not decision.blocks
        else ""
    )


def _match(match: Match, title: str, proofs: list[Evidence], costs: dict[int, float]) -> Branch:
    notes = [match.severity, f"+{match.score} {match.category}"] if match.score else [match.severity, match.action]
    notes += ["monitored"] if match.mode == "monitor" else []
    notes += ["ran out of time, which counts as a match"] if match.timed_out else []
    notes += [f"{costs[match.rule]:.0f} µs"] if match.rule in costs else []
    branch = Branch(click.style(f"rule {match.rule} {match.name}", bold=True) + f": {', '.join(notes)}")
    branch.add(title)
    for proof in proofs:
        value = branch.add(f"{proof.field} at {quoted(proof.origin)[1:-1]}: {_value(proof.value)}")
        if proof.transforms:
            value.add(f"after {', '.join(proof.transforms)}: {_value(proof.view)}")
        holds = value.add(f"{proof.operator} {click.style(quoted(proof.argument, 200), fg='yellow')}")
        if proof.span is not None:
            holds.add(f"at {marked(proof.view, *proof.span)}")
    if not proofs:
        branch.add(match.origin or "because of what is absent")
    return branch


def _value(value: Any) -> str:
    return click.style(quoted(value), fg="cyan")


def _seen(fields: list[tuple[list[str], Field]], most: int | None) -> Branch:
    branch = Branch(f"{plural(len(fields), 'value')} inspected")
    for buckets, field in fields[:most]:
        value = click.style(quoted(field.value, 80), fg="cyan")
        branch.add(f"{' '.join(buckets):<16}  {quoted(field.origin)[1:-1]}: {value}")
    if most is not None and len(fields) > most:
        branch.add(f"… and {len(fields) - most} more (--all shows them)")
    return branch


def _unseen(verdict: Verdict) -> Branch:
    skipped = verdict.coverage["skipped"]
    branch = Branch("not inspected" if skipped else "not inspected: nothing")
    for skip in skipped:
        size = f", {skip['size']} bytes" if skip.get("size") else ""
        branch.add(f"{quoted(skip['origin'])[1:-1]}: {skip['reason']}{size}")
    return branch


def _times(engine: Engine, verdict: Verdict, total_us: float, costs: dict[int, float]) -> Branch:
    branch = Branch(f"{total_us:.0f} µs, the first time this request is seen")
    names = {rule.id: rule.name for rule in engine.ruleset.rules}
    for stage, us in verdict.us.items():
        below = branch.add(f"{stage} {us:.0f} µs")
        if stage == "rules" and verdict.screened is not None:
            total = sum(len(program.rules) for program in (engine.ruleset.request, engine.ruleset.scored))
            evaluated = verdict.screened.evaluated
            below.add(f"{evaluated} of {plural(total, 'rule')} evaluated, the others had no chance to match")
            for rule in list(costs)[:DEAREST]:
                below.add(f"rule {rule} {names[rule]}: {costs[rule]:.0f} µs")
    return branch
