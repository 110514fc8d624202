"""The outermost command: exit codes, errors as lines, and that every command and option is documented."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from waf.cli import COMMANDS, lazy, main, rules
from waf.cli.lazy import Entry, LazyGroup
from waf.errors import UpstreamTimeout

Run = Callable[..., Result]
DOCS = (Path(__file__).parents[2] / "docs/cli.md").read_text()


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        yield name, command
        if isinstance(command, LazyGroup):
            yield from ((f"{name} {sub}", command.get_command(context, sub)) for sub in command.list_commands(context))


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    assert f"`waf {name}" in DOCS
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert any(f"`{spelled}" in DOCS or f"{spelled} " in DOCS for spelled in option.opts), option.opts


def test_the_overview_needs_no_room_of_the_house() -> None:
    code = (
        "import sys\nfrom waf.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('waf.') or m in ('numpy', 'aiohttp', 'yaml')))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "['waf.cli', 'waf.cli.lazy', 'waf.cli.streams', 'waf.errors']"
    assert all(entry.short_help in " ".join(shown.split()) for entry in COMMANDS.values())


def test_ctrl_c_while_the_first_modules_load() -> None:
    code = (
        "import sys\nfrom waf.__main__ import run\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'click': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\nrun()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_rules_overview(run: Run) -> None:
    result = run("rules", "--help")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in rules.COMMANDS)


def test_version(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.2.3")
    assert run("--version").stdout == "waf, version 1.2.3\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scn"], "there is no command 'scn'; did you mean 'scan'?"),
        (["zzzzz"], "there is no command 'zzzzz'"),
        (["rules", "lst"], "did you mean 'list'?"),
        (["scan", "--nope"], "--nope"),
        (["scan", "--mode", "loud"], "--mode"),
        (["scan", "--paranoia", "9"], "command line: error: paranoia: is above the greatest value, 4"),
        (["scan", "--config", "/nonexistent.yaml"], "/nonexistent.yaml: error: cannot be read"),
        (["scan", "--rules", "/nonexistent"], "rules.packs[0]: does not exist"),
        (["lint", "/nonexistent"], "there is no such rule file or folder"),
        (["test", "/nonexistent"], "there is no such rule file or folder"),
        (["rules", "fp"], "--corpus"),
        (["rules", "fp", "--corpus", "/nonexistent"], "does not exist"),
        (["check-config", "/nonexistent.yaml"], "waf: error: /nonexistent.yaml: No such file or directory"),
        (["explain", "nonsense"], "neither a JSON record, nor a curl command line, nor raw HTTP"),
        (["explain", "@/nonexistent"], "waf: error: /nonexistent: No such file or directory"),
        (["serve", "--upstream", "ftp://h"], "upstream.url: the URL must start with http"),
    ],
)
def test_wrong_usage_is_a_line_and_exit_code_2(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [[], ["rules"]])
def test_without_a_command_the_overview_is_shown(run: Run, arguments: list[str]) -> None:
    assert "Commands:" in run(*arguments).output


def test_what_is_wrong_is_shown_from_top_to_bottom_and_once(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    rule = "{id: 1, name: a, title: A,\n severity: critcal, tags: [attack.a], match: {field: request.args, contain: a}}"
    pack.write_text(f"schema: waf-rules/v1\npack: a\nrules:\n- {rule}\n")
    lines = run("test", pack).stderr.splitlines()
    assert [line.split(":")[1:3] for line in lines] == [["5", "12"], ["5", "68"]]


class TestFailures:
    @pytest.fixture
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
        def fail(error: BaseException) -> None:
            @click.command()
            def command() -> None:
                raise error

            monkeypatch.setattr(lazy, "failing_command", command, raising=False)
            monkeypatch.setitem(main.entries, "fail", Entry("waf.cli.lazy", "failing_command", "fails"))

        return fail

    @pytest.mark.parametrize(
        ("error", "code", "message"),
        [
            (KeyboardInterrupt(), 130, ""),
            (click.Abort(), 130, ""),
            (BrokenPipeError(), 141, ""),
            (OSError("odd"), 2, "waf: error: odd\n"),
            (PermissionError(13, "Permission denied", "/x"), 2, "waf: error: /x: Permission denied\n"),
            (UpstreamTimeout("slow", "too slow"), 2, "waf: error: slow: too slow\n"),
            (ValueError("oops"), 2, "waf: internal error: ValueError: oops (WAF_DEBUG=1 shows where)\n"),
        ],
    )
    def test_failures(
        self, run: Run, failing: Callable[[BaseException], None], error: BaseException, code: int, message: str
    ) -> None:
        failing(error)
        result = run("fail")
        assert (result.exit_code, result.stderr.lstrip("\n"), result.stdout) == (code, message, "")

    def test_debug_shows_where(
        self, run: Run, failing: Callable[[BaseException], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WAF_DEBUG", "1")
        failing(ValueError("oops"))
        assert isinstance(run("fail").exception, ValueError)

    def test_a_table_entry_that_is_no_command(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(main.entries, "fail", Entry("waf.cli.lazy", "FINE", "no command"))
        assert "waf.cli.lazy.FINE is not a command" in run("fail").stderr

    def test_within_another_program_errors_are_raised(self, failing: Callable[[BaseException], None]) -> None:
        failing(ValueError("oops"))
        with pytest.raises(ValueError, match="oops"):
            main(["fail"], standalone_mode=False)


def test_a_reader_that_goes_away_is_no_error() -> None:
    record = b'{"id": 1, "path": "/"}\n'
    process = subprocess.Popen(
        [sys.executable, "-m", "waf", "scan"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(record)
    process.stdin.flush()
    assert process.stdout.readline().startswith(b'{"id":1,')  # flushed, though more input may come
    process.stdout.close()
    process.stdin.write(record)
    process.stdin.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.parametrize("asked", [("--help",), ("--version",), ("scan", "--help")])
def test_nor_is_one_that_did_not_want_help(asked: tuple[str, ...]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    ran = subprocess.run([sys.executable, "-m", "waf", *asked], check=False, stdout=writes, stderr=subprocess.PIPE)
    os.close(writes)
    assert (ran.returncode, ran.stderr) == (141, b"")


def test_what_an_encoding_does_not_have_is_escaped() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    ran = subprocess.run([sys.executable, "-m", "waf", "--help"], check=True, env=env, capture_output=True)
    assert b"waf explain 'curl \\u2026'" in ran.stdout


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_the_null_device(closed: str, tmp_path: Path) -> None:
    """Else a socket would be number 0, 1 or 2, which uvloop aborts on, and what is printed would reach whoever it belongs to."""
    code = (
        "import os, sys; from waf.cli.streams import complete; complete(); print('x', flush=True); sys.stdin.read();"
        "print('y', file=sys.stderr, flush=True); open(sys.argv[1], 'w').write(str(os.open('/', os.O_RDONLY)))"
    )
    subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$1" "$2" {closed}', sys.executable, code, str(tmp_path / "next")],
        stdin=subprocess.DEVNULL,
        check=True,
    )
    assert int((tmp_path / "next").read_text()) > 2
