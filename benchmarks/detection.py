"""What the rules alone catch and what they wrongly block, over a folder of labelled attacks and benign traffic.

    python benchmarks/detection.py --data FOLDER [--paranoia N] [--rules rules/web] [--hold-out] [--misses FILE]

A payload is tried three times: as a query value, as a form field and as a member of a JSON body; a whole request is sent as it
is. A benign row stands where it belongs. A third of the sources, by a fixed hash of their names, is `unseen`: whoever writes
rules looks at the others only (`--hold-out` leaves the unseen out altogether, and `--misses` never writes them).
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config, Rules

_HOST = ("Host", "shop.example")
_RAW = "raw_request"
_PLACES = ("query", "form", "json")
_NATURAL = {"param_value": ("query",), "form_text": ("form", "json"), "html_fragment": ("form", "json")}
"""Where a benign row of a form belongs; the whole requests go as they are."""

Tally = dict[str, list[int]]
"""Hits and tries by name."""


class Row(msgspec.Struct):
    text: str
    label: str = ""
    source: str = ""
    kind: str = ""
    form: str = ""


def unseen(source: str) -> bool:
    """Whether a source is of the third that no rule is written from. The salt leaves two in it that nobody ever read."""
    return hashlib.sha256(f"1006:{source}".encode()).digest()[0] % 3 == 0


def placed(text: str, place: str) -> Request:
    """A request of an ordinary site or API that carries the text, or is the text."""
    data = text.encode("utf-8", "replace")
    if place == _RAW:
        return _whole(text)
    if place == "query":
        return Request(method="GET", target="/items?q=" + quote(data, safe=""), headers=(_HOST,))
    if place == "form":
        return posted("/items", urlencode({"q": data}).encode(), "application/x-www-form-urlencoded")
    body = {"model": "m", "messages": [{"role": "user", "content": text}]} if place == "chat" else {"q": text, "n": 1}
    target = "/v1/chat/completions" if place == "chat" else "/api/items"
    return posted(target, msgspec.json.encode(body), "application/json")


def posted(target: str, body: bytes, kind: str) -> Request:
    headers = (_HOST, ("Content-Type", kind), ("Content-Length", str(len(body))))
    return Request(method="POST", target=target, headers=headers, body=body)


def places(row: Row) -> tuple[str, ...]:
    """Where an attack is tried."""
    return (_RAW,) if row.form == _RAW else _PLACES


def natural(row: Row) -> tuple[str, ...]:
    """Where a benign row belongs."""
    return _NATURAL.get(row.form, (_RAW,))


def _whole(text: str) -> Request:
    head, _, rest = text.partition("\n\n")
    line, *lines = head.split("\n")
    method, _, tail = line.partition(" ")
    target, _, version = tail.rpartition(" ")
    pairs = [(name, value.strip()) for name, colon, value in (line.partition(":") for line in lines) if colon]
    body = rest.encode("utf-8", "replace")
    if body:
        pairs = [pair for pair in pairs if pair[0].lower() not in ("content-length", "transfer-encoding")]
        pairs.append(("Content-Length", str(len(body))))
    return Request(method=method, target=target, headers=tuple(pairs), body=body, version=version.strip())


class Measure:
    """Runs rows through one engine and keeps count."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.rules: Counter[str] = Counter()
        """Blocked requests in which a rule matched."""
        self.alone: Counter[str] = Counter()
        """Requests that would not be blocked without that rule."""
        self.records: list[dict[str, Any]] = []
        """What went otherwise than it should, with the rules that matched."""

    def right(self, row: Row, place: str, *, attack: bool) -> bool:
        """Whether an attack is blocked, or a benign row is not."""
        verdict = self.engine.inspect(placed(row.text, place))
        decision = verdict.decision
        blocked = decision.action == "block"
        if blocked:
            limit = verdict.route.policy.block_score
            for match in decision.matches:
                name = f"{match.rule} {match.name}"
                self.rules[name] += 1
                self.alone[name] += match.action == "block" or decision.score - match.score < limit
        if blocked != attack:
            found = [f"{match.rule} {match.score} {match.origin}" for match in decision.matches]
            self.records.append({"place": place, "found": found, "reason": decision.reason, **msgspec.to_builtins(row)})
        return blocked == attack


def rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line, type=Row)


def attacks(measure: Measure, folder: Path, *, hold_out: bool) -> None:
    """Recall by class, by source and by place, of the sources seen and of those unseen."""
    tallies: dict[str, Tally] = {part: defaultdict(lambda: [0, 0]) for part in ("all", "seen", "unseen")}
    for row in rows(folder / "web_attacks.jsonl"):
        part = "unseen" if unseen(row.source) else "seen"
        if hold_out and part == "unseen":
            continue
        for place in places(row):
            right = measure.right(row, place, attack=True)
            for name in ("all", f"class {row.label}", f"source {row.source}", f"place {place}"):
                for tally in (tallies["all"], tallies[part]):
                    tally[name][0] += right
                    tally[name][1] += 1
    print(f"{'recall %':<32}{'tries':>8}{'all':>8}{'seen':>8}{'unseen':>8}")
    for name in sorted(tallies["all"], key=lambda name: (name.split(" ")[0], -tallies["all"][name][1])):
        shares = (_share(tallies[part].get(name)) for part in tallies)
        print(f"{name:<32}{tallies['all'][name][1]:>8}" + "".join(f"{share:>8}" for share in shares))


def benign(measure: Measure, folder: Path) -> None:
    """Share wrongly blocked, by kind and natural place; prompts also as chats, where no web rule has any business."""
    tally: Tally = defaultdict(lambda: [0, 0])

    def count(row: Row, place: str, names: Iterable[str]) -> None:
        wrong = not measure.right(row, place, attack=False)
        for name in names:
            tally[name][0] += wrong
            tally[name][1] += 1

    for row in rows(folder / "web_benign.jsonl"):
        if not row.kind.startswith("crs_negative_"):
            for place in natural(row):
                count(row, place, ("web_benign", f"  {row.source}, {place}"))
    for path in sorted(folder.glob("prompts_*benign.jsonl")):
        for row in rows(path):
            for place in ("json", "chat"):
                count(row, place, (f"{path.stem}, {place}",))
    print(f"\n{'wrongly blocked %':<40}{'tries':>8}{'count':>8}{'share':>8}")
    for name, pair in tally.items():
        print(f"{name:<40}{pair[1]:>8}{pair[0]:>8}{_share(pair, 3):>8}")


def _share(pair: list[int] | None, digits: int = 1) -> str:
    return f"{100 * pair[0] / pair[1]:.{digits}f}" if pair else "-"


def worst(title: str, measure: Measure, names: Iterable[str]) -> None:
    print(f"\n{title:<60}{'matched':>8}{'alone':>8}")
    for name in names:
        print(f"{name:<60}{measure.rules[name]:>8}{measure.alone[name]:>8}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--paranoia", type=int, default=1)
    parser.add_argument("--rules", default=str(Path(__file__).parents[1] / "rules" / "web"))
    parser.add_argument("--hold-out", action="store_true", help="leave the unseen sources out")
    parser.add_argument("--only", choices=("attacks", "benign"), help="one side only")
    parser.add_argument("--misses", type=Path, help="where to write what went wrong; never rows of unseen sources")
    given = parser.parse_args()
    rules = Rules(packs=(given.rules,))
    engine = Engine(load_ruleset(rules), Config(paranoia=given.paranoia, rules=rules))
    caught, hurt = Measure(engine), Measure(engine)
    if given.only != "benign":
        attacks(caught, given.data, hold_out=given.hold_out)
        known = [f"{rule.id} {rule.name}" for rule in engine.ruleset.rules]
        worst(
            "attacks caught by the ten rules that catch least", caught, sorted(known, key=caught.rules.__getitem__)[:10]
        )
    if given.only != "attacks":
        benign(hurt, given.data)
        worst("benign rows blocked, ten worst rules", hurt, [name for name, _ in hurt.rules.most_common(10)])
    if given.misses:
        wrong = [record for record in caught.records if not unseen(record["source"])] + hurt.records
        given.misses.write_bytes(b"".join(msgspec.json.encode(record) + b"\n" for record in wrong))


if __name__ == "__main__":
    main()
