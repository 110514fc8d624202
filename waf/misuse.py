"""Settings about callers under suspicion. A part of the table in `waf.settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from waf.setting import setting


@dataclass(frozen=True, slots=True)
class Respond:
    """The risk from which on something is done; 0: never. A half is the budget of false alarms, and more is less likely."""

    tag: float = setting(0.5, "Tag requests.", low=0, high=1)
    limit: float = setting(0.0, "Hold the caller to `pace`.", low=0, high=1)
    round: float = setting(0.0, "Round probabilities in answers, and leave token probabilities out.", low=0, high=1)
    challenge: float = setting(0.0, "Ask for a proof of work with each request.", low=0, high=1)
    block: float = setting(0.0, "Refuse.", low=0, high=1)
    pace: int = setting(20, "Requests a minute of a caller that is held back.", low=1, high=100_000)
    decimals: int = setting(1, "Decimals that are left of a probability; 0: 0 or 1.", low=0, high=6)
    hold: float = setting(
        3600.0, "How long a response lasts after the caller last earned it.", low=10, high=604_800, unit="seconds"
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """Proofs of work (docs/challenge.md): what a challenge costs whoever has to meet it."""

    secret: str = setting(
        "",
        "Key of challenges, the same in all processes on a port; empty: from `state.redis.secret`, else drawn.",
        unit="secret",
    )
    work: int = setting(200_000, "Hashes that an easy challenge takes on average.", low=1, high=1_000_000_000)
    hardest: int = setting(20_000_000, "Those that the hardest one takes, at a risk of 1.", low=1, high=100_000_000_000)
    seconds: float = setting(120.0, "How long a challenge can be met.", low=5, high=3600, unit="seconds")


@dataclass(frozen=True, slots=True)
class Abuse:
    """Whether callers copy the model by its answers, probe it, or try keys and paths; docs/abuse.md."""

    watch: Literal["off", "known", "all"] = setting(
        "known",
        "Who is observed: nobody, callers that proved who they are, or those known by their address alone, too.",
    )
    false_alarms: float = setting(
        1.0, "How many of a thousand honest callers a day may be taken for thieves.", low=0.001, high=100
    )
    profiles: int = setting(8_192, "Callers that are remembered in detail, 10 KiB each.", low=16, high=1_000_000)
    callers: int = setting(1_000_000, "Callers that are counted, to see who is worth it.", low=100, high=20_000_000)
    forget: float = setting(
        86_400.0, "How long a caller that is silent is remembered.", low=60, high=2_592_000, unit="seconds"
    )
    routes: tuple[str, ...] = setting((), "Names of the routes that are watched; none: all.", unit="name")
    trusted: tuple[str, ...] = setting((), "Names of keys or subjects that are observed, and left alone.")
    respond: Respond = setting(Respond, "What is done at which risk.")
    proof: Proof = setting(Proof, "Proofs of work.")
