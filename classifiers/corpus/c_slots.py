"""Tool results and documents in pairs: the same carrier with an order to a machine, and with words meant for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from classifiers.corpus.c_slots_tables import CARRIERS, ORDERS, WORLD
from classifiers.corpus.grammar import Grammar, Row, braced, merged

COUNTS: Final = (("tool", "tool_result", 330), ("paper", "document", 260))
"""Slot of the carriers, surface, and how many pairs of them."""
_FLAT: Final = 0.15
"""Benign halves that say nothing to anybody."""
_GAP: Final = "§"


def rows() -> Iterator[Row]:
    """Rows of kinds addressed and human, two by two; an attack carries its span."""
    grammar = Grammar("c-slots-1", merged(WORLD, CARRIERS, ORDERS))
    seen: set[str] = set()
    for slot, surface, count in COUNTS:
        for number in range(count):
            carrier = braced(grammar, grammar.deal(slot).replace("\\n", "\n"))
            before, gap, behind = carrier.partition(_GAP)
            order = grammar.one("order")
            words = grammar.one("flat" if grammar.chance(_FLAT) else "human")
            pair = f"c1-{slot}-{number}"
            if not gap:
                raise ValueError(f"a carrier has no gap: {carrier[:60]!r}")
            attack, harmless = before + order + behind, before + words + behind
            if {attack, harmless} & seen:
                continue
            seen |= {attack, harmless}
            span = (len(before), len(before) + len(order))
            yield Row(attack, "indirect_injection", "addressed", "en", surface, slot, pair=pair, span=span)
            yield Row(harmless, "benign", "human", "en", surface, slot, pair=pair)
