"""How many ordinary short values the rules refuse, place by place: lists, ranges, names, questions, fragments of code and markup
made by grammars from the words of a folder of texts, and its sentences.

    python benchmarks/ordinary.py --data FOLDER [--count 40000] [--seed 1]

Half of the values are sentences. Of the rest, some look like attacks by chance or by design (`1 or 1`, `5--`): read the table
of rules.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config

SEPARATORS = (
    *"; | & && || , / : + -- - _ . .. = ~ * # @ ! ? > < -> => \\ % ^ $ ' \" `".split(),
    *("; ", " | ", " & ", " / ", " - ", " -- ", ": ", ", ", " = ", " #", " > ", "\n", "\t"),
)
SHAPES = (
    "{w} {w} {w}{s}{w} {w}|{w}={w}{s}{w}={n}|{w}:{n}{s}{w}:{w}|{W}'s {w} {w}|{W} O'{W} and {W}'s {w}|'{w}' or '{w}'|"
    '"{w} {w}" OR "{w}"|{w} and {w} or {w}|{w} or {n} {w}|{n} and {n} {w}|{n} or more {w}|select {w} from {w} {w}|'
    "select a {w} from the {w}|order by {w}|{w} order by {w} desc|group by {w} having {w}|{w} union select {w}|"
    "insert {w} into {w}|delete {w} from {w}|update {w} set {w}|drop the {w}|create {w} table|exec {w}|"
    "{w} between {n} and {n}|{w} in ({w}, {w})|{w} like {w}|{w} is not {w}|limit {n}|if {w} then {w} else {w} end|"
    "{w} join {w} on {w}|{w}({w})|{w}({w}, {n})|{w} ({w} {w})|{w}[{n}]|{{{w}}}|${{{w}}}|${n}|%{w}%|#{w}|@{w}|"
    "<b>{w}</b> {w}|{w} <3 {w}|{w} < {n} > {n}|[{w}] {w}: {w}|({w}~{w})|`{w}`|~/{w}/{w}|/{w}/{w}.html|./{w}|"
    "C:\\{W}\\{w}.docx|{w}.exe|{w}.zip|https://{w}.example/{w}?{w}={n}&{w}={w}|//{w}.example/{w}|mailto:{w}@{w}.example|"
    "{n}-{n}-{n}|{n}--{n}|--{n}|-- {w}|# {w} {w}|{w} -- {w}|/* {w} */|// {w} {w}|<!-- {w} -->|{n}+{n}|{n}>{n}|{n} = {n}|"
    "{w} = {n}|{w} != \"{w}\"|{w}='{w}'|{w} = '{w}' and {w} > {n}|!{w}|not {w}|{n}%|{n}% off {w}|{n}' {n}\"|"
    "{n}/{n}\" {w}|'{n}s {w}|rock 'n' {w}|{w}' {w}|{w}\" {w}|{w};|{w}?|({w})|\"{w}\"|'{w} {w}'|{w} -{w}|{w} --{w}|"
    '{w} /{w}|{w} *|{w} > {w}|{w} $ {w}|{{"{w}": "{w}; {w}"}}|{w}%20{w}|{w}+{w}|&amp; {w}|\\u00e9{w}|{w}\\{w}|^{w}$|'
    ".*{w}.*|{w}.{w}.{w}|{w}.{w}({w})|{w}->{w}|{w}::{w}|new {W}()|{w} => {w}|function {w}()|import {w}|echo {w}|"
    "print {w}|cat {w}|python {w}|sleep {n}|ping {w}|curl {w}|id {n}|net {w} {w}|type {w}|copy {w} {w}|system {w}|"
    "onclick {w}|alert {w}|script {w}|style={w}|src={w}"
).split("|")
_AGENT = (("Host", "shop.example"), ("User-Agent", "Mozilla/5.0"), ("Accept", "*/*"))


def _get(target: str, *more: tuple[str, str]) -> Request:
    return Request(method="GET", target=target, headers=(*_AGENT, *more))


def _post(body: str, kind: str) -> Request:
    return Request(method="POST", target="/items", headers=(*_AGENT, ("Content-Type", kind)), body=body.encode())


def _q(value: str) -> str:
    return quote(value, safe="")


PLACES: dict[str, Callable[[str], Request]] = {
    "query": lambda v: _get("/items?f=" + _q(v)),
    "name": lambda v: _get(f"/items?{_q(v)}=1"),
    "path": lambda v: _get("/wiki/" + _q(v)),
    "nested address": lambda v: _get("/go?u=" + _q(f"https://b.example/?q={_q(v)}&p=1")),
    "Referer": lambda v: _get("/items", ("Referer", f"https://shop.example/s?q={_q(v)}&p=1")),
    "cookie": lambda v: _get("/items", ("Cookie", f"sid=ab12; last={_q(v)}; t=1")),
    "header": lambda v: _get("/items", ("X-Title", v.replace("\n", " "))),
    "base64": lambda v: _get("/items?s=" + _q(base64.b64encode(v.encode()).decode())),
    "form": lambda v: _post("a=1&t=" + _q(v), "application/x-www-form-urlencoded"),
    "json": lambda v: _post(json.dumps({"a": {"b": v}, "n": 1}), "application/json"),
    "json in json": lambda v: _post(json.dumps({"payload": json.dumps({"x": v})}), "application/json"),
    "text": lambda v: _post(v, "text/plain"),
}


class Values:
    """Draws ordinary values. `texts`: harmless ones, from which words and sentences come."""

    def __init__(self, texts: list[str], rng: random.Random) -> None:
        count: Counter[str] = Counter()
        self._sentences: list[str] = []
        for text in texts:
            count.update(re.findall(r"[a-z]{2,14}", text.lower()))
            self._sentences += [part for part in re.split(r"(?<=[.!?])\s+|\n+", text) if 8 <= len(part) <= 160]
        self._words = [word for word, _ in count.most_common(5000)]
        self._rng = rng

    def draw(self) -> str:
        """A sentence, a list of words and numbers, or one of the shapes with words in it."""
        rng = self._rng
        kind = rng.randrange(4)
        if kind < 2:
            return rng.choice(self._sentences)
        separator = rng.choice(SEPARATORS)
        if kind == 2:
            return separator.join(rng.choice((self._word(), self._number())) for _ in range(rng.randint(2, 6)))
        fill: dict[str, Callable[[], str]] = {
            "w": self._word,
            "W": lambda: self._word().capitalize(),
            "n": self._number,
            "s": lambda: separator,
        }
        return re.sub(r"\{([wWns])\}", lambda blank: fill[blank[1]](), rng.choice(SHAPES))

    def _word(self) -> str:
        return self._rng.choice(self._words[: self._rng.choice((300, 1500, 5000))])

    def _number(self) -> str:
        return str(self._rng.randrange(self._rng.choice((10, 100, 10_000))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with prompts_benign*.jsonl")
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rows = [
        line for file in sorted(given.data.glob("prompts_benign*.jsonl")) for line in file.read_bytes().splitlines()
    ]
    rng = random.Random(given.seed)
    values = Values([json.loads(row).get("text", "") for row in rows], rng)
    config = Config()
    engine = Engine(load_ruleset(config.rules), config)
    tried: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    by_rule: defaultdict[str, list[str]] = defaultdict(list)
    for _ in range(given.count):
        place, value = rng.choice(list(PLACES)), values.draw()
        decision = engine.inspect(PLACES[place](value)).decision
        tried[place] += 1
        if decision.action == "block":
            refused[place] += 1
            for name in [f"{match.rule} {match.name}" for match in decision.matches if match.score] or [
                decision.reason
            ]:
                by_rule[name].append(value)
    print(f"{refused.total()} of {tried.total()} refused: {100 * refused.total() / tried.total():.2f}%")
    for place in PLACES:
        print(f"  {place:16} {100 * refused[place] / max(1, tried[place]):5.2f}% of {tried[place]}")
    for name, found in sorted(by_rule.items(), key=lambda one: -len(one[1])):
        print(
            f"{len(found):5} {name}: {', '.join(repr(value[:50]) for value in rng.sample(found, min(5, len(found))))}"
        )


if __name__ == "__main__":
    main()
