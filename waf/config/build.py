"""YAML nodes → frozen settings, along the table. Every problem is collected; what is wrong stands at its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from waf.config import units
from waf.config.substitute import SubstitutionError, refers, substitute
from waf.config.table import ROOT, Spec
from waf.config.texts import CHECKS, ON_DISK, Complaint, suggest
from waf.errors import Problem
from waf.source import Node, plain_scalar, problem

_EXPECTED: Final = {
    "text": "text",
    "choice": "text",
    "integer": "a whole number",
    "number": "a number",
    "flag": "true or false",
    "texts": "a list of texts",
    "section": "a section of settings",
    "sections": "a list of sections",
}


@dataclass(slots=True)
class Builder:
    """One pass over one file. `base` is the folder that paths in the file are relative to."""

    base: Path
    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, Node] = field(default_factory=dict)
    """Where each setting that is present stands, by its path with indices: `routes[0].path`."""

    def section(self, spec: Spec, node: Node, path: str) -> Any:
        """An instance of the section's dataclass."""
        self.places[path] = node
        given = node.value if node.value is not None else {}
        if not isinstance(given, dict):
            self.complain(node, path, Complaint(f"expects {_EXPECTED['section']}, not {_kind(node)}"))
            return spec.cls()
        values: dict[str, Any] = {}
        for name, child in given.items():
            member = spec.members.get(name)
            here = f"{path}.{name}" if path else name
            if member is None:
                self.problems.append(problem(node, f"unknown setting `{here}`", _nearest(name, spec), key=name))
                continue
            values[name] = self._member(member, child, here)
        return spec.cls(**values)

    def _member(self, spec: Spec, node: Node, path: str) -> Any:
        if spec.kind == "section":
            return self.section(spec, node, path)
        self.places[path] = node
        if spec.kind in ("sections", "texts"):
            return self._list(spec, node, path)
        value, complaint = self._scalar(spec, node)
        if complaint:
            self.complain(node, path, complaint)
            return spec.default
        return value

    def _list(self, spec: Spec, node: Node, path: str) -> tuple[Any, ...]:
        items = node.value if node.value is not None else []
        if not isinstance(items, list):
            hint = "put it in brackets: [ … ]" if isinstance(items, str) and spec.kind == "texts" else ""
            self.complain(node, path, Complaint(f"expects {_EXPECTED[spec.kind]}, not {_kind(node)}", hint))
            return ()
        if spec.kind == "sections":
            return tuple(self._item(spec, item, f"{path}[{i}]") for i, item in enumerate(items))
        values = []
        for i, item in enumerate(items):
            self.places[f"{path}[{i}]"] = item
            value, complaint = self._scalar(spec, item)
            if complaint is None and value == "":
                complaint = Complaint("an item cannot be empty")
            if complaint:
                self.complain(item, f"{path}[{i}]", complaint)
            values.append(value)
        return tuple(values)

    def _item(self, spec: Spec, node: Node, path: str) -> Any:
        if (
            node.value is None
        ):  # a section may be left empty, but a `-` with nothing behind it is a slip: a route for everything
            self.complain(node, path, Complaint(f"expects {_EXPECTED['section']}, not nothing"))
        return self.section(spec, node, path)

    def _scalar(self, spec: Spec, node: Node) -> tuple[Any, Complaint | None]:
        value = node.value
        if isinstance(value, str):
            try:
                value = substitute(value, self.base, self.environ)
            except SubstitutionError as error:
                return spec.default, Complaint(str(error), error.hint)
            if spec.kind not in ("text", "texts", "choice") and value != node.value:
                value = plain_scalar(value)
        if spec.kind in ("text", "texts"):
            return self._text(spec, node, value)
        if spec.kind == "choice":
            return _choice(spec, node, value)
        if spec.kind == "flag":
            return value, None if isinstance(value, bool) else _mismatch(spec, node)
        return _number(spec, node, value)

    def _text(self, spec: Spec, node: Node, value: Any) -> tuple[Any, Complaint | None]:
        if spec.unit == "selector" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # rule ids are numbers to the eye
        if not isinstance(value, str):
            return value, _mismatch(spec, node)
        if value in spec.words or (value == "" and spec.default in ("", ())):
            return value, None
        if value == "":
            return value, Complaint("cannot be empty")
        if (
            spec.unit in ON_DISK and node.line
        ):  # line 0: the command line, whose paths are relative to the current folder
            value = str((self.base / value).absolute())
        complaint = CHECKS[spec.unit](value) if spec.unit else None
        if complaint and (near := suggest(str(node.value), spec.words)):
            complaint = Complaint(complaint.message, near)
        if complaint and isinstance(node.value, str) and refers(node.value):
            complaint = Complaint(complaint.message)
        return value, complaint

    def complain(self, node: Node, path: str, complaint: Complaint, *, warning: bool = False) -> None:
        """Record a problem with the setting at `path`."""
        message = f"{path}: {complaint.message}" if path else complaint.message
        self.problems.append(problem(node, message, complaint.hint, warning=warning))


def _choice(spec: Spec, node: Node, value: Any) -> tuple[Any, Complaint | None]:
    if value in spec.choices:
        return value, None
    shown = [choice for choice in spec.choices if choice]
    listed = f"expects {', '.join(shown[:-1])} or {shown[-1]}"
    if not isinstance(value, str) or refers(str(node.value)):
        return value, Complaint(listed)
    return value, Complaint(f"{listed}, not {_quoted(value)}", suggest(value, tuple(shown)))


def _number(spec: Spec, node: Node, value: Any) -> tuple[Any, Complaint | None]:
    hint = units.HINTS.get(spec.unit, "")
    if isinstance(value, str):
        read = {"bytes": units.size, "seconds": units.duration}.get(spec.unit)
        value = read(value) if read else None
    if isinstance(value, bool) or not isinstance(value, int if spec.kind == "integer" else int | float):
        return value, _mismatch(spec, node, hint)
    value = value if spec.kind == "integer" else float(value)
    if spec.low is not None and value < spec.low:
        return value, Complaint(f"is below the least value, {units.show(spec.low, spec.unit)}", hint)
    if spec.high is not None and value > spec.high:
        return value, Complaint(f"is above the greatest value, {units.show(spec.high, spec.unit)}", hint)
    return value, None


def _mismatch(spec: Spec, node: Node, hint: str = "") -> Complaint:
    expected = "text" if spec.kind == "texts" else _EXPECTED[spec.kind]
    if spec.kind in ("text", "texts") and isinstance(node.value, bool | int | float):
        hint = hint or "put it in quotes"
    return Complaint(f"expects {expected}, not {_kind(node)}", hint)


def _kind(node: Node) -> str:
    """What stands there, for a message. Text that came from elsewhere is named by its reference and never shown."""
    value = node.value
    if isinstance(value, str):
        return f"what {_quoted(value)} holds" if refers(value) else "text"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return "a section" if isinstance(value, dict) else "a list" if isinstance(value, list) else "a number"


def _quoted(text: str) -> str:
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"


def _nearest(name: str, spec: Spec) -> str:
    """A suggestion: a sibling that reads alike, else a setting of that very name elsewhere."""
    if near := suggest(name, spec.members):
        return near
    elsewhere = [other.path for other in ROOT.walk() if other.name.removesuffix("[]") == name]
    return f"did you mean `{elsewhere[0]}`?" if elsewhere else ""
