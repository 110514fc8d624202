"""A SecLang rule set: found, read, compiled, and run over requests and answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from waf.errors import Problem, RuleError
from waf.model import Request, Response
from waf.rules.seclang import base, locate, operators
from waf.rules.seclang.classify import describe
from waf.rules.seclang.compile import CompiledRule, Compiler, Phase
from waf.rules.seclang.fast import FastPhase
from waf.rules.seclang.inspection import Inspection
from waf.rules.seclang.kept import Kept
from waf.rules.seclang.options import CrsOptions
from waf.rules.seclang.parse import Parser
from waf.rules.seclang.result import CrsRule
from waf.rules.seclang.spec import Marker, Rule
from waf.settings import Crs

PHASES: Final = (1, 2, 3, 4, 5)


class CrsRuleset(msgspec.Struct, frozen=True):
    """Immutable; shared by all requests until a reload swaps it for another."""

    phases: dict[int, Phase]
    rules: tuple[CrsRule, ...]
    options: CrsOptions
    settings: dict[str, str]
    fast: dict[int, FastPhase]
    """The same phases, each with its fast path; empty where `plain` is asked for."""
    files: tuple[Path, ...]
    """Files it was read from, for the watcher."""
    signature: str
    """What SecComponentSignature says, e.g. `OWASP_CRS/4.29.0`."""
    digest: str
    warnings: tuple[Problem, ...] = ()

    @property
    def inspects_responses(self) -> bool:
        """Whether a rule of phase 3 or 4 does more than keep the books."""
        return any(rule.phase in (3, 4) and rule.kind != "bookkeeping" for rule in self.rules)

    def inspect(
        self,
        request: Request,
        *,
        prose: frozenset[str] = frozenset(),
        json: bool = False,
        detect: bool = False,
        most: int = 0,
        kept: Kept | None = None,
    ) -> Inspection:
        """Runs phases 1 and 2.

        `prose`: JSON paths (`$.messages[0].content`) of texts that only a model reads and that therefore are no arguments.
        `json`: the server reads JSON whatever the Content-Type says. `detect`: as under DetectionOnly, nothing ends early.
        `most`: arguments at most, 0 for what SecArgumentsLimit says. `kept`: collections of earlier requests.
        """
        inspection = Inspection(self, detect=detect, kept=kept)
        inspection.request(request, prose, json=json, most=most)
        return inspection

    def inspect_message(
        self, request: Request, text: str, *, prose: frozenset[str] = frozenset(), detect: bool = False
    ) -> Inspection:
        """Runs phases 1, 2 and 5 over a message of the WebSocket that the request has opened. Collections last as long as the
        message: a message is no request to count. `prose` and `detect` as in `inspect`."""
        inspection = Inspection(self, detect=detect)
        inspection.message(request, text, prose)
        inspection.finish()
        return inspection

    def inspect_whole(self, request: Request, response: Response | None = None) -> Inspection:
        """Runs all phases, for tests and offline use."""
        inspection = self.inspect(request)
        if response is not None:
            inspection.response(response)
        inspection.finish()
        return inspection


def load(path: Path, options: CrsOptions = CrsOptions()) -> CrsRuleset:  # noqa: B008, frozen
    """Loads the CRS, or any other SecLang rules, from its root, its rules folder or one file.

    Raises RuleError with every problem found, each with file and line.
    """
    parser = Parser()
    found = locate.locate(path, options)
    parser.problems += found.problems
    if found.setup is not None:
        parser.file(found.setup)
    parser.text(base.from_options(options), "options.conf")
    for file in found.before:
        parser.file(file)
    parser.text(options.before_text, "before.conf")
    for file in found.rules:
        parser.file(file)
    for file in found.after:
        parser.file(file)
    parser.text(options.after_text, "after.conf")
    specs = [_updated(parser, item) for item in parser.program.items]
    compiler = Compiler(operators.Context(options.quirks, options.rule_timeout, parser.data))
    compiled: list[CompiledRule | Marker] = []
    for spec in specs:
        item = compiler.rule(spec) if isinstance(spec, Rule) else spec
        if item is not None:
            compiled.append(item)
    problems = [*parser.problems, *_jumps(compiled), *compiler.problems]
    if any(not problem.warning for problem in problems):
        raise RuleError(problem for problem in problems if not problem.warning)
    rules = [item for item in compiled if isinstance(item, CompiledRule)]
    phases = {number: _phase(compiled, number) for number in PHASES}
    return CrsRuleset(
        phases,
        tuple(describe(rule.spec) for rule in rules),
        options,
        parser.program.settings,
        {} if options.plain else {number: FastPhase(phase, number, rules) for number, phase in phases.items()},
        tuple(map(Path, dict.fromkeys(parser.program.files))),
        parser.program.signature,
        _digest(parser.program.files, options),
        tuple(problems),
    )


def from_settings(settings: Crs, regex_timeout: float) -> CrsRuleset | None:
    """The rule set that waf.yaml names, None without one. Raises RuleError."""
    if not settings.path:
        return None
    return load(
        Path(settings.path),
        CrsOptions(
            setup=Path(settings.setup) if settings.setup else None,
            paranoia=settings.paranoia or None,
            detection_paranoia=settings.detection_paranoia or None,
            inbound_threshold=settings.inbound_threshold or None,
            outbound_threshold=settings.outbound_threshold or None,
            before=tuple(map(Path, settings.exclusions_before)),
            after=tuple(map(Path, settings.exclusions_after)),
            plugins=Path(settings.plugins) if settings.plugins else None,
            model_text=settings.model_text,
            rule_timeout=regex_timeout,
        ),
    )


def _updated(parser: Parser, item: Rule | Marker) -> Rule | Marker | None:
    return parser.updates.apply(item) if isinstance(item, Rule) else item


def _phase(items: Iterable[CompiledRule | Marker], number: int) -> Phase:
    rules: list[CompiledRule] = []
    markers: list[tuple[int, str]] = []
    for item in items:
        if isinstance(item, Marker):
            markers.append((len(rules), item.name))
        elif item.spec.phase == number:
            rules.append(item)
    return Phase(tuple(rules), tuple(markers))


def _jumps(items: Iterable[CompiledRule | Marker]) -> list[Problem]:
    """A skipAfter without its marker would skip the rest of all phases."""
    found = list(items)
    markers = {item.name for item in found if isinstance(item, Marker)}
    return [
        Problem(
            item.spec.place.file, item.spec.place.line, 1, f"rule {item.id}: there is no SecMarker {link.skip_after}"
        )
        for item in found
        if isinstance(item, CompiledRule)
        for link in item.spec.links
        if link.skip_after and link.skip_after not in markers
    ]


def _digest(files: Iterable[str], options: CrsOptions) -> str:
    digest = hashlib.sha256(repr(options).encode("utf-8", "surrogateescape"))
    for name in files:
        digest.update(Path(name).read_bytes())
    return digest.hexdigest()[:16]
