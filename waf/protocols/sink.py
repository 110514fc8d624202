"""Where the tables of `waf.protocols` put what they find: one collector for each request."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from waf.model import Field, Skip, Tensor
from waf.protocols.texts import without_escapes

PATH_CAP: Final = 240
"""A path stops growing here, so that deep bodies with long keys cannot make names larger than themselves."""
KEY_CAP: Final = 64
_QUOTING: Final = frozenset({"llm.tool_results", "llm.documents"})
"""Model texts that programs write, often as JSON."""


class Repeated(list[Any]):
    """All values of a member name that occurs more than once in one object, in order.

    Only made when duplicates are inspected rather than refused; each value is read as if it were the only one.
    """


class Document(NamedTuple):
    """A decoded JSON text. `numeric` maps `id(list)` of each list that holds only numbers to its values."""

    value: Any
    numeric: dict[int, array[float]]


class Sink:
    """Collects fields and skips. `decode` reads JSON inside a JSON string and gives None where it is not JSON."""

    __slots__ = ("_documents", "decode", "fields", "model", "numeric", "operation", "skipped", "stream", "tensors")

    def __init__(self, decode: Callable[[str], Document | None], model: str = "", operation: str = "") -> None:
        self.fields: defaultdict[str, list[Field]] = defaultdict(list)
        self.skipped: list[Skip] = []
        self.tensors: list[Tensor] = []
        self.decode = decode
        self.numeric: dict[int, array[float]] = {}
        self.model = model
        self.operation = operation
        self.stream = False
        self._documents: list[Document] = []

    @property
    def document(self) -> Any:
        """The first document that was opened: the body."""
        return self._documents[0].value if self._documents else None

    def open(self, document: Document) -> Any:
        """The document's value; keeps it alive, because `numeric` goes by identity."""
        self._documents.append(document)
        self.numeric.update(document.numeric)
        return document.value

    def text(self, bucket: str, path: str, value: str) -> None:
        """A string found at a JSON path."""
        if bucket in _QUOTING:
            value = without_escapes(value)
        self.fields[bucket].append(Field(bucket, path, value, "json:" + path))

    def number(self, bucket: str, name: str, value: int | float, path: str) -> None:
        self.fields[bucket].append(Field(bucket, name, value, "json:" + path))

    def skip(self, path: str, reason: str, size: int = 0) -> None:
        self.skipped.append(Skip("json:" + path, reason, size))


def below(path: str, key: str) -> str:
    """The path of member `key`: `$.a.b`, and `$.a["b c"]` for names that are not identifiers. Long ones are cut."""
    if len(path) > PATH_CAP:
        return path if path.endswith("…") else path + "…"
    if key.isidentifier() and len(key) <= KEY_CAP:
        return f"{path}.{key}"
    cut = key[:KEY_CAP].replace("\\", "\\\\").replace('"', '\\"')
    return f'{path}["{cut}…"]' if len(key) > KEY_CAP else f'{path}["{cut}"]'


def at(path: str, index: int) -> str:
    """The path of a list's element."""
    if len(path) > PATH_CAP:
        return path if path.endswith("…") else path + "…"
    return f"{path}[{index}]"
