"""How often does a literal occur in ordinary text? An estimate, to choose the rarest of several literals by.

A chain of letter pairs, measured on English prompts, with a floor for the words that prompts are full of. What is chosen
changes how fast rules run, never what they match.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz "
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
"""Place in here: minus the binary logarithm of the probability, doubled."""
_FIRST: Final = "8dba7cca8jfab88cj998bedidj5"
_NEXT: Final = (
    "lb9ajebhajc7a5lcl676cbgibh6 6dfi4lok8ep6ij6jn8cg7imt8nc 6nbj6pp68v99lh5kl9f79nwzer9 8jld5kgk7lpfhf8jnbbkbgiuer2 "
    "9ga8beeidohab7fdi67aicdcdk4 9mlp89lr6uqbnn5ov7ia9zmvfq4 8lnj5md88snbib8kz8bearmtdl3 5knk2pqo6wqgif7lpchbdqlxer7 "
    "ae899bbmjme9a48cja67haqimea 4kki5juraojkmk4fiicl4knuopf 9hmf4ifc6ojbg9aiod8ddnjtdm4 6hg95fho6sg6ei7fpiabbgjy8p6 "
    "5aik4klp7wogah77whbjanosbo6 9k967e6fajefhdahlj96cfkqdk4 febbf7dhdje985bbn6a97b9igl6 6mig6lja9up6hl69w5b89lnods8 "
    "djilnnlqeuu8knokpkkd0qjquua 7gdb4gdk7rcdbb7goc99cfiqam5 akah6jm98teffh9bhl96aleqet3 9lgm6kn47voehk7hv9acbmdlcl5 "
    "ab9a8falbph786jap666njpifi8 7lkk2mjo4tujpi9lzfhpgntuipe 6kjj6ks55xjeoa6mzabijxjrkv6 7m8f8hqg7vrjfkg4mqi4cknedp6 "
    "cfgh9kjocumdee6bvh8chphsmi2 5ggf3kfe6tjcgh8knjif8fdqc98"
).split()
_AFTER_BLANK: Final = "6a9ab9ca8ffbab9agb86de9ldka"


def _chances(row: str) -> dict[str, float]:
    return {char: 2.0 ** (-_DIGITS.index(code) / 2) for char, code in zip(_LETTERS, row, strict=True)}


_ALONE: Final = _chances(_FIRST)
_BEHIND: Final = {char: _chances(row) for char, row in zip(_LETTERS, [*_NEXT, _AFTER_BLANK], strict=True)}
_COMMON: Final = frozenset(
    "a about after all also an and answer any are as at be because been before below but by can code could data example "
    "first following for from function get give given had has have help here his how if in input into is it its just know "
    "let like list make more most my need new no not number of on one only or order other our output people please point "
    "question response see sentence should so some state story such system text than that the their them then there these "
    "they this time to tool two use user using want was way we were what when where which who will with word work would "
    "write year you your".split()
)
_AT_LEAST: Final = (0.00001, 0.0005, 0.0001)
"""Pairs of letters alone make long words too rare. The first is for any text, the others for one and two common words."""


@lru_cache(maxsize=16_384)
def frequency(text: str) -> float:
    """Occurrences of a folded literal per character of ordinary text."""
    chance = 1.0
    before = ""
    for char in text:
        chance *= _BEHIND.get(before, _ALONE).get(char) or _other(char)
        before = char
    words = text.split()
    common = len(words) if len(words) < len(_AT_LEAST) and _COMMON.issuperset(words) else 0
    return max(chance, _AT_LEAST[common])


def _other(char: str) -> float:
    """Digits, signs, line breaks, and what is not ASCII."""
    if char == "\n":
        return 0.01
    return 0.004 if char.isascii() else 0.0005
