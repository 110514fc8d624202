"""What is behind /admin: pages for whoever has the token, or may open the Unix socket."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Final

from aiohttp import web

from waf.admin.overrides import PATH, OverrideEditor, OverridesApi
from waf.record.recent import Recent

_NO_STORE: Final = {"Cache-Control": "no-store"}
_CHALLENGE: Final = {**_NO_STORE, "WWW-Authenticate": 'Bearer realm="admin"'}


class AdminApi:
    """Closed without a token, but for those who come over the Unix socket, whose mode says who that is."""

    def __init__(self, token: str, recent: Recent, editor: OverrideEditor | None = None) -> None:
        self._token = token.encode("utf-8", "surrogatepass")
        self._recent = recent
        self._overrides = OverridesApi(editor)
        self._pages: dict[str, Callable[[], web.StreamResponse]] = {"/admin/events": self._events}

    async def answer(self, request: web.BaseRequest, *, local: bool) -> web.StreamResponse | None:
        """None for what is not there; that it is, only those learn who may see it. `local`: over the Unix socket."""
        if not local:
            if not self._token:
                return None
            if not self._opens(request.headers.getall("Authorization", [])):
                return web.Response(status=401, text="the token is needed\n", headers=_CHALLENGE)
        if request.path == PATH:
            return await self._overrides.answer(request, "unix socket" if local else request.remote or "")
        page = self._pages.get(request.path)
        return page() if page is not None and request.method == "GET" else None

    def _opens(self, given: list[str]) -> bool:
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        right = hmac.compare_digest(token.encode("utf-8", "surrogateescape"), self._token)
        return right and scheme.lower() == "bearer"

    def _events(self) -> web.StreamResponse:
        """The latest events as they are written, a line each, oldest first."""
        body = b"".join(self._recent.lines())
        return web.Response(body=body, headers={"Content-Type": "application/x-ndjson", **_NO_STORE})
