"""Reference files: JSON lines, CSV, .npz, and recorded traffic. Every problem names file and line."""

from __future__ import annotations

import csv
import math
import re
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from zipfile import BadZipFile

from waf.classify.ood.calibrate import Rows
from waf.classify.ood.rows import Paths, loose, texts
from waf.cli.requests import RequestError, decode_json
from waf.cli.scan import lines
from waf.errors import InputError, Problem, Refusal

if TYPE_CHECKING:
    from waf.routes import RouteTable

Kind = Literal["auto", "text", "rows"]
Part = Literal["reference", "fresh", "outliers"]
"""What a file is read for: one in which rows say `in` or `out`, and `reference` or `test`, may be given for all three."""

MOST_ROWS: Final = 200_000
MOST_VALUES: Final = 64 << 20
"""Numbers of a whole file."""
MAX_UNPACKED: Final = 8 * MOST_VALUES + (1 << 20)
"""Bytes in the arrays of an .npz, which may be packed a thousand times smaller."""
MAX_LINE: Final = 8 << 20
MAX_TEXT: Final = 256 << 20
"""Bytes of a file of JSON lines or CSV."""
SHOWN: Final = 20
"""Problems that are listed before reading stops."""
_ROW: Final = ("text", "features", "tensor")
_LABELS: Final = ("y", "class", "label")
_ARRAYS: Final = ("x", "X", "features", "data", "tensor")
_SEPARATORS: Final = re.compile("[;\t|]")
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_LEFT_OUT: Final = frozenset({"out", "near_out"})


class Wrong:
    """Problems of one file; raises InputError once there are many."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._problems: list[Problem] = []

    def add(self, line: int, message: str, hint: str = "") -> None:
        self._problems.append(Problem(str(self._path), line, 1 if line else 0, message, hint))
        if len(self._problems) >= SHOWN:
            self.end()

    def end(self) -> None:
        if self._problems:
            raise InputError(self._problems)


def read(path: Path, part: Part, *, kind: Kind, label: str, table: RouteTable, route: str, paths: Paths) -> Rows:
    """The rows of a file. Raises InputError with everything that is wrong with it."""
    wrong = Wrong(path)
    suffix = path.suffix.lower()
    if suffix == ".npy":
        wrong.add(0, "is an array without a name", "numpy.savez(FILE, x=rows) makes an .npz of it")
        wrong.end()
    if suffix in (".jsonl", ".csv") and path.stat().st_size > MAX_TEXT:
        wrong.add(0, f"is larger than {MAX_TEXT:,} bytes", "a sample is enough")
        wrong.end()
    if suffix == ".npz":
        found = _arrays(path, wrong)
    elif suffix == ".csv":
        found = list(_csv(path, label, wrong))
    else:
        found = list(_json(path, part, kind, label, wrong, table, route, paths))
    wrong.end()
    if not found:
        wrong.add(0, "has no rows", 'one JSON object a line: {"text": …}, {"features": …}, {"tensor": …}, or requests')
        wrong.end()
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    labels = [name for _, name in found]
    return Rows([value for value, _ in found], labels if any(labels) else [], digest.hexdigest())


def _json(
    path: Path, part: Part, kind: Kind, label: str, wrong: Wrong, table: RouteTable, route: str, paths: Paths
) -> Iterator[tuple[Any, str]]:
    """Each input with its label, empty for none. `part`: which rows, where they say what they are for; else all."""
    rows = _records(path, wrong)
    if rows and not any(name in rows[0][0] for name in _ROW):
        yield from _recorded(path, kind, wrong, table, route, paths)
        return
    parted = any(record.get("kind") == "reference" for record, _ in rows)
    marked = any(record.get("label") in _LEFT_OUT for record, _ in rows)
    for record, number in rows:
        if marked and (record.get("label") in _LEFT_OUT) != (part == "outliers"):
            continue
        if parted and part != "outliers" and (record.get("kind") == "reference") != (part == "reference"):
            continue
        value = _value(record, number, wrong)
        if value is not None:
            found = next((record[name] for name in ((label,) if label else _LABELS) if name in record), "")
            yield value, str(found)[:64]


def _records(path: Path, wrong: Wrong) -> list[tuple[dict[str, Any], int]]:
    """The file's JSON objects with their lines' numbers."""
    rows: list[tuple[dict[str, Any], int]] = []
    with path.open("rb") as file:
        for number, line in lines(file, MAX_LINE):
            if number > MOST_ROWS:
                wrong.add(number, f"has more than {MOST_ROWS:,} lines", "a sample is enough")
                wrong.end()
            try:
                record = decode_json(line) if line is not None else None
            except RequestError as error:
                odd = line is not None and (b"NaN" in line or b"Infinity" in line)
                wrong.add(number, str(error), "a missing number is null" if odd else "one JSON object a line")
                continue
            if isinstance(record, dict):
                rows.append((record, number))
            else:
                wrong.add(number, "is no JSON object" if line is not None else f"is longer than {MAX_LINE:,} bytes")
    return rows


def _value(record: dict[str, Any], number: int, wrong: Wrong) -> Any:
    """A record's one input; None, with a complaint, where it has none that can be used."""
    names = [name for name in _ROW if name in record]
    if len(names) != 1:
        wrong.add(number, f"has {' and '.join(names) or 'none'} of text, features and tensor", "give one of them")
        return None
    name = names[0]
    value = _written(record[name]) if name == "text" else record[name]
    if not isinstance(value, (str, list) if name == "text" else (list, dict)):
        wrong.add(number, f"{name} is {type(value).__name__}", "a text, a list of numbers, or an object of columns")
        return None
    return value


def _written(value: Any) -> Any:
    """A list of numbers that is written as a text, as such."""
    if not isinstance(value, str) or not value.startswith("[") or not value.endswith("]"):
        return value
    try:
        read_as = decode_json(value.encode())
    except RequestError:
        return value
    numbers = isinstance(read_as, list) and read_as and all(type(one) in (int, float, list) for one in read_as)
    return read_as if numbers else value


def _recorded(
    path: Path, kind: Kind, wrong: Wrong, table: RouteTable, route: str, paths: Paths
) -> Iterator[tuple[Any, str]]:
    """Inputs of the recorded requests that the route takes, as the firewall would see them."""
    from dataclasses import replace

    from waf.cli.recordings import recordings
    from waf.model import Request
    from waf.parse import parse

    taken = 0
    for entry in recordings(path):
        if not isinstance(entry.item, Request):
            wrong.add(entry.number, entry.error or "an event holds no request", "requests as `waf scan` reads them")
            continue
        request = entry.item
        at = table.find(request.method, request.target.partition("?")[0])
        if at.policy.route != route:
            continue
        taken += 1
        try:
            parsed = parse(request, replace(at.options, keep=True))
        except Refusal as refusal:
            wrong.add(entry.number, f"is refused: {refusal.message}", "leave it out")
            continue
        found = texts(parsed.fields, parsed.document, paths).values if kind != "rows" else []
        if not found and kind != "text" and request.body:
            found = loose(parsed.document, paths)
        yield from ((value, "") for value in found)
    if not taken:
        wrong.add(0, f"has no request that the route {route!r} takes", "check `routes` and --route")


def _csv(path: Path, label: str, wrong: Wrong) -> Iterator[tuple[Any, str]]:
    with path.open("rb") as raw:
        if raw.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            wrong.add(1, "is UTF-16", "save it as UTF-8")
            return
    with path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as file:
        reader = csv.reader(file)
        try:
            first = next(reader, [])
            names = [] if any(_is_number(cell) for cell in first) else first
            if odd := _odd_names(names):
                wrong.add(1, *odd)
                return
            if label and label not in names:
                wrong.add(1, f"has no column {label!r}", f"columns are {', '.join(names) or 'without names'}")
                return
            width = len(first)
            for row, cells in enumerate(reader if names else _chained(first, reader), 2 if names else 1):
                if row > MOST_ROWS:
                    wrong.add(reader.line_num, f"has more than {MOST_ROWS:,} rows", "a sample is enough")
                    wrong.end()
                if _UNDECODED.search("".join(cells)):
                    wrong.add(reader.line_num, "is not UTF-8", "save it as UTF-8")
                elif not cells:  # a blank line
                    continue
                elif len(cells) != width:
                    wrong.add(reader.line_num, f"has {len(cells)} cells, the first row has {width}")
                else:
                    yield _record(names, cells, label)
        except csv.Error as error:
            wrong.add(reader.line_num, f"is not CSV: {error}")


def _odd_names(names: list[str]) -> tuple[str, str] | None:
    """What is wrong with a first line of names, and what to do: other cells would be taken for something else, in silence."""
    if len(names) == 1 and (marks := _SEPARATORS.findall(names[0])):
        return f"is one cell, with {marks[0]!r} in it", "separate cells by commas"
    twice = next((name for name in names if names.count(name) > 1), None)
    return None if twice is None else (f"names the column {twice!r} twice", "a first line without a number holds names")


def _record(names: list[str], cells: list[str], label: str) -> tuple[Any, str]:
    if not names:
        return [_cell(cell) for cell in cells], ""
    named = dict(zip(names, cells, strict=True))
    of = named.pop(label, "") if label else ""
    if set(named) == {"text"}:
        return named["text"], of[:64]
    return {name: _cell(cell) for name, cell in named.items()}, of[:64]


def _chained(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _is_number(cell: str) -> bool:
    return isinstance(_cell(cell), float)


def _cell(cell: str) -> Any:
    text = cell.strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else None


def _arrays(path: Path, wrong: Wrong) -> list[tuple[Any, str]]:
    """The array `x` (or features, data, tensor, or the only one), rows first, and labels in `y`."""
    from numpy.lib.npyio import NpzFile

    try:
        with path.open("rb") as file, NpzFile(file, allow_pickle=False) as archive:
            parts = archive.zip.infolist() if archive.zip else []
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                wrong.add(0, f"unpacks to more than {MAX_UNPACKED:,} bytes", "a sample is enough")
                return []
            names = [name for name in archive.files if name != "y"]
            name = next((name for name in _ARRAYS if name in names), names[0] if len(names) == 1 else "")
            if not name:
                wrong.add(0, f"has the arrays {', '.join(archive.files)}", "call the one with the rows `x`")
                return []
            rows, labels = archive[name], archive["y"] if "y" in archive.files else None
    except (ValueError, OSError, EOFError, KeyError, NotImplementedError, BadZipFile, zlib.error) as error:
        hint = "an array of numbers; nothing is unpickled" if "pickle" in str(error) else ""
        wrong.add(0, f"is no .npz that can be read: {str(error)[:200]}", hint)
        return []
    if (
        rows.dtype.kind not in "fiub"
        or rows.ndim < 2
        or not rows.size
        or len(rows) > MOST_ROWS
        or rows.size > MOST_VALUES
    ):
        wrong.add(0, f"{name} is {rows.dtype}{list(rows.shape)}", "numbers, [rows, …], at most 200,000 rows")
        return []
    if labels is not None and (labels.ndim != 1 or len(labels) != len(rows)):
        wrong.add(0, f"y is {labels.dtype}{list(labels.shape)}", "one label a row")
        return []
    flat = rows.reshape(len(rows), -1).astype(float)
    return [(row.tolist(), "" if labels is None else str(labels[i])[:64]) for i, row in enumerate(flat)]
