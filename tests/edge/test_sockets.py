"""What only the operating system can do with a connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

from waf.edge.sockets import half_close


def test_half_close_says_the_end_and_a_connection_that_was_reset_is_no_error(run: Any) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        for reset in (False, True):
            ours, theirs = socket.socketpair() if not reset else tcp_pair()
            transport, _ = await loop.create_connection(asyncio.Protocol, sock=ours)
            if reset:
                theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                theirs.close()
                half_close(transport)
            else:
                half_close(transport)
                theirs.setblocking(False)
                assert await loop.sock_recv(theirs, 1) == b""
                theirs.close()
            transport.abort()
            await asyncio.sleep(0)

    run(main())


def tcp_pair() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    return ours, theirs
