"""One SecLang rule as one of ours, or why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from waf.model import SCORES, Severity
from waf.rules.convert.base import Entry, Note, Options, Plain, Unsupported
from waf.rules.convert.conditions import Data, condition
from waf.rules.seclang.parse_actions import severity_name
from waf.rules.seclang.spec import Link, Rule, SetVar

_SEVERITIES: Final = {
    "emergency": "critical", "alert": "critical", "critical": "critical", "error": "error", "warning": "warning",
    "notice": "notice", "info": "notice", "debug": "notice",
}  # fmt: skip
_POINTS: Final = {str(points): severity.value for severity, points in SCORES.items()}
_MACRO: Final = re.compile(r"%\{tx\.(critical|error|warning|notice)_anomaly_score\}")
_SCORE: Final = re.compile(r"(?:^|_)score(?:_pl[1-4])?$")
_PARANOIA: Final = re.compile(r"paranoia-level/([1-4])")
_LONGEST_TITLE: Final = 200
_LONGEST_NAME: Final = 60
_LONGEST_TAG: Final = 64
_LARGEST_ID: Final = 10**9


def convert(rule: Rule, options: Options, number: int, data: Data) -> Entry:
    """The entry of a rule; `number` is the id it gets. Every reason against it is noted, not only the first."""
    notes: list[Note] = []

    def note(code: str, message: str, *, lost: bool = True) -> None:
        notes.append(Note(rule.place, rule.id, code, message, lost))

    links: list[Plain] = []
    for place, link in enumerate(rule.links, 1):
        where = f"link {place}: " if len(rule.links) > 1 else ""
        for problem in _control(link):
            note(problem.code, f"{where}{problem}")
        try:
            links.append(condition(link, rule.phase, data))
        except Unsupported as problem:
            note(problem.code, f"{where}{problem}")
    action, severity = "", "notice"
    try:
        action, severity = _weight(rule)
    except Unsupported as problem:
        note(problem.code, str(problem))
    if rule.phase == 5:
        note("phase", "it runs in phase 5, when everything is decided")
    if not 0 < number < _LARGEST_ID:
        note("id", "its id has more than nine digits: choose others with --ids")
    if _mixes(links):
        note("response", "it looks at the request and at the answer; a rule here sees one of them")
    if any(found.lost for found in notes):
        return Entry(rule.place, None, rule.id, notes)
    for text in _remarks(rule, action):
        note("left-out", text, lost=False)
    return Entry(rule.place, _rule(rule, options, number, action, severity, links), rule.id, notes)


def _control(link: Link) -> Iterator[Unsupported]:
    """What a link does besides matching that nothing here can do."""
    if link.skip_after or link.skip:
        target = f"skipAfter:{link.skip_after}" if link.skip_after else f"skip:{link.skip}"
        yield Unsupported("skip", f"{target}: rules here do not skip others; those behind it are converted without it")
    for control in link.controls:
        if control.name.startswith("ruleRemove"):
            yield Unsupported(
                "ctl", f"ctl:{control.name}={control.value}: write an exclusion with a route, see rules.md"
            )
        elif not control.name.startswith("audit"):
            yield Unsupported("ctl", f"ctl:{control.name}={control.value}: set it in waf.yaml, for a route if need be")
    for collection in link.collections:
        what = "initcol" if collection.how == "open" else "expirevar"
        yield Unsupported(
            "collection", f"{what} of {collection.collection}: counts over several requests: see limits in waf.yaml"
        )


def _weight(rule: Rule) -> tuple[str, str]:
    """(action, severity). Raises Unsupported for a rule that neither refuses, scores nor says anything."""
    named = _SEVERITIES.get(severity_name(rule.severity), "")
    scores = [item for link in rule.links for item in link.setvars if _is_score(item)]
    if rule.disruptive == "allow":
        raise Unsupported("allow", "allow ends the inspection: write an exclusion, or a route with mode: off")
    if rule.disruptive in ("deny", "drop"):
        return "block", named or "critical"
    if scores:
        return "score", _severity(scores)
    if any(link.setvars for link in rule.links):
        raise Unsupported("bookkeeping", "it only sets variables, which rules here do not have")
    if not rule.log:
        raise Unsupported("bookkeeping", "it neither refuses, scores nor logs")
    return "log", named or "notice"


def _is_score(item: SetVar) -> bool:
    return item.collection == "TX" and item.how == "+" and _SCORE.search(item.name.lower()) is not None


def _severity(scores: list[SetVar]) -> str:
    """The severity that gives as many points as the rule adds to its anomaly score."""
    chosen = next((item for item in scores if "anomaly_score" in item.name.lower()), scores[0])
    value = chosen.value.lower()
    found = _MACRO.fullmatch(value)
    severity = found[1] if found else _POINTS.get(value)
    if severity is None:
        points = ", ".join(sorted(_POINTS))
        raise Unsupported("score", f"adds {chosen.value} points; a rule here adds {points}, by its severity")
    return severity


def _mixes(links: list[Plain]) -> bool:
    phases = {name.startswith("response.") for link in links for name in named(link)}
    return len(phases) > 1


def named(part: Plain) -> Iterator[str]:
    """Every field that a condition names."""
    if "field" in part:
        field = part["field"]
        yield from [field] if isinstance(field, str) else field
    for inner in part.get("any", ()):
        yield from named(inner)


def _remarks(rule: Rule, action: str) -> Iterator[str]:
    for link in rule.links:
        for item in link.setvars:
            if not _is_score(item):
                yield f"sets {item.collection.lower()}.{item.name}, which is left out"
    if action == "block" and rule.status != 403:
        yield f"refuses with {rule.status}; here every refusal of a rule is a 403"
    if action == "log":
        yield "only logs: `action: log`"


def _rule(rule: Rule, options: Options, number: int, action: str, severity: str, links: list[Plain]) -> Plain:
    title = _line(rule.message) or f"SecLang rule {rule.id}"
    made: Plain = {
        "id": number,
        "name": _slug(rule.message, number),
        "title": title,
        "severity": Severity(severity).value,
        "paranoia": next((int(found[1]) for tag in rule.tags if (found := _PARANOIA.search(tag))), 1),
        "confidence": "medium",
        "maturity": "experimental",
        "tags": _tags(rule, options),
        "references": [f"{PurePath(rule.place.file).name}:{rule.place.line}"],
        "match": links[0] if len(links) == 1 else {"all": links},
    }
    if action != "score":
        made["action"] = action
    return made


def _line(text: str) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text.strip())
    return shown[:_LONGEST_TITLE]


def _slug(message: str, number: int) -> str:
    words = re.findall(r"[a-z0-9]+", message.lower())
    return f"{'-'.join(words)[:_LONGEST_NAME].strip('-') or 'rule'}-{number}"


def _tags(rule: Rule, options: Options) -> list[str]:
    """Exactly one `attack.X`, the original id, and what else the rule is tagged with."""
    attack, others = "", list[str]()
    for tag in rule.tags:
        plain = re.sub(r"[^a-z0-9._:/-]", "-", tag.lower()).lstrip("._:/-")[:_LONGEST_TAG]
        if not attack and re.fullmatch(r"attack[-.][a-z0-9_-]+", plain):
            attack = f"attack.{plain[7:]}"
        elif plain and not _PARANOIA.search(plain):
            others.append(plain.replace("attack.", "attack-", 1) if plain.startswith("attack.") else plain)
    return list(dict.fromkeys([attack or f"attack.{options.category}", f"seclang.{rule.id}", *others]))
