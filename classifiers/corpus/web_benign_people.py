"""What people write into forms: names, addresses, searches, comments, pages, code."""

from __future__ import annotations

from classifiers.corpus.web_benign_tables import CODE, CURIOUS, HTML, NAMES, PRODUCTS, PROSE, SEARCHES, SQL, STREETS
from classifiers.corpus.web_code_tables import PROGRAMS
from classifiers.corpus.web_draw import Draw, fill, full_name, hexadecimal, one_word, sentences, words


def name(rng: Draw) -> str:
    return rng.choice(
        (
            full_name(rng),
            f"{full_name(rng)}, {rng.choice(NAMES)}",
            f"Dr. {full_name(rng)} (PhD)",
            f"{full_name(rng)} & {full_name(rng)}",
            f"{full_name(rng)} <{one_word(rng)}@{one_word(rng)}.example>",
            f'"{full_name(rng)}"',
        )
    )


def address(rng: Draw) -> str:
    return f"{fill(rng.choice(STREETS), rng)}, {rng.choice(('', 'apt. ', 'nº ', '#', 'piso '))}{rng.randint(1, 99)}{rng.choice(('', 'B', '-3', '/4', ' 2º D', ', 3ª'))}"


def contact(rng: Draw) -> str:
    d = rng.randint
    return rng.choice(
        (
            f"+{d(1, 99)} ({d(100, 999)}) {d(100, 999)}-{d(1000, 9999)}",
            f"{one_word(rng)}.{one_word(rng)}+{one_word(rng)}@{one_word(rng)}.co.uk",
            f"{d(1000, 9999)}-{d(1000, 9999)}-{d(1000, 9999)}-{d(1000, 9999)}",
            f"tel:{d(1000000, 9999999)};ext={d(1, 99)}",
            f"o'{one_word(rng)}@{one_word(rng)}.example",
            f"{one_word(rng)}@{one_word(rng)}.es",
        )
    )


def number(rng: Draw) -> str:
    d = rng.randint
    return rng.choice(
        (
            f"${d(1, 999)},{d(100, 999)}.{d(10, 99)}",
            f"{d(1, 99)}%",
            f"{d(1, 31)}/{d(1, 12)}/{d(1970, 2030)}",
            f"20{d(10, 29)}-0{d(1, 9)}-1{d(0, 9)}T{d(10, 23)}:{d(10, 59)}:00Z",
            f"1'{d(100, 999)}'000",
            f"{d(1, 9)} x {d(1, 99)} = {d(1, 999)}",
            f"<{d(1, 99)}",
            f">= {d(1, 99)}",
            f"{d(1, 99)}-{d(1, 99)}",
            f"({d(1, 99)}; {d(1, 99)})",
            f"[{d(1, 9)},{d(1, 9)},{d(1, 9)}]",
            f'{d(1, 9)}/{d(1, 9)}" {one_word(rng)}',
            f"{d(4, 6)}'{d(1, 11)}\"",
            f"-{d(1, 99)}.{d(1, 99)},{d(1, 99)}.{d(10, 99)}",
            f"{d(1, 99)}..{d(100, 200)}",
            f"#{hexadecimal(rng, 6)}",
            f"{d(1, 99)}px {d(1, 99)}px",
            f"{d(1, 9)}e-{d(1, 9)}",
            f"{d(1, 99)} < x < {d(100, 200)}",
            f"2+2={d(3, 5)} and 1={d(1, 2)}",
            f"rgba({d(0, 255)}, {d(0, 255)}, {d(0, 255)}, .{d(1, 9)})",
        )
    )


def search(rng: Draw) -> str:
    return fill(rng.choice(SEARCHES), rng)


def product(rng: Draw) -> str:
    return fill(rng.choice(PRODUCTS), rng)


def prose(rng: Draw) -> str:
    """A comment, a review, a message: sentences of the bank, sometimes with a curious one among them."""
    parts = [rng.choice(sentences()) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.6:
        parts.insert(rng.randrange(len(parts) + 1), fill(rng.choice(PROSE), rng))
    return rng.choice((" ", "\n", "\r\n\r\n", " - ")).join(parts)


def curious(rng: Draw) -> str:
    return fill(rng.choice(CURIOUS), rng)


def html(rng: Draw) -> str:
    """What an editor of a content system posts."""
    parts = [fill(rng.choice(HTML), rng) for _ in range(rng.randint(1, 5))]
    return rng.choice(("", "\n", "\r\n")).join(parts)


def code(rng: Draw) -> str:
    text = fill(rng.choice(CODE), rng)
    return rng.choice(
        (
            text,
            text,
            f"{rng.choice(sentences())}\n```\n{text}\n```",
            f"{fill(rng.choice(PROSE), rng)}\n\n    {text}\n",
            f"`{text}`",
            f"Steps to reproduce:\n1. run `{text}`\n2. see error",
        )
    )


def program(rng: Draw) -> str:
    """Lines of one language, in an order that nobody checks; sometimes explained."""
    table = rng.choice(list(PROGRAMS.values()))
    indent = rng.choice(("", "  ", "    ", " "))
    text = rng.choice(("\n", "\n", " ", "\r\n")).join(
        indent * rng.randint(0, 2) + fill(rng.choice(table), rng) for _ in range(rng.randint(1, 14))
    )
    return rng.choice(
        (
            text,
            text,
            text,
            f"{rng.choice(sentences())}\n\n{text}",
            f"```\n{text}\n```\n{rng.choice(sentences())}",
            f"{fill(rng.choice(PROSE), rng)} {text}",
        )
    )


def sql(rng: Draw) -> str:
    text = fill(rng.choice(SQL), rng)
    return rng.choice(
        (
            text,
            text,
            f"How do I speed this up? {text}",
            f"-- {words(rng, 2, 5)}\n{text};",
            f"{rng.choice(sentences())}\n\n{text}",
        )
    )
