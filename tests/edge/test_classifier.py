"""The classifier on the request path, over sockets, with models that know a few words (`tests.classify.fakes`)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.classify.fakes import FakeStage, cascade
from tests.edge.test_handler import JSON, Model, chat, post
from waf import shipped
from waf.classify.load import Report
from waf.classify.scorer import Scorer
from waf.classify.types import Cascade
from waf.config import load
from waf.errors import ModelError, Problem
from waf.inference import Classifier, RouteClassifier, Thresholds
from waf.settings import Route

PACK = str(shipped.path("rules/llm/classifier.yaml"))


class Models:
    """What `load_scorer` is to the service, with a fake cascade that a test can exchange."""

    def __init__(self, made: Cascade | None = None) -> None:
        self.cascade = made or cascade()
        self.broken = False
        self.made: list[Scorer] = []

    def __call__(self, settings: Classifier, secret: bytes, report: Report) -> Scorer | None:
        if self.broken:
            raise ModelError([Problem("gate.onnx", 0, 0, "is broken")])
        if not settings.enabled:
            return None
        self.made.append(
            Scorer(self.cascade, secret, budget=settings.characters, views=lambda text: [text], report=report)
        )
        return self.made[-1]

    @property
    def gate(self) -> FakeStage:
        assert isinstance(self.cascade.gate, FakeStage)
        return self.cascade.gate

    @property
    def deep(self) -> FakeStage:
        assert isinstance(self.cascade.deep, FakeStage)
        return self.cascade.deep


@pytest.fixture
def classified(front: Any, tmp_path: Any) -> Any:
    def make(port: int, models: Models, **settings: Any) -> Any:
        packs = [str(tmp_path / "pack.yaml"), PACK]
        return front(port, models, **{"rules__packs": packs, "classifier__enabled": True, **settings})

    return make


async def ready(event: Any) -> None:
    assert await asyncio.to_thread(event.wait, 10)


def test_a_chat_is_scored_and_the_event_tells(run: Any, scripted: Any, classified: Any) -> None:
    async def main() -> None:
        models = Models()
        model = Model(scripted)
        async with scripted(model) as server, classified(server.port, models) as waf:
            assert (await waf.ask(post(chat("a friendly text"), JSON))).status == 200
            blocked = await waf.ask(post(chat("an attack on you"), JSON))
            assert blocked.status == 403
            assert "messages[0]" in blocked.json()["error"]["message"]
            assert (await waf.ask(post(chat("maybe this and that"), JSON))).status == 200
            assert (await waf.ask(post(chat("maybe this and really"), JSON))).status == 403
            assert len(model.seen) == 2
            fine, attack, maybe, really = await waf.events(4)
            assert fine["ml"]["scored"] == 1
            assert fine["ml"]["models"] == {"gate": "a" * 12, "deep": "b" * 12}
            assert "classify" in fine["us"]
            assert (attack["reason"], [r["id"] for r in attack["rules"]]) == ("rule", [1520010])
            assert attack["rules"][0]["origin"] == "json:$.messages[0].content"
            [surface] = attack["ml"]["surfaces"]
            assert (surface["surface"], surface["flagged"], surface["injection"]) == ("user", True, 0.97)
            assert (maybe["ml"]["deep"], maybe["action"]) == (1, "allow")
            assert (really["ml"]["deep"], really["action"]) == (1, "block")
            assert models.gate.threads == {"waf-gate"}
            text = waf.service.metrics.render().decode()
            assert 'waf_ml_score_count{model="gate"} 2.0' in text
            assert 'waf_ml_score_count{model="deep"} 2.0' in text
            assert 'waf_ml_cache_total{result="miss"} 4.0' in text
            assert 'waf_stage_seconds_count{stage="classify"} 4.0' in text

    run(main())


def test_sixty_four_chats_at_once_go_in_batches(run: Any, scripted: Any, classified: Any, until: Any) -> None:
    async def main() -> None:
        models = Models()
        async with scripted(Model(scripted)) as server, classified(server.port, models) as waf:
            models.gate.hold.clear()
            first = asyncio.create_task(waf.ask(post(chat("the very first"), JSON)))
            await ready(models.gate.started)
            words = ["attack" if i % 4 == 0 else "maybe" if i % 4 == 1 else "friend" for i in range(64)]
            asked = [asyncio.create_task(waf.ask(post(chat(f"{w} number {i}"), JSON))) for i, w in enumerate(words)]
            await until(lambda: waf.service._batcher.under_way >= 65)
            models.gate.hold.set()
            answers = await asyncio.gather(*asked)
            assert [a.status for a in answers] == [403 if w == "attack" else 200 for w in words]
            assert (await first).status == 200
            assert models.gate.runs == [1, 64]
            assert sum(models.deep.runs) == 16

    run(main())


def test_what_the_rules_block_is_not_scored(run: Any, scripted: Any, classified: Any) -> None:
    async def main() -> None:
        models = Models()
        async with scripted(Model(scripted)) as server, classified(server.port, models) as waf:
            assert (await waf.ask(post(chat("something evil to say"), JSON))).status == 403
            [event] = await waf.events(1)
            assert "ml" not in event
            assert models.gate.texts == []

    run(main())


def test_the_same_text_is_scored_once(run: Any, scripted: Any, classified: Any) -> None:
    async def main() -> None:
        models = Models()
        async with scripted(Model(scripted)) as server, classified(server.port, models) as waf:
            for _ in range(3):
                assert (await waf.ask(post(chat("a friendly text"), JSON))).status == 200
            assert models.gate.texts == ["a friendly text"]

    run(main())


@pytest.mark.parametrize(("unscored", "status"), [("block", 403), ("tag", 200)])
def test_past_the_deadline(run: Any, scripted: Any, classified: Any, unscored: str, status: int) -> None:
    async def main() -> None:
        models = Models()
        model = Model(scripted)
        settings = {"classifier__deadline": 0.03, "classifier__unscored": unscored}
        async with scripted(model) as server, classified(server.port, models, **settings) as waf:
            models.gate.hold.clear()
            assert (await waf.ask(post(chat("a friendly text"), JSON))).status == status
            [event] = await waf.events(1)
            assert event["ml"] == {"scored": 0, "models": event["ml"]["models"], "surfaces": [], "missing": 1}
            assert 1520060 in [rule["id"] for rule in event["rules"]]
            assert "attack.dos" in event["tags"]
            assert (status == 403) is (1520070 in [rule["id"] for rule in event["rules"]])
            assert 'waf_unscored_total{reason="deadline"} 1.0' in waf.service.metrics.render().decode()
            models.gate.hold.set()

    run(main())


@pytest.mark.parametrize(("text", "status"), [("maybe it is", 403), ("hardly that", 200)])
def test_when_the_deep_stage_is_late_the_gate_decides(
    run: Any, scripted: Any, classified: Any, text: str, status: int
) -> None:
    async def main() -> None:
        models = Models()
        async with (
            scripted(Model(scripted)) as server,
            classified(server.port, models, classifier__deadline=0.5) as waf,
        ):
            models.deep.hold.clear()
            assert (await waf.ask(post(chat(text), JSON))).status == status
            [event] = await waf.events(1)
            assert event["ml"]["degraded"] == 1
            assert 1520050 in [rule["id"] for rule in event["rules"]]
            models.deep.hold.set()

    run(main())


def test_a_client_that_hangs_up_leaves_the_queue(run: Any, scripted: Any, classified: Any, until: Any) -> None:
    async def main() -> None:
        models = Models()
        async with scripted(Model(scripted)) as server, classified(server.port, models) as waf:
            models.gate.hold.clear()
            first = asyncio.create_task(waf.ask(post(chat("the very first"), JSON)))
            await ready(models.gate.started)
            gone = await waf.wire(post(chat("never read by anybody"), JSON))
            await until(lambda: waf.service._batcher.under_way >= 2)
            gone.close()
            await until(lambda: waf.service._batcher.under_way != 2)
            models.gate.hold.set()
            assert (await first).status == 200
            events = {event["outcome"] for event in await waf.events(2)}
            assert events == {"ok", "client_closed"}
            assert models.gate.texts == ["the very first"]

    run(main())


def test_a_long_body_is_read_and_scored_beside_the_loop(run: Any, scripted: Any, classified: Any) -> None:
    async def main() -> None:
        models = Models(cascade(budget=99_999))
        async with scripted(Model(scripted)) as server, classified(server.port, models) as waf:
            long = "".join(f"{i:07d} " for i in range(25_000))
            assert (await waf.ask(post(chat(long), JSON))).status == 200
            assert (await waf.ask(post(chat(long + "attack"), JSON))).status == 403
            fine, attack = await waf.events(2)
            assert fine["ml"]["scored"] == attack["ml"]["scored"] == 13
            assert len(models.gate.texts) == 14, "all but the last block were remembered"

    run(main())


@pytest.mark.parametrize(("policy", "status"), [("block", 403), ("tag", 200)])
def test_more_than_is_read(run: Any, scripted: Any, classified: Any, policy: str, status: int) -> None:
    async def main() -> None:
        settings = {"classifier__characters": 1024, "classifier__over_budget": policy}
        async with scripted(Model(scripted)) as server, classified(server.port, Models(), **settings) as waf:
            assert (await waf.ask(post(chat("word " * 300), JSON))).status == status
            [event] = await waf.events(1)
            assert event["ml"]["over_budget"] == 1
            assert 1520040 in [rule["id"] for rule in event["rules"]]

    run(main())


def test_routes_have_modes_and_thresholds_of_their_own(run: Any, scripted: Any, classified: Any) -> None:
    async def main() -> None:
        models = Models()
        model = Model(scripted)
        async with scripted(model) as server:
            waf = classified(server.port, models)
            routes = (
                Route("watch", "/v1/*", classifier=RouteClassifier(mode="monitor")),
                Route("off", "/off/*", protocol="openai", classifier=RouteClassifier(mode="off")),
                Route("lax", "/lax/*", protocol="openai", classifier=RouteClassifier(thresholds=Thresholds(user=0.99))),
            )
            plain = waf.service._load

            def with_routes() -> Any:
                from dataclasses import replace

                return replace(plain(), routes=routes)

            waf.service._load = with_routes
            async with waf:
                for path in (b"/v1/chat/completions", b"/off/chat", b"/lax/chat"):
                    assert (await waf.ask(post(chat("an attack on you"), JSON, path=path))).status == 200
                assert (await waf.ask(post(chat("an attack on you"), JSON, path=b"/elsewhere"))).status == 403
                watch, off, lax, elsewhere = await waf.events(4)
                assert (watch["action"], watch["would_block"], watch["rules"][0]["mode"]) == ("tag", True, "monitor")
                assert watch["ml"]["surfaces"][0]["flagged"]
                assert "ml" not in off
                assert (lax["action"], "flagged" in lax["ml"]["surfaces"][0]) == ("allow", False)
                assert elsewhere["ml"]["surfaces"][0]["surface"] == "field"

    run(main())


def test_monitor_mode_of_the_classifier_leaves_the_rules_alone(run: Any, scripted: Any, classified: Any) -> None:
    async def main() -> None:
        async with (
            scripted(Model(scripted)) as server,
            classified(server.port, Models(), classifier__mode="monitor") as waf,
        ):
            assert (await waf.ask(post(chat("an attack on you"), JSON))).status == 200
            assert (await waf.ask(post(chat("something evil to say"), JSON))).status == 403
            first, second = await waf.events(2)
            assert (first["would_block"], first["score"], first["shadow"]) == (True, 0, 5)
            assert second["action"] == "block"

    run(main())


def test_tool_arguments_tag_unless_the_route_enforces_them(run: Any, scripted: Any, classified: Any) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "sh", "arguments": '{"c": "attack the machine"}'}}
    body = json.dumps({"model": "m", "messages": [{"role": "assistant", "tool_calls": [call]}]}).encode()

    async def main() -> None:
        models = Models()
        async with scripted(Model(scripted)) as server:
            waf = classified(server.port, models)
            plain = waf.service._load

            def enforced() -> Any:
                from dataclasses import replace

                return replace(plain(), routes=(Route("strict", "/v1/chat/*", tool_args="enforce"),))

            async with waf:
                assert (await waf.ask(post(body, JSON))).status == 200
                waf.service._load = enforced
                assert await waf.service.reload()
                assert (await waf.ask(post(body, JSON))).status == 403
                tagged, blocked = await waf.events(2)
                assert (tagged["action"], tagged["would_block"], tagged["score"]) == ("tag", False, 0)
                assert blocked["rules"][0]["bucket"] == "ml.flagged.injection.tool_args"

    run(main())


def test_a_reload_changes_the_models_and_a_bad_one_changes_nothing(
    run: Any, scripted: Any, classified: Any, until: Any
) -> None:
    async def main() -> None:
        models = Models()
        async with scripted(Model(scripted)) as server, classified(server.port, models) as waf:
            assert (await waf.ask(post(chat("an attack on you"), JSON))).status == 403
            old = models.gate
            old.hold.clear()
            old.started.clear()
            during = asyncio.create_task(waf.ask(post(chat("attack during the reload"), JSON)))
            await ready(old.started)
            models.cascade = cascade()
            models.gate.table, models.gate.sha256 = {}, "c" * 64
            assert await waf.service.reload()
            after = asyncio.create_task(waf.ask(post(chat("an attack on you"), JSON)))
            await until(lambda: waf.service._batcher.under_way >= 2)
            old.hold.set()
            assert (await during).status == 403, "what began with the old models is finished by them"
            assert (await after).status == 200
            models.broken = True
            assert not await waf.service.reload()
            assert (await waf.ask(post(chat("another attack on you"), JSON))).status == 200
            *_, last = await waf.events(4)
            assert last["ml"]["models"]["gate"] == "c" * 12
            models.broken = False
            waf.settings["classifier.enabled"] = False
            assert await waf.service.reload()
            assert waf.service._handler.runtime.engine.scorer is None
            assert (await waf.ask(post(chat("attack"), JSON))).status == 200

    run(main())


def test_models_that_cannot_be_loaded_stop_the_start(run: Any, classified: Any) -> None:
    async def main() -> None:
        models = Models()
        models.broken = True
        with pytest.raises(ModelError, match="is broken"):
            async with classified(9, models):
                raise AssertionError("it started")

    run(main())


def test_a_model_that_fails_is_told_and_blocks(run: Any, scripted: Any, classified: Any, capsys: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, classified(server.port, Models()) as waf:
            assert (await waf.ask(post(chat("a broken text here"), JSON))).status == 403
            [event] = await waf.events(1)
            assert event["ml"]["missing"] == 1
            assert 'waf_unscored_total{reason="gate_error"} 1.0' in waf.service.metrics.render().decode()

    run(main())
    assert "a model failed" in "".join(capsys.readouterr())


def test_messages_of_a_websocket_are_scored(run: Any, scripted: Any, classified: Any) -> None:
    async def main() -> None:
        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            await reader.read()

        def frame(text: bytes) -> bytes:
            return bytes((0x81, 0x80 | len(text))) + b"\0\0\0\0" + text

        models = Models()
        async with scripted(script) as server, classified(server.port, models) as waf:
            wire = await waf.wire(
                b"GET / HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            assert (await wire.head()).startswith(b"HTTP/1.1 101")
            wire.send(frame(b"a friendly message") + frame(b"word " * 5 + b"and an attack"))
            assert (await wire.rest())[2:4] == b"\x03\xf0", "closed with 1008"
            [event] = await waf.events(1)
            assert event["outcome"] == "websocket_blocked"
            assert event["ml"]["surfaces"][0]["surface"] == "field"
            assert len(models.gate.texts) == 2

    run(main())


def test_off_costs_no_thread(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(Model(scripted)) as server, front(server.port) as waf:
            assert (await waf.ask(post(chat("a friendly text"), JSON))).status == 200
            assert waf.service._batcher._gate._thread is None
            [event] = await waf.events(1)
            assert "classify" not in event["us"]

    run(main())


def test_the_configuration_of_the_classifier(tmp_path: Any) -> None:
    file = tmp_path / "waf.yaml"
    file.write_text(
        "classifier: {enabled: true, deadline: 250ms, thresholds: {user: 0.7}}\n"
        "routes: [{path: /v1/*, name: v1, classifier: {mode: monitor, unscored: tag}}]\n"
    )
    config = load(str(file))
    assert config.classifier.deadline == 0.25
    assert config.routes[0].classifier.unscored == "tag"
