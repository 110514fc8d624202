"""What only the operating system can do with a connection."""

from __future__ import annotations

import asyncio
import select
import socket
import struct
from contextlib import suppress
from typing import Final

_RESET: Final = struct.pack("ii", 1, 0)


def reset(transport: asyncio.Transport) -> None:
    """End it so that the other end sees a fault, not an end."""
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()


def hung_up(transport: asyncio.BaseTransport) -> bool:
    """Whether the other end has closed, told without reading."""
    poll = select.poll()
    poll.register(transport.get_extra_info("socket").fileno(), select.POLLRDHUP)
    return bool(poll.poll(0))


def half_close(transport: asyncio.WriteTransport) -> None:
    """Say that nothing more will be written, where that can be said and the other end has not reset the connection just now."""
    if transport.can_write_eof():
        with suppress(OSError):
            transport.write_eof()
