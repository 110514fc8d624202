"""`python -m waf` is the command `waf`."""

from __future__ import annotations

import signal
import sys
from typing import Final

__all__ = ["run"]

INTERRUPTED: Final = 130
"""As `waf.cli.lazy` has it, which may not be there yet."""


def run() -> None:
    """The command. Ctrl-C ends it without a traceback, whether it comes while the first modules load or a second time while
    threads end."""
    try:
        from waf.cli import main

        main(prog_name="waf")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        raise


if __name__ == "__main__":
    run()
