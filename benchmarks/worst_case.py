"""Looks for the whole request of 4 KB that costs the firewall most, by hill climbing with the rules' own literals.

    python benchmarks/worst_case.py [--tries 10000] [--size 4096] [--bar 25] [--out FILE] [--crs DIR --crs-paranoia 4]

A small population for each place that text can stand in (query, form, JSON, chat, multipart, XML, headers, cookies, plain
body, tensor) is mutated: literals that the prefilter waits for, encodings inside encodings, long runs, many small fields.
The time is processor time of `Engine.inspect`; a new worst is measured again and its smallest figure counts, so that
the machine's noise is not taken for a find. What the firewall remembers of earlier texts is taken from it before each
measurement. With --crs the CRS runs as well, over model text too and without ending early. The worst requests are written to
FILE; exit code 1 above the bar.
"""

from __future__ import annotations

import argparse
import base64
import gc
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rule_literals import literals

from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config, Crs, Rules

Genome = tuple[str, ...]
POPULATION = 6
PIECES = 2000
"""Most pieces of one genome; the size of the request usually ends it earlier."""
AGAIN = 5
"""How often a new worst is measured before it counts."""

SEEDS = (
    *"' \" ` < > ( ) { } [ ] ; | & = , . / \\ % # $ ! ? * + - _ ~ ^ : @ 0 9 a Z".split(),
    *" \t|\n|\r\n|&a=|&b[]=|%25|%2525|%u0027|&#x27;|&lt;|\\u0027|\\x27|/*|*/|--|../|..\\|${|{{|<!--|<a |on=|://|' or |0x".split(
        "|"
    ),
    "\u200b",
    "\U000e0041",
    "\u0130",
    "\ufdfa",
    "\u0337",
    "\u0430",
    "YWJj" * 8,
    "61" * 12,
    "a" * 64,
    " " * 64,
    "a b " * 16,
)


def headers(kind: str) -> tuple[tuple[str, str], ...]:
    return (("Host", "model.example"), ("Content-Type", kind))


def post(path: str, kind: str, body: str | bytes) -> Request:
    data = body.encode("utf-8", "replace") if isinstance(body, str) else body
    return Request(
        method="POST", target=path, headers=headers(kind), body=data, wire_length=len(data), client_ip="192.0.2.7"
    )


def get(target: str, *extra: tuple[str, str]) -> Request:
    return Request(method="GET", target=target, headers=(("Host", "model.example"), *extra), client_ip="192.0.2.7")


def as_line(text: str) -> str:
    """What may stand in a header: no control characters."""
    return "".join(c if c >= " " and c != "\x7f" else " " for c in text).strip()


def as_query(text: str) -> str:
    return quote(text, safe="/?&=%+;:@!$'()*,~[]{}|\\^`<>\"-._", errors="replace")


def multipart(genome: Genome) -> Request:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="f{n}"; filename="{as_line(piece).replace(chr(34), "")}"\r\n\r\n{piece}\r\n'
        for n, piece in enumerate(genome)
    ]
    return post("/upload", "multipart/form-data; boundary=x", "".join(parts) + "--x--\r\n")


def xml(genome: Genome) -> Request:
    safe = [p.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;") for p in map(as_line, genome)]
    return post("/soap", "application/xml", "<a>" + "".join(f'<b c="{p}">{p}</b>' for p in safe) + "</a>")


def tensor(genome: Genome) -> Request:
    values = [[float(len(piece)), float(ord(piece[0])) if piece else 0.0] for piece in genome] * 8
    return post("/v1/models/m:predict", "application/json", json.dumps({"instances": values}))


def chat(genome: Genome) -> Request:
    roles = ("system", "user", "assistant", "tool")
    messages: list[dict[str, object]] = [
        {"role": roles[n % 4], "content": piece, **({"tool_call_id": "c"} if n % 4 == 3 else {})}
        for n, piece in enumerate(genome)
    ]
    return post("/v1/chat/completions", "application/json", json.dumps({"model": "m", "messages": messages}))


PLACES: dict[str, Callable[[Genome], Request]] = {
    "query": lambda g: get("/api?q=" + as_query("".join(g))),
    "path": lambda g: get("/" + as_query("".join(g)).replace("?", "/")),
    "form": lambda g: post("/api", "application/x-www-form-urlencoded", "q=" + as_query("".join(g))),
    "json text": lambda g: post("/api", "application/json", json.dumps({"q": "".join(g)}, ensure_ascii=False)),
    "json members": lambda g: post("/api", "application/json", json.dumps({f"k{p}{n}": p for n, p in enumerate(g)})),
    "chat text": lambda g: chat(("".join(g),)),
    "chat turns": chat,
    "multipart": multipart,
    "xml": xml,
    "plain body": lambda g: post("/api", "text/plain", "".join(g)),
    "header": lambda g: get("/", ("Referer", as_line("".join(g)))),
    "headers": lambda g: get("/", *((f"X-H{n}", as_line(p)) for n, p in enumerate(g))),
    "cookies": lambda g: get(
        "/", ("Cookie", "; ".join(f"c{n}={as_line(p).replace(';', '')}" for n, p in enumerate(g)))
    ),
    "tensor": tensor,
}


@dataclass(slots=True)
class Individual:
    genome: Genome
    request: Request
    micros: float


def length(request: Request) -> int:
    """Bytes of the whole request on the wire, near enough."""
    return len(request.target) + len(request.body) + sum(len(n) + len(v.encode()) + 4 for n, v in request.headers) + 16


def mutate(rng: random.Random, genome: Genome, alphabet: Sequence[str]) -> Genome:
    """One to three random changes: insert, repeat, drop, swap, double a stretch, upper case, percent- or base64-encode."""
    pieces = list(genome)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(pieces) + 1)
        inside = rng.randrange(len(pieces)) if pieces else 0
        choice = rng.random()
        if choice < 0.3 or not pieces:
            pieces.insert(at, rng.choice(alphabet))
        elif choice < 0.5:
            pieces[at:at] = [rng.choice(alphabet)] * rng.choice((2, 4, 8, 16))
        elif choice < 0.6:
            pieces[inside] = pieces[inside] * rng.choice((2, 4, 8))
        elif choice < 0.7:
            del pieces[inside : inside + rng.randint(1, 4)]
        elif choice < 0.8:
            pieces[at:at] = pieces[inside : inside + rng.randint(1, 20)]
        elif choice < 0.9:
            pieces[inside] = rng.choice(alphabet)
        elif choice < 0.94:
            pieces[inside] = quote(pieces[inside], safe="", errors="replace")
        elif choice < 0.97:
            pieces[inside] = base64.b64encode(pieces[inside].encode("utf-8", "replace")).decode()
        else:
            pieces[inside] = pieces[inside].swapcase()
    return tuple(pieces[:PIECES])


class Search:
    """One population per place; each try mutates one individual and replaces the cheapest when it costs more."""

    def __init__(self, engine: Engine, size: int, seed: int) -> None:
        self.inspect = engine.inspect
        self.engine = engine
        self.size = size
        self.rng = random.Random(seed)
        crs = engine.crs.fast.values() if engine.crs is not None else ()
        known = {text for phase in crs for text in phase.facts.prefilter.numbers}
        self.alphabet = (*SEEDS, *literals(engine.ruleset.request), *sorted(known))
        self.tries = 0

    def climb(self, place: str, tries: int) -> Individual:
        """The costliest request found in `place`."""
        render = PLACES[place]
        population: list[Individual] = []
        for _ in range(tries):
            if len(population) < POPULATION:
                genome = tuple(self.rng.choices(self.alphabet, k=self.rng.choice((10, 50, 250, PIECES))))
            else:
                genome = mutate(self.rng, self.rng.choice(population).genome, self.alphabet)
            genome, request = self._fit(genome, render)
            micros = self._cost(request, population)
            self.tries += 1
            if len(population) < POPULATION:
                population.append(Individual(genome, request, micros))
            elif micros > (cheapest := min(population, key=lambda i: i.micros)).micros:
                population[population.index(cheapest)] = Individual(genome, request, micros)
        return max(population, key=lambda i: i.micros)

    def _fit(self, genome: Genome, render: Callable[[Genome], Request]) -> tuple[Genome, Request]:
        request = render(genome)
        while length(request) > self.size:
            keep = max(1, int(len(genome) * self.size / length(request)) - 1)
            genome = genome[:keep] if len(genome) > 1 else (genome[0][: max(1, len(genome[0]) * 9 // 10)],)
            request = render(genome)
        return genome, request

    def _cost(self, request: Request, population: Sequence[Individual]) -> float:
        micros = self._once(request)
        if len(population) < POPULATION or micros > min(i.micros for i in population):
            micros = min(micros, *(self._once(request) for _ in range(AGAIN - 1)))
        return micros

    def _once(self, request: Request) -> float:
        for memory in memories(self.engine):
            memory.clear()
        begin = time.process_time_ns()
        self.inspect(request)
        return (time.process_time_ns() - begin) / 1e3


def memories(engine: Engine) -> Iterator[dict[Any, Any]]:
    """What is remembered of texts of earlier requests."""
    for program in (engine.ruleset.request, engine.ruleset.scored):
        for plans in program.plans.values():
            yield from (plan.steps.remembered for plan in plans if plan.steps)
    for phase in engine.crs.fast.values() if engine.crs is not None else ():
        for plan in phase._plans.values():
            gates = [gate for _, gate in plan.gates]
            for family in plan.families:
                yield family._known
                gates += [gate for _, gate in family._gates]
            for gate in gates:
                yield from (gate._known, gate._steps.remembered)


def describe(place: str, found: Individual) -> dict[str, object]:
    request = found.request
    return {
        "place": place,
        "ms": round(found.micros / 1e3, 2),
        "bytes": length(request),
        "method": request.method,
        "path": request.target,
        "headers": [list(pair) for pair in request.headers],
        "body_b64": base64.b64encode(request.body).decode(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=4096)
    parser.add_argument("--bar", type=float, default=25.0, help="milliseconds")
    parser.add_argument("--paranoia", type=int, default=1)
    parser.add_argument("--rules", default="builtin")
    parser.add_argument("--crs", default="")
    parser.add_argument("--crs-paranoia", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out/worst_case.jsonl"))
    given = parser.parse_args()
    config = Config(rules=Rules(packs=(given.rules,)), paranoia=given.paranoia)
    if given.crs:
        crs = Crs(path=given.crs, paranoia=given.crs_paranoia, model_text="include")
        config = replace(config, crs=crs, mode="monitor")
    search = Search(Engine(load_ruleset(config.rules, crs=config.crs), config), given.size, given.seed)
    gc.collect()
    gc.freeze()  # as `waf serve` does: what it made at start-up is not looked at again
    found = {place: search.climb(place, -(-given.tries // len(PLACES))) for place in PLACES}
    ranked = sorted(found.items(), key=lambda item: -item[1].micros)
    for place, individual in ranked:
        decision = search.inspect(individual.request).decision
        print(f"{individual.micros / 1e3:8.2f} ms  {place:<13} {length(individual.request):>5} B  {decision.reason}")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text("".join(json.dumps(describe(place, individual)) + "\n" for place, individual in ranked))
    worst = ranked[0][1].micros / 1e3
    print(f"{search.tries} tries, worst {worst:.2f} ms (bar {given.bar:g} ms)")
    print(f"requests in {given.out}; `waf scan` reads them")
    return 1 if worst > given.bar else 0


if __name__ == "__main__":
    sys.exit(main())
