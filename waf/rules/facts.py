"""What is known of a pattern without running it: which texts and characters a match needs, and how long it can be.

Finding that out takes longer than everything else at the start. It depends on nothing but the pattern, so for the shipped
packs it lies beside them, in `rules/facts.json`, which `python rules/facts.py` makes. An entry is found by a digest of
its pattern, and the file counts only if it was made by the very code that would do the work: after a change of either,
and where the file is missing or is no such file, patterns are looked at anew. All of that is as true in one release of
Python as in another, since it is about what RE2 matches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Final

import msgspec

from waf import shipped
from waf.rules import dialect, runs
from waf.rules.literals import Lead, Needed, required_literals
from waf.rules.runs import Bound
from waf.rules.specials import Chars, needed_signs, needed_specials

FILE: Final = "rules/facts.json"
_LARGEST: Final = 8 << 20
_CODE: Final = (
    "rules/dialect.py",
    "rules/facts.py",
    "rules/fold.py",
    "rules/frequency.py",
    "rules/literals.py",
    "rules/runs.py",
    "rules/specials.py",
    "transform/invisible.py",
    "transform/lookalikes.py",
    "transform/triggers.py",
)
"""All that decides what is found, below the package."""


class Facts(msgspec.Struct, frozen=True):
    """What `waf.rules.operators` wants to know of a pattern; each says where it is found out."""

    needed: Needed | None
    bound: Bound
    specials: Chars | None
    signs: tuple[Chars, ...]


_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1)]
_Number = Annotated[int, msgspec.Meta(ge=0)]


class _Entry(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One line of the file. Sets of characters are strings; what leads has texts of its own only if they are others."""

    texts: _Texts | None
    lead: tuple[_Number, _Number] | None
    leading: _Texts | None
    also: tuple[_Texts, ...]
    length: _Number
    kinds: _Number
    specials: str | None
    signs: tuple[_Text, ...]


class _File(msgspec.Struct, frozen=True):
    made_by: str
    patterns: dict[str, msgspec.Raw]


_decoder: Final = msgspec.json.Decoder(_Entry)


def facts(pattern: str) -> Facts:
    """The facts of an RE2 pattern, from the file or found out."""
    entry = _known().get(_digest(pattern))
    return analysed(pattern) if entry is None else _read(_decoder.decode(entry))


def analysed(pattern: str) -> Facts:
    """The same, always found out."""
    return Facts(required_literals(pattern), runs.bound(pattern), needed_specials(pattern), needed_signs(pattern))


def alternatives(pattern: str) -> list[str]:
    """`dialect.alternatives`, whose parts need not be read where there are facts of them."""
    known = _known()
    return dialect.alternatives(pattern, lambda part: _digest(part) in known or dialect.is_read(part))


def _digest(pattern: str) -> str:
    return blake2b(pattern.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@lru_cache(maxsize=1)
def _known() -> Mapping[str, msgspec.Raw]:
    path = shipped.root() / FILE
    try:
        return loaded(path.read_bytes() if path.stat().st_size <= _LARGEST else b"")
    except OSError:
        return {}


def loaded(raw: bytes) -> Mapping[str, msgspec.Raw]:
    """The entries of such a file, by their patterns' digests; none of one that other code has made, or that is none."""
    try:
        found = msgspec.json.decode(raw, type=_File)
        for entry in found.patterns.values():
            _decoder.decode(entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found.patterns if found.made_by == made_by() else {}


@lru_cache(maxsize=1)
def made_by() -> str:
    """A digest of the code that finds facts; empty where the package has no sources."""
    package = Path(shipped.__file__).parent
    digest = blake2b(digest_size=12)
    try:
        for name in _CODE:
            digest.update((package / name).read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()


def made(patterns: Iterable[str]) -> bytes:
    """The file for these patterns, a line for each, in an order that does not change when others come or go."""
    lines = [
        f'"{_digest(pattern)}":'.encode() + msgspec.json.encode(_entry(analysed(pattern))) for pattern in set(patterns)
    ]
    return b'{"made_by":"%s","patterns":{\n%s\n}}\n' % (made_by().encode(), b",\n".join(sorted(lines)))


def _entry(found: Facts) -> _Entry:
    needed = found.needed
    lead = needed.lead if needed else None
    return _Entry(
        texts=_sorted(needed.texts) if needed else None,
        lead=(lead.low, lead.high) if lead else None,
        leading=_sorted(lead.texts) if lead and needed and lead.texts != needed.texts else None,
        also=tuple(map(_sorted, needed.also)) if needed else (),
        length=found.bound.length,
        kinds=found.bound.kinds,
        specials=None if found.specials is None else "".join(sorted(found.specials)),
        signs=tuple("".join(sorted(chars)) for chars in found.signs),
    )


def _sorted(texts: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(texts))


def _read(entry: _Entry) -> Facts:
    needed = None
    if entry.texts is not None:
        texts = _set(entry.texts)
        lead = Lead(texts if entry.leading is None else _set(entry.leading), *entry.lead) if entry.lead else None
        needed = Needed(texts, lead, tuple(map(_set, entry.also)))
    specials = None if entry.specials is None else _set(entry.specials)
    return Facts(needed, Bound(entry.length, entry.kinds), specials, tuple(map(_set, entry.signs)))


@lru_cache(maxsize=4096)
def _set(texts: tuple[str, ...] | str) -> frozenset[str]:
    """One object for the same set: many patterns want the same characters."""
    return frozenset(texts)


def patterns() -> list[str]:
    """Those of the shipped packs, each alternative by itself."""
    from waf.rules.operators import Context
    from waf.rules.ruleset import SHIPPED, load_packs, pack_files
    from waf.rules.spec import leaves

    packs = load_packs(pack_files(SHIPPED), Context())
    found = [leaf for pack in packs for rule in pack.rules for leaf in leaves(rule.match) if leaf.operator == "re2"]
    return [part for leaf in found for part in dialect.alternatives(leaf.argument)]
