"""The CRS as its own tests want it: everything on, nothing blocked, and limits low enough to be reached by a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

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


def policy(crs: Path, folder: Path) -> dict[str, Any]:
    """The part of a waf.yaml that decides: this CRS alone. `folder` gets a file of settings that it names."""
    setup = folder / "limits.conf"
    setup.write_text(SETUP)
    return {
        "mode": "monitor",
        "rules": {"packs": []},
        "crs": {
            "path": str(crs.absolute()),
            "paranoia": LEVEL,
            "detection_paranoia": LEVEL,
            "model_text": "include",
            "exclusions_before": [str(setup)],
        },
    }
