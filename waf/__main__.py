"""`python -m waf` is the command `waf`."""

from __future__ import annotations

from waf.cli import main

if __name__ == "__main__":
    main(prog_name="waf")
