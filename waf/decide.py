"""Policy, matches and scores in; block, challenge, tag or allow out. Pure."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from waf.errors import Refusal
from waf.model import Action, Decision, Match, Mode, RuleAction, Screened, Severity
from waf.scores import Weighed
from waf.screen import NEVER_SCORED

BLOCK_STATUS = 403
CHALLENGE_STATUS = 429


class Policy(msgspec.Struct, frozen=True):
    """What one route does with what was found."""

    route: str = "default"
    mode: Mode = "enforce"
    paranoia: int = 1
    block_score: int = 5
    enforce_tool_args: bool = False
    learned: bool = False
    """Learned scoring decides instead of sums of points; a critical or blocking rule of ours still decides by itself."""


class CrsResult(NamedTuple):
    """What the CRS found: the status with which it refuses, 0 when it does not, and whether a rule of it matched."""

    status: int
    matched: bool


def decide(
    policy: Policy, screened: Screened, crs: CrsResult | None = None, weighed: Weighed | None = None
) -> Decision:
    """The verdict on a screened request or response.

    A rule with `action: block` blocks by itself; otherwise the score does, once it reaches the route's threshold. One with
    `action: challenge` asks for a proof of work where nothing blocks. A rule that is only monitored can do neither, but
    counts towards `would_block`. Everything else that matched tags.
    The CRS decides by scores of its own; either blocks. With `weighed`, learned scoring decides instead of both sums, but
    for rules that nothing out-votes; see `_by_learning`.
    """
    matches = screened.matches
    if not matches and weighed is None and (crs is None or not (crs.matched or crs.status)):
        return Decision("allow", 0, "clean", mode=policy.mode, route=policy.route)
    reason = _why_block(policy, matches, screened.score, monitored=False)
    challenged = _asks(policy, matches, monitored=False)
    would_block = reason is not None or _asks(policy, matches, monitored=True)
    would_block = would_block or _why_block(policy, matches, screened.shadow, monitored=True) is not None
    tags = _tags(matches)
    status = BLOCK_STATUS
    if crs is not None and (crs.matched or crs.status):
        tags = (*tags, "crs")
        would_block = would_block or crs.status != 0
        if reason is None and crs.status:
            reason, status = "crs", crs.status
    if weighed is not None:
        reason, status, would_block = _by_learning(policy, matches, weighed, reason, status, would_block=would_block)
    action: Action
    if reason is not None and policy.mode == "enforce":
        action = "block"
    elif challenged and policy.mode == "enforce":
        action, status, reason = "challenge", CHALLENGE_STATUS, "rule"
    else:
        action, status, reason = ("tag" if tags else "allow"), 0, ("tagged" if tags else "clean")
    return Decision(
        action,
        status,
        reason,
        score=screened.score,
        scores=screened.scores,
        matches=matches,
        tags=tags,
        would_block=would_block,
        mode=policy.mode,
        route=policy.route,
    )


def _by_learning(
    policy: Policy, matches: list[Match], weighed: Weighed, reason: str | None, status: int, *, would_block: bool
) -> tuple[str | None, int, bool]:
    """Reason, status and whether enforcing would block. Where a rule of ours that is critical or blocks counts, or where the
    head did not read to the end, the points hold, and learning can only block on top of them."""
    held = not weighed.whole or any(_decisive(policy, match, monitored=False) for match in matches)
    held_shadow = held or any(_decisive(policy, match, monitored=True) for match in matches)
    blocks = weighed.probability >= weighed.threshold
    would_block = (held_shadow and would_block) or blocks or weighed.shadow >= weighed.threshold
    if held and reason is not None:
        return reason, status, would_block
    return ("learned" if blocks else None), BLOCK_STATUS, would_block


def _decisive(policy: Policy, match: Match, *, monitored: bool) -> bool:
    counts = match.bucket not in NEVER_SCORED or policy.enforce_tool_args
    strong = match.action == "block" or (match.severity is Severity.critical and match.score > 0)
    return counts and strong and (monitored or match.mode == "enforce")


def refuse(policy: Policy, refusal: Refusal) -> Decision:
    """The verdict on a request that could not be read. Size limits, malformed framing and smuggling hold in every mode."""
    tags = ("refused", *refusal.tags)
    return Decision(
        "block", refusal.status, refusal.code, would_block=True, mode=policy.mode, route=policy.route, tags=tags
    )


def tag_uninspected(decision: Decision) -> Decision:
    """Parts that nothing can inspect (audio, unknown binary) are tagged, never passed over in silence."""
    decision.action, decision.reason, decision.tags = "tag", "uninspected", (*decision.tags, "uninspected")
    return decision


def _why_block(policy: Policy, matches: list[Match], score: int, *, monitored: bool) -> str | None:
    if _says("block", policy, matches, monitored=monitored):
        return "rule"
    return "score" if score >= policy.block_score else None


def _asks(policy: Policy, matches: list[Match], *, monitored: bool) -> bool:
    """Whether a rule asks for a proof of work."""
    return _says("challenge", policy, matches, monitored=monitored)


def _says(action: RuleAction, policy: Policy, matches: list[Match], *, monitored: bool) -> bool:
    for match in matches:
        counts = match.bucket not in NEVER_SCORED or policy.enforce_tool_args
        if counts and match.action == action and (monitored or match.mode == "enforce"):
            return True
    return False


def _tags(matches: list[Match]) -> tuple[str, ...]:
    """Each tag once, in the order of the rules; a rule that only logs contributes none."""
    return tuple(dict.fromkeys(tag for match in matches if match.action != "log" for tag in match.tags))
