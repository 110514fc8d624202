"""The request line and the headers as fields."""

from __future__ import annotations

from typing import Final, NamedTuple

from waf.errors import BadRequest
from waf.model import Caller, Field, Request
from waf.parse import derived
from waf.parse.cookies import cookies
from waf.parse.query import pairs
from waf.protocols.sink import Sink


class Head(NamedTuple):
    """What the body parsers need of the head."""

    path: str
    query: str
    content_type: str
    """Value of the Content-Type header, empty when there is none."""


_COMMON: Final = (
    "Host User-Agent Accept Accept-Encoding Accept-Language Connection Content-Type Content-Length Authorization Cookie "
    "Referer Origin X-Forwarded-For X-Forwarded-Proto X-Request-Id X-Stainless-Lang X-Stainless-Package-Version "
    "X-Stainless-OS X-Stainless-Arch X-Stainless-Runtime X-Stainless-Runtime-Version X-Stainless-Async "
    "X-Stainless-Retry-Count X-Stainless-Read-Timeout Anthropic-Version X-Api-Key Cache-Control Pragma Traceparent"
).split()
_NAMES: Final = {
    spelling: (name.lower(), "header:" + name.lower()) for name in _COMMON for spelling in (name, name.lower())
}
"""Common names in their common spellings, so that nothing is made for them."""
_NEVER_ENCODED: Final = ("sec-", "upgrade-", "if-", "authorization", "proxy-auth", "x-api-key", "cookie")
"""Headers whose values are no text in base64, or are credentials."""
_CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization"})


def _named(name: str) -> tuple[str, str]:
    """What a header is called, and where it came from."""
    lower = name.lower()
    return lower, "header:" + lower


def split_target(target: str) -> tuple[str, str, bool]:
    """(path, query, whether there was a `?`) of a request-target; the absolute form (RFC 9112 §3.2.2) loses its origin."""
    path, mark, query = target.partition("?")
    if not path.startswith("/"):
        scheme, found, rest = path.partition("://")
        if found and scheme.isalpha():
            path = rest[rest.find("/") :] if "/" in rest else "/"
    return path, query, mark != ""


def read_head(request: Request, sink: Sink, most: int) -> Head:
    """Fills `request.*`, `headers`, `cookies`, `client.*` and `tls.*`. Raises BadRequest for several, different Content-Types and
    for more than `most` cookies."""
    fields = sink.fields
    method, target, version = request.method, request.target, request.version
    path, query, asked = split_target(target)
    fields["request.method"] = [Field("request.method", "", method, "request.method")]
    fields["request.target"] = [Field("request.target", "", target, "request.target")]
    fields["request.path"] = [Field("request.path", "", path, "request.path")]
    derived.path_parts(path, sink)
    if asked:
        fields["request.query"] = [Field("request.query", "", query, "request.query")]
    fields["request.protocol"] = [Field("request.protocol", "", version, "request.protocol")]
    fields["request.line"] = [Field("request.line", "", f"{method} {target} {version}", "request.line")]
    if request.client_ip:
        fields["client.ip"] = [Field("client.ip", "", request.client_ip, "client.ip")]
    if request.caller is not None:
        _read_caller(request.caller, sink)

    content_type = ""
    headers: list[Field] = []
    for name, value in request.headers:
        known = _NAMES.get(name)
        lower, origin = known or _named(name)
        if known is None and len(value) >= derived.SHORTEST and not lower.startswith(_NEVER_ENCODED):
            derived.decode_value(lower, value, origin, sink)
        headers.append(Field("headers", lower, value, origin))
        if lower == "cookie":
            for cookie, crumb in cookies(value):
                fields["cookies"].append(Field("cookies", cookie, crumb, "cookie:" + cookie))
            if len(fields.get("cookies", ())) > most:
                raise BadRequest("too-many-cookies", "The request has too many cookies.")
        elif lower == "referer":
            derived.referer_args(value, sink)
        elif lower in _CREDENTIALS and value[:6].lower() == "basic ":
            derived.credentials(lower, value, origin, sink)
        elif lower == "content-type":
            if content_type and content_type != value:
                raise BadRequest("content-type-repeated", "The request has several Content-Type headers.")
            content_type = value
    if headers:
        fields["headers"] = headers
    return Head(path, query, content_type)


def _read_caller(caller: Caller, sink: Sink) -> None:
    said = (
        ("client.key", caller.key),
        ("client.subject", caller.subject),
        ("client.tenant", caller.tenant),
        ("tls.client_subject", caller.certificate),
    )
    for bucket, value in said:
        if value:
            sink.fields[bucket] = [Field(bucket, "", value, bucket)]


def read_query(query: str, sink: Sink, most: int, *, prompts: bool) -> None:
    """Fills `args.get`; with `prompts`, the same strings are possible prompt text as well."""
    if not query:
        return
    fields = sink.fields
    for name, value, equals in pairs(query, most):
        origin = "query:" + name
        fields["args.get"].append(Field("args.get", name, value, origin))
        text = value if equals else name
        if prompts and text:
            fields["llm.prompt"].append(Field("llm.prompt", name, text, origin))
