"""A small text grammar: frames with slots and alternatives, expanded with a fixed seed.

A frame is plain text with two marks. ``{slot}`` stands for one entry of a table, ``[a|b|c]`` for one of the words between
the bars (an empty one is fine). Entries may hold marks themselves. Entries are dealt like cards from a shuffled deck, so
that each is used once before any is used twice: that keeps rows apart better than drawing with replacement does.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_SLOT: Final = re.compile(r"\{([a-z_0-9]+)\}")
_CHOICE: Final = re.compile(r"\[([^\[\]\n]*\|[^\[\]\n]*)\]")
_DEPTH: Final = 12


@dataclass(frozen=True)
class Row:
    """One row of the corpus; see classifiers/data/README.md for what the fields mean."""

    text: str
    label: str
    kind: str
    lang: str = "en"
    surface: str = "user"
    carrier: str = "plain"
    source: str = ""
    by: str = "grammar"
    pair: str | None = None
    span: tuple[int, int] | None = None


def lines(table: str) -> list[str]:
    r"""The entries of a table written one a line; ``\n`` in an entry is a line break."""
    return [line.strip().replace("\\n", "\n") for line in table.splitlines() if line.strip()]


def tables(text: str) -> dict[str, list[str]]:
    """Several tables in one text: a line ``== name`` opens each."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in lines(text):
        if line.startswith("== "):
            name = line[3:].strip()
            found.setdefault(name, [])
        else:
            found[name].append(line)
    return found


def merged(*parts: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Tables put together. ValueError when two define one slot differently: one would silently take the other's place."""
    whole: dict[str, Sequence[str]] = {}
    for part in parts:
        for name, entries in part.items():
            if whole.setdefault(name, entries) != entries:
                raise ValueError(f"two tables define the slot {name!r}")
    return whole


class Grammar:
    """Expands frames. `seed` fixes every choice; `slots` maps a slot's name to its entries."""

    def __init__(self, seed: str, slots: Mapping[str, Sequence[str]]) -> None:
        self.rng = random.Random(seed)
        self._slots = {name: list(entries) for name, entries in slots.items()}
        self._decks: dict[str, list[str]] = {}

    def deal(self, slot: str) -> str:
        """The next entry of a slot, as it is written. KeyError for an unknown slot."""
        deck = self._decks.get(slot)
        if not deck:
            deck = list(self._slots[slot])
            self.rng.shuffle(deck)
            self._decks[slot] = deck
        return deck.pop()

    def say(self, frame: str) -> str:
        """`frame` with all its marks replaced. ValueError when entries contain each other in a circle."""
        for _ in range(_DEPTH):
            text = _SLOT.sub(lambda mark: self.deal(mark[1]), frame)
            text = _CHOICE.sub(lambda mark: self.rng.choice(mark[1].split("|")), text)
            if text == frame:
                return text
            frame = text
        raise ValueError(f"marks are left after {_DEPTH} rounds: {frame[:80]!r}")

    def one(self, slot: str) -> str:
        """An expanded entry of a slot."""
        return self.say(self.deal(slot))

    def chance(self, share: float) -> bool:
        """True for about `share` of the calls."""
        return self.rng.random() < share


_CODE: Final = re.compile(r"\w+[.(=\[{]|(?:def|let|set|sudo|const|print|if|x) ")


def capital(text: str) -> str:
    """`text` with its first letter in upper case, unless it begins like code."""
    return text if _CODE.match(text) else text[:1].upper() + text[1:]


def braced(grammar: Grammar, frame: str) -> str:
    """`frame` expanded, where doubled braces stand for single ones: many of these texts are code."""
    return grammar.say(frame.replace("{{", "\x01").replace("}}", "\x02")).replace("\x01", "{").replace("\x02", "}")


_NEAR: Final = {"a": "s", "e": "r", "i": "o", "o": "p", "t": "r", "n": "m", "s": "d", "r": "e", "l": "k", "u": "i"}


def typos(text: str, rng: random.Random, share: float = 0.03) -> str:
    """`text` as typed in a hurry: letters swapped, doubled, dropped or hit beside. `share` is errors a letter."""
    out: list[str] = []
    skip = False
    for at, letter in enumerate(text):
        if skip:
            skip = False
            continue
        if not letter.isalpha() or rng.random() >= share:
            out.append(letter)
            continue
        after = text[at + 1 : at + 2]
        how = rng.randrange(4)
        if how == 0 and after.isalpha():
            out.append(after + letter)
            skip = True
        elif how == 1:
            out.append(letter * 2)
        elif how == 2:
            out.append(_NEAR.get(letter, letter))
    return "".join(out)


def rough(text: str, rng: random.Random, share: float = 0.25) -> str:
    """`text`, in `share` of the calls in a careless register: lower case, typos, no full stop, capitals, long dots.

    Attack and benign rows go through the same function, so that the register says nothing about the label.
    """
    if rng.random() >= share:
        return text
    how = rng.randrange(6)
    if how == 0:
        return text.lower()
    if how == 1:
        return typos(text, rng)
    if how == 2:
        return text.lower().rstrip(".!").replace("'", "")
    if how == 3 and len(text) < 160:
        return text.upper()
    if how == 4:
        return typos(text.lower().replace(",", ""), rng, 0.05)
    return text.replace(". ", "... ").rstrip(".") + rng.choice(("!!", "...", " pls", " thx", "??", " :)", ""))


def pick(rng: random.Random, entries: Iterable[str], count: int) -> list[str]:
    """`count` different entries in a random order (all, if there are fewer)."""
    pool = list(entries)
    rng.shuffle(pool)
    return pool[:count]
