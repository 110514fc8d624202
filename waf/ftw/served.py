"""A `waf serve` of our own for a test run: its configuration, its start, its end."""

from __future__ import annotations

import json
import re
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from waf import child
from waf.errors import ConfigError, Problem

START_SECONDS: Final = 120.0
_LISTENING: Final = re.compile(rb"listening on (http://\S+)")
_TOLD: Final = 2_000
"""Most bytes of its complaints that are shown when it does not start."""


def settings(listen: tuple[str, int], upstream: str, events: Path, policy: Mapping[str, Any]) -> dict[str, Any]:
    """waf.yaml for a test run: `policy` is what decides, the rest is about sockets. Slow clients are given up soon, since
    a request that never ends is one of the things that tests send."""
    host, port = listen
    return {
        **policy,
        "listen": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "admin": {"listen": ""},
        "upstream": {"url": upstream},
        "timeouts": {"header": 1.0, "body_idle": 1.0, "drain": 1.0},
        "log": {"events": str(events), "prompts": "text", "level": "warning"},
    }


def write(folder: Path, config: Mapping[str, Any]) -> Path:
    """waf.yaml in that folder."""
    file = folder / "waf.yaml"
    file.write_text(json.dumps(config))  # JSON is YAML
    return file


class Served:
    """The process. Use as a context manager; `url` is where it listens. Raises ConfigError when it does not start."""

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        """`folder` gets the configuration and what the process has to complain about."""
        self._file = write(folder, config)
        self._complaints = folder / "stderr.txt"
        self.url = ""

    def __enter__(self) -> Served:
        command = [sys.executable, "-m", "waf", "serve", "--config", str(self._file)]
        with self._complaints.open("wb") as complaints:
            self.process = child.start(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
        try:
            self.url = self._announced()
        except BaseException:
            child.stop(self.process)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        child.stop(self.process)

    def _announced(self) -> str:
        out = self.process.stdout
        until = time.monotonic() + START_SECONDS
        while out is not None and (left := until - time.monotonic()) > 0:
            if not select.select([out], [], [], left)[0]:
                break
            line = out.readline()
            if found := _LISTENING.search(line):
                return found[1].decode()
            if not line:
                break
        told = self._complaints.read_bytes()[:_TOLD].decode("utf-8", "replace").strip()
        raise ConfigError([Problem("waf serve", 0, 0, "did not start", told)])
