"""Messages that firewalls leave for each other on a Redis or Valkey server: the latest of them, for a minute."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from redis import Redis as Client
from redis.exceptions import RedisError

from waf.state.redis import client_of, reason_of
from waf.usage import Redis

KEPT: Final = 1_024
"""Messages, about, unless a log is made for fewer."""
LASTS: Final = 60_000
"""Milliseconds after which a log that nobody adds to is gone."""
LONGEST: Final = 16_384
"""Bytes of a value that all agree on."""
_AGREED: Final = 600_000
"""Milliseconds after which such a value is forgotten."""
MOST: Final = 128
"""Messages that are read at once."""


class SharedLog:
    """A stream. Blocking; each call takes a few seconds at most. Raises OSError when the server cannot be asked, ConfigError for
    an address that is of no use."""

    def __init__(self, settings: Redis, name: str, kept: int = KEPT) -> None:
        self._client: Client = client_of(settings)
        self._key = f"{settings.prefix}:{name}"
        self._kept = kept
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
                pipe.execute_command("XADD", self._key, "MAXLEN", "~", self._kept, "*", "s", self._sender, "d", message)
                pipe.execute_command("PEXPIRE", self._key, LASTS)
            pipe.execute_command("XRANGE", self._key, b"(" + self._read, "+", "COUNT", MOST)
            found = pipe.execute()[-1]
            if found:
                self._read = _id(found[-1])
            return [data for entry in found if (data := self._of_others(entry)) is not None]
        except RedisError as error:
            self._read = b""
            raise OSError(reason_of(error)) from None

    def agree(self, values: Mapping[str, bytes | None]) -> dict[str, bytes]:
        """What all have agreed on, by name: whoever comes first with a value decides; None only asks. A value that nobody
        asks for or tells is forgotten after ten minutes. Names that have none are not in the answer."""
        pipe = self._client.pipeline(transaction=False)
        for name, value in values.items():
            key = f"{self._key}:{name}"
            if value is not None:
                pipe.execute_command("SET", key, value, "NX")
            pipe.execute_command("PEXPIRE", key, _AGREED)
            pipe.execute_command("GETRANGE", key, 0, LONGEST)
        try:
            found = iter(pipe.execute(raise_on_error=False))
        except RedisError as error:
            raise OSError(reason_of(error)) from None
        agreed: dict[str, bytes] = {}
        for name, value in values.items():
            *_, held = islice(found, 2 if value is None else 3)
            if isinstance(held, bytes) and held:  # else nothing, or an error: what is there is no string
                agreed[name] = held
        return agreed

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
