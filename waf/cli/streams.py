"""The standard streams: a program may be started without them, and on terminals that have no colour."""

from __future__ import annotations

import os
import sys
from codecs import lookup
from io import TextIOWrapper
from typing import Final

_STREAMS: Final = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def complete() -> None:
    """Puts the null device where stdin, stdout or stderr is closed; what the encoding of the others does not have is escaped.

    The numbers 0, 1 and 2 would be given to the first sockets otherwise: what is printed would go to a client, and the event
    loop aborts when it closes one of them.
    """
    for number, (name, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
        stream = getattr(sys, name)
        if mode == "w" and isinstance(stream, TextIOWrapper) and lookup(stream.encoding).name != "utf-8":
            stream.reconfigure(errors="backslashreplace")  # in a locale of Latin-1, say, a tree would end in an error


def colourless() -> bool:
    """Whether the user (no-color.org) or the terminal wants no colours."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
