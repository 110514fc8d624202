"""A ruleset: every pack the configuration names, compiled to one program a phase. Built whole beside the old one, or not
at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

import msgspec

from waf.errors import Problem, RuleError
from waf.model import Phase
from waf.rules.compile import CompiledRule, compile_program
from waf.rules.load import load_pack
from waf.rules.operators import Context
from waf.rules.program import Program
from waf.rules.seclang import CrsRuleset, from_settings
from waf.rules.spec import Exclusion, PackSpec, RuleSpec, selects
from waf.settings import Crs, Rules
from waf.shipped import path as shipped_path

_MOST_FILES: Final = 2_000
SHIPPED: Final = {"builtin": ("agent", "llm", "ml", "web"), "leak": ("leak",)}
"""Folders of shipped packs by the name that stands for them. Those for answers hold answers back until they have been looked
at, which an operator has to want."""


class Ruleset(msgspec.Struct, frozen=True):
    """Immutable; shared by all requests until a reload swaps it for another."""

    request: Program
    scored: Program
    response: Program
    rules: tuple[RuleSpec, ...]
    files: tuple[Path, ...]
    """Files it was read from, for the watcher."""
    digest: str
    """Hash over the files and the selection, to name a ruleset in events and logs."""
    warnings: tuple[Problem, ...] = ()
    crs: CrsRuleset | None = None
    """The OWASP CRS, which keeps its own scores beside ours."""

    def program(self, phase: Phase) -> Program:
        return {"request": self.request, "scored": self.scored, "response": self.response}[phase]


def pack_files(packs: Iterable[str], root: Path | None = None) -> list[Path]:
    """The rule files that the names mean: one of `SHIPPED`, a file, or a folder with *.yaml and *.yml below it.

    Relative names are taken from `root`. Raises RuleError for one that does not exist or holds no rules.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    paths = [
        path
        for name in packs
        for path in (
            [shipped_path("rules") / folder for folder in SHIPPED[name]]
            if name in SHIPPED
            else [(root or Path()) / name]
        )
    ]
    for path in paths:
        if path.is_dir():
            try:
                found = sorted(_below(path))
            except OSError as error:
                problems.append(Problem(str(error.filename), 0, 0, f"cannot be read: {error.strerror}"))
                continue
            if not found or len(found) > _MOST_FILES:
                problems.append(
                    Problem(
                        str(path),
                        0,
                        0,
                        f"holds {len(found) or 'no'} rule files",
                        "name a folder with *.yaml rule files",
                    )
                )
            files.extend(found)
        elif path.is_file():
            files.append(path)
        else:
            problems.append(Problem(str(path), 0, 0, "there is no such rule file or folder"))
    if problems:
        raise RuleError(problems)
    return list(dict.fromkeys(files))


def _below(folder: Path) -> Iterator[Path]:
    """The rule files below a folder; OSError for one that cannot be read, whose rules would be missing unnoticed.

    What is hidden does not count: there Kubernetes keeps the files that the visible links lead to, and editors their locks.
    """

    def unreadable(error: OSError) -> NoReturn:
        raise error

    for at, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(at, name)
            if not name.startswith(".") and path.suffix in (".yaml", ".yml") and path.is_file():
                yield path


def load_packs(files: Sequence[Path], context: Context) -> list[PackSpec]:
    """Reads all files. Raises RuleError with the problems of all of them together."""
    packs: list[PackSpec] = []
    problems: list[Problem] = []
    for file in files:
        try:
            packs.append(load_pack(file, context=context))
        except RuleError as exc:
            problems.extend(exc.problems)
    seen: dict[int, RuleSpec] = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        first = seen.setdefault(rule.id, rule)
        if first is not rule:
            at = f"{first.place.file}:{first.place.line}"
            problems.append(
                Problem(
                    rule.place.file, rule.place.line, rule.place.column, f"id {rule.id} is taken by the rule at {at}"
                )
            )
    if problems:
        raise RuleError(problems)
    return packs


def load_ruleset(
    settings: Rules, *, root: Path | None = None, today: date | None = None, crs: Crs | None = None
) -> Ruleset:
    """Reads, selects and compiles everything the settings name.

    `root` is what relative names are relative to (the configuration file's folder). `today` decides which exclusions have
    expired; None lets none expire. `crs` names the SecLang rules beside them, if any. Raises RuleError with every problem of
    every file.
    """
    context = Context(regex_timeout=settings.regex_timeout)
    files = pack_files(settings.packs, root)
    exclusion_files = pack_files(settings.exclusions, root)
    packs = load_packs([*files, *exclusion_files], context)
    rules = [rule for pack in packs for rule in pack.rules]
    warnings = _unknown(settings, rules)
    exclusions, expired = _current([e for pack in packs for e in pack.exclusions], rules, today)
    kept = [r for r in rules if r.mode != "off" and not selects(settings.disable, r)]
    digest = hashlib.sha256(
        repr((settings, [hashlib.sha256(f.read_bytes()).digest() for f in files + exclusion_files])).encode()
    )
    core_rules = from_settings(crs, settings.regex_timeout) if crs is not None else None
    if core_rules is not None:
        digest.update(core_rules.digest.encode())
    ruleset = build_ruleset(
        kept,
        exclusions,
        settings.monitor,
        context,
        [*files, *exclusion_files],
        digest.hexdigest()[:16],
        [*warnings, *expired],
    )
    if core_rules is None:
        return ruleset
    return msgspec.structs.replace(
        ruleset,
        crs=core_rules,
        files=(*ruleset.files, *core_rules.files),
        warnings=(*ruleset.warnings, *core_rules.warnings),
    )


def build_ruleset(
    rules: Sequence[RuleSpec],
    exclusions: Sequence[Exclusion] = (),
    monitor: tuple[str, ...] = (),
    context: Context | None = None,
    files: Sequence[Path] = (),
    digest: str = "",
    warnings: Sequence[Problem] = (),
) -> Ruleset:
    """Compiles rules that are already typed."""
    context = context or Context()
    compiled = [
        CompiledRule(
            rule,
            rule.mode == "monitor" or selects(monitor, rule),
            tuple(e for e in exclusions if selects(e.rules, rule)),
        )
        for rule in rules
    ]

    def of(phase: Phase) -> Program:
        return compile_program([rule for rule in compiled if rule.spec.phase == phase], context)

    return Ruleset(of("request"), of("scored"), of("response"), tuple(rules), tuple(files), digest, tuple(warnings))


def _unknown(settings: Rules, rules: Sequence[RuleSpec]) -> list[Problem]:
    """Selectors of the configuration that mean no rule: a typing error there would silently leave a rule on."""
    return [
        Problem("rules", 0, 0, f'{name}: "{selector}" means no loaded rule', warning=True)
        for name, selectors in (("disable", settings.disable), ("monitor", settings.monitor))
        for selector in selectors
        if not any(selects((selector,), rule) for rule in rules)
    ]


def _current(
    exclusions: Sequence[Exclusion], rules: Sequence[RuleSpec], today: date | None
) -> tuple[list[Exclusion], list[Problem]]:
    """Exclusions that still hold, and a warning for each that has expired or means no rule."""
    kept: list[Exclusion] = []
    warnings: list[Problem] = []
    for exclusion in exclusions:
        place = exclusion.place
        if exclusion.expires is not None and today is not None and exclusion.expires < today:
            message = f"this exclusion expired on {exclusion.expires} and no longer holds"
            warnings.append(Problem(place.file, place.line, place.column, message, exclusion.owner, warning=True))
            continue
        if not any(selects(exclusion.rules, rule) for rule in rules):
            warnings.append(
                Problem(place.file, place.line, place.column, "this exclusion means no loaded rule", warning=True)
            )
        kept.append(exclusion)
    return kept, warnings
