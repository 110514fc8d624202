"""SQL as a database reads it: the many ways to write a number and a condition of constants, each as one.

`1=1`, `0x2 < (select 3)`, `not 5 in (4)` and `'a' like 'a'` all decide nothing but what their writer wants, and there is no end
of them. Each becomes `1=1`, so that rules about the place where such a condition stands see all of them alike. What is true and
what is false makes no difference to them, nor does the kind of comment.
"""

from __future__ import annotations

import re
from typing import Final

from waf.transform.base import Transform, to_bytes
from waf.transform.comments import TRANSFORMS as _COMMENTS
from waf.transform.linear import gate

_MOST: Final = 256
"""Characters that are looked at: what makes a value SQL stands at its beginning."""
_ROUNDS: Final = 6
"""Parts of a condition inside one another that are resolved."""
_COMPARES: Final = (
    r"(?:<=>|<>|!=|<=|>=|=|<|>|(?:not )?(?:r?like|regexp|glob|ilike|similar to|sounds like)\b|is(?: not)?(?: distinct from)?\b|"
    r"(?:not )?in\b)"
)
_SIGN: Final = re.compile(r"[0-9'\")]")
"""A value that is a number or leaves a quote or a parenthesis: without one of these, a condition is no injection."""
_BLANK: Final = r"[\s\x0b\x{a0}]|/\*[^/]*/"
_GAP: Final = rf"(?:{_BLANK}|[(!~+-])*"
_IS_CONDITION: Final = gate(
    rf"(?i)(?:[\d)'\"]\.?|0x[0-9a-f]{{1,16}}|true|false|null)(?:{_BLANK}|\))*"
    rf"(?:&&|\|\||[=<>]{{1,3}}|!=|(?:not(?:{_BLANK}))?(?:r?like|regexp|in|between|is|sounds|glob)\b)"
    rf"{_GAP}(?:not\b{_GAP})?(?:[\d'\"]|true|false|null|select|n'|@@|[a-z_]{{2,24}}(?:\(|=))"
    rf"|(?:\bx?or|\band|\bhaving|\bwhere|\bnot|\bwhen|\|\||&&|\(){_GAP}(?:true|false)\b"
    r"|\b(?:select|union|sleep)\b.{0,200}(?:--[\s+-]|--/\*|#).{0,60}$"
)
_SQL: Final = next(transform for transform in _COMMENTS if transform.name == "sql_comments").apply
_STEPS: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"\s+", " "),
        (r"(?<=\w)(?:''|\"\")(?=\w)", ""),
        (r"(?<![\w.@$#])\d{1,9}\.(?=[a-z(])", "1 "),
        (r"(?<![\w.@$#])(?:0x[0-9a-f]+|0b[01]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)(?![\w.])", "1"),
        (r"\|\|", " or "),
        (r"&&", " and "),
        (r"\b(?:not |! ?)*(?:true|false)\b", "1=1"),
    )
)
_AGAIN: Final = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"(?<![\w'\")])(?<!\bin )(?<!\bvalues )\( ?(?:select )?(?:all |distinct )?(1|1=1) ?\)", r" \1 "),
        (r"(?<![\w'\")] )(?<![\w'\")+*/%-])[-+~!] ?(?=1\b)", ""),
        (r"\b1 ?[-+*/%^|&] ?[-+~]?1\b", "1"),
        (r"\b1 (?:not )?between 1 and 1\b", "1=1"),
        (r"\b1 ?(?:not )?in ?\( ?1(?: ?, ?1)* ?\)", "1=1"),
        (rf"\b1 ?{_COMPARES} ?1\b(?!=)", "1=1"),
        (rf"n?'([\w %.-]{{0,16}})' ?{_COMPARES} ?\(? ?n?'[\w %.-]{{0,16}}(?:'|$)\)?", "1=1"),
        (r"\b(?:not |! ?)+1=1\b", "1=1"),
        (rf"\b1=1(?: ?(?:and\b|x?or\b|{_COMPARES}) ?(?:1=1|1)\b(?! ?[=<>*+/%^-]))+", "1=1"),
        (r"\b1 1=1\b", "1=1"),
        (r" {2,}", " "),
    )
)
_IS_SQL: Final = re.compile(r"\b(?:select|union|sleep|order by|group by)\b|1=1|@")
_TAIL: Final = re.compile(r" ?(?:--(?:[ \t+-].{0,60})?|#.{0,60})\Z")


def _canonical(text: str) -> str:
    """The text with its constants and conditions in one form, in lower case and without comments, if there are conditions."""
    head = text[:_MOST]
    if _SIGN.search(head) is None or not _IS_CONDITION(to_bytes(head)):
        return text
    found = _SQL(head.lower())
    for pattern, put in _STEPS:
        found = pattern.sub(put, found)
    for _ in range(_ROUNDS):
        before = found
        for pattern, put in _AGAIN:
            found = pattern.sub(put, found)
        if found == before:
            break
    if len(text) <= _MOST and _IS_SQL.search(found):
        found = _TAIL.sub(" -- ", found)
    found += text[_MOST:]
    return text if found == text else found


_BEHIND_QUOTE: Final = re.compile(r"(?<=['\"])[\s()]+")


def _squeeze_quotes(text: str) -> str:
    changed = _BEHIND_QUOTE.sub("", text) if "'" in text or '"' in text else text
    return text if len(changed) == len(text) else changed


TRANSFORMS: Final = (
    Transform("squeeze_quotes", _squeeze_quotes, "White space and parentheses directly behind a quotation mark go."),
    Transform(
        "sql_constants",
        _canonical,
        "The value with every number as 1 and every condition of constants as 1=1 (0x2<(select 3), not 5 in (4), 'a' like 'a'), "
        "in lower case, with || and && as words, without comments but one at its end; the first 256 characters.",
    ),
)
