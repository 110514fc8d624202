"""Settings about what the firewall tells, and to whom. A part of the table in `waf.settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waf.setting import setting


@dataclass(frozen=True, slots=True)
class Log:
    level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "Least severity of the firewall's own messages."
    )
    events: str = setting(
        "stdout", "Where events go: stdout, stderr, none or a file.", unit="sink", words=("stdout", "stderr", "none")
    )
    prompts: Literal["hash", "text"] = setting("hash", "Matched text in events: keyed hash and length, or as it is.")
    clean: bool = setting(True, "Write an event for requests on which nothing matched, too.")
    similarity: bool = setting(
        False, "Add a keyed digest by which requests with similar texts can be told to be similar."
    )
    key: str = setting(
        "",
        "Secret of the hashes and digests in events, by which processes can be compared; empty: a new one.",
        unit="secret",
    )


@dataclass(frozen=True, slots=True)
class Admin:
    listen: str = setting(
        "127.0.0.1:9091", "Address of /healthz, /readyz and /metrics; empty: none.", unit="address", words=("",)
    )
    token: str = setting("", "Bearer token that opens /admin on that address; empty: it is closed.", unit="secret")
    socket: str = setting(
        "",
        "Unix socket with the same pages, /admin included without a token: its mode is 0600; empty: none.",
        unit="sink",
    )
    events: int = setting(
        8 << 20, "Recent events kept for `waf triage`, where /admin is open.", low=65_536, high=64 << 20, unit="bytes"
    )
