"""What the decision costs a coding agent: every request has all turns so far, and a little more.

    python benchmarks/agent_sessions.py [--data FOLDER] [--sessions 6] [--turns 60]

So many agents work at a time, each turn an answer, a call of a tool and what it gave: 200 to 12,000 characters of code or prose,
each new. `fresh`: the same requests, where nothing is remembered of earlier ones.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from waf.bench import micro
from waf.bench.material import Material, from_folder
from waf.engine import Engine
from waf.model import Request
from waf.rules import load_ruleset
from waf.settings import Config, Rules

HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nHost: model.example\r\nContent-Type: application/json\r\n\r\n"


def session(rng: random.Random, material: Material, turns: int) -> Iterator[bytes]:
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "You are a coding agent. " + material.prose(rng, 6000)},
        {"role": "user", "content": material.prose(rng, 600)},
    ]
    for turn in range(turns):
        yield HEAD + msgspec.json.encode({"model": "m", "messages": messages})
        call = {
            "id": f"c{turn}",
            "type": "function",
            "function": {"name": "bash", "arguments": f'{{"command": "sed -n {turn}p a.py"}}'},
        }
        size = int(200 * 60 ** rng.random())
        result = (material.code if rng.random() < 0.7 else material.prose)(rng, size)
        messages += [
            {"role": "assistant", "content": material.prose(rng, 200), "tool_calls": [call]},
            {"role": "tool", "tool_call_id": f"c{turn}", "content": result},
        ]


def requests(material: Material, sessions: int, turns: int) -> list[Request]:
    """Turn by turn, one of each session after the other."""
    made = [session(random.Random(number), material, turns) for number in range(sessions)]
    return [micro.as_request(raw) for wave in zip(*made, strict=True) for raw in wave]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sessions", type=int, default=6)
    parser.add_argument("--turns", type=int, default=60)
    given = parser.parse_args()
    material = from_folder(given.data) if given.data else Material()
    config = Config(rules=Rules(packs=("builtin",)))
    ruleset = load_ruleset(config.rules)
    found = requests(material, given.sessions, given.turns)
    kept = micro.timed(Engine(ruleset, config).inspect, found)
    part = found[:: max(1, len(found) // 8)]
    fresh = []
    for request in part:
        fresh += micro.timed(Engine(load_ruleset(config.rules), config).inspect, [request])
    rows = [("turns of agents", kept), ("  the last third", kept[len(kept) * 2 // 3 :]), ("fresh", fresh)]
    sizes = [len(request.body) for request in found]
    print(f"{given.sessions} sessions of {given.turns} turns, bodies of {min(sizes):,} to {max(sizes):,} bytes")
    print(micro.table(rows))
    print(f"mean of the last third: {sum(rows[1][1]) / len(rows[1][1]):,.0f} µs")


if __name__ == "__main__":
    main()
