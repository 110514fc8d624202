"""What a firewall blocks of the same harmless requests and the same attacks: ours, and ModSecurity with the OWASP CRS.

    python benchmarks/compare.py --data FOLDER --crs ../shared/crs4 [--most 1000] [--json FILE]

Everything runs in this process over requests that are read already, so what is compared is judgement, and the processor time
of judging: `mlwaf` with its default packs, the same with the text classifier and the web-attack head, and libmodsecurity (PyPI)
with the CRS as it is distributed at paranoia 1 and 2. A request counts as blocked by the CRS when its anomaly score reaches the
inbound threshold. Attacks come from sources from which no rule was written and no shipped model was trained. Our rules were
tried on the harmless sources while they were written, and some of them trained the models: that side flatters us. Shares stand
with their 95% intervals (Wilson).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import detection
import msgspec
import prompt_detection
from crs_differential import Reference

from classifiers.train.sources import LICENCES
from waf import opinion
from waf.classify.load import load_scorer
from waf.classify.measure import Share, share
from waf.engine import Engine
from waf.inference import Classifier, WebHead
from waf.model import Request
from waf.rules import load_ruleset
from waf.rules.seclang import CrsOptions
from waf.settings import Config

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
PROGRAMS = frozenset({"codealpaca", "nl2bash", "spider", "mbpp", "humaneval", "sql_eval"})
TRAPS = frozenset({"cybermetric", "mitre_frr", "fabric", "prompt_guide", "awesome_prompts", "llmail_emails"})
"""Sources of harmless prompts that speak of security, give a model its part, or order somebody about."""
REACHED = frozenset({949110, 949111, 949152})
"""What the CRS logs when the inbound threshold is reached."""

BROWSER = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ("Accept", "*/*"),
)

Blocks = Callable[[Request], bool]


class Sample(NamedTuple):
    """Requests of one kind, harmless all or attacks all."""

    name: str
    attack: bool
    requests: list[Request]


def complete(request: Request) -> Request:
    """With what every client sends and the CRS misses; it blocks none of ours for want of a header."""
    sent = {name.lower() for name, _ in request.headers}
    missing = tuple(pair for pair in BROWSER if pair[0].lower() not in sent)
    return msgspec.structs.replace(
        request, headers=(*request.headers, *missing), client_ip="192.0.2.7", id="0123456789abcdef"
    )


def chats(folder: Path, names: Iterable[str], wanted: Callable[[str], bool]) -> list[Request]:
    """Each prompt as the user's message of a chat."""
    found = prompt_detection.rows(folder, names)
    return [detection.placed(row.text, "chat") for row in found if wanted(row.source)]


def agents() -> list[Request]:
    """A question, the tools, a call and what it gave, in OpenAI's form."""
    found = []
    for line in (CORPUS / "agent_benign.jsonl").read_text("utf-8").splitlines():
        turn = json.loads(line)
        call = {"name": turn["tool"], "arguments": json.dumps(turn["args"])}
        tools = [{"name": name, "description": text} for name, text in turn["tools"].items()]
        messages = [
            {"role": "user", "content": turn["user"]},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": call}]},
            {"role": "tool", "tool_call_id": "c1", "content": turn["result"]},
        ]
        body = {"model": "m", "tools": [{"type": "function", "function": tool} for tool in tools], "messages": messages}
        found.append(detection.posted("/v1/chat/completions", json.dumps(body).encode(), "application/json"))
    return found


def web(folder: Path, *, attack: bool) -> list[Request]:
    """Attacks of unseen sources as value of a query, form and JSON; harmless rows where they belong."""
    found = []
    for row in detection.rows(folder / ("web_attacks.jsonl" if attack else "web_benign.jsonl")):
        if attack and detection.unseen(row.source):
            found += [detection.placed(row.text, place) for place in detection.places(row)]
        elif not attack and not row.kind.startswith("crs_negative_"):
            found += [detection.placed(row.text, place) for place in detection.natural(row)]
    return found


def samples(folder: Path, most: int) -> list[Sample]:
    benign, malicious = prompt_detection.BENIGN, prompt_detection.MALICIOUS
    every = [
        Sample("prompts", False, chats(folder, benign, lambda name: name not in PROGRAMS | TRAPS)),
        Sample("prompts with code, SQL or shell", False, chats(folder, benign, PROGRAMS.__contains__)),
        Sample("prompts about attacks, and parts to play", False, chats(folder, benign, TRAPS.__contains__)),
        Sample("turns of coding agents", False, agents()),
        Sample("web traffic", False, web(folder, attack=False)),
        Sample("web attacks", True, web(folder, attack=True)),
        Sample(
            "prompt attacks",
            True,
            chats(folder, malicious, lambda name: prompt_detection.unseen(name) and name not in LICENCES),
        ),
    ]
    rng = random.Random(1)
    drawn = [Sample(name, attack, rng.sample(found, min(most, len(found)))) for name, attack, found in every]
    return [sample._replace(requests=[complete(request) for request in sample.requests]) for sample in drawn]


def ours(config: Config) -> Blocks:
    ruleset = load_ruleset(config.rules)
    scorer = load_scorer(config.classifier, bytes(32), lambda error: None)
    engine = Engine(ruleset, config, scorer=scorer, opinion=opinion.load(ruleset, config))
    return lambda request: engine.inspect(request).decision.action == "block"


def modsecurity(crs: Path, paranoia: int) -> Blocks:
    reference = Reference(crs, CrsOptions(paranoia=paranoia, engine="DetectionOnly", model_text="include"))

    def blocks(request: Request) -> bool:
        try:
            return not REACHED.isdisjoint(reference.logged(request, None))
        except UnicodeError:
            return True  # no such request passes an HTTP parser

    return blocks


class Row(NamedTuple):
    firewall: str
    sample: str
    attack: bool
    blocked: Share
    us: float
    """Processor time of a request, the median."""


def judged(firewall: str, blocks: Blocks, sample: Sample) -> Row:
    taken, hits = [], 0
    for request in sample.requests:
        began = time.process_time_ns()
        hits += blocks(request)
        taken.append((time.process_time_ns() - began) / 1e3)
    return Row(firewall, sample.name, sample.attack, share(hits, len(sample.requests)), statistics.median(taken))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--crs", type=Path, required=True)
    parser.add_argument("--most", type=int, default=1000, help="requests of a kind")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    firewalls = {
        "mlwaf, rules": ours(Config(web_head=WebHead(ask="off"))),
        "mlwaf, rules and models": ours(Config(classifier=Classifier(enabled=True))),
        "ModSecurity, CRS 4, paranoia 1": modsecurity(given.crs, 1),
        "ModSecurity, CRS 4, paranoia 2": modsecurity(given.crs, 2),
    }
    found = []
    for sample in samples(given.data, given.most):
        print(f"\n{'attacks' if sample.attack else 'harmless'}: {sample.name}, {len(sample.requests)}", flush=True)
        for name, blocks in firewalls.items():
            row = judged(name, blocks, sample)
            found.append(row)
            low, high = 100 * row.blocked.low, 100 * row.blocked.high
            print(f"  {name:<32}{100 * row.blocked.value:>7.2f}%  [{low:.2f}, {high:.2f}]{row.us:>9.0f} µs", flush=True)
    if given.json:
        given.json.write_text(
            json.dumps([{**row._asdict(), "blocked": row.blocked._asdict()} for row in found], indent=1)
        )


if __name__ == "__main__":
    main()
