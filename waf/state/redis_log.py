"""Messages that firewalls leave for each other on a Redis or Valkey server: the latest of them, for a minute."""

from __future__ import annotations

import secrets
from typing import Any, Final

from redis import Redis as Client
from redis.exceptions import RedisError

from waf.state.redis import client_of, reason_of
from waf.usage import Redis

KEPT: Final = 1_024
"""Messages, about."""
LASTS: Final = 60_000
"""Milliseconds after which a log that nobody adds to is gone."""
MOST: Final = 128
"""Messages that are read at once."""


class SharedLog:
    """A stream. Blocking; each call takes a few seconds at most. Raises OSError when the server cannot be asked, ConfigError for
    an address that is of no use."""

    def __init__(self, settings: Redis, name: str) -> None:
        self._client: Client = client_of(settings)
        self._key = f"{settings.prefix}:{name}"
        self._sender = secrets.token_bytes(8)
        self._read = b""
        """Id of the last message that was read."""

    def exchange(self, message: bytes | None) -> list[bytes]:
        """Leave a message, and take those that others have left since the last time; what was there before the first time is
        history."""
        try:
            if not self._read:
                latest = self._client.execute_command("XREVRANGE", self._key, "+", "-", "COUNT", 1)
                self._read = _id(latest[0]) if latest else b"0-0"
            pipe = self._client.pipeline(transaction=False)
            if message is not None:
                pipe.execute_command("XADD", self._key, "MAXLEN", "~", KEPT, "*", "s", self._sender, "d", message)
                pipe.execute_command("PEXPIRE", self._key, LASTS)
            pipe.execute_command("XRANGE", self._key, b"(" + self._read, "+", "COUNT", MOST)
            found = pipe.execute()[-1]
            if found:
                self._read = _id(found[-1])
            return [data for entry in found if (data := self._of_others(entry)) is not None]
        except RedisError as error:
            self._read = b""
            raise OSError(reason_of(error)) from None

    def close(self) -> None:
        self._client.close()

    def _of_others(self, entry: Any) -> bytes | None:
        """What somebody else has left; None for what is none of ours."""
        fields = entry[1] if isinstance(entry, list | tuple) and len(entry) == 2 else None
        if not isinstance(fields, dict) or fields.get(b"s") == self._sender:
            return None
        data = fields.get(b"d")
        return data if isinstance(data, bytes) else None


def _id(entry: Any) -> bytes:
    """Raises OSError for what no server sends."""
    if not isinstance(entry, list | tuple) or not entry or not isinstance(entry[0], bytes):
        raise OSError("the server does not answer as Redis does")
    return entry[0]
