"""The CRS as its own tests want it: everything on, nothing blocked, and limits low enough to be reached by a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from waf.ftw.inspect import Logged
from waf.model import Request, Response
from waf.rules.seclang import CrsOptions, CrsRuleset, LoggedRule, load

LEVEL: Final = 4
"""Of paranoia, blocking and detection alike."""

LIMITS: Final = {
    "crs_validate_utf8_encoding": 1,
    "arg_name_length": 100,
    "arg_length": 400,
    "total_arg_length": 6400,
    "max_num_args": 255,
    "max_file_size": 64_100,
    "combined_file_sizes": 65_535,
}
"""What the suite assumes of crs-setup.conf. Values in bytes or, for `max_num_args`, arguments."""

SETUP: Final = (
    'SecAction "id:900005,phase:1,nolog,pass,' + ",".join(f"setvar:tx.{k}={v}" for k, v in LIMITS.items()) + '"\n'
)


def load_crs(folder: Path) -> CrsRuleset:
    """Raises RuleError."""
    options = CrsOptions(
        paranoia=LEVEL,
        detection_paranoia=LEVEL,
        engine="DetectionOnly",
        model_text="include",
        before_text=SETUP,
        rule_timeout=1.0,
    )
    return load(folder, options)


def line_of(rule: LoggedRule) -> str:
    """What ModSecurity writes about a rule, as far as tests have ever asked for it."""
    tags = "".join(f' [tag "{tag}"]' for tag in rule.tags)
    return (
        f'ModSecurity: Warning. Matched at {rule.target}. [id "{rule.id}"] [msg "{rule.message}"] '
        f'[data "{rule.data}"] [severity "{rule.severity}"]{tags}'
    )


class CrsInspector:
    """See `inprocess.Inspector`."""

    def __init__(self, ruleset: CrsRuleset) -> None:
        self._ruleset = ruleset

    def request(self, request: Request, respond: Callable[[], Response]) -> Logged:
        inspection = self._ruleset.inspect(request)
        if not inspection.verdict().blocks:
            inspection.response(respond())
        inspection.finish()
        verdict = inspection.verdict()
        return Logged(verdict.logged, tuple([line_of(rule) for rule in verdict.rules]), verdict.status)
