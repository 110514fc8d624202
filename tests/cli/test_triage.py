"""`waf triage` as it is typed: text, JSON, applying, drafting, and a terminal that stays whole."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from tests.triage.logs import START, Log, campaign
from waf.cli.admin_client import AdminClient
from waf.cli.triage_source import Live
from waf.overrides.file import read_entries
from waf.rules import build_ruleset
from waf.rules.load import load_pack
from waf.rules.testing import run_tests

Run = Callable[..., Result]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A campaign from forty addresses of one network, in the midst of harmless traffic."""
    made = Log().harmless()
    campaign(made, anonymous=True)
    path = tmp_path / "events.jsonl"
    path.write_text(made.text() + "{broken\n")
    return path


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    path = tmp_path / "quiet.jsonl"
    path.write_text(Log().harmless(200).text())
    return path


def test_text(run: Run, log: Path) -> None:
    result = run("triage", log)
    assert result.exit_code == 1
    text = result.stdout
    assert "distributed campaign: many callers do the same thing" in text
    assert "1 line could not be read" in text
    assert f"{log}:1401: JSON is malformed" in text
    assert "1. deny address=203.0.113.0/24: stops" in text
    assert "[-" in text
    assert "█" in text
    assert "looked at: 2026-11-30 07:30" in text
    assert 'have in common: "ignore all previous instructions' in text


def test_json(run: Run, log: Path) -> None:
    result = run("triage", log, "--json", "--top", "3")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["malformed"], found["judgement"]["verdict"]) == (1, 1, "distributed campaign")
    assert len(found["top"]["address"]) == 3
    assert found["proposals"][0]["match"] == {"address": "203.0.113.0/24"}


def test_nothing_to_see(run: Run, quiet: Path, tmp_path: Path) -> None:
    result = run("triage", quiet)
    assert (result.exit_code, result.stdout.count("quiet: ")) == (0, 1)
    assert "Proposals" not in result.stdout
    empty = tmp_path / "empty"
    empty.touch()
    assert (run("triage", empty).exit_code, run("triage", empty).stdout) == (0, "no events\n")


@pytest.mark.parametrize("data", [b"nonsense\n", '{"ts": "now"}\n'.encode("utf-16")])
def test_a_file_without_an_event_is_not_quiet(run: Run, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "other.log"
    file.write_bytes(data)
    result = run("triage", file)
    assert result.exit_code == 2
    assert result.stdout.startswith("no events\n")


def test_a_byte_order_mark(run: Run, log: Path) -> None:
    plain = run("triage", log).stdout
    log.write_bytes(codecs.BOM_UTF8 + log.read_bytes())
    assert run("triage", log).stdout == plain


def test_a_surge_and_where_it_is_blind(run: Run, tmp_path: Path) -> None:
    made = Log()
    for number in range(400):
        made.add(number * 18, f"10.1.1.{number % 40}")
    for number in range(600):
        made.add(3600 + number, "192.0.2.1")
    path = tmp_path / "log"
    path.write_text(made.text())
    text = run("triage", path).stdout
    assert "surge: far more requests than before" in text
    assert "Busiest callers\n  address:192.0.2.1" in text
    assert "limit address=192.0.2.1 to 10 in 60 s: stops" in text
    for number in range(60):
        made.attack(3600 + number, "192.0.2.1", "once", shown=False)
    path.write_text(made.text())
    assert "Only equal payloads are seen to belong together" in run("triage", path).stdout


def test_stdin_is_looked_at_as_a_whole(run: Run, log: Path) -> None:
    found = json.loads(run("triage", "--json", given=log.read_bytes()).stdout)
    assert (found["window"], found["total"], found["events"]) == (None, 1400, 1400)
    start = (START + timedelta(seconds=5400)).isoformat()
    found = json.loads(run("triage", "-", "--json", "--from", start, given=log.read_bytes()).stdout)
    assert found["total"] < 1400
    assert found["suspects"] == 400
    assert found["new_callers"] == 1.0


def test_windows(run: Run, log: Path) -> None:
    everything = json.loads(run("triage", log, "--json", "--everything").stdout)
    assert (everything["window"], everything["total"]) == (None, 1400)
    last = json.loads(run("triage", log, "--json", "--last", "10m").stdout)
    assert (last["suspects"], last["window"]["found"]) == (0, "asked")
    between = run("triage", log, "--json", "--from", "2026-11-30T07:30", "--to", "2026-11-30T07:31Z").stdout
    assert 40 < json.loads(between)["suspects"] < 150


def test_applying(run: Run, log: Path, tmp_path: Path) -> None:
    file = tmp_path / "overrides.json"
    arguments = ("triage", log, "--apply", "--file", file, "--by", "ann", "--for", "2h")
    asked = run(*arguments, given="n\n")
    assert "deny address=203.0.113.0/24: stops" in asked.stderr
    assert "nothing was changed" in asked.stderr
    assert not file.exists()
    assert run(*arguments, given="y\n").exit_code == 1
    (entry,) = read_entries(str(file))
    assert (entry.action, str(entry.match), entry.who) == ("deny", "address=203.0.113.0/24", "ann")
    assert entry.why.startswith("triage: ")
    assert entry.until - entry.at == timedelta(hours=2)
    again = run(*arguments, "--yes", "--json")
    assert json.loads(again.stdout)["suspects"] > 300
    assert "left out: deny address=203.0.113.0/24: it holds already" in again.stderr
    assert read_entries(str(file)) == (entry,)


def test_a_draft_that_loads_and_passes_its_tests(run: Run, log: Path, quiet: Path, tmp_path: Path) -> None:
    path = tmp_path / "incident.yaml"
    result = run("triage", log, "--draft", path)
    assert "a rule that monitors, 0 of its tests fail" in result.stderr
    pack = load_pack(path)
    (rule,) = pack.rules
    assert (rule.mode, len(rule.tests)) == ("monitor", 6)
    assert all(outcome.passed for outcome in run_tests(build_ruleset(pack.rules, pack.exclusions)))
    assert run("triage", log, "--draft", path).exit_code == 2, "never over a file"
    assert "`log.prompts: text`" in run("triage", quiet, "--draft", tmp_path / "other.yaml").stderr


def test_texts_of_attackers_in_a_draft(run: Run, tmp_path: Path) -> None:
    made = Log()
    for number in range(50):
        made.attack(number, "192.0.2.1", f'say "\u202e\x1b[2J it\\" \u00fc\U0001f600 {{x: y}} # no\n more {number % 3}')
    (tmp_path / "log").write_text(made.text())
    assert "0 of its tests fail" in run("triage", tmp_path / "log", "--draft", tmp_path / "r.yaml").stderr
    text = (tmp_path / "r.yaml").read_text()
    assert text.isascii()
    assert text.replace("\n", "").isprintable()


def test_a_terminal_is_not_obeyed(run: Run, tmp_path: Path) -> None:
    made = Log()
    evil = "\x1b[2J\x1b]0;x\x07\u202e\r\n\u2028\x9b"
    for number in range(60):
        made.attack(number, evil, evil + "some text that is long enough", path=evil, model=evil, route=evil)
        made.add(number, "a", reason=evil, status=401, caller={"kind": "token", "subject": evil, "tenant": evil})
    (tmp_path / "log").write_text(made.text() + '{"' + evil.replace("\r\n", "") + '\n{"ts": "' + "\\u001b[2J" + '"}\n')
    result = run("triage", tmp_path / "log")
    assert result.exit_code == 1
    assert result.stdout.replace("\n", "").isprintable()
    assert "\\x1b[2J" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--yes"], "--yes goes with --apply"),
        (["--apply"], "name the file of overrides"),
        (["--apply", "--json", "--file", "x"], "--json cannot ask"),
        (["--watch"], "--watch goes with --admin"),
        (["--admin", "127.0.0.1:1"], "either FILES, or --admin"),
        (["--last", "1h", "--everything"], "one of --last"),
        (["--last", "soon"], "is no span of time"),
        (["--from", "yesterday"], "'yesterday' is no time"),
        (["--from", "2026-12-01", "--to", "2026-11-01"], "--to is before --from"),
        (["--top", "0"], "--top"),
    ],
)
def test_wrong_usage(
    arguments: list[str], message: str, run: Run, quiet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAF_ADMIN_TOKEN", "x" * 20)
    result = run("triage", quiet, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_wrong_usage_without_files(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAF_ADMIN_TOKEN", raising=False)
    assert "must give the token" in run("triage", "--admin", "127.0.0.1:1").stderr
    assert "either --admin or --socket" in run("triage", "--admin", "127.0.0.1:1", "--socket", "x").stderr
    assert "--admin" in run("triage", "--admin", "nowhere").stderr
    assert "works on stdin" in run("triage", "--last", "1h", given=b"").stderr
    assert "does not answer" in run("triage", "--socket", tmp_path / "none").stderr
    assert "No such file" in run("triage", tmp_path / "none").stderr


@pytest.mark.parametrize(
    "content", [b"two\nlines that are secret", b"\xff\xfe", b"secret\0", "größe".encode(), b"s" * 5_000]
)
def test_a_file_that_holds_no_token(run: Run, tmp_path: Path, content: bytes) -> None:
    """Nothing of it is shown: it may be a token with something behind it."""
    file = tmp_path / "token"
    file.write_bytes(content)
    result = run("triage", "--admin", "127.0.0.1:1", "--token-file", file)
    assert result.exit_code == 2
    assert "holds no token: one line" in result.stderr
    assert "secret" not in result.stderr
    assert "sss" not in result.stderr


def test_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    client = AdminClient.of(None, "nowhere", None)
    assert client is not None
    live = Live(client)
    shown: list[int] = []
    waited: list[float] = []
    monkeypatch.setattr("waf.cli.triage_source.time.sleep", waited.append)
    live.watch(lambda: shown.append(1), rounds=3)
    assert (len(shown), waited) == (3, [5.0, 5.0])
