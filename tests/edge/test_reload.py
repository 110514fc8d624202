"""Noticing changed files, and replacing rules under running requests."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import weakref
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.edge.front import PACK
from waf.edge.reload import FileWatcher, fingerprint

GET = b"GET /?q=%b HTTP/1.1\r\nHost: api\r\n\r\n"


async def ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def test_fingerprint(tmp_path: Path) -> None:
    file, link, gone = tmp_path / "a", tmp_path / "link", tmp_path / "gone"
    file.write_text("1")
    link.symlink_to(file)
    paths = [file, link, gone]
    first = fingerprint(paths)
    assert first == fingerprint(paths)
    assert first[gone] is None
    other = tmp_path / "b"
    other.write_text("22")
    os.replace(other, file)
    second = fingerprint(paths)
    assert second[file] != first[file]
    assert second[link] != first[link]
    gone.write_text("")
    assert fingerprint(paths)[gone] is not None


class Noticed:
    """A watcher over files, and what it noticed."""

    def __init__(self, *paths: Path) -> None:
        self.paths = paths
        self.calls: asyncio.Queue[None] = asyncio.Queue()
        self.watcher = FileWatcher(lambda: self.paths, self._changed, recheck=0.1)

    async def _changed(self) -> None:
        self.calls.put_nowait(None)

    async def __aenter__(self) -> Noticed:
        self.watcher.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.watcher.stop()


def test_every_way_to_change_a_file_is_noticed(run: Any, tmp_path: Path) -> None:
    async def main() -> None:
        file = tmp_path / "pack.yaml"
        file.write_text("1")
        async with Noticed(file) as noticed:
            file.write_text("22")
            await noticed.calls.get()
            other = tmp_path / "new"
            other.write_text("333")
            os.replace(other, file)
            await noticed.calls.get()
            file.unlink()
            await noticed.calls.get()
            file.write_text("1")
            await noticed.calls.get()

    run(main())


def test_changes_are_noticed_where_the_system_does_not_tell(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_inotify(*_: object, **__: object) -> AsyncIterator[set[object]]:
        raise OSError(24, "Too many open files")
        yield set()

    monkeypatch.setattr("waf.edge.reload.awatch", no_inotify)

    async def main() -> None:
        file = tmp_path / "pack.yaml"
        file.write_text("1")
        async with Noticed(file) as noticed:
            for text in ("22", "333"):
                file.write_text(text)
                async with asyncio.timeout(10):
                    await noticed.calls.get()

    run(main())


def test_a_configmap_is_noticed(run: Any, tmp_path: Path) -> None:
    """Kubernetes mounts a file as a link through `..data`, and replaces that link."""

    async def main() -> None:
        for version in ("v1", "v2"):
            (tmp_path / version).mkdir()
            (tmp_path / version / "pack.yaml").write_text(version)
        data, file = tmp_path / "..data", tmp_path / "pack.yaml"
        data.symlink_to("v1")
        file.symlink_to("..data/pack.yaml")
        async with Noticed(file) as noticed:
            (tmp_path / "..data_tmp").symlink_to("v2")
            os.replace(tmp_path / "..data_tmp", data)
            await noticed.calls.get()

    run(main())


def test_a_new_file_in_a_watched_folder_is_noticed_and_neighbours_are_not(run: Any, tmp_path: Path) -> None:
    async def main() -> None:
        packs = tmp_path / "packs"
        packs.mkdir()
        file = tmp_path / "waf.yaml"
        file.write_text("1")
        async with Noticed(file, packs) as noticed:
            (tmp_path / "events.jsonl").write_text("line\n")
            (packs / "new.yaml").write_text("")
            await noticed.calls.get()
            assert noticed.calls.empty()

    run(main())


def test_other_files_after_a_reload(run: Any, tmp_path: Path) -> None:
    async def main() -> None:
        first, second = tmp_path / "1" / "a", tmp_path / "2" / "b"
        for file in (first, second):
            file.parent.mkdir()
            file.write_text("1")
        async with Noticed(first) as noticed:
            noticed.paths = (second,)
            first.write_text("22")
            await noticed.calls.get()
            second.write_text("22")
            await noticed.calls.get()

    run(main())


def test_new_rules_hold_at_once_and_bad_ones_never(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            pack = tmp_path / "pack.yaml"
            wire = await waf.wire()
            assert (await wire.ask(GET % b"evil")).status == 403
            assert (await wire.ask(GET % b"wicked")).status == 200
            pack.write_text(PACK.replace("contains: evil", "contains: wicked"))
            assert await waf.service.reload()
            assert (await wire.ask(GET % b"evil")).status == 200
            assert (await wire.ask(GET % b"wicked")).status == 403
            pack.write_text(PACK.replace("contains: evil", "contain: evil"))
            assert not await waf.service.reload()
            assert (await wire.ask(GET % b"wicked")).status == 403
            pack.unlink()
            assert not await waf.service.reload()
            assert (await wire.ask(GET % b"wicked")).status == 403
            metrics = waf.service.metrics.render().decode()
            assert 'waf_reloads_total{result="ok"} 1.0' in metrics
            assert 'waf_reloads_total{result="failed"} 2.0' in metrics

    run(main())


def test_a_signal_and_a_changed_file_are_one_reload(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, rules__watch=True) as waf:
            pack = tmp_path / "pack.yaml"
            for text, result in ((PACK.replace("evil", "wicked"), "ok"), ("nonsense", "failed")):
                pack.write_text(text)
                await waf.service.reload()
                await waf.service._files_changed()
                assert f'waf_reloads_total{{result="{result}"}} 1.0' in waf.service.metrics.render().decode()
            pack.write_text(PACK)
            await waf.service._files_changed()
            assert 'waf_reloads_total{result="ok"} 2.0' in waf.service.metrics.render().decode()
            assert (await waf.ask(GET % b"evil")).status == 403

    run(main())


def test_lists_and_keys_are_read_without_the_rules(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    """Rules with a CRS and models take seconds; who revokes a key should not wait for them, nor for a rule that does not load."""

    async def main() -> None:
        pack, denied = tmp_path / "pack.yaml", tmp_path / "denied"
        denied.write_text("")
        settings = {"addresses__deny_files": (str(denied),), "rules__watch": True}
        async with scripted(ok) as server, front(server.port, **settings) as waf:
            service = waf.service
            await service._watcher.stop()
            engine = service._handler.runtime.engine
            denied.write_text("127.0.0.1\n")
            await service._files_changed()
            assert (await waf.ask(GET % b"harmless")).status == 403
            assert service._handler.runtime.engine is engine
            denied.write_text("nonsense\n")
            await service._files_changed()
            assert (await waf.ask(GET % b"harmless")).status == 403
            assert not await service.reload()
            pack.write_text("nonsense")
            assert not await service.reload()
            denied.write_text("# nobody\n")
            await service._files_changed()
            assert (await waf.ask(GET % b"harmless")).status == 200
            pack.write_text(PACK.replace("contains: evil", "contains: wicked"))
            denied.write_text("")
            await service._files_changed()
            assert service._handler.runtime.engine is not engine
            assert (await waf.ask(GET % b"wicked")).status == 403

    run(main())


def test_rules_that_change_while_lists_are_read(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        pack, denied = tmp_path / "pack.yaml", tmp_path / "denied"
        denied.write_text("")
        settings = {"addresses__deny_files": (str(denied),), "rules__watch": True}
        async with scripted(ok) as server, front(server.port, **settings) as waf:
            service = waf.service
            await service._watcher.stop()
            denied.write_text("192.0.2.1")
            around = service._around

            def meanwhile(running: Any) -> Any:
                pack.write_text(PACK.replace("contains: evil", "contains: wicked"))
                return around(running)

            service._around = meanwhile
            await service._files_changed()
            assert (await waf.ask(GET % b"wicked")).status == 200
            await service._files_changed()
            assert (await waf.ask(GET % b"wicked")).status == 403

    run(main())


def test_rules_are_always_loaded_by_the_same_thread(run: Any, scripted: Any, front: Any) -> None:
    """Each thread keeps the memory that a set of rules took there, so with any thread of a pool a firewall would grow."""

    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            service, names, done = waf.service, set(), threading.Event()
            load = service._load

            def recorded() -> Any:
                names.add(threading.current_thread().name)
                return load()

            service._load = recorded
            busy = []
            for _ in range(3):
                busy.append(asyncio.create_task(asyncio.to_thread(done.wait)))
                await asyncio.sleep(0)
                assert await service.reload()
            done.set()
            await asyncio.gather(*busy)
            assert len(names) == 1

    run(main())


def test_the_collector_does_not_look_while_rules_are_loaded(
    run: Any, scripted: Any, front: Any, tmp_path: Path
) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            service, seen = waf.service, []
            load = service._load
            service._load = lambda: seen.append(gc.isenabled()) or load()
            service.settled = lambda: seen.append(gc.isenabled())
            assert await service.reload()
            (tmp_path / "pack.yaml").write_text("nonsense")
            assert not await service.reload()
            assert seen == [False] * 4
            assert gc.isenabled()

    run(main())


def test_many_signals_are_two_reloads(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    """One that may have read the files already, and one that reads what they are after the last signal."""

    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            for _ in range(5):
                waf.service.reload_soon()
            (tmp_path / "pack.yaml").write_text(PACK.replace("contains: evil", "contains: wicked"))
            await waf.service.reloaded()
            assert 'waf_reloads_total{result="ok"} 2.0' in waf.service.metrics.render().decode()
            assert (await waf.ask(GET % b"wicked")).status == 403

    run(main())


def test_settings_change_with_a_reload(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            old = await waf.wire()
            assert (await old.ask(GET % b"evil")).status == 403
            waf.settings["mode"] = "monitor"
            waf.settings["limits.target"] = 256
            waf.settings["listen"] = "127.0.0.1:1"
            assert await waf.service.reload()
            assert (await old.ask(GET % b"evil")).status == 200
            assert (await old.ask(GET % (b"a" * 300))).status == 414
            assert (await waf.ask(GET % (b"a" * 300))).status == 414

    run(main())


def test_folders_of_packs(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    """A file that is added anywhere below a folder, and one that is taken away, count."""

    async def main() -> None:
        below = tmp_path / "packs" / "team"
        below.mkdir(parents=True)
        (below / "one.yaml").write_text(PACK)
        async with (
            scripted(ok) as server,
            front(server.port, rules__watch=True, rules__packs=[str(below.parent)]) as waf,
        ):
            wire = await waf.wire()
            more = (
                PACK.replace("9000001", "9000003")
                .replace("9000002", "9000004")
                .replace("contains: evil", "contains: new")
            )
            (below / "two.yaml").write_text(more.replace("pack: test", "pack: other"))
            while (await wire.ask(GET % b"new")).status != 403:  # noqa: ASYNC110 - what changes it knows nothing of us
                await asyncio.sleep(0.02)
            (below / "one.yaml").unlink()
            while (await wire.ask(GET % b"evil")).status != 200:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    run(main())


def test_what_takes_a_restart_stays(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            waf.settings["upstream.url"] = "http://127.0.0.1:1"
            waf.settings["upstream.preserve_host"] = False
            assert await waf.service.reload()
            assert (await waf.ask(GET % b"fine")).status == 200

    run(main())


def test_a_request_ends_by_the_rules_it_began_with(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        go = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await scripted.request(reader)
            begun.set()
            await go.wait()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        begun = asyncio.Event()
        async with scripted(script) as server, front(server.port) as waf:
            wire = await waf.wire(GET % b"odd")
            await begun.wait()
            waf.settings["mode"] = "off"
            assert await waf.service.reload()
            go.set()
            assert (await wire.answer()).status == 200
            [event] = await waf.events(1)
            assert (event["mode"], event["action"]) == ("enforce", "tag")

    run(main())


def test_a_changed_rule_file_reloads_by_itself(run: Any, scripted: Any, front: Any, tmp_path: Path) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port, rules__watch=True) as waf:
            wire = await waf.wire()
            assert (await wire.ask(GET % b"wicked")).status == 200
            (tmp_path / "pack.yaml").write_text(PACK.replace("contains: evil", "contains: wicked"))
            while (await wire.ask(GET % b"wicked")).status != 403:  # noqa: ASYNC110 - what changes it knows nothing of us
                await asyncio.sleep(0.02)

    run(main())


def test_reloads_while_requests_run(run: Any, scripted: Any, front: Any) -> None:
    """Every answer is right under one ruleset or the other, and none is lost."""

    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            over = False

            async def client(word: bytes, expected: int) -> int:
                wire = await waf.wire()
                count = 0
                while not over:
                    assert (await wire.ask(GET % word)).status == expected
                    count += 1
                return count

            clients = [
                asyncio.ensure_future(client(w, s)) for w, s in ((b"evil", 403), (b"fine", 200)) for _ in range(3)
            ]
            for _ in range(10):
                assert await waf.service.reload()
            over = True
            assert all(await asyncio.gather(*clients))

    run(main())


def test_a_fault_of_ours_in_a_reload_changes_nothing(run: Any, scripted: Any, front: Any) -> None:
    async def main() -> None:
        async with scripted(ok) as server, front(server.port) as waf:
            waf.service._load = lambda: 1 / 0
            assert not await waf.service.reload()
            assert (await waf.ask(GET % b"evil")).status == 403
            assert 'waf_reloads_total{result="failed"} 1.0' in waf.service.metrics.render().decode()

    run(main())


async def fails(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers as the path says: not at all, half, what is no HTTP, or well."""
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/half" in head:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\nhalf")
        elif b"/nonsense" in head:
            writer.write(b"nonsense\r\n\r\n")
        elif b"/nothing" not in head:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            continue
        writer.close()
        return


JSON = b"POST /api HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /nothing HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET /half HTTP/1.1\r\nHost: api\r\n\r\n",
        b"GET /nonsense HTTP/1.1\r\nHost: api\r\n\r\n",
        GET % b"evil",
        JSON % (8, b'{"a": 1,'),
        JSON % (40, b"[" * 40),
        b"POST /x HTTP/1.1\r\nHost: api\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        b"POST /x HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: api\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_what_goes_wrong_keeps_nothing(run: Any, scripted: Any, front: Any, request_: bytes) -> None:
    """`waf serve` sets apart what start-up and reloads leave, where the collector does not look: a set of rules that an exception
    still holds by its frames, and all that comes with it, would stay for good."""

    async def main() -> None:
        async with scripted(fails) as server, front(server.port) as waf:
            old = weakref.ref(waf.service._handler.runtime.engine)
            gc.collect()
            gc.disable()
            try:
                for _ in range(3):
                    with suppress(asyncio.IncompleteReadError):  # half an answer
                        await waf.ask(request_)
                assert (await waf.ask(GET % b"harmless")).status == 200
                assert await waf.service.reload()
                gc.disable()
                assert (await waf.ask(GET % b"harmless")).status == 200
                await asyncio.sleep(0)
                assert old() is None
            finally:
                gc.enable()

    run(main())
