"""Feeds mutated bytes to every parser, transform and codec; anything but a declared error is a finding.

    python benchmarks/fuzz.py [--minutes 2] [--target body] [--engine mutate|atheris]

`mutate` needs nothing and shares the time among the targets. `atheris` is guided by coverage and runs one target at a time
(pip install atheris). A finding is saved in benchmarks/out/findings/, its traceback is printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

OUT = Path("benchmarks/out/findings")
LONGEST = 8192
WORDS = (
    *(b"{ } [ ] \" ' , : null true NaN 1e999 -0 \\u0000 \\ud800 \\u0027 %00 %25 %u0041 &#x41; &lt; < > </ <! -- /* */ ;".split()),
    b"\x00", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf3\xa0\x81\x81", b"\r\n", b"\n", b"\r\n\r\n", b" ", b"\t",
    b"--b", b"--b--", b"filename*=utf-8''%e2%82%ac", b"Content-Length: 1", b"Transfer-Encoding: chunked", b"role", b"content",
    b"&a=", b"=", b"/../", b"${", b"{{", b"0" * 40, b"A" * 200, b"\x1f\x8b", b"\x28\xb5\x2f\xfd",
)  # fmt: skip


def mutate(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """One to six changes: flip, cut, repeat, insert a word, splice."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(out) + 1)
        end = min(len(out), at + rng.choice((1, 2, 4, 16, 64)))
        choice = rng.random()
        if choice < 0.25 and at < len(out):
            out[at] = rng.randrange(256)
        elif choice < 0.45:
            out[at:at] = rng.choice(WORDS)
        elif choice < 0.6:
            del out[at:end]
        elif choice < 0.75:
            out[at:end] = out[at:end] * rng.choice((2, 3, 8))
        elif choice < 0.9:
            out[at:end] = rng.choice(WORDS)
        else:
            other = rng.choice(others)
            start = rng.randrange(len(other) + 1)
            out[at:] = other[start:]
    return bytes(out[:LONGEST])


def save(name: str, data: bytes) -> Path:
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path


def run_mutate(names: Sequence[str], minutes: float, seed: int) -> int:
    """Round robin over the targets until their processor time is used up. Returns the number of findings."""
    from fuzz_targets import TARGETS, seeds

    rng = random.Random(seed)
    corpora = {name: seeds(name) for name in names}
    counts, found = dict.fromkeys(names, 0), 0
    seen: set[str] = set()
    share = minutes * 60 / len(names)
    for name in names:
        until = time.process_time() + share
        target, corpus = TARGETS[name], corpora[name]
        while time.process_time() < until:
            data = mutate(rng, rng.choice(corpus), corpus)
            counts[name] += 1
            try:
                target(data)
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                if (key := f"{name}:{type(error).__name__}:{where.filename}:{where.lineno}") in seen:
                    continue
                seen.add(key)
                found += 1
                print(f"finding in {name}: {save(name, data)}", flush=True)
                traceback.print_exc()
        print(f"{name}: {counts[name]} inputs in {share:.0f} s of processor time, {found} findings so far", flush=True)
    total = sum(counts.values())
    print(f"{minutes:g} minutes of processor time, {total} inputs: " + ", ".join(f"{n} {c}" for n, c in counts.items()))
    print(f"{found} findings")
    return found


def run_atheris(name: str, minutes: float) -> None:
    """Hands the process to libFuzzer, which ends it: exit code 0 when the time is up, else the input is in OUT."""
    import atheris

    with atheris.instrument_imports(include=["waf"]):
        from fuzz_targets import TARGETS, seeds
    OUT.mkdir(parents=True, exist_ok=True)
    corpus = OUT.parent / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(data)
    options = [
        f"-max_total_time={int(minutes * 60)}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={OUT}/{name}-",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[name])
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=2.0, help="of processor time, for all targets together")
    parser.add_argument("--target", action="append", help="only this one; again for several")
    parser.add_argument("--engine", choices=("mutate", "atheris"), default="mutate")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.engine == "atheris":
        if not given.target or len(given.target) != 1:
            parser.error("atheris runs one --target at a time")
        run_atheris(given.target[0], given.minutes)
        return 0
    from fuzz_targets import TARGETS

    names = given.target or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    return 1 if run_mutate(names, given.minutes, given.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
