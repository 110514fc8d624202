"""multipart/form-data as libmodsecurity v3 reads it, flags for every oddity included.

Not `waf.parse.multipart_body`: that one refuses what servers read differently, this one tells rules about it.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from waf.rules.seclang.transaction import Items

_SPACES: Final = b" \t\n\v\f\r"
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z '()+_,./:=?-]*[0-9A-Za-z'()+_,./:=?-]")
_TOKEN: Final = re.compile(r"""[^\x00-\x20\x7f-\U0010ffff()<>@,;:\\"/\[\]?=]*""")
MOST_PARTS: Final = 2_000


class Malformed(ValueError):
    """The body cannot be read on."""


class Part(msgspec.Struct):
    headers: list[tuple[str, str, str]] = []
    """Lower-case name, value and the whole line of each header."""
    name: str = ""
    filename: str = ""
    data: list[bytes] = []
    in_data: bool = False

    @property
    def content(self) -> bytes:
        """The data without the line break before the boundary."""
        raw = b"".join(self.data)
        return raw.removesuffix(b"\r\n") if raw.endswith(b"\r\n") else raw.removesuffix(b"\n")


class Multipart:
    """Reads a body; afterwards `parts` holds the complete ones, `flags` the MULTIPART_… flags, `error` what was wrong."""

    def __init__(self, content_type: str, raw: bytes) -> None:
        self.parts: list[Part] = []
        self.names: Items = []
        self.filenames: Items = []
        self.flags = dict.fromkeys(
            "boundary_quoted boundary_whitespace data_before data_after header_folding invalid_header_folding "
            "invalid_part invalid_quoting lf_line missing_semicolon".split(),
            False,
        )
        self.crlf_line = False
        self.unmatched = 0
        self.failed = False
        self.error = ""
        self._boundaries = 0
        self._complete = False
        self._part: Part | None = None
        try:
            self._boundary = self._find_boundary(content_type).encode()
            self._read(raw)
        except Malformed as error:
            self.error, self.failed = str(error), True
        if raw and not self._complete and not self.error:
            self.error = "final boundary missing" if self._boundaries else "no boundaries found"

    @property
    def strict_error(self) -> bool:
        return self.failed or any(self.flags.values())

    def _find_boundary(self, header: str) -> str:
        flags, lower = self.flags, header.lower()
        at = header.find("boundary")
        if len(header) > 1024 or _count_boundaries(lower) > 1 or at < 0 or not lower.startswith("multipart/form-data"):
            raise Malformed("invalid boundary")
        between = header[19:at].strip()
        if between not in ("", ";"):
            raise Malformed("invalid boundary: malformed")
        flags["missing_semicolon"] = not between
        rest, equals, value = header[at + 8 :].partition("=")
        if not equals or rest.strip():
            raise Malformed("invalid boundary: parameter name")
        flags["boundary_whitespace"] = bool(rest) or value[:1].isspace()
        if len(value) >= 2 and value[0] == value[-1] == '"':
            value = value[1:-1]
            flags["boundary_quoted"] = True
        elif '"' in (value[:1], value[-1:]):
            raise Malformed("invalid boundary: quote")
        if _count_boundaries(value.lower()) or not value.isascii() or not _BOUNDARY.fullmatch(value):
            raise Malformed("invalid boundary: characters")
        return value

    def _read(self, raw: bytes) -> None:
        flags, mark = self.flags, b"--" + self._boundary
        for line in raw.splitlines(keepends=True) if b"\r" not in raw else _lines(raw):
            if line.startswith(b"--") and len(line) > 3:
                if line.startswith(mark):
                    self._boundary_line(line, line[len(mark) :])
                    continue
                self._looks_like_boundary(line)
            part = self._part
            if part is None:
                if not line.strip(b"\r\n"):
                    continue
                flags["data_after" if self._complete else "data_before"] = True
            elif part.in_data:
                part.data.append(line)
            else:
                self._header_line(part, line)

    def _boundary_line(self, line: bytes, rest: bytes) -> None:
        if self._boundaries:
            self.unmatched = 2
        final = rest.startswith(b"--")
        if final:
            rest = rest[2:]
            if self._complete:
                raise Malformed("invalid boundary: final duplicate")
        if rest not in (b"\r\n", b"\n") and not (final and rest == b""):
            raise Malformed("invalid boundary")
        if rest:
            self._line_end(line)
        self._finish()
        self._boundaries += 1
        self._complete = final
        if not final:
            if len(self.parts) >= MOST_PARTS:
                raise Malformed("too many parts")
            self._part = Part([], data=[])

    def _finish(self) -> None:
        part, self._part = self._part, None
        if part is None:
            return
        if part.name:
            self.parts.append(part)
        else:
            self.flags["invalid_part"] = True

    def _looks_like_boundary(self, line: bytes) -> None:
        after = line[2:]
        stripped = after.lstrip(_SPACES)
        if self.flags["boundary_quoted"] and after.startswith(b'"' + self._boundary):
            raise Malformed("invalid boundary: quotes")
        if stripped != after and stripped.startswith(self._boundary):
            raise Malformed("boundary whitespace")
        self.unmatched = self.unmatched or 1

    def _line_end(self, line: bytes) -> None:
        if line.endswith(b"\r\n"):
            self.crlf_line = True
        else:
            self.flags["lf_line"] = True

    def _header_line(self, part: Part, line: bytes) -> None:
        if b"\0" in line:
            raise Malformed("nul byte in part headers")
        self._line_end(line)
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if not text:
            self._headers_end(part)
        elif line[:1] in (b" ", b"\t", b"\v", b"\f", b"\r"):
            self.flags["header_folding"] = True
            value = text.lstrip(_SPACES.decode())
            if text[: len(text) - len(value)].strip(" \t"):
                self.flags["invalid_header_folding"] = True
            if not part.headers:
                raise Malformed("folding error")
            name, before, whole = part.headers[-1]
            part.headers[-1] = (name, f"{before} {value}", whole)
            self.error = self.error or "folded part header"
        else:
            name, colon, value = text.partition(":")
            if not colon or not name:
                raise Malformed("header without a colon or a name")
            if any(known == name.lower() for known, _, _ in part.headers):
                raise Malformed("duplicate part header")
            part.headers.append((name.lower(), value.lstrip(" \t"), text))

    def _headers_end(self, part: Part) -> None:
        given = next((value for name, value, _ in part.headers if name == "content-disposition"), None)
        if given is None:
            raise Malformed("part without Content-Disposition")
        self._disposition(part, given)
        if not part.name:
            raise Malformed("Content-Disposition without a name")
        part.in_data = True

    def _disposition(self, part: Part, text: str) -> None:
        if not text.startswith("form-data"):
            raise Malformed("Content-Disposition is not form-data")
        rest = text[9:].lstrip(" \t")
        while rest:
            if not rest.startswith(";"):
                if rest[:1] in "'\"":
                    self.flags["invalid_quoting"] = True
                raise Malformed("Content-Disposition: no semicolon")
            key, equals, rest = rest[1:].lstrip(" \t").partition("=")
            key, rest = key.rstrip(" \t"), rest.lstrip(" \t")
            if not equals or not rest or " " in key or "\t" in key:
                raise Malformed("Content-Disposition: no value")
            value, rest = self._quoted(rest) if rest[0] in "\"'" else _token(rest)
            self._parameter(part, key, value)
            rest = rest.lstrip(" \t")

    def _quoted(self, text: str) -> tuple[str, str]:
        quote, at, out = text[0], 1, []
        self.flags["invalid_quoting"] |= quote == "'"
        if len(text) == 1:
            raise Malformed("Content-Disposition: open quote")
        while at < len(text) and text[at] != quote:
            if text[at] == "\\":
                if at + 1 == len(text):
                    raise Malformed("Content-Disposition: open escape")
                at += text[at + 1] in (quote, "\\")
            out.append(text[at])
            at += 1
        return "".join(out), text[at + 1 :]

    def _parameter(self, part: Part, key: str, value: str) -> None:
        if key not in ("name", "filename"):
            raise Malformed("Content-Disposition: unknown parameter")
        self.flags["invalid_quoting"] |= "'" in value
        (self.names if key == "name" else self.filenames).append((value, value))
        if getattr(part, key):
            raise Malformed(f"Content-Disposition: duplicate {key}")
        setattr(part, key, value)


def _token(text: str) -> tuple[str, str]:
    found = _TOKEN.match(text)
    end = found.end() if found else 0
    return text[:end], text[end:]


def _count_boundaries(lower: str) -> int:
    """How often `boundary` stands before a `=`."""
    count, at = 0, lower.find("boundary")
    while at >= 0:
        count += "=" in lower[at + 8 :]
        at = lower.find("boundary", at + 8)
    return count


def _lines(raw: bytes) -> list[bytes]:
    """Split behind each line feed; a carriage return alone ends no line."""
    return [line for line in re.split(rb"(?<=\n)", raw) if line]
