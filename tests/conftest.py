"""Settings that hold for every test."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from waf.record import oplog

# The same examples on every run and no time limits: a test that fails must fail again.
# HYPOTHESIS_PROFILE=wide draws many new ones.
settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("wide", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# As every command does first: structlog by itself draws each traceback with all that the variables hold, which takes seconds.
oplog.configure()
