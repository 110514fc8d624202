"""ModSecurity SecLang: reads `.conf` and `.data` files as they are distributed and runs them as libmodsecurity v3 does.

`load(path, options)` gives a `CrsRuleset`; `CrsRuleset.transaction(request, …)` inspects one request and its answer.
"""

from waf.crs import CrsVerdict, LoggedRule
from waf.rules.seclang.inspection import Inspection
from waf.rules.seclang.kept import Kept
from waf.rules.seclang.options import CrsOptions
from waf.rules.seclang.result import CrsRule
from waf.rules.seclang.ruleset import CrsRuleset, from_settings, load

__all__ = [
    "CrsOptions",
    "CrsRule",
    "CrsRuleset",
    "CrsVerdict",
    "Inspection",
    "Kept",
    "LoggedRule",
    "from_settings",
    "load",
]
