"""The same CRS over the same requests in our SecLang engine and in libmodsecurity (PyPI), in one process.

    python benchmarks/crs_inprocess.py --crs ../shared/crs4 --data FOLDER [--paranoia 1] [--count 100] [--rounds 7]

Both run phases 1, 2 and 5 over requests that neither has seen, `model_text: include`. Ours gets a `Request` that is read
already and libmodsecurity the same parts through its binding, as a connector hands them over. Processor time of this
thread, medians of interleaved rounds, microseconds a request.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_plus

from crs_differential import Reference

from waf.bench.material import Material, from_folder
from waf.model import Request
from waf.rules.seclang import CrsOptions, load

HEAD = (
    ("Host", "shop.example"),
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ("Accept", "*/*"),
)


def post(kind: str, body: bytes, target: str = "/api/items") -> Request:
    headers = (*HEAD, ("Content-Type", kind), ("Content-Length", str(len(body))))
    return Request(
        method="POST", target=target, headers=headers, body=body, client_ip="192.0.2.7", id="0123456789abcdef"
    )


def form(text: str) -> Request:
    return post("application/x-www-form-urlencoded", ("text=" + quote_plus(text)).encode())


def chat(text: str) -> Request:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], "temperature": 0.7}
    return post("application/json", json.dumps(body).encode(), "/v1/chat/completions")


def get(text: str) -> Request:
    words = [quote_plus(word) for word in (*text.split()[:6], *"abcdef")]
    target = f"/search?q={'+'.join(words[:4])}&page={len(text)}&sort={words[4]}&lang={words[5]}"
    return Request(method="GET", target=target, headers=HEAD, client_ip="192.0.2.7", id="0123456789abcdef")


def mixes(material: Material, rng: random.Random) -> dict[str, Callable[[], Request]]:
    return {
        "2 KB prose in ARGS": lambda: form(material.prose(rng, 2048)),
        "chat 1.5 KB": lambda: chat(material.prose(rng, 1500)),
        "code chat 3 KB": lambda: chat(material.code(rng, 3072)),
        "chat 16 KB": lambda: chat(material.prose(rng, 16_384)),
        "GET": lambda: get(material.prose(rng, 120)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--crs", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--paranoia", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    options = CrsOptions(paranoia=given.paranoia, engine="DetectionOnly", model_text="include")
    ours, theirs = load(given.crs, options), Reference(given.crs, options)

    def run_ours(request: Request) -> None:
        ours.inspect(request).finish()

    def run_theirs(request: Request) -> None:
        theirs.logged(request, None)

    material = from_folder(given.data) if given.data else Material()
    print(f"{'µs a request':<20}{'ours':>9}{'theirs':>9}{'theirs/ours':>13}{'spread of ours':>20}")
    for name, make in mixes(material, random.Random(3)).items():
        figures: dict[str, list[float]] = {"ours": [], "theirs": []}
        for _ in range(given.rounds):
            requests = [make() for _ in range(given.count)]
            for what, run in (("ours", run_ours), ("theirs", run_theirs)):
                began = time.thread_time()
                for request in requests:
                    run(request)
                figures[what].append((time.thread_time() - began) / len(requests) * 1e6)
        mine, other = (statistics.median(figures[what]) for what in ("ours", "theirs"))
        spread = f"{min(figures['ours']):.0f} to {max(figures['ours']):.0f}"
        print(f"{name:<20}{mine:>9.0f}{other:>9.0f}{other / mine:>13.2f}{spread:>20}")


if __name__ == "__main__":
    main()
