"""Ordinary short texts of an agent's day pass the shipped classifier: what tools answer and what people say in between.

`tests/corpus/short_benign.jsonl` holds `text` and `surface`; none of them trained anything.
"""

from __future__ import annotations

import json
from pathlib import Path

from waf.classify.load import load_cascade
from waf.classify.offline import score
from waf.classify.types import SURFACES
from waf.inference import Classifier

CORPUS = Path(__file__).parents[1] / "corpus"
ROWS = [json.loads(line) for line in (CORPUS / "short_benign.jsonl").read_text("utf-8").splitlines()]
MOST_FLAGGED = 0.03


def test_few_short_texts_are_flagged() -> None:
    cascade = load_cascade(Classifier(enabled=True))
    scored = score(cascade, [row["text"] for row in ROWS], [SURFACES.index(row["surface"]) for row in ROWS])
    flagged = [
        row["text"]
        for row, value in zip(ROWS, scored.highest, strict=True)
        if value >= cascade.thresholds[row["surface"]]
    ]
    assert len(ROWS) >= 150
    assert len(flagged) <= MOST_FLAGGED * len(ROWS), flagged
