"""The error tree: whose fault it is, and what the client is told.

WafError
├── InputError              the operator's file is wrong → the command exits 2 and names file:line:column
│   ├── ConfigError         waf.yaml, environment, command line
│   ├── RuleError           a rule pack
│   └── ModelError          an ONNX file
├── Refusal                 the *request* cannot be accepted → 4xx in the client API's shape, in every mode
│   ├── BadRequest          400  malformed, ambiguous or smuggled framing; a body that is not what it says
│   ├── Unauthorized        401  who calls is not known, or not believed
│   ├── Forbidden           403  the caller is known, and may not
│   ├── MethodNotAllowed    405
│   ├── RequestTimeout      408  headers or body did not arrive in time
│   ├── BodyTooLarge        413
│   ├── TargetTooLong       414
│   ├── ExpectationFailed   417
│   ├── TooManyRequests     429  the caller is known, and has had its share
│   │   └── Overloaded      503  the model server has more to do than it can, or bodies take more room than there is
│   ├── HeadersTooLarge     431
│   └── UnsupportedEncoding 400  a Content-Encoding nobody here can read
└── UpstreamError           the model server's fault
    ├── UpstreamUnreachable 502
    ├── UpstreamProtocol    502  it answered, but not in HTTP
    └── UpstreamTimeout     504

Anything else is a fault of ours → 500, blocked, unless the operator chose `fail: open`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


class WafError(Exception):
    """Root of everything this package raises on purpose."""

    def detach(self) -> None:
        """Let go of the frames that it came through, for whoever keeps it: they hold the request, and where one of them holds
        whoever keeps it, nothing but the cycle collector would free it all."""
        self.__traceback__ = self.__context__ = self.__cause__ = None


def printable(text: str) -> str:
    """The text on one line, everything escaped that a terminal would obey; bytes that are no UTF-8 too."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong at one place in an operator's file; `line` and `column` count from 1, 0 is unknown."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        kind = "warning" if self.warning else "error"
        return printable(f"{place}: {kind}: {self.message}" + (f" ({self.hint})" if self.hint else ""))


class InputError(WafError):
    """An operator's file cannot be used. Carries every problem found in one pass, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class ConfigError(InputError):
    """waf.yaml, its environment or the command line."""


class RuleError(InputError):
    """A rule pack, a list file or an exclusion."""


class ModelError(InputError):
    """An ONNX file that is missing, too large, not what its manifest says, or not of the shape that is expected."""


class Refusal(WafError):
    """The request cannot be accepted. `code` is a stable slug for logs and metrics; `message` is shown to the client
    and never quotes what it sent."""

    status = 400

    def __init__(
        self, code: str, message: str, headers: tuple[tuple[str, str], ...] = (), tags: tuple[str, ...] = ()
    ) -> None:
        """`headers` go with the answer; they are of the firewall's own making. `tags` go into the event."""
        self.code = code
        self.message = message
        self.headers = headers
        self.tags = tags
        super().__init__(f"{code}: {message}")


class BadRequest(Refusal):
    status = 400


class UnsupportedEncoding(Refusal):
    status = 400


class Unauthorized(Refusal):
    status = 401


class Forbidden(Refusal):
    status = 403


class TooManyRequests(Refusal):
    status = 429


class Overloaded(TooManyRequests):
    status = 503


class MethodNotAllowed(Refusal):
    status = 405


class RequestTimeout(Refusal):
    status = 408


class BodyTooLarge(Refusal):
    status = 413


class TargetTooLong(Refusal):
    status = 414


class ExpectationFailed(Refusal):
    status = 417


class HeadersTooLarge(Refusal):
    status = 431


class UpstreamError(WafError):
    """The model server failed us. `code` is a stable slug."""

    status = 502

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")

    def copy(self) -> Self:
        """The same, to be raised by somebody who keeps this one, which then holds no frames."""
        return type(self)(self.code, self.message)


class UpstreamUnreachable(UpstreamError):
    status = 502


class UpstreamProtocol(UpstreamError):
    status = 502


class UpstreamTimeout(UpstreamError):
    status = 504
