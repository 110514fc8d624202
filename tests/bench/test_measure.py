"""The harness against real processes: short, so that only what must be true of any run is asserted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from waf import child
from waf.bench import measure, target
from waf.bench.material import Material
from waf.bench.target import TargetError
from waf.cli.bench import bench
from waf.shipped import path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> measure.Run:
    plan = measure.Plan(mixes=("chat_1k5", "attack"), repetitions=1, seconds=0.25, concurrency=4)
    folder = tmp_path_factory.mktemp("bench")
    return measure.run(plan, Material(), folder, path("benchmarks/textbook.py"), lambda sample: None)


def test_every_target_takes_its_turn_under_every_mix(run: measure.Run) -> None:
    assert [(s.mix, s.target) for s in run.samples] == [(m, t) for m in run.plan.mixes for t in measure.TARGETS]
    assert set(run.starts) == set(measure.TARGETS)


def test_nothing_is_left_unanswered_and_the_numbers_are_of_the_process(run: measure.Run) -> None:
    for sample in run.samples:
        assert sample.failures == 0
        assert sample.answered > 20
        assert 0 < sample.p50 <= sample.p99
        assert sample.rss > 1 << 20
        assert sample.saturated_rps * sample.saturated_cpu < 1.3e6  # no process used more than its one core


def test_the_firewall_forwards_what_is_harmless_and_stops_attacks(run: measure.Run) -> None:
    refused = {(s.target, s.mix): s.refused for s in run.samples}
    assert refused["direct", "attack"] == refused["textbook", "attack"] == 0
    assert refused["waf", "chat_1k5"] == 0
    assert refused["waf", "attack"] == 1


def test_the_firewall_tells_its_stages_apart(run: measure.Run) -> None:
    stages = {s.mix: s.stages for s in run.samples if s.target == "waf"}
    assert {"parse", "rules", "decide"} <= set(stages["chat_1k5"])
    assert all(micros > 0 for micros in stages["chat_1k5"].values())
    assert all(not s.stages for s in run.samples if s.target != "waf")


def test_the_machine_is_named(run: measure.Run) -> None:
    assert {"cpu", "cores", "python", "aiohttp", "pinning", "date"} <= set(run.machine)


def test_this_process_may_use_its_cores_again(run: measure.Run) -> None:
    assert len(os.sched_getaffinity(0)) == len(os.sched_getaffinity(os.getppid()))


@pytest.mark.parametrize(
    ("code", "port", "problem"),
    [
        ("raise SystemExit(3)", None, "did not say where it listens"),
        ("raise SystemExit(3)", 1, "exit code 3"),
        ("print('ready')", None, "did not say where it listens"),
    ],
)
def test_a_target_that_does_not_start_is_said(code: str, port: int | None, problem: str) -> None:
    with pytest.raises(TargetError, match=problem):
        target.spawn("it", [sys.executable, "-c", code], target.cores()[0], port=port)


def test_a_target_that_never_listens_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "START_SECONDS", 0.0)
    with pytest.raises(TargetError, match="does not listen"):
        target.spawn(
            "it", [sys.executable, "-c", "import time; time.sleep(60)"], target.cores()[0], port=target.free_port()
        )


def test_a_process_that_is_gone_has_no_figures() -> None:
    for read in (target.cpu_seconds, target.rss_bytes):
        with pytest.raises(TargetError, match="gone"):
            read(1 << 30)


def test_a_target_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "STOP_SECONDS", 0.1)
    code = (
        "import signal, socket, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); s = socket.create_server(('127.0.0.1', 0));"
        "print(f'listening on http://127.0.0.1:{s.getsockname()[1]}', flush=True); time.sleep(60)"
    )
    stubborn = target.spawn("it", [sys.executable, "-c", code], target.cores()[0])
    stubborn.stop()
    assert stubborn.process.returncode == -9


def test_command_writes_its_results(tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = f"--mix get --target direct --repetitions 1 --seconds 0.1 --out {out}".split()
    done = CliRunner().invoke(bench, arguments, standalone_mode=False)
    assert done.exception is None
    assert done.return_value == 0
    assert "| get | direct |" in done.output
    assert (out / "bench.json").is_file()


def test_command_says_what_is_wrong_with_its_data(tmp_path: Path) -> None:
    done = CliRunner().invoke(bench, ["--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "no benign prose and code" in done.output


def test_command_fails_when_a_target_does_not_start(tmp_path: Path) -> None:
    broken = tmp_path / "extra.yaml"
    broken.write_text("mode: sideways\n")
    arguments = ["--target", "waf", "--config", str(broken), "--out", str(tmp_path / "out"), "--mix", "get"]
    done = CliRunner().invoke(bench, arguments, standalone_mode=False)
    assert done.return_value == 1
    assert "exit code 2" in done.output


def test_command_says_at_once_that_it_cannot_write(tmp_path: Path) -> None:
    """Not after minutes of measuring."""
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(bench, ["--mix", "get", "--out", str(tmp_path / "file" / "out")])
    assert done.exit_code == 2
    assert "Not a directory" in done.output
    assert "µs CPU" not in done.output


def test_sigterm_ends_the_targets_too_without_a_word(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "waf", "bench", "--mix", "get", "--target", "textbook", "--seconds", "60"]
    command += ["--out", str(tmp_path / "out")]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    running = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, start_new_session=True)
    session = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    while len(targets := session.read_text().split()) < 2 or "textbook" not in _command(targets[1]):
        assert running.poll() is None
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGTERM)
    _, told = running.communicate(timeout=60)
    assert (running.returncode, told) == (child.TERMINATED, b"")
    assert not [pid for pid in targets if Path(f"/proc/{pid}").exists()]
    assert os.listdir(tmp_path) == ["out"]


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
