"""Which route holds, and that no spelling of a path talks its way into a laxer one."""

from __future__ import annotations

import pytest

from waf.routes import RouteTable
from waf.rules.exclusions import normal_path
from waf.settings import Config, Route

ROUTES = (
    Route(name="health", path="/health*", mode="off"),
    Route(name="chat", path="/v1/chat/*", methods=("post",), paranoia=2, block_score=9, tool_args="enforce"),
    Route(name="literal", path="/a[1]?/*"),
)
TABLE = RouteTable(Config(routes=ROUTES, mode="monitor", paranoia=1, block_score=5))


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/health", "health"),
        ("GET", "/healthz/deep", "health"),
        ("POST", "/v1/chat/completions", "chat"),
        ("GET", "/v1/chat/completions", "default"),
        ("GET", "/", "default"),
        ("GET", "/a[1]?/x", "literal"),
        ("GET", "/a1b/x", "default"),
        ("POST", "/health/../v1/chat/completions", "chat"),
        ("POST", "/health/%2e%2e/v1/chat/completions", "chat"),
        ("POST", "/health/..%2fv1%2fchat%2fcompletions", "chat"),
        ("POST", "/health\\..\\v1\\chat\\completions", "chat"),
        ("POST", "//v1//chat/completions", "chat"),
        ("POST", "/v1/chat/../../health", "chat"),
        ("POST", "/health/%252e%252e/v1/chat/completions", "chat"),
        ("POST", "/health/%25252e%25252e%25252fv1/chat/completions", "chat"),
        ("POST", "/health/%252525252e./v1/chat/completions", "health"),
    ],
)
def test_route_of_a_path(method: str, path: str, name: str) -> None:
    assert TABLE.find(method, path).policy.route == name


def test_every_route_that_a_request_may_be_for() -> None:
    def names(path: str) -> list[str]:
        return [route.policy.route for route in TABLE.candidates("POST", path)]

    assert names("/v1/chat/x") == ["chat"]
    assert names("/health/../v1/chat/x") == ["health", "chat"]
    assert names("/health%2f%252e%252e/v1/chat/x") == ["health", "chat"]
    assert names("/x/%2e%2e/health/%252e%252e/v1/chat/x") == ["default", "health", "chat"]


def test_globals_fill_what_a_route_leaves_open() -> None:
    chat, literal = TABLE.find("POST", "/v1/chat/x").policy, TABLE.find("GET", "/a[1]?/x").policy
    assert (chat.mode, chat.paranoia, chat.block_score, chat.enforce_tool_args) == ("monitor", 2, 9, True)
    assert (literal.mode, literal.paranoia, literal.block_score, literal.enforce_tool_args) == ("monitor", 1, 5, False)


def test_without_routes_one_holds_for_everything() -> None:
    table = RouteTable(Config())
    assert [route.policy.route for route in table.routes] == ["default"]
    assert table.find("PATCH", "/x/../y").policy.mode == "enforce"


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("/a/b", "/a/b"),
        ("/a//b/", "/a/b/"),
        ("/a/./b/../c", "/a/c"),
        ("/../..", "/"),
        ("/%61", "/a"),
        ("/%2E%2E/x", "/x"),
        ("/a%2fb", "/a/b"),
        ("/open/..;/v1/x", "/v1/x"),
        ("/open/.;a=b/..;c/%2e%2e;/x;y", "/x;y"),
        ("/..;x", "/"),
        ("/;x/v1", "/v1"),
        ("/.hidden", "/.hidden"),
        ("", ""),
        ("*", "*"),
    ],
)
def test_normal_path(path: str, normal: str) -> None:
    assert normal_path(path) == normal
