"""The rules that come before anybody's: which body processor reads which Content-Type, and what the settings say."""

from __future__ import annotations

from typing import Final

from waf.rules.seclang.options import CrsOptions

BASE: Final = r"""
SecRule REQUEST_HEADERS:Content-Type "@rx ^(?:text|application)/(?:[a-z0-9.-]+\+)?xml" \
    "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "@rx ^application/(?:[a-z0-9.-]+\+)?json" \
    "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
"""
"""What ModSecurity's recommended configuration does, in our words; its further rules ask what our own parser refuses."""


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
