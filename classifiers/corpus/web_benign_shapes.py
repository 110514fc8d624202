"""Ordinary values by their shape, whatever stands in them: lists, brackets, assignments, words of query languages in plain
sentences, JSON in JSON, addresses in addresses, and all of that encoded.

A value of one kind is put into another as applications do it: a search into the query of an address, that address into a member of
JSON, the JSON into base64.
"""

from __future__ import annotations

import base64
import html
import json
import re
from typing import Any, Final
from urllib.parse import quote, quote_plus

from classifiers.corpus.web_draw import Draw, any_word, base64_of, fill, full_name, hexadecimal, sentences
from classifiers.corpus.web_shape_tables import ASKED, KEYWORDS, PAIRS, SEPARATORS, TALK
from classifiers.corpus.web_wire_tables import PIECES


def _number(rng: Draw) -> str:
    return str(rng.randrange(rng.choice((2, 10, 100, 10_000, 10**9))))


def _atom(rng: Draw) -> str:
    kind = rng.randrange(12)
    if kind < 6:
        return any_word(rng)
    if kind < 9:
        return _number(rng)
    return rng.choice(
        (
            f"{any_word(rng)} {any_word(rng)}",
            any_word(rng).upper(),
            any_word(rng).capitalize(),
            f"{_number(rng)}.{_number(rng)}",
            f"{any_word(rng)}.{any_word(rng)}",
            f"{any_word(rng)}_{any_word(rng)}",
            f"{any_word(rng)}-{any_word(rng)}",
            hexadecimal(rng, rng.randint(4, 16)),
            full_name(rng),
            f"{rng.randint(1, 12)}/{rng.randint(1, 31)}/20{rng.randint(10, 29)}",
            f"20{rng.randint(10, 29)}-1{rng.randint(0, 2)}-{rng.randint(10, 28)}",
            f"{rng.randint(10, 23)}:{rng.randint(10, 59)}",
            f"-{_number(rng)}",
            "",
        )
    )


def listed(rng: Draw) -> str:
    """Two to eight things with one separator between them, whichever it is."""
    separator = rng.choice(SEPARATORS)
    separator = rng.choice((separator, separator, f" {separator} ", f"{separator} ", f" {separator}", separator * 2))
    return separator.join(_atom(rng) for _ in range(rng.randint(2, 8)))


def wrapped(rng: Draw) -> str:
    """Something in brackets or quotes, alone or among words."""
    text = rng.choice((_atom(rng), _atom(rng), f"{_atom(rng)}{rng.choice((', ', ' ', '=', ': ', '; '))}{_atom(rng)}"))
    for _ in range(rng.choice((1, 1, 1, 2))):
        left, right = rng.choice(PAIRS)
        text = f"{left}{text}{right}"
    if rng.random() < 0.4:
        return text
    before, after = (" ".join(any_word(rng) for _ in range(rng.randint(0, 4))) for _ in range(2))
    gap = rng.choice((" ", " ", ""))
    return f"{before}{gap}{text}{gap}{after}".strip() or text


def assigned(rng: Draw) -> str:
    """Names and values: conditions as people write them, settings, comparisons."""
    sign = rng.choice(("=", "=", " = ", ":", ": ", "==", " == ", "->", " => ", ":=", " < ", " > ", " >= ", "<", ">", "!=", " != ", "~", " is ", "+="))  # fmt: skip
    quote_ = rng.choice(("", "", "", "'", '"', "`"))
    between = rng.choice((",", ", ", ";", "; ", "&", " & ", " and ", " or ", " AND ", " OR ", " && ", " || ", "|", "\n", " ", "\t"))  # fmt: skip
    pairs = [f"{_atom(rng) or 'x'}{sign}{quote_}{_atom(rng)}{quote_}" for _ in range(rng.randint(1, 5))]
    text = between.join(pairs)
    return rng.choice((text, text, f"({text})", f"if {text}", f"{any_word(rng)} where {text}", f"!({text})"))


def worded(rng: Draw) -> str:
    """A few words, one or two of which a query language or a shell has too; perhaps a sign among them."""
    if rng.random() < 0.4:
        return fill(rng.choice(TALK), rng)
    words = [any_word(rng) for _ in range(rng.randint(1, 6))]
    for _ in range(rng.choice((1, 1, 2))):
        words.insert(rng.randint(0, len(words)), rng.choice(KEYWORDS))
    if rng.random() < 0.3:
        words.insert(rng.randint(0, len(words)), _number(rng))
    if rng.random() < 0.35:
        place = rng.randrange(len(words))
        words[place] = rng.choice(("{}'s", "{};", "{},", "{}:", "{}?", "({})", "'{}'", '"{}"', "{}!", "-{}", "{} -", "{}()", "{}.", "#{}", "{}...", "{} =", "{} &", "{} *", "{}'")).format(words[place])  # fmt: skip
    return " ".join(words)


def asked(rng: Draw) -> str:
    """Filters and queries of languages that applications do send."""
    return fill(rng.choice(ASKED), rng)


def wire(rng: Draw) -> str:
    """What programs write into fields, bodies and headers: reports, certificates, calendars, placeholders, templates."""
    return fill(rng.choice(PIECES), rng)


_TAGS: Final = "div p a span li ul ol h1 h2 h3 td tr th table img br hr b i em strong small section article header footer nav main aside figure label input button select option form script link meta style iframe pre code blockquote dl dt dd svg path".split()  # fmt: skip
_NAMES: Final = "class id href src alt title style rel type name value width height target data-id data-w role aria-label lang dir for action method charset content colspan align loading".split()  # fmt: skip


def markup(rng: Draw) -> str:
    """Lines of pages, indented or not, whole or cut anywhere."""

    def value() -> str:
        return rng.choice((any_word(rng), any_word(rng), f"{any_word(rng)} {any_word(rng)}", f"/{any_word(rng)}/{any_word(rng)}.html", f"{any_word(rng)}/{any_word(rng)}.js", f"{any_word(rng)}-{any_word(rng)}", f"https://{any_word(rng)}.org/{any_word(rng)}?id={_number(rng)}", "#", _number(rng), f"{any_word(rng)}: {_number(rng)}px;", ""))  # fmt: skip

    lines = []
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        tag = rng.choice(_TAGS)
        inner = rng.choice((any_word(rng), rng.choice(sentences()), "", "&nbsp;", f"{any_word(rng)} &amp; {any_word(rng)}", f"<b>{any_word(rng)}</b>"))  # fmt: skip
        quote_ = rng.choice(('"', '"', '"', "'"))
        names = "".join(f" {rng.choice(_NAMES)}={quote_}{value()}{quote_}" for _ in range(rng.choice((0, 1, 1, 2, 4))))
        line = rng.choice((f"<{tag}{names}>{inner}</{tag}>", f"<{tag}{names}>{inner}</{tag}>", f"<{tag}{names}>", f"</{tag}>", f"<{tag}{names} />", f"{inner}</{tag}>", f"<!-- {inner} -->"))  # fmt: skip
        lines.append(rng.choice(("", "", "\t", "\t\t", "  ", "        ")) + line)
    return rng.choice(("\n", "\n", "", " ")).join(lines)


def ordinary(rng: Draw) -> str:
    """What stands within another value."""
    kind = rng.randrange(8)
    if kind < 3:
        return rng.choice((any_word(rng), _number(rng), _atom(rng), f"{any_word(rng)} {any_word(rng)}"))
    if kind < 5:
        return rng.choice(sentences())
    return rng.choice((listed, wrapped, assigned, worded, asked, wire, markup))(rng)


def _tree(rng: Draw, depth: int) -> Any:
    kind = rng.randrange(10)
    if depth and kind < 2:
        return [_tree(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    if depth and kind < 5:
        return {_key(rng): _tree(rng, depth - 1) for _ in range(rng.randint(0, 6))}
    if kind < 6:
        return rng.choice((True, False, None, 0, 1, rng.randint(-1, 10**6), rng.random()))
    return ordinary(rng)


def _key(rng: Draw) -> str:
    return rng.choice(("id", "x", "q", "name", "type", "data", "value", "created", "url", "text", any_word(rng), any_word(rng), f"{any_word(rng)}_{any_word(rng)}", f"@{any_word(rng)}", f"${any_word(rng)}"))  # fmt: skip


def jsonish(rng: Draw) -> str:
    """JSON as it stands in arguments, cookies and other JSON, and what looks like it."""
    made = {_key(rng): _tree(rng, rng.choice((0, 0, 1, 2))) for _ in range(rng.choice((1, 1, 2, 3, 6)))}
    whole: Any = rng.choice((made, made, made, [made], [_tree(rng, 1) for _ in range(rng.randint(1, 5))]))
    text = json.dumps(
        whole,
        ensure_ascii=rng.random() < 0.5,
        indent=rng.choice((None, None, None, 1, 2)),
        separators=rng.choice((None, (",", ":"))),
    )
    kind = rng.randrange(12)
    if kind == 0:
        text = json.dumps({_key(rng): text})
    elif kind == 1:
        text = text.replace('"', "'")
    elif kind == 2:
        text = re.sub(r'"(\w+)":', r"\1:", text)
    elif kind == 3:
        text = f"{any_word(rng)}({text})"
    return text[:1500]


def addressed(rng: Draw) -> str:
    """An address whose arguments are ordinary values, escaped as browsers and libraries do."""
    escape = rng.choice((lambda v: quote(v, safe=""), quote_plus, quote, lambda v: quote(v, safe="/:,'()!*~")))
    host = rng.choice(
        (
            f"{rng.choice(('www.', '', 'api.', 'm.', 'b.'))}{any_word(rng)}.{rng.choice(('example', 'com', 'org', 'net', 'io', 'co.jp', 'fr', 'example.org'))}",
            f"{any_word(rng)}.example:{rng.choice((80, 443, 3000, 8080, 8443))}",
        )
    )
    path = "/".join(escape(rng.choice((any_word(rng), _number(rng), any_word(rng), ordinary(rng)[:40]))) for _ in range(rng.randint(0, 4)))  # fmt: skip
    named = rng.choice(("q", "u", "url", "redirect", "p", "k", "s", "t", any_word(rng)))
    arguments = "&".join(f"{rng.choice((named, any_word(rng), 'p', 'q', 'id'))}={escape(ordinary(rng)[:200])}" for _ in range(rng.randint(0, 4)))  # fmt: skip
    mark = f"#{rng.choice((any_word(rng), '/' + any_word(rng), ''))}" if rng.random() < 0.2 else ""
    text = f"{rng.choice(('https://', 'https://', 'http://', '//', ''))}{host}/{path}{'?' if arguments else ''}{arguments}{mark}"
    if rng.random() < 0.25:
        text = f"https://{any_word(rng)}.example/{rng.choice(('login', 'go', 'share', 'r'))}?{named}={escape(text)}&{any_word(rng)}={_number(rng)}"
    if rng.random() < 0.15:
        return f"{rng.choice(('https', 'http'))}://{host}{rng.choice(('', '/', '/', f'/{path}'))}"
    return rng.choice((text, text, text, f"/{path}?{arguments}", f"{named}={escape(text)}", arguments or text))


def encoded(rng: Draw) -> str:
    """An ordinary value as another program will read it."""
    text = rng.choice((ordinary, ordinary, jsonish, addressed))(rng)[:400]
    data = text.encode("utf-8", "replace")
    kind = rng.randrange(9)
    if kind == 0:
        return base64.b64encode(data).decode()
    if kind == 1:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")
    if kind < 5:
        return quote(text, safe=rng.choice(("", "", "/", ":/,", " ")))
    if kind == 5:
        return html.escape(text)
    if kind == 6:
        return json.dumps(text)
    if kind == 7:
        return "".join(rng.choice((c, f"&#{ord(c)};")) if not c.isalnum() else c for c in text)
    return f"{base64_of(rng, rng.randint(3, 40))}{rng.choice(('', '|', '.', ':', '&t=', '--'))}{hexadecimal(rng, rng.randint(2, 20))}"
