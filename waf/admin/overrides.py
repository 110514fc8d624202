"""/admin/overrides: exceptions of an incident, shown, applied and withdrawn while the firewall runs."""

from __future__ import annotations

from typing import Final, Protocol

import msgspec
from aiohttp import web

from waf.errors import ConfigError

PATH: Final = "/admin/overrides"
MAX_BODY: Final = 1 << 20
_JSON: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class OverrideEditor(Protocol):
    """What operators may change."""

    def shown(self) -> bytes:
        """The entries there are, as JSON."""
        ...

    async def change(self, body: bytes, peer: str) -> bytes:
        """Do what an order says, all or nothing; returns what was done, as JSON. `peer`: where it came from, for the log.
        Raises ConfigError for an order that is wrong, LookupError for an entry that is not there, OSError when nothing can be
        written."""
        ...


class OverridesApi:
    """`editor`: None where the configuration names no file of overrides."""

    def __init__(self, editor: OverrideEditor | None) -> None:
        self._editor = editor

    async def answer(self, request: web.BaseRequest, peer: str) -> web.Response:
        """Whoever asks may do so."""
        if self._editor is None:
            return _refused(404, "no file of overrides is configured: set `overrides`")
        if request.method == "GET":
            return web.Response(body=self._editor.shown(), headers=_JSON)
        if request.method != "POST":
            return web.Response(status=405, text="method not allowed\n", headers={"Allow": "GET, POST"})
        # A page in a browser cannot send this type elsewhere without being asked about it first.
        if request.content_type != "application/json":
            return _refused(415, "the order must have Content-Type: application/json")
        try:
            body = await _body(request)
            return web.Response(body=await self._editor.change(body, peer), headers=_JSON)
        except ConfigError as error:
            return _refused(400, *map(str, error.problems))
        except LookupError as error:
            return _refused(404, f"there is no override with the id {error.args[0]!r}; nothing was done")
        except OSError as error:
            return _refused(503, f"nothing was done: {error}")


async def _body(request: web.BaseRequest) -> bytes:
    """A little too much of it where there is: whoever reads the order refuses that."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            break
    return bytes(body)


def _refused(status: int, *problems: str) -> web.Response:
    return web.Response(status=status, body=msgspec.json.encode({"problems": problems}), headers=_JSON)
