"""Bytes of a tunnel between their arrival and their relay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

HIGH_WATER: Final = 262_144
"""Bytes waiting to be relayed past which reading from that side pauses."""


class Inbox:
    """Bytes from one side that wait to be relayed; reading pauses while there are many.

    It is the client's parser (`feed_*`) or the upstream connection's sink (the asyncio.Protocol names), and then also
    knows whether the upstream takes more.
    """

    def __init__(self, transport: asyncio.Transport, touch: Callable[[], None]) -> None:
        self._transport = transport
        self._touch = touch
        self._data = bytearray()
        self._paused = False
        self._arrived = asyncio.Event()
        self.ended = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    async def get(self) -> bytes:
        """What has arrived, at least one byte; empty once the side is gone."""
        await self._arrived.wait()
        data = bytes(self._data)
        self._data.clear()
        if not self.ended.is_set():
            self._arrived.clear()
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return data

    async def writable(self) -> None:
        """Wait while what we wrote to this side is not taken."""
        await self._writable.wait()

    def data_received(self, data: bytes) -> None:
        self._touch()
        self._data += data
        self._arrived.set()
        if len(self._data) > HIGH_WATER and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set()
        self._arrived.set()
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        self.data_received(data)
        return False, b""

    def feed_eof(self) -> None:
        self.connection_lost(None)
