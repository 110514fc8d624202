"""What programs send: state, cookies, user agents, addresses, paths, filters, logs."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, urlencode

from classifiers.corpus.web_benign_tables import BROWSERS, FILTERS, LOGS, PATHS, REGEXES, STYLES
from classifiers.corpus.web_draw import Draw, base64_of, fill, full_name, hexadecimal, one_word, words


def blob(rng: Draw) -> str:
    """JSON, tokens and encoded bytes in one value."""
    d = rng.randint
    inner = {
        one_word(rng): rng.choice((d(0, 999), words(rng, 1, 4), True, None, [d(1, 9)], {one_word(rng): full_name(rng)}))
        for _ in range(d(1, 6))
    }
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    uuid = f"{hexadecimal(rng, 8)}-{hexadecimal(rng, 4)}-4{hexadecimal(rng, 3)}-a{hexadecimal(rng, 3)}-{hexadecimal(rng, 12)}"
    return rng.choice(
        (
            json.dumps(inner),
            json.dumps([inner, inner]),
            json.dumps(inner, indent=2),
            f"{header}.{base64_of(rng, d(20, 90)).rstrip('=').replace('+', '-').replace('/', '_')}.{base64_of(rng, 32).rstrip('=').replace('+', '-').replace('/', '_')}",
            base64_of(rng, d(8, 120)),
            uuid,
            hexadecimal(rng, 64),
            f"sha256:{hexadecimal(rng, 64)}",
            f"data:image/png;base64,iVBORw0KGgo{base64_of(rng, d(10, 90))}",
            f"{{{uuid}}}",
            f'W/"{hexadecimal(rng, 12)}"',
            f"urn:uuid:{uuid}",
            quote(json.dumps(inner)),
            f"v1={hexadecimal(rng, 20)}&v2={hexadecimal(rng, 9)}",
            f'<?xml version="1.0"?><{one_word(rng)} id="{d(1, 9)}"><{one_word(rng)}>{full_name(rng)}</{one_word(rng)}></{one_word(rng)}>',
            f"query {{ {one_word(rng)}(id: {d(1, 99)}) {{ {one_word(rng)} {one_word(rng)} }} }}",
        )
    )


def cookie(rng: Draw) -> str:
    d = rng.randint
    return rng.choice(
        (
            f"GA1.2.{d(10**8, 10**9)}.{d(10**9, 2 * 10**9)}",
            f"%7B%22{one_word(rng)}%22%3A{d(0, 9)}%2C%22{one_word(rng)}%22%3A%22{hexadecimal(rng, 8)}%22%7D",
            f"s%3A{base64_of(rng, 24)}.{quote(base64_of(rng, 32), safe='')}",
            f"{one_word(rng)}={d(0, 1)}|{one_word(rng)}={d(0, 1)}|ts={d(10**9, 2 * 10**9)}",
            f"fb.1.{d(10**12, 2 * 10**12)}.{d(10**8, 10**9)}",
            f'"{base64_of(rng, 30)}"',
            f"a:1:{{s:4:%22{one_word(rng)}%22;i:{d(1, 9)};}}",
            f"isGpcEnabled=0&datestamp=Mon+Jan+0{d(1, 9)}+20{d(18, 26)}+1{d(0, 9)}%3A00%3A00+GMT%2B0100+(CET)&version=6.{d(1, 40)}.0&groups=C0001%3A1%2CC0002%3A{d(0, 1)}",
            "utmcsr=google|utmccn=(organic)|utmcmd=organic|utmctr=(not%20provided)",
            f"{hexadecimal(rng, 32)}-1-{d(10**9, 2 * 10**9)}",
            f"{d(0, 9)}*{hexadecimal(rng, 6)}*_ga*{base64_of(rng, 12)}*_up*MQ..",
            f"lang=en-US&tz=Europe%2FParis&cur={one_word(rng)}",
            f'["{one_word(rng)}","{one_word(rng)}"]',
        )
    )


def agent(rng: Draw) -> str:
    return fill(rng.choice(BROWSERS), rng)


def url(rng: Draw) -> str:
    d = rng.randint
    query = urlencode(
        {
            one_word(rng): rng.choice(
                (
                    words(rng, 1, 3),
                    str(d(1, 999)),
                    full_name(rng),
                    f"{one_word(rng)}/{one_word(rng)}",
                    base64_of(rng, 9),
                )
            )
            for _ in range(d(1, 5))
        }
    )
    host = f"{rng.choice(('www.', '', 'cdn.', 'api.'))}{one_word(rng)}.{rng.choice(('example', 'com', 'org', 'co.uk', 'io', 'de'))}"
    path = "/".join(
        rng.choice(
            (
                one_word(rng),
                f"{one_word(rng)}-{one_word(rng)}",
                str(d(1, 9999)),
                f"{one_word(rng)}.html",
                "wp-content",
                f"{one_word(rng)}_{d(1, 9)}.{d(1, 9)}.min.js",
            )
        )
        for _ in range(d(0, 5))
    )
    whole = f"http{rng.choice(('', 's', 's'))}://{host}/{path}"
    return rng.choice(
        (
            whole,
            f"{whole}?{query}",
            f"{whole}?{query}#{one_word(rng)}",
            f"/{path}?{query}",
            query,
            quote(whole, safe=""),
            f"//{host}/{path}",
            f"{whole}?redirect={quote(f'https://{host}/{path}', safe='')}&{query}",
            f"{host}:{d(80, 9999)}",
            f"android-app://com.{one_word(rng)}.{one_word(rng)}/",
        )
    )


def tracking(rng: Draw) -> str:
    """What statistics, advertisements and single-page applications put into arguments and cookies: lists with odd separators, serialised
    states, hashes with signs in them."""
    d = rng.randint

    def atom() -> str:
        return rng.choice(
            (
                str(d(0, 9999)),
                one_word(rng),
                hexadecimal(rng, d(1, 12)),
                f"{d(10, 999)}x{d(10, 999)}",
                str(d(10**9, 2 * 10**9)),
                "0",
                "1",
                "-1",
                "null",
                "undefined",
                "true",
                "",
                f"{d(0, 9)}.{d(0, 99)}",
                one_word(rng).title(),
                "N/A",
                f"{one_word(rng)}_{one_word(rng)}",
                f"{one_word(rng)}.{one_word(rng)}",
            )
        )

    outer, inner = rng.choice("|,;:&~!*^$.-_/"), rng.choice("|,:=*.-_@")
    text = outer.join(inner.join(atom() for _ in range(d(1, 4))) for _ in range(d(2, 14)))
    keys = outer.join(f"{one_word(rng)}{inner}{atom()}" for _ in range(d(2, 9)))
    state = {
        one_word(rng): rng.choice(([], {}, None, d(-1, 9), one_word(rng), [atom()], {one_word(rng): atom()}))
        for _ in range(d(2, 7))
    }
    rison = ",".join(
        f"{one_word(rng)}:{rng.choice((atom(), chr(39) + words(rng, 1, 3) + chr(39), '!t', '!f', '!(' + atom() + ',' + atom() + ')'))}"
        for _ in range(d(2, 6))
    )
    noisy = "".join(rng.choice("abcdefQ235RPZ(EJ6_-.~*!$+") for _ in range(d(20, 70)))
    long = base64_of(rng, d(9, 60)).replace("a", rng.choice(("A", "AAAA", "//", "a", "+")))
    mark = rng.choice(
        (
            "$W",
            "%W%",
            "[W]",
            "{W}",
            "__W__",
            "##W##",
            "!W!",
            "${W}",
            "(W)",
            "<W>",
            "$$W",
            "@W@",
            "W$",
            "*|W|*",
            "%%W%%",
            "[%W%]",
            "{{W}}",
            "~W~",
        )
    ).replace("W", rng.choice((one_word(rng).upper(), one_word(rng), hexadecimal(rng, 4))))
    dotted = rng.choice("|,;&").join(
        f"{one_word(rng).title()}.{one_word(rng)}.{one_word(rng)}{rng.choice(('', '|' + one_word(rng), '()', '=' + atom()))}"
        for _ in range(d(1, 5))
    )
    piped = rng.choice("|;&,").join(words(rng, 1, 2) for _ in range(d(2, 4)))
    called = f"{one_word(rng)}{one_word(rng).title()}('{rng.choice((hexadecimal(rng, 18), one_word(rng), ''))}'{rng.choice((',', ', '))}{rng.choice((chr(39) * 2, '1', 'null', atom() or '0'))});"
    picked = rng.choice(
        (
            long,
            f"{d(-9999, 9999)}{outer}{long}",
            mark,
            f"{one_word(rng)}{outer}{mark}",
            dotted,
            piped,
            piped,
            called,
            text,
            text,
            keys,
            keys,
            f"({rison})",
            f"!(({rison}))",
            json.dumps(state, separators=(",", ":")),
            noisy,
            f"{outer}{text}{outer}",
            "&".join(f"{one_word(rng)}={quote(text, safe='')}" for _ in range(d(1, 4))),
        )
    )
    return quote(picked, safe=rng.choice(("", ":,", "/:"))) if rng.random() < 0.35 else picked


def path(rng: Draw) -> str:
    return "/" + fill(rng.choice(PATHS), rng).lstrip("/")


def file(rng: Draw) -> str:
    d = rng.randint
    return rng.choice(
        (
            f"{words(rng, 1, 3)} ({d(1, 9)}).{rng.choice(('pdf', 'docx', 'jpg', 'png', 'tar.gz', 'csv'))}",
            f"C:\\Users\\{one_word(rng)}\\Documents\\{words(rng, 1, 3)}.xlsx",
            f"/home/{one_word(rng)}/{one_word(rng)}/{one_word(rng)}.py",
            f"IMG_20{d(10, 29)}0{d(1, 9)}1{d(0, 9)}_{d(1000, 9999)}.JPG",
            f"./{one_word(rng)}/{one_word(rng)}.ts",
            f"src/{one_word(rng)}/../{one_word(rng)}.css",
            f"{one_word(rng)}'s {one_word(rng)} & co.pptx",
            f"\\\\server\\share\\{one_word(rng)}",
            f"~/{one_word(rng)}/.{one_word(rng)}rc",
            f"{one_word(rng)}-v{d(1, 9)}.{d(0, 20)}.{d(0, 9)}-rc{d(1, 3)}+build.{d(1, 99)}",
        )
    )


def filtering(rng: Draw) -> str:
    return fill(rng.choice(FILTERS), rng)


def regex(rng: Draw) -> str:
    return fill(rng.choice(REGEXES), rng)


def style(rng: Draw) -> str:
    return fill(rng.choice(STYLES), rng)


def log(rng: Draw) -> str:
    return fill(rng.choice(LOGS), rng)
