"""The server that `tests.state.server` starts, for every test of this folder."""

from tests.state.server import one_server, redis

__all__ = ["one_server", "redis"]
