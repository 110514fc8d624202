"""Where in a request an attack stands, and how it is written: what the rules catch at each place.

    python benchmarks/surfaces.py --data FOLDER [--rules rules/web] [--count 2000] [--head DIR] [--misses FILE]

Every payload of a sample that is caught as a query value is put into the other places too: other parts of the request, other
kinds of body, other spellings. What is lost there is lost to the place and not to the payload. Benign values stand in the same
places, so that a rule for a place is seen on both sides. `--misses` never writes rows of unseen sources.
"""

from __future__ import annotations

import argparse
import base64
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

import msgspec
from detection import Row, rows, unseen

from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config, Rules

_HOST = ("Host", "shop.example")
_BOUNDARY = "b0undary"
Place = Callable[[str], Request]


def _get(target: str, *headers: tuple[str, str]) -> Request:
    return Request(method="GET", target=target, headers=(_HOST, *headers))


def _post(body: str | bytes, kind: str) -> Request:
    data = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    headers = (_HOST, ("Content-Type", kind), ("Content-Length", str(len(data))))
    return Request(method="POST", target="/api/items", headers=headers, body=data)


def _json(value: object) -> Request:
    return _post(msgspec.json.encode(value), "application/json")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _line(text: str) -> str:
    """A header value cannot hold what ends it."""
    return "".join(c if c not in "\r\n\0" else " " for c in _utf8(text).decode("latin-1"))


def _part(disposition: str, content: str) -> Request:
    body = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n--{_BOUNDARY}--\r\n"
    return _post(body, f"multipart/form-data; boundary={_BOUNDARY}")


def _escaped(text: str) -> str:
    """Every letter and sign as `\\uXXXX`."""
    return "".join(f"\\u{unit:04x}" for unit in memoryview(text.encode("utf-16-le", "replace")).cast("H"))


PLACES: dict[str, Place] = {
    "query": lambda text: _get("/items?q=" + quote(_utf8(text), safe="")),
    "name of a query argument": lambda text: _get(f"/items?{quote(_utf8(text), safe='')}=1"),
    "part of the path": lambda text: _get("/items/" + quote(_utf8(text), safe="")),
    "User-Agent": lambda text: _get("/items", ("User-Agent", _line(text))),
    "Referer": lambda text: _get("/items", ("Referer", _line(text))),
    "query of the Referer": lambda text: _get("/items", ("Referer", "https://a.example/?q=" + quote(_utf8(text), safe=""))),
    "header of its own": lambda text: _get("/items", ("X-Tenant", _line(text))),
    "X-Forwarded-For": lambda text: _get("/items", ("X-Forwarded-For", _line(text))),
    "cookie": lambda text: _get("/items", ("Cookie", "a=1; sid=" + quote(_utf8(text), safe=""))),
    "cookie, plain": lambda text: _get("/items", ("Cookie", "a=1; sid=" + _line(text).replace(";", "%3b"))),
    "form": lambda text: _post(urlencode({"q": _utf8(text)}), "application/x-www-form-urlencoded"),
    "field of a multipart body": lambda text: _part('name="q"', text),
    "file name": lambda text: _part(f'name="f"; filename="{_line(text).replace(chr(34), "%22")}"', "abc"),
    "contents of a text file": lambda text: _part('name="f"; filename="a.txt"', text),
    "JSON member": lambda text: _json({"q": text, "n": 1}),
    "JSON, nested": lambda text: _json({"filter": [{"all": {"and": [1, {"value": text}]}}]}),
    "name of a JSON member": lambda text: _json({text: 1}),
    "JSON, all escaped": lambda text: _post(f'{{"q":"{_escaped(text)}"}}', "application/json"),
    "GraphQL variable": lambda text: _json({"query": "query($q:String){items(q:$q){id}}", "variables": {"q": text}}),
    "GraphQL literal": lambda text: _json({"query": f"{{items(q:{msgspec.json.encode(text).decode()}){{id}}}}"}),
    "XML element": lambda text: _post(f"<?xml version='1.0'?><a><b>{escape(text)}</b></a>", "application/xml"),
    "XML attribute": lambda text: _post(f"<a b={quoteattr(text)}/>", "text/xml"),
    "CDATA": lambda text: _post(f"<a><b><![CDATA[{text.replace(']]>', '')}]]></b></a>", "application/xml"),
    "plain text body": lambda text: _post(text, "text/plain"),
    "body without a kind": lambda text: _post(text, "application/octet-stream"),
    "escaped twice": lambda text: _get("/items?q=" + quote(quote(_utf8(text), safe=""), safe="")),
    "base64": lambda text: _get("/items?q=" + quote(base64.b64encode(_utf8(text)).decode(), safe="")),
    "HTML entities": lambda text: _get("/items?q=" + quote("".join(f"&#{ord(c)};" for c in text), safe="")),
    "escapes of JavaScript": lambda text: _get("/items?q=" + quote(_escaped(text), safe="")),
    "other field of a chat": lambda text: _chat(user=text),
}  # fmt: skip


def _chat(**members: str) -> Request:
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}], **members}
    data = msgspec.json.encode(body)
    headers = (_HOST, ("Content-Type", "application/json"), ("Content-Length", str(len(data))))
    return Request(method="POST", target="/v1/chat/completions", headers=headers, body=data)


def _sample(path: Path, count: int) -> list[Row]:
    """Rows of both halves of the sources alike, no more than 400 characters long."""
    found = [
        row
        for row in rows(path)
        if row.form != "raw_request" and len(row.text) <= 400 and not row.kind.startswith("crs_negative_")
    ]
    random.Random(5).shuffle(found)
    return [row for part in (True, False) for row in [row for row in found if unseen(row.source) is part][:count]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rules", nargs="*", default=[str(Path(__file__).parents[1] / "rules" / "web")])
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--misses", type=Path)
    given = parser.parse_args()
    rules = Rules(packs=tuple(given.rules))
    engine = Engine(load_ruleset(rules), Config(rules=rules))

    def blocked(place: Place, row: Row) -> bool:
        return engine.inspect(place(row.text)).decision.blocks

    caught = [row for row in _sample(given.data / "web_attacks.jsonl", given.count) if blocked(PLACES["query"], row)]
    spared = [row for row in _sample(given.data / "web_benign.jsonl", given.count) if not blocked(PLACES["query"], row)]
    records = []
    print(f"{len(caught)} attacks caught as a query value, {len(spared)} benign values let through as one")
    print(f"{'place':<28}{'seen':>9}{'unseen':>9}{'blocked, benign':>17}")
    for name, place in PLACES.items():
        parts: dict[bool, list[bool]] = {False: [], True: []}
        for row in caught:
            hit = blocked(place, row)
            parts[unseen(row.source)].append(hit)
            if not hit and not unseen(row.source):
                records.append({"place": name, "attack": True, **msgspec.to_builtins(row)})
        hurt = [row for row in spared if blocked(place, row)]
        records += [{"place": name, "attack": False, **msgspec.to_builtins(row)} for row in hurt]
        shares = "".join(f"{100 * sum(part) / max(1, len(part)):>9.1f}" for part in parts.values())
        print(f"{name:<28}{shares}{len(hurt):>8} ({100 * len(hurt) / len(spared):.2f}%)", flush=True)
    if given.misses:
        given.misses.write_bytes(b"".join(msgspec.json.encode(record) + b"\n" for record in records))


if __name__ == "__main__":
    main()
