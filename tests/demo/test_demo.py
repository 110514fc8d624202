"""`waf demo` as a person meets it: a process in an empty folder, three requests, Ctrl-C."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest

from waf.demo.run import EXAMPLES, curl

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from waf.cli import main; main()", "demo"]


def start(folder: Path, *more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*COMMAND, *more], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def introduction(out: IO[str]) -> list[str]:
    """The lines up to the one that says how to end it."""
    lines = []
    for line in out:
        lines.append(line.rstrip("\n"))
        if "Ctrl-C" in line:
            return lines
    raise AssertionError(f"the demo ended after {lines}")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(tmp_path)
    with process:
        yield process
        process.kill()


def send(line: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """What `curl` would do with this command line."""
    words = shlex.split(line)
    assert words[:2] == ["curl", "-s"]
    name, _, value = words[words.index("-H") + 1].partition(": ")
    return ask("POST", words[2], words[words.index("-d") + 1], {name: value})


def ask(
    method: str, url: str, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=30)) as connection:
        connection.request(method, parts.path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def test_the_demo(demo: subprocess.Popen[str], tmp_path: Path) -> None:
    assert demo.stdout is not None
    assert demo.stderr is not None
    lines = introduction(demo.stdout)
    url = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)", lines[0])
    assert url, "the address comes first"
    chat, attack, sentiment = [line.strip() for line in lines if line.strip().startswith("curl")]

    status, headers, body = send(chat)
    assert status == 200
    assert headers["X-WAF-Request-Id"]
    assert json.loads(body)["choices"][0]["message"]["content"] == "You said: What is the capital of France?"

    status, headers, body = send(attack)
    assert status == 403
    assert headers["x-should-retry"] == "false"
    assert json.loads(body)["error"]["message"]

    status, _, body = send(sentiment)
    assert status == 200
    assert [each["label"] for each in json.loads(body)["predictions"]] == ["positive", "negative"]

    stream = json.dumps({"model": "echo", "stream": True, "messages": [{"role": "user", "content": "word by word"}]})
    status, headers, body = ask("POST", f"{url[1]}/v1/chat/completions", stream, {"Content-Type": "application/json"})
    assert (status, headers["Content-Type"]) == (200, "text/event-stream")
    assert body.endswith(b"data: [DONE]\n\n")
    assert ask("GET", f"{url[1]}/v1/models")[0] == 200
    assert ask("GET", f"{url[1]}/nothing")[0] == 404

    metrics = re.search(r"http://\S+/metrics", lines[-1])
    assert metrics
    assert b'waf_requests_total{action="block",mode="enforce",route="default"} 1.0' in ask("GET", metrics[0])[2]

    demo.send_signal(signal.SIGINT)
    events = demo.stdout.read().strip().splitlines()
    assert demo.wait(30) == 0
    assert demo.stderr.read() == ""
    shown = [re.sub(r"^\d\d:\d\d:\d\d +", "", line).split() for line in events]
    assert [(line[1], line[2], line[3]) for line in shown] == [
        ("/v1/chat/completions", "allow", "200"),
        ("/v1/chat/completions", "block", "403"),
        ("/v1/models/sentiment:predict", "allow", "200"),
        ("/v1/chat/completions", "allow", "200"),
        ("/v1/models", "allow", "200"),
        ("/nothing", "allow", "404"),
    ]
    assert list(tmp_path.iterdir()) == [], "the demo leaves nothing behind"


def test_another_end_and_a_port_of_ones_own(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with start(tmp_path, "--port", str(port)) as demo:
        assert demo.stdout is not None
        assert introduction(demo.stdout)[0] == f"listening on http://127.0.0.1:{port}"
        demo.send_signal(signal.SIGTERM)
        demo.communicate()
    assert demo.returncode == 0


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with start(tmp_path, "--port", str(port)) as demo:
            out, err = demo.communicate()
    assert (demo.returncode, out) == (2, "")
    assert err == f"listen: error: cannot listen on 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_a_shell_takes_the_examples_as_they_are_printed(example: object) -> None:
    words = shlex.split(curl("http://127.0.0.1:1", example))  # type: ignore[arg-type]
    assert json.loads(words[-1])
    assert words[-1] == example.body  # type: ignore[attr-defined]
