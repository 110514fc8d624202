"""What a rule is for: adding to a score, ending the request, or keeping the books."""

from __future__ import annotations

import re
from typing import Final, Literal

from waf.rules.seclang.parse_actions import severity_name
from waf.rules.seclang.result import CrsRule
from waf.rules.seclang.spec import Rule

_PARANOIA: Final = re.compile(r"paranoia-level/([1-4])")
_POINTS: Final = re.compile(r"\d+|%\{tx\.(?:critical|error|warning|notice)_anomaly_score\}")
_SCORE: Final = re.compile(r"(?:anomaly_score|inbound_anomaly_score|outbound_anomaly_score)(?:_pl[1-4])?$")


def describe(rule: Rule) -> CrsRule:
    return CrsRule(
        rule.id,
        rule.phase,
        kind(rule),
        rule.message,
        rule.tags,
        severity_name(rule.severity),
        next((int(found[1]) for tag in rule.tags if (found := _PARANOIA.search(tag))), 1),
        rule.place.file,
        rule.place.line,
    )


def kind(rule: Rule) -> Literal["scoring", "blocking", "bookkeeping"]:
    """A scoring rule adds the value of a severity (`tx.critical_anomaly_score`) to an anomaly score; rules that only sum up
    what others gave do not count as such."""
    for link in rule.links:
        for item in link.setvars:
            if item.how == "+" and _SCORE.search(item.name.lower()) and _POINTS.fullmatch(item.value.lower()):
                return "scoring"
    return "blocking" if rule.disruptive in ("deny", "drop") else "bookkeeping"
