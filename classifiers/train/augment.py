"""Disguises and places: what is done to attacks and to benign rows alike, so that none of it gives the label away."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Sequence
from typing import Final

from classifiers.train.data import Row

_LEET: Final = str.maketrans("aeiostAEIOST", "431057431057")
_ALIKE: Final = str.maketrans("aceopxyiACEOPXBHKMT", "асеорхуіАСЕОРХВНКМТ")
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def _chars(rng: random.Random, text: str, share: float, change: Callable[[str], str]) -> str:
    return "".join([change(c) if rng.random() < share else c for c in text])


def leet(rng: random.Random, text: str) -> str:
    return _chars(rng, text, rng.uniform(0.4, 1), lambda c: c.translate(_LEET))


def lookalikes(rng: random.Random, text: str) -> str:
    return _chars(rng, text, rng.uniform(0.2, 1), lambda c: c.translate(_ALIKE))


def invisible(rng: random.Random, text: str) -> str:
    return _chars(rng, text, rng.uniform(0.05, 0.6), lambda c: c + rng.choice(_INVISIBLE))


def full_width(rng: random.Random, text: str) -> str:
    return "".join([chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text])


def typos(rng: random.Random, text: str) -> str:
    out = list(text)
    for _ in range(max(1, len(out) // rng.randint(12, 40))):
        place = rng.randrange(len(out))
        kind = rng.random()
        if kind < 0.4 and place + 1 < len(out):
            out[place], out[place + 1] = out[place + 1], out[place]
        elif kind < 0.7:
            out[place] = ""
        else:
            out[place] *= 2
    return "".join(out)


def spaced(rng: random.Random, text: str) -> str:
    gap = rng.choice((" ", ".", "-", "_", "*"))
    return "  ".join([gap.join(word) for word in text.split()])


def layout(rng: random.Random, text: str) -> str:
    return rng.choice(("\n", "  ", "\t", " \n ")).join(text.split(" "))


def marked(rng: random.Random, text: str) -> str:
    return "".join(
        [c + rng.choice("\u0301\u0308\u0323\u0330") if c.isalpha() and rng.random() < 0.3 else c for c in text]
    )


def encoded(rng: random.Random, text: str) -> str:
    """As it comes out where a model is asked to decode it: a word before, the code, rarely a word behind."""
    raw = text.encode("utf-8", "replace")
    code = rng.choice(
        (
            base64.b64encode(raw).decode(),
            raw.hex(),
            "".join(f"%{byte:02x}" for byte in raw),
            base64.b32encode(raw).decode(),
        )
    )
    return rng.choice(("", "data: ", "payload=", "Attachment:\n", "id ", "token ")) + code


DISGUISES: Final = (leet, lookalikes, invisible, full_width, typos, typos, layout, marked)


def disguise(rng: random.Random, text: str) -> str:
    """One disguise of those that leave words to be read."""
    return rng.choice(DISGUISES)(rng, text) if text else text


def place(rng: random.Random, attack: Row, carrier: Row, surface: str) -> Row:
    """`attack` as a sentence of its own somewhere inside the text of `carrier`."""
    text = carrier.text[:4000]
    cuts = [0, len(text), *(i + 1 for i, c in enumerate(text) if c in ".\n;>,}" and i + 1 < len(text))]
    cut = rng.choice(cuts)
    join = rng.choice((" ", "\n", "\n\n", " "))
    before = text[:cut] + (join if cut else "")
    behind = (join if cut < len(text) else "") + text[cut:]
    whole = before + attack.text + behind
    return Row(
        whole, "indirect_injection", surface, attack.lang, attack.source, attack.kind, carrier.carrier, attack.group, "",
        (len(before), len(before) + len(attack.text)),
    )  # fmt: skip


def pad(rng: random.Random, text: str, fillers: Sequence[str]) -> tuple[str, int]:
    """`text` with harmless text before it, behind it or around it, and where it begins: what stands beside an order must not
    hide it."""
    before, behind = rng.choice(((True, False), (False, True), (True, True)))
    join = rng.choice(("\n\n", "\n", " "))
    parts = [*fillers[:1]] * before + [text] + [*fillers[-1:]] * behind
    return join.join(parts), (len(fillers[0]) + len(join)) * before
