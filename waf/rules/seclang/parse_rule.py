"""SecRule and SecAction: targets, operator and actions become a link and, for the head of a chain, a rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from waf.rules.seclang import parse_actions
from waf.rules.seclang.parse_variables import STORES, variables
from waf.rules.seclang.spec import Control, Link, OperatorCall, Place, Rule, SetVar, Variable

_DISRUPTIVE: Final = frozenset({"pass", "deny", "drop", "block", "allow"})
_IGNORED: Final = frozenset({"rev", "maturity", "accuracy", "noauditlog", "auditlog", "xmlns"})
"""Read and without effect: events are written for all that is logged."""
_FLAGS: Final = frozenset({"chain", "capture", "multimatch", "log", "nolog"})
CONTROLS: Final = {
    "ruleremovebyid": "ruleRemoveById",
    "ruleremovebytag": "ruleRemoveByTag",
    "ruleremovebymsg": "ruleRemoveByMsg",
    "ruleremovetargetbyid": "ruleRemoveTargetById",
    "ruleremovetargetbytag": "ruleRemoveTargetByTag",
    "ruleremovetargetbymsg": "ruleRemoveTargetByMsg",
    "ruleengine": "ruleEngine",
    "requestbodyprocessor": "requestBodyProcessor",
    "forcerequestbodyvariable": "forceRequestBodyVariable",
    "requestbodyaccess": "requestBodyAccess",
    "responsebodyaccess": "responseBodyAccess",
    "auditengine": "auditEngine",
    "auditlogparts": "auditLogParts",
}
_WORDS: Final = {
    "ruleEngine": ("on", "off", "detectiononly"),
    "requestBodyProcessor": ("URLENCODED", "MULTIPART", "JSON", "XML"),
    "forceRequestBodyVariable": ("on", "off"),
    "requestBodyAccess": ("on", "off"),
    "responseBodyAccess": ("on", "off"),
    "auditEngine": ("on", "off", "relevantonly"),
}


MakeLink = Callable[["Rule | None"], Link]
"""A link, given the phase's SecDefaultAction."""


class Actions(msgspec.Struct):
    """What a list of actions says, before it is known whether it belongs to a head, a link or a default."""

    id: int | None = None
    phase: int | None = None
    chain: bool = False
    link: dict[str, Any] = {}
    head: dict[str, Any] = {}
    transforms: list[str] = []


def operator_call(text: str) -> OperatorCall:
    """`!@rx pattern`; without an `@` it is a pattern."""
    rest = text.lstrip()
    negated = rest.startswith("!")
    if negated:
        rest = rest[1:].lstrip()
    if rest.startswith("@"):
        name, _, argument = rest[1:].partition(" ")
        return OperatorCall(name.lower(), argument.strip(), negated)
    return OperatorCall("rx", rest, negated)


def actions(text: str) -> Actions:
    """Reads a list of actions. Raises ValueError for one that is not supported or has a wrong value."""
    found = Actions(link={}, head={}, transforms=[])
    many: dict[str, list[Any]] = {"setvars": [], "controls": [], "collections": [], "tags": []}
    for name, value in parse_actions.pairs(text):
        _action(found, many, name, value)
    for key in ("setvars", "controls", "collections"):
        found.link[key] = tuple(many[key])
    found.head["tags"] = tuple(many["tags"])
    return found


def _action(found: Actions, many: dict[str, list[Any]], name: str, value: str) -> None:
    link, head = found.link, found.head
    if name == "t":
        found.transforms.append(value)
        if value.lower() == "none":
            found.transforms[:] = ["none"]
    elif name == "setvar":
        many["setvars"].append(_stored(parse_actions.setvar(value)))
    elif name == "tag":
        many["tags"].append(value)
    elif name == "ctl":
        many["controls"].append(control(value))
    elif name == "initcol":
        collection, equals, key = value.partition("=")
        if not equals:
            raise ValueError(f"initcol:{value} has no key")
        many["collections"].append(_stored(SetVar(collection.strip().upper(), key, "open")))
    elif name == "expirevar":
        expires = parse_actions.setvar(value)
        if expires.how != "=":
            raise ValueError(f"expirevar:{value} is not collection.name=seconds")
        many["collections"].append(_stored(SetVar(expires.collection, expires.name, "expire", expires.value)))
    elif name == "chain":
        found.chain = True
    elif name == "capture":
        link["capture"] = True
    elif name == "multimatch":
        link["multi_match"] = True
    elif name in ("log", "nolog"):
        head["log"] = name == "log"
    elif name in _DISRUPTIVE:
        if value and name != "allow":
            raise ValueError(f"{name} takes no value")
        if value not in ("", "phase", "request"):
            raise ValueError(f"allow:{value} is not allow, allow:phase or allow:request")
        head["disruptive"], head["allow"] = name, value
    elif name == "skipafter":
        link["skip_after"] = value
    elif name not in _IGNORED:
        _number_or_text(found, name, value)


def _number_or_text(found: Actions, name: str, value: str) -> None:
    link, head = found.link, found.head
    if name == "id":
        found.id = _whole(name, value, 1)
    elif name == "phase":
        found.phase = parse_actions.phase(value)
    elif name == "severity":
        head["severity"] = parse_actions.severity(value)
    elif name == "status":
        head["status"] = _whole(name, value, 100, 599)
    elif name == "skip":
        link["skip"] = _whole(name, value, 0, 10_000)
    elif name == "msg":
        head["message"] = value
    elif name == "logdata":
        head["data"] = value
    elif name == "ver":
        head["version"] = value
    else:
        raise ValueError(f"action {name} is not supported")


def _whole(name: str, value: str, low: int, high: int = 10**18) -> int:
    if not value.isascii() or not value.isdigit() or not low <= int(value[:20]) <= high:
        raise ValueError(f"{name}:{value} should be a whole number from {low}")
    return int(value)


def _stored(setvar: SetVar) -> SetVar:
    if setvar.collection not in STORES - {"GEO"}:
        raise ValueError(f"collection {setvar.collection} is not supported; {', '.join(sorted(STORES - {'GEO'}))} are")
    return setvar


def control(text: str) -> Control:
    """`name=value` of a ctl. Raises ValueError for one that is not supported or takes other words."""
    name, _, value = text.partition("=")
    known = CONTROLS.get(name.strip().lower())
    if known is None:
        raise ValueError(f"ctl:{name} is not supported")
    words = _WORDS.get(known)
    if words and value.upper() not in words and value.lower() not in words:
        raise ValueError(f"ctl:{known} takes {', '.join(words)}, not {value!r}")
    if known == "ruleRemoveById":
        parse_actions.id_ranges(value)
    if known.startswith("ruleRemoveTarget"):
        what, semicolon, target = value.partition(";")
        if not semicolon:
            raise ValueError(f"ctl:{known} takes an id, tag or message, a semicolon and a variable")
        variables(target)
        if known == "ruleRemoveTargetById":
            parse_actions.id_ranges(what)
    return Control(known, value)


def link(targets: tuple[Variable, ...], operator: OperatorCall | None, read: Actions, defaults: Rule | None) -> Link:
    """A link with the transformations of the phase's SecDefaultAction before its own, up to the last `t:none`."""
    before = defaults.links[0].transforms if defaults is not None and defaults.links else ()
    chain: Sequence[str] = (*before, *read.transforms)
    if "none" in (name.lower() for name in chain):
        last = max(place for place, name in enumerate(chain) if name.lower() == "none")
        chain = chain[last + 1 :]
    return Link(targets, operator, tuple(chain), **read.link)


def head(read: Actions, place: Place, first: Link, phase: int, defaults: Rule | None) -> Rule:
    """The rule of a chain's first link, what it does not say taken from the phase's SecDefaultAction."""
    said = dict(read.head)
    if defaults is not None:
        said.setdefault("log", defaults.log)
        said["tags"] = (*defaults.tags, *said["tags"])
        if said.get("disruptive") == "block":
            said["disruptive"], said["allow"] = defaults.disruptive, defaults.allow
            said.setdefault("status", defaults.status)
    elif said.get("disruptive") == "block":
        said["disruptive"] = "pass"
    return Rule(read.id or 0, phase, place, (first,), **said)


def default(read: Actions, place: Place) -> Rule:
    """What a SecDefaultAction says, as a rule with one link that holds its transformations."""
    return Rule(0, read.phase or 2, place, (Link((), None, tuple(read.transforms)),), **read.head)
