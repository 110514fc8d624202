"""The same rules over the same requests in our SecLang engine and in libmodsecurity: which rules does each log?

    python benchmarks/crs_differential.py --crs ../shared/crs4 [--data FOLDER] [--count 5000] [--paranoia 4] [--show 20]

Requests: the rule set's regression tests, those with parts exchanged and mutated, and, with --data, lines of web_*.jsonl
put into query, form, JSON, header and cookie. The result is the mean Jaccard index of the sets of logged scoring rules, and
for each rule how often only one of the two logged it.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import yaml

from waf.model import Request, Response
from waf.rules.seclang import CrsOptions, CrsRuleset, load
from waf.rules.seclang.base import BASE, from_options
from waf.rules.seclang.locate import locate

MUTATIONS = ("case", "url", "double", "comment", "space", "null", "cut", "swap", "html", "unicode", "byte")
SWITCHES = "SecRuleEngine DetectionOnly\nSecRequestBodyAccess On\nSecResponseBodyAccess On\n"
LIMITS = "".join(
    f",setvar:tx.{name}={value}"
    for name, value in {
        "arg_name_length": 100,
        "arg_length": 400,
        "total_arg_length": 6400,
        "max_num_args": 255,
        "max_file_size": 64100,
        "combined_file_sizes": 65535,
        "crs_validate_utf8_encoding": 1,
    }.items()
)
"""What the regression suite assumes."""


class Case(NamedTuple):
    name: str
    request: Request
    response: Response | None


class Reference:
    """libmodsecurity with the same files in the same order."""

    def __init__(self, crs: Path, options: CrsOptions) -> None:
        import libmodsecurity

        self._library = libmodsecurity
        self._engine = libmodsecurity.ModSecurity()
        self._logged: list[int] = []
        self._engine.set_rule_message_callback(lambda message: self._logged.append(message.rule_id))
        self._rules = libmodsecurity.RulesSet()
        found = locate(crs, options)
        types = "SecResponseBodyMimeType " + " ".join(options.response_types) + "\n"
        self._load(self._rules.load(SWITCHES + types + BASE))
        if found.setup:
            self._load(self._rules.load_from_uri(str(found.setup)))
        self._load(self._rules.load(from_options(options) + options.before_text))
        for file in found.rules:
            if self._rules.load_from_uri(str(file)) < 0:  # the wheels are built without GeoIP, which CRS 3's 910 wants
                print(f"libmodsecurity leaves out {file.name}: {self._rules.get_parser_error().strip()}")

    def _load(self, result: int) -> None:
        if result < 0:
            raise SystemExit(self._rules.get_parser_error())

    def logged(self, request: Request, response: Response | None) -> list[int]:
        """Ids in order. Raises UnicodeError for a request that the binding cannot be given."""
        self._logged.clear()
        transaction = self._library.Transaction(self._engine, self._rules, request.id)
        transaction.process_connection(request.client_ip, 40000, "127.0.0.1", 80)
        transaction.process_uri(request.target, request.method, request.version.removeprefix("HTTP/"))
        for name, value in request.headers:
            transaction.add_request_header(name, value)
        transaction.process_request_headers()
        if request.body:
            transaction.append_request_body(request.body)
        transaction.process_request_body()
        if response is not None:
            for name, value in response.headers:
                transaction.add_response_header(name, value)
            transaction.process_response_headers(response.status, "HTTP/1.1")
            transaction.append_response_body(response.body)
            transaction.process_response_body()
        transaction.process_logging()
        return list(self._logged)


# --------------------------------------------------------------------------- requests


def suite(folder: Path) -> Iterator[Case]:
    """The requests of a folder of go-ftw tests, as the server behind the firewall would read them."""
    for file in sorted(folder.rglob("*.yaml")):
        document = yaml.safe_load(file.read_text())
        for test in document.get("tests", ()):
            for number, stage in enumerate(test.get("stages", ())):
                given = stage.get("input", stage.get("stage", {}).get("input", {}))
                if "encoded_request" not in given:
                    yield case(f"{document.get('rule_id', file.stem)}-{test['test_id']}.{number}", given)


def case(name: str, given: dict[str, Any]) -> Case:
    headers = [(str(key), str(value)) for key, value in (given.get("headers") or {}).items()]
    body = str(given.get("data") or "").encode("utf-8")
    names = {key.lower() for key, _ in headers}
    if body and given.get("autocomplete_headers", True):
        if "content-length" not in names:
            headers.append(("Content-Length", str(len(body))))
        if "content-type" not in names:
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    if given.get("autocomplete_headers", True) and "connection" not in names:
        headers.append(("Connection", "close"))
    request = Request(
        method=str(given.get("method", "GET")),
        target=str(given.get("uri", "/")),
        headers=tuple(headers),
        body=body,
        version=str(given.get("version", "HTTP/1.1")),
        client_ip="192.0.2.7",
        id="0123456789abcdef",
    )
    return Case(name, request, reflected(request))


def reflected(request: Request) -> Response | None:
    """What the suite's backend answers to /reflect: what the request asks for."""
    if not request.target.startswith("/reflect"):
        return None
    try:
        wanted = json.loads(request.body)
    except ValueError:
        return None
    headers = tuple((str(k), str(v)) for k, v in (wanted.get("headers") or {"Content-Type": "text/plain"}).items())
    body = str(wanted.get("body", "")).encode()
    return Response(status=int(wanted.get("status", 200)), headers=headers, body=body)


def mutate(text: str, how: str, rng: random.Random) -> str:
    """One change of the kind that attackers and clients make."""
    if not text:
        return text
    at = rng.randrange(len(text))
    piece = text[at : at + rng.randint(1, 8)]
    changed = {
        "case": piece.swapcase(),
        "url": quote_plus(piece, safe=""),
        "double": quote_plus(quote_plus(piece, safe=""), safe=""),
        "comment": f"{piece}/**/",
        "space": f"{piece} \t",
        "null": f"{piece}%00",
        "cut": "",
        "swap": piece[::-1],
        "html": "".join(f"&#{ord(char)};" for char in piece),
        "unicode": "".join(f"%u{ord(char) & 0xFFFF:04x}" for char in piece),
        "byte": f"{piece}%{rng.randrange(128, 256):02x}",
    }[how]
    return text[:at] + changed + text[at + len(piece) :]


def mutated(cases: list[Case], rng: random.Random) -> Case:
    """A test's request with one to three mutations in target, body or a header, now and then with another's body."""
    base, other = rng.choice(cases), rng.choice(cases)
    request = base.request
    target, body, headers = request.target, request.body.decode("utf-8", "surrogateescape"), list(request.headers)
    if rng.random() < 0.15:
        body = other.request.body.decode("utf-8", "surrogateescape")
    for _ in range(rng.randint(1, 3)):
        how, where = rng.choice(MUTATIONS), rng.random()
        if where < 0.35:
            target = mutate(target, how, rng)
        elif where < 0.7 and body:
            body = mutate(body, how, rng)
        elif headers:
            index = rng.randrange(len(headers))
            headers[index] = (headers[index][0], mutate(headers[index][1], how, rng))
    raw = body.encode("utf-8", "surrogateescape")
    changed = Request(
        method=request.method,
        target="/" + target.lstrip("/") if rng.random() < 0.9 else target,
        headers=tuple(headers),
        body=raw,
        version=request.version,
        client_ip=request.client_ip,
        id=request.id,
    )
    return Case(f"{base.name}~", changed, reflected(changed))


def carried(text: str, number: int) -> Case:
    """A line of a data set as it travels: in a query, a form, JSON, a header or a cookie."""
    method, target, body = "GET", "/get", b""
    headers = [("Host", "localhost"), ("User-Agent", "differential"), ("Accept", "*/*")]
    way = number % 5
    if way == 0:
        target = "/get?q=" + quote_plus(text)
    elif way == 1:
        method, target, body = "POST", "/post", f"a=1&q={quote_plus(text)}".encode()
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    elif way == 2:
        method, target, body = "POST", "/post", json.dumps({"q": text, "n": [1, 2]}).encode()
        headers.append(("Content-Type", "application/json"))
    elif way == 3:
        headers.append(("Referer", " ".join(text.split())))
    else:
        headers.append(("Cookie", "a=1; q=" + quote_plus(text)))
    if body:
        headers.append(("Content-Length", str(len(body))))
    request = Request(
        method=method, target=target, headers=tuple(headers), body=body, client_ip="192.0.2.7", id="0123456789abcdef"
    )
    return Case(f"data-{number}", request, None)


def data_lines(folder: Path, rng: random.Random, count: int) -> Iterator[Case]:
    lines = [line for name in ("web_attacks", "web_benign") for line in (folder / f"{name}.jsonl").open("rb")]
    for number, line in enumerate(rng.sample(lines, min(count, len(lines)))):
        yield carried(json.loads(line)["text"][:4000].replace("\0", ""), number)


# --------------------------------------------------------------------------- comparison


class Result(NamedTuple):
    compared: int
    jaccard: float
    ours_only: Counter[int]
    theirs_only: Counter[int]
    shown: list[str]
    left_out: int


def compare(ours: CrsRuleset, theirs: Reference, cases: Iterator[Case] | list[Case], show: int = 0) -> Result:
    scoring = {rule.id for rule in ours.rules if rule.kind == "scoring"}
    ours_only: Counter[int] = Counter()
    theirs_only: Counter[int] = Counter()
    total, count, left_out = 0.0, 0, 0
    shown: list[str] = []
    for item in cases:
        try:
            reference = set(theirs.logged(item.request, item.response)) & scoring
        except (UnicodeError, TypeError, ValueError):
            left_out += 1
            continue
        found = set(ours.inspect_whole(item.request, item.response).verdict().logged) & scoring
        count += 1
        total += len(found & reference) / len(found | reference) if found | reference else 1.0
        ours_only.update(found - reference)
        theirs_only.update(reference - found)
        if found != reference and len(shown) < show:
            shown.append(
                f"{item.name}: +{sorted(found - reference)} -{sorted(reference - found)} {item.request!r}"[:1500]
            )
    return Result(count, total / max(count, 1), ours_only, theirs_only, shown, left_out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--crs", type=Path, required=True)
    parser.add_argument("--tests", type=Path, help="go-ftw tests; the folder tests/ of the rule set without it")
    parser.add_argument("--data", type=Path, help="folder with web_attacks.jsonl and web_benign.jsonl")
    parser.add_argument("--count", type=int, default=5000, help="mutated requests, and lines of the data sets")
    parser.add_argument("--paranoia", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="print so many requests on which the two differ")
    given = parser.parse_args()
    extra = f'SecAction "id:900005,phase:1,nolog,pass,t:none{LIMITS}"\n'
    options = CrsOptions(paranoia=given.paranoia, engine="DetectionOnly", before_text=extra, quirks=True)
    ours, theirs = load(given.crs, options), Reference(given.crs, options)
    rng = random.Random(given.seed)
    cases = list(suite(given.tests or given.crs / "tests"))
    groups: dict[str, Iterator[Case] | list[Case]] = {"suite": cases}
    if cases:
        groups["mutated"] = (mutated(cases, rng) for _ in range(given.count))
    if given.data:
        groups["data"] = data_lines(given.data, rng, given.count)
    for name, group in groups.items():
        result = compare(ours, theirs, group, given.show)
        print(f"{name}: {result.compared} requests, mean Jaccard {result.jaccard:.5f}, {result.left_out} left out")
        print("  only ours:  ", dict(result.ours_only.most_common(25)))
        print("  only theirs:", dict(result.theirs_only.most_common(25)))
        for line in result.shown:
            print("   ", line)


if __name__ == "__main__":
    main()
