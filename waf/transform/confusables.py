"""Letters that look like ASCII ones, written as ASCII.

Styled letters (mathematical, full-width, circled, small capitals) always fold: no language is written in them. Letters of
another script fold only where they pose as Latin ones, so that Russian, Greek or Serbian text stays as it is:

- a word that also has Latin letters, if Latin and lookalike letters are all of it or Latin ones most of it;
- a word of lookalikes out of two scripts, or with a letter that hardly any language uses (ԁ, ԍ, ԛ, ԝ …);
- a word of exact lookalikes only ("ѕсоре"), if the text has more lookalikes in such words of three or more letters and in
  words with Latin letters than letters that are plainly of that script.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from waf.transform.base import Transform, beyond_ascii, from_bytes, pieces, to_bytes
from waf.transform.linear import gate
from waf.transform.lookalikes import EXACT, FOREIGN, RARE, SCRIPTS, STYLED

_LATIN: Final = "A-Za-z\u00c0-\u024f"
_EXACT: Final = "".join(EXACT)
_FOREIGN: Final = "".join(FOREIGN)
_SCRIPT_OF: Final = {
    char: script for char in FOREIGN for script, letters in SCRIPTS.items() if re.match(f"[{letters}]", char)
}
_CYRILLIC: Final = "".join(char for char, script in _SCRIPT_OF.items() if script == "cyrillic")
_GREEK: Final = "".join(char for char, script in _SCRIPT_OF.items() if script == "greek")
_OTHER: Final = "".join(char for char, script in _SCRIPT_OF.items() if script not in ("cyrillic", "greek"))

_STYLED: Final = frozenset(STYLED)
_LOOKALIKE_ONES: Final = frozenset(FOREIGN)
_INDICATOR_ONES: Final = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
_LAST: Final = "\uffff"
_THEM: Final = _STYLED | _LOOKALIKE_ONES | _INDICATOR_ONES
# Beyond the first plane `re` goes through a class item by item, so that there it has a few ranges with all of them.
_ANY_OF_THEM: Final = re.compile(
    f"[{re.escape(''.join(sorted(char for char in _THEM if char <= _LAST)))}\U0001d400-\U0001d7ff\U0001f110-\U0001f1ff]"
)
_INDICATORS: Final = re.compile("[\U0001f1e6-\U0001f1ff]+")
_TO_ASCII: Final = str.maketrans(FOREIGN)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LATIN_LETTER: Final = re.compile(f"[{_LATIN}]")
_LOOKALIKE: Final = re.compile(f"[{_FOREIGN}]")
_LOOKALIKES: Final = re.compile(f"[{_FOREIGN}]+")
_EXACT_ONES: Final = re.compile(f"[{_EXACT}]{{3,}}")
_ANY_EXACT: Final = re.compile(f"[{_EXACT}]+")
_PLAINLY: Final = {script: re.compile(f"(?![{_EXACT}])[{letters}]") for script, letters in SCRIPTS.items()}


def _both(one: str, other: str) -> str:
    return f"[{one}]\\pL*[{other}]|[{other}]\\pL*[{one}]"


# RE2 over the bytes tells ordinary Russian or Greek from suspicious text much faster than a look at each word.
_MAY_POSE: Final = gate(
    "|".join(
        (
            _both(_LATIN, _FOREIGN),
            _both(_CYRILLIC, _GREEK + _OTHER),
            _both(_GREEK, _OTHER),
            f"[{''.join(sorted(RARE))}]",
            f"(?:^|\\PL)[{_EXACT}]{{3,}}(?:\\PL|$)",
        )
    )
)


def _kinds(text: str) -> frozenset[str]:
    """Which characters of the text are styled, lookalikes or regional indicators."""
    return _THEM.intersection(_ANY_OF_THEM.findall(from_bytes(beyond_ascii(text))))


def _indicators(match: re.Match[str]) -> str:
    """Two regional indicators are a flag; a single one, or an odd number, are letters in disguise."""
    run = match[0]
    return "".join([chr(ord(char) - 0x1F1E6 + 0x41) for char in run]) if len(run) & 1 else run


def _poses(word: str) -> bool:
    """Whether a word that has lookalikes is Latin in disguise, whatever stands around it."""
    latin = len(_LATIN_LETTER.findall(word))
    if latin:
        return 2 * latin > len(word) or latin + len(_LOOKALIKE.findall(word)) == len(word)
    if not _LOOKALIKES.fullmatch(word):
        return False
    return not RARE.isdisjoint(word) or len({_SCRIPT_OF[char] for char in word}) > 1


def _suspects(text: str) -> Iterator[tuple[int, int]]:
    """Where the words with lookalikes are."""
    at = 0
    while (found := _LOOKALIKE.search(text, at)) is not None:
        begin = found.start()
        word = _LETTERS.match(text, begin)
        at = found.end() if word is None else word.end()
        while begin and _LETTERS.match(text[begin - 1]):
            begin -= 1
        yield begin, at


def _posing_scripts(text: str, words: Mapping[str, int], poses: Collection[str]) -> frozenset[str]:
    """Scripts with more letters in words of exact lookalikes, or beside Latin ones, than letters that are plainly theirs.
    `words`: how often each suspect is there."""
    posing: Counter[str] = Counter()
    for word, times in words.items():
        if _EXACT_ONES.fullmatch(word):
            posing[_SCRIPT_OF[word[0]]] += len(word) * times
        elif word in poses:
            for char in word:
                if char in _SCRIPT_OF:
                    posing[_SCRIPT_OF[char]] += times
    if not posing:
        return frozenset()
    parts = pieces(from_bytes(beyond_ascii(text)))
    return frozenset(
        script
        for script, letters in posing.items()
        if letters > sum(len(_PLAINLY[script].findall(part)) for part in parts)
    )


def _fold_words(text: str) -> str:
    parts = pieces(text)
    words: Counter[str] = Counter()
    for part in parts:
        words.update([part[begin:end] for begin, end in _suspects(part)])
    poses = {word for word in words if _poses(word)}
    posing = _posing_scripts(text, words, poses)
    folded = {
        word: word.translate(_TO_ASCII)
        for word in words
        if word in poses or (_ANY_EXACT.fullmatch(word) and _SCRIPT_OF[word[0]] in posing)
    }
    if not folded:
        return text
    out: list[str] = []
    for part in parts:
        last = 0
        for begin, end in _suspects(part):
            word = part[begin:end]
            out += (part[last:begin], folded.get(word, word))
            last = end
        out.append(part[last:])
    return "".join(out)


def _fold_confusables(text: str) -> str:
    kinds = frozenset() if text.isascii() else _kinds(text)
    if not kinds:
        return text
    out = text
    for char in kinds & _STYLED:  # each kind at once: a text has few kinds of them, if any
        out = out.replace(char, STYLED[char])
    if not kinds.isdisjoint(_INDICATOR_ONES):
        out = _INDICATORS.sub(_indicators, out)
    if not kinds.isdisjoint(_LOOKALIKE_ONES) and _MAY_POSE(to_bytes(out)):
        out = _fold_words(out)
    return text if out == text else out


TRANSFORMS: Final = (
    Transform(
        "fold_confusables",
        _fold_confusables,
        "Styled letters, and letters of other scripts that pose as Latin ones, become ASCII; so do typographic quotes, "
        "dashes and blanks.",
    ),
)
