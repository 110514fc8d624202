"""What the process needs before it serves: an event loop, file descriptors, the right parser."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from collections.abc import Callable

from aiohttp import http_parser

from waf.errors import ConfigError, Problem


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def raise_file_limit() -> None:
    """Every client and every upstream connection takes a file descriptor; the soft limit is often 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def check_parser() -> None:
    """Raises ConfigError when aiohttp lacks its C extension: what its Python parser lets through was never checked."""
    if not hasattr(http_parser, "HttpRequestParserC"):
        message = "aiohttp is installed without its C extension, whose strict HTTP parser the firewall depends on"
        raise ConfigError([Problem("aiohttp", 0, 0, message, "install it from a wheel; unset AIOHTTP_NO_EXTENSIONS")])
