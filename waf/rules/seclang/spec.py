"""What SecLang files say, as frozen values: the output of the parser and the input of the compiler."""

from __future__ import annotations

from typing import Literal

import msgspec

SelectorKind = Literal["all", "name", "regex"]


class Place(msgspec.Struct, frozen=True):
    """Where a directive stands; `line` counts from 1 and is that of its first line."""

    file: str
    line: int


class Variable(msgspec.Struct, frozen=True):
    """One target: `ARGS`, `&TX:id`, `!REQUEST_COOKIES:/__utm/`, `XML:/*`. `selector` is lower case where kind is `name`."""

    collection: str
    kind: SelectorKind = "all"
    selector: str = ""
    count: bool = False
    exclude: bool = False

    @property
    def text(self) -> str:
        selector = {"all": "", "name": f":{self.selector}", "regex": f":/{self.selector}/"}[self.kind]
        return f"{'!' if self.exclude else ''}{'&' if self.count else ''}{self.collection}{selector}"


class OperatorCall(msgspec.Struct, frozen=True):
    name: str
    argument: str
    negated: bool = False


class SetVar(msgspec.Struct, frozen=True):
    """`setvar:tx.score=+5`. `name` and `value` may hold macros. `initcol` is `open` with the key as its name, `expirevar`
    `expire` with seconds as its value."""

    collection: str
    name: str
    how: Literal["=", "+", "-", "delete", "open", "expire"]
    value: str = ""


class Control(msgspec.Struct, frozen=True):
    """`ctl:name=value`."""

    name: str
    value: str


class Link(msgspec.Struct, frozen=True):
    """One link of a chain, or a rule without one. `operator` None: SecAction, which always matches."""

    variables: tuple[Variable, ...]
    operator: OperatorCall | None
    transforms: tuple[str, ...]
    """Names as SecLang spells them; those before a `t:none` are gone."""
    multi_match: bool = False
    capture: bool = False
    setvars: tuple[SetVar, ...] = ()
    controls: tuple[Control, ...] = ()
    skip_after: str = ""
    skip: int = 0
    collections: tuple[SetVar, ...] = ()
    """`initcol` and `expirevar`."""


class Rule(msgspec.Struct, frozen=True):
    """A rule with all links of its chain."""

    id: int
    phase: int
    place: Place
    links: tuple[Link, ...]
    disruptive: str = "pass"
    """`pass`, `deny`, `drop`, `allow`, `redirect` or `block` (what SecDefaultAction says)."""
    status: int = 403
    allow: str = ""
    log: bool = True
    audit: bool = True
    message: str = ""
    data: str = ""
    tags: tuple[str, ...] = ()
    severity: int = -1
    """0 emergency … 7 debug; -1: none given."""
    version: str = ""


class Marker(msgspec.Struct, frozen=True):
    name: str


class Program(msgspec.Struct):
    """Everything the files say, in order, before exclusions are applied."""

    items: list[Rule | Marker]
    defaults: dict[int, Rule]
    """SecDefaultAction by phase, as a rule without links."""
    settings: dict[str, str]
    """Engine-wide directives by name, the last one given."""
    files: list[str]
    signature: str = ""
