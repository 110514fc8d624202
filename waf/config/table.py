"""The settings as a tree of `Spec`, read once from the dataclasses of `waf.settings`.

Building, overriding, the JSON schema, the documentation and the suggestions all walk this one tree.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from waf.settings import Config

Kind = Literal["text", "integer", "number", "flag", "choice", "texts", "section", "sections"]


@dataclass(frozen=True, slots=True)
class Spec:
    """One setting, or one section of them."""

    path: str
    """Dotted, `[]` for an item of a list: `limits.body`, `routes[].paths.prompt`; empty for the whole file."""
    kind: Kind
    doc: str
    default: Any
    low: float | None = None
    high: float | None = None
    unit: str = ""
    words: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    cls: type[Any] = object
    """The dataclass of a section; all of them have a default for every member."""
    members: dict[str, Spec] = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def walk(self) -> Iterator[Spec]:
        """This and everything below it, in the order of the file."""
        yield self
        for member in self.members.values():
            yield from member.walk()


def section(cls: type[Any], path: str, doc: str, kind: Kind = "section", default: Any = None) -> Spec:
    """The tree below one dataclass. Raises TypeError for an annotation that no configuration file could fill."""
    hints = typing.get_type_hints(cls)
    members = {f.name: _member(f, hints[f.name], path) for f in dataclasses.fields(cls)}
    return Spec(path, kind, doc, default, cls=cls, members=members)


def _member(f: dataclasses.Field[Any], hint: Any, parent: str) -> Spec:
    path = f"{parent}.{f.name}" if parent else f.name
    default = f.default_factory() if f.default_factory is not dataclasses.MISSING else f.default
    meta = f.metadata
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return section(hint, path, meta["doc"], default=default)
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        if dataclasses.is_dataclass(item) and isinstance(item, type):
            return section(item, path + "[]", meta["doc"], "sections", default)
    kind, choices = _kind(hint)
    return Spec(path, kind, meta["doc"], default, meta["low"], meta["high"], meta["unit"], meta["words"], choices)


_SCALARS: Final[dict[Any, Kind]] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "flag",
    tuple[str, ...]: "texts",
}


def _kind(hint: Any) -> tuple[Kind, tuple[str, ...]]:
    if hint in _SCALARS:
        return _SCALARS[hint], ()
    parts = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    if all(typing.get_origin(part) is Literal for part in parts):
        return "choice", tuple(value for part in parts for value in typing.get_args(part))
    raise TypeError(f"a setting cannot be a {hint!r}")


ROOT: Final = section(Config, "", "Everything about one firewall.")
"""The tree of waf.yaml."""
