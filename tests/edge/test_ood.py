"""Inputs out of distribution on the request path, over sockets."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.classify.fakes import cascade
from tests.classify.ood import small
from tests.edge.test_classifier import Models
from tests.edge.test_handler import JSON, Model, chat, post
from waf import shipped
from waf.classify.ood.detector import Detector
from waf.edge.reload import watched
from waf.errors import ModelError, Problem

PACKS = [str(shipped.path(f"rules/{name}.yaml")) for name in ("ml/ood", "llm/classifier")]
PLACE = b"/v1/models/nums:predict"
USUAL = [10.0, 10.1, 9.9, 10.0]
ODD = [10.0, 10.0, 10.0, 40.0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made")
    small.detector(made / "nums", small.numbers(300))
    small.detector(made / "words", small.sentences(200))
    return made


@pytest.fixture
def judged(front: Any, tmp_path: Path, folder: Path) -> Any:
    def make(port: int, models: Models | None = None, mode: str = "enforce", **settings: Any) -> Any:
        for name in ("nums", "words"):
            shutil.copytree(folder / name, tmp_path / name, dirs_exist_ok=True)
        routes = [
            {"name": "nums", "path": "/v1/models/nums*", "ood": {"artefact": str(tmp_path / "nums"), "mode": mode}},
            {"name": "words", "path": "/v1/chat/*", "ood": {"artefact": str(tmp_path / "words"), "mode": mode}},
        ]
        packs = [str(tmp_path / "pack.yaml"), *PACKS]
        more = {"classifier__enabled": True} if models is not None else {}
        given = (models,) if models is not None else ()
        return front(port, *given, **{"rules__packs": packs, "routes": routes, **more, **settings})

    return make


def rows(*values: Any) -> bytes:
    return post(json.dumps({"instances": list(values)}).encode(), JSON, path=PLACE)


def test_rows_and_texts_are_judged_without_a_classifier(run: Any, scripted: Any, judged: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, judged(server.port) as waf:
            assert (await waf.ask(rows(USUAL))).status == 200
            assert (await waf.ask(rows(USUAL, ODD))).status == 403
            assert (await waf.ask(rows(*[USUAL] * 100))).status == 200
            assert (await waf.ask(post(chat("the order arrived slow but the team answered"), JSON))).status == 200
            assert (await waf.ask(post(chat("\u4e2d\u6587 ' UNION SELECT \u4e2d\u6587"), JSON))).status == 403
            assert (await waf.ask(post(b'{"other": 1}', JSON, path=PLACE))).status == 403
            fine, odd, many, text, strange, other = await waf.events(6)
            assert fine["ml"]["ood"]["judged"] == 1
            assert fine["ml"]["ood"]["p"] > 0.05
            assert (odd["ml"]["ood"]["flagged"], odd["ml"]["ood"]["origin"]) == (True, "json:$.instances[1]")
            assert [rule["id"] for rule in odd["rules"]] == [1205010]
            assert "ood" in odd["ml"]["models"]
            assert many["ml"]["ood"]["judged"] == 100
            assert "ood" in text["us"]
            assert (strange["action"], other["action"]) == ("block", "block")
            metrics = waf.service.metrics.render().decode()
            assert 'waf_ood_inputs_total{result="usual",route="nums"} 102.0' in metrics
            assert 'waf_ood_inputs_total{result="flagged",route="nums"} 2.0' in metrics
            assert 'waf_ml_score_count{model="ood:words"} 2.0' in metrics

    run(main())


def test_monitored(run: Any, scripted: Any, judged: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, judged(server.port, mode="monitor") as waf:
            assert (await waf.ask(rows(ODD))).status == 200
            [event] = await waf.events(1)
            assert (event["action"], event["would_block"], event["rules"][0]["mode"]) == ("tag", True, "monitor")

    run(main())


def test_beside_a_classifier_that_is_monitored(run: Any, scripted: Any, judged: Any) -> None:
    async def main() -> None:
        models = Models(cascade())
        async with scripted(Model(scripted)) as server, judged(server.port, models, classifier__mode="monitor") as waf:
            assert (await waf.ask(post(chat("the order arrived with an attack"), JSON))).status in (200, 403)
            assert (await waf.ask(post(chat("attack \u4e2d\u6587 \u4e2d\u6587 \u4e2d\u6587"), JSON))).status == 403
            _, event = await waf.events(2)
            modes = {rule["id"]: rule["mode"] for rule in event["rules"]}
            assert modes == {1205010: "enforce", 1520010: "monitor"}
            assert event["ml"]["scored"] == 1

    run(main())


@pytest.mark.parametrize(("unscored", "status"), [("block", 403), ("tag", 200)])
@pytest.mark.parametrize("trouble", ["error", "late", "full"])
def test_what_is_not_judged(
    run: Any, scripted: Any, judged: Any, monkeypatch: pytest.MonkeyPatch, trouble: str, unscored: str, status: int
) -> None:
    answered = threading.Event()

    def broken(self: Detector, inputs: Any) -> Any:
        if trouble == "error":
            raise ModelError([Problem("score.onnx", 0, 0, "failed")])
        answered.wait(10)
        raise ModelError([Problem("score.onnx", 0, 0, "late")])

    async def main() -> None:
        given = {"classifier__unscored": unscored, "classifier__deadline": 0.02, "classifier__queue": 1}
        async with scripted(Model(scripted)) as server, judged(server.port, **given) as waf:
            monkeypatch.setattr(Detector, "judge", broken)
            if trouble == "full":
                waf.service._handler._inspector._ood._waiting = 1
            assert (await waf.ask(rows(*[USUAL] * 40))).status == status
            answered.set()
            [event] = await waf.events(1)
            assert event["ml"]["ood"]["missing"] == 40
            reason = {"error": "ood_error", "late": "ood_deadline", "full": "ood_queue_full"}[trouble]
            metrics = waf.service.metrics.render().decode()
            assert f'waf_unscored_total{{reason="{reason}"}} 1.0' in metrics
            assert 'waf_ood_inputs_total{result="missing",route="nums"} 40.0' in metrics

    run(main())


def test_drift_is_shown_and_said(run: Any, scripted: Any, judged: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, judged(server.port, mode="monitor") as waf:
            assert (await waf.ask(rows(*[ODD] * 256))).status == 200
            metrics = waf.service.metrics.render().decode()
            [line] = [line for line in metrics.splitlines() if line.startswith('waf_ood_drift{route="nums"}')]
            assert float(line.split()[1]) >= 4

    run(main())


def test_a_calibration_that_changes_is_read_again(run: Any, scripted: Any, judged: Any, tmp_path: Path) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, judged(server.port) as waf:
            assert (await waf.ask(rows(ODD))).status == 403
            await asyncio.to_thread(
                small.detector, tmp_path / "nums", [[*row[:3], row[3] * 4] for row in small.numbers(300)]
            )
            assert await waf.service.reload()
            assert (await waf.ask(rows(ODD))).status == 200
            (tmp_path / "nums" / "score.onnx").write_bytes(b"damaged")
            assert not await waf.service.reload()
            assert (await waf.ask(rows(ODD))).status == 200

    run(main())


def test_its_files_are_watched(run: Any, scripted: Any, judged: Any, tmp_path: Path) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, judged(server.port, rules__watch=True) as waf:
            files = set(watched(waf.service._handler.runtime, None))
            assert {tmp_path / "nums" / "ood.json", tmp_path / "words" / "counts.npy"} <= files

    run(main())
