"""The shipped web-attack head, and folders that are not as they should be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from waf import shipped
from waf.classify.web import head
from waf.classify.web.head import WebHead
from waf.classify.web.values import SURFACES, Value
from waf.errors import ModelError
from waf.model import Field

FOLDER = shipped.path("classifiers/models/web")
ATTACKS = [
    "1' or '1'='1",
    "-1 union all select null,version(),null-- -",
    "<img src=x onerror=alert(1)>",
    "../../../../etc/passwd",
    "x; cat /etc/passwd",
    "${jndi:ldap://a.example/x}",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{{config.__class__.__init__.__globals__}}",
]
HARMLESS = [
    "O'Brien",
    "Rue de l'Église 5",
    "How do I select a row from a table, or drop one?",
    "<p>Hello <b>world</b></p>",
    "2+2=4",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "https://www.shop.example/a?b=c&d=e",
]


@pytest.fixture(scope="module")
def model() -> WebHead:
    return WebHead(FOLDER)


def test_its_files_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2 << 20


def test_attacks_score_higher_than_what_looks_like_them(model: WebHead) -> None:
    scores = [
        found.probability or 0.0
        for texts in (ATTACKS, HARMLESS)
        for found in model.score([Value(text, "query", "") for text in texts])[0]
    ]
    assert min(scores[: len(ATTACKS)]) > 0.9
    assert max(scores[len(ATTACKS) :]) < min(scores[: len(ATTACKS)])


def test_a_score_does_not_depend_on_what_is_scored_beside_it(model: WebHead) -> None:
    texts = [*ATTACKS, "x" * 5000, *HARMLESS, "a' " * 400]
    together, whole = model.logits(texts)
    assert whole
    assert np.allclose(together, [model.logits([text])[0][0] for text in texts], atol=1e-4)


@pytest.mark.parametrize("before", ["odd", "item", "smith", "blue dress", "books about paris", "12"])
@pytest.mark.parametrize(
    "payload",
    ["' union select password from users-- -", "' or 1=1--", '"><script>alert(1)</script>', ";cat /etc/passwd"],
)
def test_a_word_before_a_payload_does_not_hide_it(model: WebHead, before: str, payload: str) -> None:
    (found,), _ = model.score([Value(before + payload, "query", "")])
    assert (found.probability or 0) > 0.8


@pytest.mark.parametrize(
    "text",
    [
        '{"id":"abc","created":17171}',
        "https://shop.example/?q=blue%20dress&p=1",
        "a || b && c",
        '{"x": "new Passage()"}',
        "ask / went / 48 / last",
        '<li class="x"><a href="/a">b</a></li>',
    ],
)
def test_what_only_looks_odd(model: WebHead, text: str) -> None:
    (found,), _ = model.score([Value(text, "query", "")])
    assert (found.probability or 0) < 0.95


def test_a_payload_in_a_long_text_is_found(model: WebHead) -> None:
    prose = "We went to the market and bought some bread. " * 60
    assert (
        model.logits([prose + "' union select password from users-- " + prose])[0][0] > model.logits([prose])[0][0] + 3
    )


def fields(**values: str) -> dict[str, list[Field]]:
    return {"args.get": [Field("args.get", name, value, f"query:{name}") for name, value in values.items()]}


def test_the_highest_on_each_surface(model: WebHead) -> None:
    found = model.judge(fields(a="O'Brien", b=ATTACKS[1]) | {"headers": [Field("headers", "x-a", "a'b", "header:x-a")]})
    assert [(each.surface, each.origin) for each in found.surfaces] == [("query", "query:b"), ("header", "header:x-a")]
    assert found.scored == 3
    assert found.highest == max(each.value for each in found.surfaces)
    assert found.model == model.sha256
    assert not found.unread


def test_nothing_worth_scoring(model: WebHead) -> None:
    found = model.judge(fields(a="plain"))
    assert found.highest is None
    assert found.scored == 0


def test_a_budget_that_ends_is_said_and_rules_say_what_is_read_first(model: WebHead) -> None:
    many = {f"p{i}": f"word{i} word' = word; " * 400 for i in range(12)}
    found = model.judge(fields(**many, last=ATTACKS[0]))
    assert found.unread
    assert all(each.origin != "query:last" for each in found.surfaces)
    first = model.judge(fields(**many, last=ATTACKS[0]), frozenset(["query:last"]))
    assert (model.score([Value(ATTACKS[0], "query", "")])[0][0].probability or 0) <= (first.highest or 0)


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    shutil.copytree(FOLDER, folder)
    manifest = json.loads((folder / head.MANIFEST).read_text())
    change(manifest)
    (folder / head.MANIFEST).write_text(json.dumps(manifest))
    return folder


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(format=9), "format is 9"),
        (lambda m: m.update(sha256="0" * 64), "has SHA-256"),
        (lambda m: m.update(more=1), "is no manifest of a web-attack head"),
        (lambda m: m["surfaces"].pop("path"), "surfaces are"),
        (lambda m: m["surfaces"]["path"].update(scale=-1), "surfaces.path is no calibration"),
    ],
)
def test_a_manifest_that_does_not_fit(tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str) -> None:
    with pytest.raises(ModelError, match=message):
        WebHead(changed(tmp_path / "m", change))


def test_a_folder_without_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        WebHead(tmp_path)


def test_a_manifest_that_is_too_large(tmp_path: Path) -> None:
    (tmp_path / head.MANIFEST).write_bytes(b" " * (head.MAX_JSON + 1))
    with pytest.raises(ModelError, match="is larger than"):
        WebHead(tmp_path)


def test_a_model_that_gives_no_number(model: WebHead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model._model, "run", lambda feeds: {"logits": np.array([np.nan], np.float32)})
    with pytest.raises(ModelError, match="no number"):
        model.logits(["x"])


def test_every_surface_has_its_threshold(model: WebHead) -> None:
    assert all(0.5 < model.threshold(surface) <= 1.001 for surface in SURFACES)
