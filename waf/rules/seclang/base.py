"""What comes before anybody's rules: which body processor reads which Content-Type, and what the settings say."""

from __future__ import annotations

import re
from typing import Final

from waf.rules.seclang.options import CrsOptions

PROCESSORS: Final = (
    ("XML", re.compile(r"(?:text|application)/(?:[a-z0-9.-]+\+)?xml")),
    ("JSON", re.compile(r"application/(?:[a-z0-9.-]+\+)?json")),
)
"""The body processor of a Content-Type in lower case, by its beginning."""
BASE: Final = r"""
SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:text|application)/(?:[a-z0-9.-]+\+)?xml" \
    "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@rx ^application/(?:[a-z0-9.-]+\+)?json" \
    "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
"""
"""The same as rules, for comparisons: what ModSecurity's recommended configuration does, in our words."""


def from_options(options: CrsOptions) -> str:
    """A SecAction that sets what the settings say, over the set-up's values."""
    early = None if options.early_blocking is None else int(options.early_blocking)
    detection = options.detection_paranoia
    if detection is None and options.paranoia is not None:
        detection = options.paranoia
    values = {
        "blocking_paranoia_level": options.paranoia,
        "paranoia_level": options.paranoia,
        "executing_paranoia_level": detection,
        "detection_paranoia_level": detection,
        "inbound_anomaly_score_threshold": options.inbound_threshold,
        "outbound_anomaly_score_threshold": options.outbound_threshold,
        "early_blocking": early,
    }
    sets = "".join(f",setvar:tx.{name}={value}" for name, value in values.items() if value is not None)
    return f'SecAction "id:200010,phase:1,t:none,pass,nolog{sets}"\n' if sets else ""
