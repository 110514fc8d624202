"""The rule language: source (YAML with lines) → spec (typed) → compile (closures) → ruleset (one program a phase)."""

from waf.rules.ruleset import Ruleset, build_ruleset, load_packs, load_ruleset, pack_files

__all__ = ["Ruleset", "build_ruleset", "load_packs", "load_ruleset", "pack_files"]
