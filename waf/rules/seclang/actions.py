"""setvar, ctl, initcol and skips, compiled to functions that change a transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from waf.rules.seclang import parse_actions
from waf.rules.seclang.kept import Record
from waf.rules.seclang.macros import RuleFacts, compile_text, fill
from waf.rules.seclang.parse_variables import variables
from waf.rules.seclang.spec import Control, Link, SetVar
from waf.rules.seclang.transaction import Transaction
from waf.transform.encodings import leading_number

Effect = Callable[[Transaction], None]
_LARGEST = 1 << 31


def setvar(spec: SetVar, rule: RuleFacts) -> Effect:
    """One assignment. Raises ValueError for a macro that is not supported."""
    collection = spec.collection
    name, value = compile_text(spec.name, rule), compile_text(spec.value, rule)
    if spec.how == "delete":

        def delete(tx: Transaction) -> None:
            tx.stores.get(collection, {}).pop(fill(name, tx).lower(), None)

        return delete
    if spec.how == "=":
        return lambda tx: tx.set(collection, fill(name, tx), fill(value, tx))
    sign = 1 if spec.how == "+" else -1

    def add(tx: Transaction) -> None:
        key = fill(name, tx)
        total = _int(tx.get(collection, key)) + sign * _int(fill(value, tx))
        tx.set(collection, key, str(total))

    return add


def _int(text: str) -> int:
    """C's int: what does not fit counts as nothing."""
    found = leading_number(text)
    return found if -_LARGEST <= found < _LARGEST else 0


def after_match(link: Link, rule: RuleFacts) -> tuple[Effect, ...]:
    """What happens once the whole chain has matched. Raises ValueError."""
    found: list[Effect] = [control(spec, rule) for spec in link.controls]
    found += [_kept(spec, rule) for spec in link.collections]
    if link.skip_after:
        found.append(_jump(link.skip_after))
    if link.skip:
        found.append(_skip(link.skip))
    return tuple(found)


def before_setvars(link: Link, rule: RuleFacts) -> tuple[Effect, ...]:
    """`initcol` of a collection of which the same link sets a variable, which is meant to be that of the key.
    Raises ValueError."""
    own = {spec.collection for spec in link.setvars}
    return tuple(_kept(spec, rule) for spec in link.collections if spec.how == "open" and spec.collection in own)


def _kept(spec: SetVar, rule: RuleFacts) -> Effect:
    """`initcol` or `expirevar`."""
    collection, name, value = spec.collection, compile_text(spec.name, rule), compile_text(spec.value, rule)
    if spec.how == "open":
        return lambda tx: tx.open(collection, fill(name, tx))

    def expire(tx: Transaction) -> None:
        record = tx.stores.get(collection)
        if isinstance(record, Record):
            record.expire(fill(name, tx).lower(), leading_number(fill(value, tx)))

    return expire


def _jump(marker: str) -> Effect:
    def jump(tx: Transaction) -> None:
        tx.jump = marker

    return jump


def _skip(count: int) -> Effect:
    def skip(tx: Transaction) -> None:
        tx.skip = count

    return skip


def control(spec: Control, rule: RuleFacts) -> Effect:
    """One ctl. Raises ValueError for a macro that is not supported."""
    name, value = spec.name, spec.value
    if name.startswith("ruleRemoveTarget"):
        return _remove_target(name.removeprefix("ruleRemoveTarget"), value)
    if name == "ruleRemoveById":
        ranges = parse_actions.id_ranges(value)
        return lambda tx: tx.removed_ids.extend(ranges)
    if name in ("ruleRemoveByTag", "ruleRemoveByMsg"):
        text = compile_text(value, rule)
        if name == "ruleRemoveByTag":
            return lambda tx: tx.removed_tags.add(fill(text, tx))
        return lambda tx: tx.removed_messages.add(fill(text, tx))
    effect = {
        "ruleEngine": _engine,
        "requestBodyProcessor": _processor,
        "forceRequestBodyVariable": _flag("force_body"),
        "requestBodyAccess": _flag("body"),
        "responseBodyAccess": _flag("response_body"),
    }.get(name, _nothing)
    return effect(value)


def _nothing(_value: str) -> Effect:
    """Audit logs: the firewall writes its own events."""
    return lambda _tx: None


def _flag(attribute: str) -> Callable[[str], Effect]:
    def make(value: str) -> Effect:
        on = value.lower() == "on"
        return lambda tx: setattr(tx, attribute, on)

    return make


def _engine(value: str) -> Effect:
    mode = {"on": "On", "off": "Off"}.get(value.lower(), "DetectionOnly")

    def set_engine(tx: Transaction) -> None:
        tx.engine = mode

    return set_engine


def _processor(value: str) -> Effect:
    processor = value.upper()

    def set_processor(tx: Transaction) -> None:
        tx.processor = tx.scalars["REQBODY_PROCESSOR"] = processor

    return set_processor


def _remove_target(by: str, value: str) -> Effect:
    what, _, text = value.partition(";")
    targets = variables(text)
    if by == "ById":
        ranges = parse_actions.id_ranges(what)

        def selects(number: int, _tags: Sequence[str], _message: str) -> bool:
            return any(low <= number <= high for low, high in ranges)

    elif by == "ByTag":

        def selects(number: int, _tags: Sequence[str], _message: str) -> bool:
            return what in _tags

    else:

        def selects(number: int, _tags: Sequence[str], _message: str) -> bool:
            return what == _message

    entries = [(selects, target) for target in targets]
    return lambda tx: tx.removed_targets.extend(entries)
