"""References of texts and what is strange to them, for `benchmarks.ood`: the documentation of installed packages."""

from __future__ import annotations

import base64
import inspect
import re
from collections.abc import Callable
from importlib import import_module
from typing import Final

import numpy as np

from benchmarks.ood_sets import Set

CODE: Final = re.compile(r"^(>>>|\.\.\.|\s*[-=~]+$|Parameters|Returns|Examples|Notes|\s*$)")


def sentences(*packages: str) -> list[str]:
    """Of the documentation in packages: paragraphs of 30 to 400 characters, in order, each once."""
    found: dict[str, None] = {}
    for package in packages:
        try:
            module = import_module(package)
        except ImportError:
            continue
        for name in sorted(dir(module)):
            one = getattr(module, name)
            texts = (
                [inspect.getdoc(one) or "", *(inspect.getdoc(getattr(one, n, None)) or "" for n in sorted(vars(one)))]
                if inspect.isclass(one)
                else [inspect.getdoc(one) or ""]
            )
            for paragraph in (part for text in texts for part in text.split("\n\n")):
                line = " ".join(paragraph.split())
                if 30 <= len(line) <= 400 and not CODE.match(paragraph):
                    found[line] = None
    return list(found)


def textual(name: str, usual: list[str], near: dict[str, list[str]]) -> Set:
    """With the strange texts that can be made of any."""
    draw = np.random.default_rng(4)
    order = draw.permutation(len(usual))
    usual = [usual[int(i)] for i in order]
    at = len(usual) * 7 // 10
    fresh = usual[at:][:500]
    kinds: dict[str, Callable[[str], str]] = {
        "base64": lambda t: base64.b64encode(t.encode()).decode(),
        "shuffled words": lambda t: " ".join(draw.permutation(t.split())),
        "any characters": lambda t: "".join(map(chr, draw.integers(33, 127, len(t)))),
        "repeated": lambda t: " ".join([t.split()[0]] * len(t.split())),
        "leet": lambda t: t.translate(str.maketrans("aeiost", "431057")),
    }
    odd = {kind: [make(text) for text in fresh[:200] if len(text.split()) > 3] for kind, make in kinds.items()}
    return Set(name, usual[:at], fresh, odd | {f"near: {kind}": texts[:300] for kind, texts in near.items()})


def documentation() -> list[Set]:
    numpy_docs = sentences("numpy", "numpy.linalg", "numpy.fft", "numpy.random", "numpy.ma")
    web = sentences("aiohttp", "aiohttp.web", "click", "asyncio", "http.client", "urllib.request", "ssl", "socket")
    return [textual("documentation of numpy", numpy_docs, {"documentation of web packages": web})]
