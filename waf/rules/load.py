"""Reads a rule file into its typed form. Every problem of the file is found in one pass, each with file:line:column."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from waf.errors import InputError, Problem, RuleError
from waf.files import head
from waf.model import Mode, Phase, RuleAction, Severity
from waf.rules import chains
from waf.rules.fieldref import parse_field
from waf.rules.match_loader import MatchLoader
from waf.rules.operators import Context
from waf.rules.spec import Condition, Exclusion, FieldRef, Fixture, PackSpec, Place, RuleSpec, leaves
from waf.source import MAX_BYTES, Node, load, problem

SCHEMA: Final = "waf-rules/v1"
_TOP = ("schema", "pack", "macros", "lists", "rules", "exclusions")
_RULE = (
    "id name title severity paranoia confidence maturity tags references match action mode false_positives tests"
).split()
_REQUIRED = ("id", "name", "title", "severity", "match")
_EXCLUSION = ("rules", "fields", "route", "reason", "owner", "expires")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_PACK = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_SELECTOR = re.compile(r"\d{1,9}|tag:[\w.:-]{1,64}|pack:[\w.]{1,64}")
_TAG = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,63}")
_LIST_FILE_BYTES = 4 << 20


def load_pack(path: Path, shown_as: str | None = None, context: Context | None = None) -> PackSpec:
    """Reads one rule file.

    Raises RuleError with every problem found; also when the file cannot be read.
    """
    name = shown_as or str(path)
    try:
        raw = head(path, MAX_BYTES)
    except OSError as exc:
        raise RuleError([Problem(name, 0, 0, f"cannot be read: {exc.strerror or exc}")]) from None
    return read_pack(raw, name, path.parent, context)


def read_pack(raw: str | bytes, name: str, folder: Path, context: Context | None = None) -> PackSpec:
    """Reads the text of a rule file that is called `name` in problems; its lists lie in `folder`. Raises RuleError."""
    try:
        node = load(raw, name)
    except InputError as exc:
        raise RuleError(exc.problems) from None
    loader = _PackLoader(node, folder, context or Context())
    pack = loader.pack()
    if loader.problems:
        raise RuleError(loader.problems)
    return pack


class _PackLoader:
    def __init__(self, node: Node, folder: Path, context: Context) -> None:
        self.node = node
        self.folder = folder
        self.context = context
        self.problems: list[Problem] = []
        self.name = ""

    # ------------------------------------------------------------------ small readers that note problems

    def wrong(self, node: Node, message: str, hint: str = "", key: str | None = None) -> None:
        self.problems.append(problem(node, message, hint, key=key))

    def mapping(self, node: Node, what: str, allowed: Iterable[str] | None = None) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            self.wrong(node, f"{what} must be a mapping")
            return {}
        allowed = list(allowed) if allowed is not None else None
        for key in node.value:
            if allowed is not None and key not in allowed:
                near = difflib.get_close_matches(key, allowed, 1)
                self.wrong(node, f'{what} has no "{key}"', f'did you mean "{near[0]}"?' if near else "", key)
        return node.value

    def items(self, node: Node | None, what: str) -> list[Node]:
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.wrong(node, f"{what} must be a list")
            return []
        return node.value

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        found: list[str] = []
        for item in self.items(node, what):
            if isinstance(item.value, str) and item.value:
                found.append(item.value)
            else:
                self.wrong(item, f"{what} must be a list of texts")
        return tuple(found)

    def text(self, fields: dict[str, Node], key: str, default: str = "", pattern: re.Pattern[str] | None = None) -> str:
        node = fields.get(key)
        if node is None:
            return default
        if not isinstance(node.value, str) or not node.value or (pattern and not pattern.fullmatch(node.value)):
            self.wrong(node, f"{key} must be a text" + (f" like {pattern.pattern}" if pattern else ""))
            return default
        return node.value

    def choice(self, fields: dict[str, Node], key: str, options: Iterable[str], default: str) -> str:
        value = self.text(fields, key, default)
        options = list(options)
        if value not in options:
            near = difflib.get_close_matches(value, options, 1)
            hint = f'did you mean "{near[0]}"?' if near else ""
            self.wrong(fields[key], f"{key} must be one of {', '.join(options)}", hint)
            return default
        return value

    # ------------------------------------------------------------------ the file

    def pack(self) -> PackSpec:
        top = self.mapping(self.node, "a rule file", _TOP)
        schema = top.get("schema")
        if schema is None or schema.value != SCHEMA:
            self.wrong(schema or self.node, f"the file must say `schema: {SCHEMA}`")
        self.name = self.text(top, "pack", "", _PACK)
        if "pack" not in top:
            self.wrong(self.node, "the file must name its pack, for instance `pack: web.sqli`")
        macros = self._macros(top.get("macros"))
        lists = self._lists(top.get("lists"))
        matcher = MatchLoader(self.wrong, macros, lists, self.context)
        rules = [self._rule(item, matcher) for item in self.items(top.get("rules"), "rules")]
        exclusions = [self._exclusion(item) for item in self.items(top.get("exclusions"), "exclusions")]
        kept = tuple(rule for rule in rules if rule is not None)
        return PackSpec(self.name, self.node.file, kept, tuple(e for e in exclusions if e is not None))

    def _macros(self, node: Node | None) -> dict[str, tuple[str, ...]]:
        macros: dict[str, tuple[str, ...]] = {}
        for name, item in (self.mapping(node, "macros") if node else {}).items():
            chain = self.texts(item, f"macro {name}")
            if chains.known(name):
                self.wrong(item, f'macro "{name}" has the name of a transform')
            for step in item.value if isinstance(item.value, list) else []:
                if isinstance(step.value, str) and not chains.known(step.value):
                    near = difflib.get_close_matches(step.value, chains.names(), 1)
                    self.wrong(
                        step, f'there is no transform "{step.value}"', f'did you mean "{near[0]}"?' if near else ""
                    )
            macros[name] = tuple(step for step in chain if chains.known(step))
        return macros

    def _lists(self, node: Node | None) -> dict[str, tuple[str, ...]]:
        lists: dict[str, tuple[str, ...]] = {}
        for name, item in (self.mapping(node, "lists") if node else {}).items():
            if isinstance(item.value, list):
                lists[name] = self.texts(item, f"list {name}")
            else:
                fields = self.mapping(item, f"list {name}", ["file"])
                lists[name] = self._list_file(item, self.text(fields, "file"))
            if not lists[name]:
                self.wrong(item, f'list "{name}" is empty')
        return lists

    def _list_file(self, node: Node, name: str) -> tuple[str, ...]:
        path = (self.folder / name).resolve()
        if not name or not path.is_relative_to(self.folder.resolve()):
            self.wrong(node, "a list's file must lie in the rule file's folder or below it")
            return ()
        try:
            raw = head(path, _LIST_FILE_BYTES)
            lines = raw.decode().splitlines()
        except OSError as exc:
            self.wrong(node, f"{name} cannot be read: {exc.strerror or exc}")
            return ()
        except UnicodeDecodeError as exc:
            self.wrong(node, f"{name} is not UTF-8 at byte {exc.start}")
            return ()
        if len(raw) > _LIST_FILE_BYTES:
            self.wrong(node, f"{name} is larger than {_LIST_FILE_BYTES} bytes")
        return tuple(line for line in lines if line and not line.startswith("#"))

    # ------------------------------------------------------------------ one rule

    def _rule(self, node: Node, matcher: MatchLoader) -> RuleSpec | None:
        fields = self.mapping(node, "a rule", _RULE)
        missing = [key for key in _REQUIRED if key not in fields]
        if missing:
            self.wrong(node, f"the rule has no {', '.join(missing)}")
            return None
        rule_id = fields["id"].value
        if not isinstance(rule_id, int) or isinstance(rule_id, bool) or not 0 < rule_id < 10**9:
            self.wrong(fields["id"], "id must be a number of at most nine digits")
            rule_id = 0
        before = len(self.problems)
        match = matcher.condition(fields["match"])
        severity = Severity(self.choice(fields, "severity", [s.value for s in Severity], "warning"))
        action: Any = self.choice(fields, "action", get_args(RuleAction), "score")
        mode: Any = self.choice(fields, "mode", get_args(Mode), "enforce")
        if action == "challenge" and match is not None and self._phase(fields["match"], match) == "response":
            self.wrong(fields["action"], "whoever is to be challenged has had its answer", "use block or tag")
        if match is None or len(self.problems) > before:
            return None
        return RuleSpec(
            id=rule_id,
            name=self.text(fields, "name", "", _SLUG),
            title=self.text(fields, "title"),
            pack=self.name,
            severity=severity,
            paranoia=self._paranoia(fields.get("paranoia")),
            confidence=self.choice(fields, "confidence", ("low", "medium", "high"), "medium"),
            maturity=self.choice(fields, "maturity", ("stable", "incubating", "experimental"), "incubating"),
            tags=self._tags(fields.get("tags")),
            references=self.texts(fields.get("references"), "references"),
            match=match,
            action=action,
            mode=mode,
            phase=self._phase(fields["match"], match),
            false_positives=self.texts(fields.get("false_positives"), "false_positives"),
            tests=tuple(t for t in (self._test(i) for i in self.items(fields.get("tests"), "tests")) if t is not None),
            place=Place(node.file, node.line, node.column),
        )

    def _paranoia(self, node: Node | None) -> int:
        if node is None:
            return 1
        if not isinstance(node.value, int) or isinstance(node.value, bool) or not 1 <= node.value <= 4:
            self.wrong(node, "paranoia must be 1, 2, 3 or 4")
            return 1
        return node.value

    def _tags(self, node: Node | None) -> tuple[str, ...]:
        tags = self.texts(node, "tags")
        if node is not None and any(not _TAG.fullmatch(tag) for tag in tags):
            self.wrong(node, "a tag is lower case letters, digits and . _ : / - only", "for instance attack.sqli")
        return tags

    def _phase(self, node: Node, match: Condition) -> Phase:
        """The phase follows from the fields: the latest one that any of them needs."""
        phases = {ref.spec.phase for leaf in leaves(match) for ref in leaf.fields}
        if "response" in phases and "scored" in phases:
            self.wrong(
                node, "score.* and ml.* fields cannot be mixed with response.* fields: they exist at different times"
            )
        order: tuple[Phase, ...] = ("response", "scored", "request")
        return next(phase for phase in order if phase in phases)

    def _test(self, node: Node) -> Fixture | None:
        fields = self.mapping(node, "a test", ("attack", "benign"))
        if len(fields) != 1:
            self.wrong(node, "a test has exactly one of attack and benign")
            return None
        kind, body = next(iter(fields.items()))
        data = self.mapping(body, f"{kind}")
        if not data:
            self.wrong(body, f"{kind} needs field values, or a request or response")
            return None
        for name, item in data.items():
            if name not in ("request", "response"):
                self._field(item, name)
            elif not isinstance(item.value, dict):
                self.wrong(item, f"{name} must be a mapping")
                return None
        plain: Any = body.plain()
        return Fixture(kind == "attack", plain, Place(node.file, node.line, node.column))

    def _field(self, node: Node, text: str) -> FieldRef | None:
        try:
            return parse_field(text)
        except ValueError as exc:
            self.wrong(node, str(exc))
            return None

    # ------------------------------------------------------------------ one exclusion

    def _exclusion(self, node: Node) -> Exclusion | None:
        fields = self.mapping(node, "an exclusion", _EXCLUSION)
        rules = self.texts_or_ids(fields.get("rules"))
        if not rules or "reason" not in fields:
            self.wrong(node, "an exclusion needs rules and a reason")
            return None
        expires = None
        if "expires" in fields:
            try:
                expires = date.fromisoformat(str(fields["expires"].value))
            except ValueError:
                self.wrong(fields["expires"], "expires must be a date like 2027-06-01")
        refs = [self._field(item, str(item.value)) for item in self.items(fields.get("fields"), "fields")]
        return Exclusion(
            rules=rules,
            fields=tuple(ref for ref in refs if ref is not None),
            route=self.text(fields, "route", "*"),
            reason=self.text(fields, "reason"),
            owner=self.text(fields, "owner"),
            expires=expires,
            place=Place(node.file, node.line, node.column),
        )

    def texts_or_ids(self, node: Node | None) -> tuple[str, ...]:
        found: list[str] = []
        for item in self.items(node, "rules"):
            if _SELECTOR.fullmatch(str(item.value)):
                found.append(str(item.value))
            else:
                self.wrong(item, "must be a rule id, tag:NAME or pack:NAME")
        return tuple(found)
