"""Settings about how much callers may ask, and where that is counted. A part of the table in `waf.settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waf.setting import setting

By = Literal["caller", "key", "subject", "tenant", "address", "route", "all"]
_BY = "Who shares it: `caller` is the key, else the subject, else the address; IPv6 addresses count by /64."


@dataclass(frozen=True, slots=True)
class Rate:
    """So much in so much time, evenly (GCRA): what is used comes back little by little, not at once when a window ends."""

    name: str = setting("rate", "Shown in headers, events and metrics.", unit="name")
    by: By = setting("caller", _BY)
    cost: Literal["requests", "bytes", "tokens"] = setting(
        "requests", "What is counted: requests, bytes of their bodies, or tokens of prompt and answer."
    )
    limit: int = setting(60, "How much.", low=1, high=1_000_000_000_000)
    window: float = setting(60.0, "In how much time.", low=1, high=86_400, unit="seconds")
    burst: int = setting(0, "How much of it at once; 0: all.", low=0, high=1_000_000_000_000)
    period: Literal["", "day", "month"] = setting(
        "", "A quota instead, for each day or month (UTC); it survives a restart with `usage.file`."
    )
    routes: tuple[str, ...] = setting((), "Names of the routes it holds for; none: all.", unit="name")
    models: tuple[str, ...] = setting(
        (),
        "Models it holds for, `*` stands for anything; none: all. A request whose model is not known counts as well.",
    )


@dataclass(frozen=True, slots=True)
class ModelCost:
    """What tokens of some models count, against those of others."""

    models: tuple[str, ...] = setting((), "Which models; `*` stands for anything.")
    factor: float = setting(1.0, "What one token of them counts in rates of tokens.", low=0.001, high=100_000)


@dataclass(frozen=True, slots=True)
class Concurrency:
    """So many requests at once; a few more wait their turn, callers in turns."""

    name: str = setting("concurrency", "Shown in events and metrics.", unit="name")
    by: By = setting("caller", _BY)
    limit: int = setting(4, "How many at once.", low=1, high=100_000)
    queue: int = setting(0, "How many more may wait.", low=0, high=10_000)
    wait: float = setting(5.0, "How long one may wait.", low=0, high=600, unit="seconds")
    routes: tuple[str, ...] = setting((), "Names of the routes it holds for; none: all.", unit="name")


@dataclass(frozen=True, slots=True)
class Shedding:
    """How many requests the model server is given at once, by how long it takes to begin an answer; the rest gets 503."""

    enabled: bool = setting(False, "Shed load.")
    latency: float = setting(
        0.0,
        "Mean time to the head of an answer from which on less is sent; 0: learned.",
        low=0,
        high=600,
        unit="seconds",
    )
    tolerance: float = setting(
        2.0, "How many times what is usual is still accepted, where that is learned.", low=1.1, high=20
    )
    start: int = setting(16, "How many at once to begin with.", low=1, high=100_000)
    least: int = setting(4, "How many at once at least.", low=1, high=100_000)
    most: int = setting(512, "How many at once at most.", low=1, high=100_000)


@dataclass(frozen=True, slots=True)
class Usage:
    """How much callers may ask."""

    rates: tuple[Rate, ...] = setting((), "Rates and quotas; each of them must be met.")
    concurrency: tuple[Concurrency, ...] = setting((), "Requests at once.")
    model_costs: tuple[ModelCost, ...] = setting(
        (), "What tokens count by model; the first that names it. Others count 1; of several models, the dearest."
    )
    shedding: Shedding = setting(Shedding, "Less for a model server that grows slow.")
    file: str = setting("", "Where quotas are kept; empty: in memory.", unit="sink")
    callers: int = setting(1_000_000, "How many callers each of them tells apart at once.", low=100, high=20_000_000)
    headers: bool = setting(True, "Tell clients in RateLimit and RateLimit-Policy.")


@dataclass(frozen=True, slots=True)
class Redis:
    """A Redis or Valkey server (7.0 or later) that several firewalls count with."""

    url: str = setting(
        "", "redis://HOST:PORT/DB, rediss:// for TLS or unix://PATH; empty: each process counts alone.", unit="redis"
    )
    username: str = setting("", "Its user, where it has several.")
    password: str = setting("", "Its password; use ${env:NAME} or ${file:PATH}.")
    ca: str = setting("", "PEM file of the CA that signed its certificate; empty: the system's.", unit="file")
    prefix: str = setting("waf", "Begins every key; firewalls that share limits have the same.", unit="name")
    secret: str = setting(
        "", "Key of the hashes that stand for callers there; the same for all who share limits.", unit="secret"
    )
    timeout: float = setting(
        0.05,
        "How long a request waits for it; then this firewall decides alone.",
        low=0.001,
        high=5,
        unit="seconds",
    )


@dataclass(frozen=True, slots=True)
class State:
    """What several firewalls share."""

    redis: Redis = setting(Redis, "Where they meet; needs the extra mlwaf[redis].")
    overrides: bool = setting(False, "Share overrides, too; the file that `overrides` names is each one's own copy.")
