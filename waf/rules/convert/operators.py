"""SecLang's operators as ours, each with the transforms and the argument that make it decide alike."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from waf.rules.convert.base import Unsupported
from waf.rules.convert.patterns import pattern
from waf.rules.seclang.operators import Context, make
from waf.rules.seclang.spec import OperatorCall
from waf.transform import TRANSFORMS
from waf.transform.encodings import leading_number

_lower = TRANSFORMS["lowercase"].apply
_LARGEST: Final = 1 << 53
"""Up to here a float tells whole numbers apart."""
_MOST_WORDS: Final = 10_000
COMPARE: Final = {"eq": "eq", "lt": "lt", "le": "le", "gt": "gt", "ge": "ge"}
OPPOSITE: Final = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
_IN_A_LIST: Final = {"contains": "contains_any", "eq": "in", "starts_with": "starts_with", "ends_with": "ends_with"}
"""The operator that takes a list of texts and means the same with one of them."""
_HEX: Final = re.compile(r"\|((?:[0-9A-Fa-f]{2}\s*)+)\|")


class Said(msgspec.Struct, frozen=True):
    """An operator of ours with its argument. `after`: transforms behind the link's own."""

    operator: str
    argument: Any
    after: tuple[str, ...] = ()
    number: bool = False
    """It compares numbers."""


def said(call: OperatorCall, data: Mapping[str, tuple[str, ...]]) -> Said:
    """What the call says in our language, negation apart; `holds_on` has checked it. `data`: lines of word files by path.
    Raises Unsupported."""
    return _TABLE[call.name](call, data)


def holds_on(call: OperatorCall, data: Mapping[str, tuple[str, ...]], text: str) -> bool:
    """Whether SecLang's operator, negated or not, is true of a text."""
    try:
        return make(call.name, call.argument, Context(data=data)).run.test(text) is not call.negated
    except ValueError as error:
        said_why = str(error) if "@" in str(error) else f"@{call.name} {error}"
        raise Unsupported("operator", said_why) from None


_Data = Mapping[str, tuple[str, ...]]
_Maker = Callable[[OperatorCall, _Data], Said]


def _rx(call: OperatorCall, _: _Data) -> Said:
    operator, argument = pattern(call.argument)
    return Said(operator, argument)


def _words(words: list[str]) -> Said:
    distinct = list(dict.fromkeys(map(_lower, words)))
    if len(distinct) > _MOST_WORDS:
        raise Unsupported("operator", f"@pmFromFile has more than {_MOST_WORDS} words")
    return Said("contains_any", distinct, ("lowercase",))


def _pm(call: OperatorCall, _: _Data) -> Said:
    plain = _HEX.sub(lambda found: bytes.fromhex(found[1]).decode("utf-8", "surrogateescape"), call.argument)
    return _words(plain.split())


def _pm_file(call: OperatorCall, data: _Data) -> Said:
    return _words([line for path in call.argument.split("\n") for line in data.get(path, ())])


def _compare(call: OperatorCall, _: _Data) -> Said:
    bound = leading_number(call.argument)
    if abs(bound) > _LARGEST:
        raise Unsupported("operator", f"@{call.name} compares with a number beyond {_LARGEST}")
    return Said(call.name, bound, number=True)


def _text(operator: str) -> _Maker:
    def say(call: OperatorCall, _: _Data) -> Said:
        if not call.argument and operator != "eq":
            raise Unsupported("operator", f"@{call.name} has no text")
        text = call.argument
        if text[:1] == "$" and text[1:].isidentifier():  # alone it would be the name of a list
            if operator not in _IN_A_LIST:
                raise Unsupported("operator", f"@{call.name} {text} would be the name of a list here")
            return Said(_IN_A_LIST[operator], [text])
        return Said(operator, text)

    return say


def _networks(listed: list[str]) -> Said:
    networks = [str(ipaddress.ip_network(part.strip(), strict=False)) for part in listed if part.strip()]
    if not networks:
        raise Unsupported("operator", "@ipMatch has no addresses")
    return Said("cidr", networks[0] if len(networks) == 1 else networks)


def _ip(call: OperatorCall, _: _Data) -> Said:
    return _networks(call.argument.split(","))


def _ip_file(call: OperatorCall, data: _Data) -> Said:
    return _networks([line for path in call.argument.split("\n") for line in data.get(path, ())])


def _flag(operator: str, argument: Any = True) -> _Maker:
    return lambda _call, _data: Said(operator, argument)


def _never(call: OperatorCall, _: _Data) -> Said:
    raise Unsupported("operator", f"@{call.name} never matches here")


_TABLE: Final[Mapping[str, _Maker]] = {
    "rx": _rx,
    "pm": _pm,
    "pmf": _pm_file,
    "pmfromfile": _pm_file,
    **dict.fromkeys(COMPARE, _compare),
    "streq": _text("eq"),
    "contains": _text("contains"),
    "beginswith": _text("starts_with"),
    "endswith": _text("ends_with"),
    "within": _text("within"),
    "validatebyterange": _text("byte_range"),
    "validateutf8encoding": _flag("utf8", "invalid"),
    "validateurlencoding": _flag("url_encoding", "invalid"),
    "ipmatch": _ip,
    "ipmatchf": _ip_file,
    "ipmatchfromfile": _ip_file,
    "detectsqli": _flag("sqli"),
    "detectxss": _flag("xss"),
    "unconditionalmatch": _flag("exists"),
    "nomatch": _never,
    "geolookup": _never,
    "rbl": _never,
}
