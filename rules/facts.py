"""Makes `rules/facts.json` anew: what is known of the shipped packs' patterns. See `waf.rules.facts`.

python rules/facts.py
"""

from __future__ import annotations

from pathlib import Path

from waf.rules.facts import made, patterns

if __name__ == "__main__":
    Path(__file__).with_suffix(".json").write_bytes(made(patterns()))
