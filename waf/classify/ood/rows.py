"""Which parts of a request a detector judges: the texts that a model reads, or the rows in a JSON body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import numpy.typing as npt

from waf.classify.ood.schema import Schema, flat
from waf.classify.ood.text import READ
from waf.model import Field

Array = npt.NDArray[Any]
Step = str | int | None
"""A member's name, an index, or None for any of them; see `waf.parse.paths`."""
Paths = tuple[tuple[Step, ...], ...]

MOST: Final = 256
"""Inputs of one request that are judged at most."""
MOST_VALUES: Final = 1 << 20
"""Numbers, or characters, in those together at most."""
MEMBERS: Final = (
    "instances",
    "inputs",
    "dataframe_records",
    "dataframe_split",
    "examples",
    "data",
    "features",
    "tensor",
    "rows",
)
"""Where servers of models take their rows from (TensorFlow Serving, KServe, the Open Inference Protocol, MLflow), most
common first."""
_TRIVIAL: Final = re.compile(r"[!-~]{0,16}|\s*")
"""One short word or number, as names of models and flags are. They are judged only where a path names them."""
_BUCKETS: Final = ("llm.user", "llm.prompt")


class Found(NamedTuple):
    """What a detector says about some inputs, one for each."""

    p: Array
    scores: Array
    """Infinite for what has not the form of the reference at all."""
    beyond: Array
    """[n, c]: how far each distance is beyond what is usual (0: usual, 1: as one row in ten); zeros for what does not fit."""
    origins: tuple[str, ...] = ()


class Inputs(msgspec.Struct, gc=False):
    """What is judged of one request."""

    values: list[Any] = []
    origins: list[str] = []
    left: int = 0
    """Inputs that were there and are not judged, because they are too many."""

    def add(self, value: Any, origin: str, size: int, spent: int) -> int:
        """What is spent after it."""
        if len(self.values) >= MOST or spent + size > MOST_VALUES:
            self.left += 1
            return spent
        if isinstance(value, str) and len(value) > READ:
            self.left += 1  # its middle is not looked at
        self.values.append(value)
        self.origins.append(origin)
        return spent + size


def texts(fields: Mapping[str, Sequence[Field]], document: Any, paths: Paths) -> Inputs:
    """Texts of users and prompts; with paths, the texts that they lead to."""
    found = Inputs()
    spent = 0
    if paths:
        for value, origin in _at(document, paths):
            if isinstance(value, str):
                spent = found.add(value, origin, len(value), spent)
        return found
    for bucket in _BUCKETS:
        for field in fields.get(bucket, ()):
            text = field.value
            if isinstance(text, str) and _TRIVIAL.fullmatch(text) is None:
                spent = found.add(text, field.origin, len(text), spent)
    return found


def rows(document: Any, schema: Schema, paths: Paths) -> Inputs:
    """Rows of numbers or of a table. A body without any is one row that does not fit: what the model would make of it is not
    known."""
    found = Inputs()
    spent = 0
    places = _at(document, paths) if paths else _usual(document, frozenset(column.name for column in schema.columns))
    for value, origin in places:
        for row, where in _split(value, origin, schema):
            spent = found.add(row, where, max(1, schema.size, len(schema.columns)), spent)
    if not found.values and not found.left:
        found.add(None, "json:$", 1, 0)
    return found


def _usual(document: Any, names: frozenset[str]) -> Iterator[tuple[Any, str]]:
    """Every member that a server might read: a harmless one must not hide another."""
    there = [name for name in MEMBERS if document.get(name) is not None] if isinstance(document, dict) else []
    if isinstance(document, dict) and names & document.keys():
        there = []
    for name in there:
        yield from _member(name, document[name])
    if not there:
        yield document, "json:$"


def _member(name: str, value: Any) -> Iterator[tuple[Any, str]]:
    origin = f"json:$.{name}"
    if (
        name == "inputs"
        and isinstance(value, list)
        and value
        and all(isinstance(v, dict) and "data" in v for v in value)
    ):
        yield from ((one["data"], f"{origin}[{i}].data") for i, one in enumerate(value))
    elif name == "dataframe_split" and isinstance(value, dict):
        columns, data = value.get("columns"), value.get("data")
        fits = isinstance(columns, list) and isinstance(data, list) and all(isinstance(name, str) for name in columns)
        for i, row in enumerate(data if isinstance(data, list) and fits else [None]):
            same = isinstance(columns, list) and isinstance(row, list) and len(row) == len(columns)
            yield (
                (dict(zip(columns, row, strict=True)) if same and isinstance(columns, list) else row),
                f"{origin}.data[{i}]",
            )
    else:
        yield value, origin


def loose(document: Any, paths: Paths) -> list[Any]:
    """Rows of a document whose schema is not known yet: what a list of lists or objects holds, else the value itself."""
    found: list[Any] = []
    for value, origin in _at(document, paths) if paths else _usual(document, frozenset()):
        if isinstance(value, list) and value and all(isinstance(one, dict | list) for one in value):
            found += value
        elif isinstance(value, list) and origin.endswith(".data") and (size := _batch(document, origin)) > 1:
            step = len(value) // size
            found += [value[at : at + step] for at in range(0, step * size, step)]
        else:
            found.append(value)
    return found


def _batch(document: Any, origin: str) -> int:
    """Rows that an input of the Open Inference Protocol declares, where its flat data can be cut into as many; else 1."""
    place = re.search(r"inputs\[(\d+)\]", origin)
    one = document["inputs"][int(place[1])] if place else {}
    shape = one.get("shape")
    if not isinstance(shape, list) or len(shape) < 2 or type(shape[0]) is not int or shape[0] < 1:
        return 1
    return shape[0] if len(one["data"]) % shape[0] == 0 else 1


def _split(value: Any, origin: str, schema: Schema) -> Iterator[tuple[Any, str]]:
    """A value as rows: itself, what it lists, or a flat list cut up."""
    if schema.columns:
        rows_in = isinstance(value, list) and value and all(isinstance(one, dict | list) for one in value)
        yield from (
            ((one, f"{origin}[{i}]") for i, one in enumerate(value)) if rows_in else [(_named(value, schema), origin)]
        )
        return
    if isinstance(value, list) and value:
        if type(value[0]) is not list:
            whole = len(value) > schema.size and len(value) % schema.size == 0
            step = schema.size if whole else len(value)
            for at in range(0, len(value), step):
                yield value[at : at + step], f"{origin}[{at}]" if whole else origin
            return
        numbers = flat(value, schema.size)
        if numbers is None or len(numbers) < schema.size:
            for i, one in enumerate(value):
                if isinstance(one, list):
                    yield from _split(one, f"{origin}[{i}]", schema)
                else:
                    yield one, f"{origin}[{i}]"
            return
    yield value, origin


def _named(value: Any, schema: Schema) -> Any:
    """Plain columns of one row keep their order even where the reference has names."""
    if schema.named and isinstance(value, list) and len(value) == len(schema.columns):
        return {column.name: one for column, one in zip(schema.columns, value, strict=True)}
    return value


def _at(document: Any, paths: Paths) -> Iterator[tuple[Any, str]]:
    """Values that the paths lead to, in the order of the paths."""
    for path in paths:
        here: list[tuple[Any, str]] = [(document, "json:$")]
        for step in path:
            there: list[tuple[Any, str]] = []
            for value, origin in here:
                if isinstance(value, dict):
                    names = list(value) if step is None else [step] if step in value else []
                    there += [(value[name], f"{origin}.{str(name)[:64]}") for name in names]
                elif isinstance(value, list):
                    places = (
                        range(len(value))
                        if step is None
                        else [step]
                        if isinstance(step, int) and step < len(value)
                        else []
                    )
                    there += [(value[i], f"{origin}[{i}]") for i in places]
            here = there
        yield from here
