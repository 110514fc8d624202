"""The inputs of a request that its caller is known by: the rows of its tensors, or its latest texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

import msgspec
import numpy as np

from waf.abuse.embed import Vector, encoded, fold_row, fold_text, frames, rows_of, tame
from waf.model import Parsed, Tensor

MOST_INPUTS: Final = 8
"""Inputs of one request that are looked at; those of a batch are chosen evenly."""
MOST_TENSORS: Final = 64
MOST_SCALARS: Final = 1_024
_SHORT: Final = 2
"""Tokens of an answer up to which it is no text but a label."""
_DIGEST: Final = 0x7FFFFFFFFFFFFFFF
_MOST_DATED: Final = 1_024
"""Bytes of a text up to which it is looked for times."""
_DATES: Final = re.compile(
    rb"\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?\b"
    rb"|\b[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,9})?\b|\b[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}\b|\b1[0-9]{9}(?:[0-9]{3})?\b"
)
"""Dates and times of day, and seconds and milliseconds since 1970: what differs in these alone is asked again."""
_may_have_dates: Final = re.compile(rb"[0-9](?::[0-9]|[./-][0-9]|[0-9]{9})").search
"""Without a match there are none of them, and that is quicker to see."""
_INSTANCE: Final = re.compile(r"json:\$\.\w+\[(\d+)\]")


class Row(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One input of numbers: at most 1,024 of them, and how many there were."""

    size: int
    values: Vector
    digest: int
    """Hash of what was sent; not 0."""
    place: float
    """Where it would stand in a sorted list."""
    hungry: bool | None = None
    """Whether it has an appetite; None where its protocol has no such thing."""


class Text(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The same of a text."""

    folded: bytes
    digest: int
    place: float
    frames: tuple[int, int]
    """Hashes of its beginning and its end."""
    hungry: bool | None


Query = Row | Text
Digest = Callable[[bytes], int]
"""Of what was sent; keyed. Python's own is another one in each process."""


def rows(parsed: Parsed, digest: Digest = hash) -> list[Row]:
    """[size] each. Tensors that have as many rows as each other are the columns of one table."""
    if not parsed.tensors:
        return _named(parsed, digest) if parsed.protocol in ("generic", "kserve") else []
    tensors = parsed.tensors[:MOST_TENSORS]
    counts = {_count(tensor, parsed.protocol) for tensor in tensors}
    count = counts.pop() if len(counts) == 1 else 1
    parts = [rows_of(tensor.values, count, MOST_INPUTS) for tensor in tensors if len(tensor.values)]
    if not parts:
        return []
    table = parts[0] if len(parts) == 1 else np.hstack(parts)
    return [_row(row, digest) for row in table]


def _count(tensor: Tensor, protocol: str) -> int:
    """How many inputs a tensor holds."""
    shape = tensor.shape
    if len(shape) < 2 or shape[0] < 1 or len(tensor.values) % shape[0]:
        return 1
    if protocol == "generic" and len(shape) == 2 and shape[0] == shape[1]:
        return 1  # an image rather than a batch
    return shape[0]


def _row(row: np.ndarray[tuple[int], np.dtype[np.float64]], digest: Digest) -> Row:
    return Row(len(row), fold_row(row), digest(row.tobytes()) & _DIGEST or 1, float(row[0]))


def row_of(size: int, values: Vector, digest: Digest) -> Row:
    """One of `size` numbers, of which `values` are what is compared."""
    return Row(size, values, digest(values.tobytes()) & _DIGEST or 1, float(values[0]))


def _named(parsed: Parsed, digest: Digest) -> list[Row]:
    """Numbers that are members of objects, as in `{"instances": [{"age": 3, "income": 5}]}`, one row an instance."""
    groups: dict[str, list[float]] = {}
    for field in parsed.fields.get("json.scalars", ())[:MOST_SCALARS]:
        if isinstance(field.value, int | float):
            found = _INSTANCE.match(field.origin)
            groups.setdefault(found.group(1) if found else "", []).append(float(field.value))
    return [_row(tame(np.array(group)), digest) for group in list(groups.values())[:MOST_INPUTS] if len(group) > 1]


def texts(parsed: Parsed, digest: Digest = hash) -> list[Text]:
    """The last thing that a user says in a chat; else the prompts, and those of an unknown API as one."""
    fields = parsed.fields
    said = fields.get("llm.user")
    if said:
        found = [str(said[-1].value)]
    else:
        prompts = fields.get("llm.prompt", [])
        if not prompts:
            return []
        if parsed.protocol == "generic":
            found = [" ".join([str(field.value) for field in prompts[:MOST_INPUTS]])]
        else:
            found = [str(prompts[i].value) for i in _evenly(len(prompts))]
    hunger = hungry(parsed)
    return [_text(text, hunger, digest) for one in found if (text := one.strip())]


def _evenly(count: int) -> Iterable[int]:
    return range(count) if count <= MOST_INPUTS else [i * count // MOST_INPUTS for i in range(MOST_INPUTS)]


def _text(text: str, hunger: bool | None, digest: Digest) -> Text:
    sent = encoded(text)
    folded = fold_text(sent)
    # The digest is of the text as it was sent: a change of case or of a digit is a perturbation, not a repetition. But who asks
    # the same every five minutes may say when.
    if len(sent) <= _MOST_DATED and _may_have_dates(sent):
        sent = _DATES.sub(b"0", sent)
    place = float(int.from_bytes(folded[:8].ljust(8)))
    return Text(folded, digest(sent) & _DIGEST or 1, place, frames(folded), hunger)


def hungry(parsed: Parsed) -> bool | None:
    """Whether a generating model is asked for probabilities or for no more than a label; None for other models."""
    params = parsed.fields.get("llm.params")
    if params is None:
        return None
    for field in params:
        value = field.value
        if field.name in ("logprobs", "top_logprobs", "prompt_logprobs", "n_probs") and value:
            return True
        if field.name in ("max_tokens", "max_completion_tokens", "max_new_tokens", "num_predict") and (
            isinstance(value, int | float) and 0 < value <= _SHORT
        ):
            return True
    return False
