"""Short ordinary values: lists, ranges, names, settings and questions whose words are those of shells and databases. Each
passes as an argument, in a cookie, as a form field and as a member of JSON."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest

from waf.engine import Engine
from waf.model import Request

LISTS = (
    "name;date id|date|title price;top Home|Mail red;free functional|true 1;true yes|no|true 12:30;date 2026;time size:m|set "
    "content-type;host;x-amz-date News|Sport|Top cats;fish title|file marketing;false v1|test country|node users|groups "
    "user;time DE;AT;CH de|at|ch utm|mail home;service type;host 1|date Monday|time page;stat read|more more|less tab;head "
    "video;watch shop;history search&find java;python;node php;ruby;go linux;bash docker;kubectl git;svn perl|python gif;zip "
    "pdf;zip;tar category:shoes;free get|set dev;env prod|env mode;env x=1;file bus;route first;last dog;cat bottom;top "
    "phone;mail login;passwd paper|wall AS;BC fr|nl|de MA;DC cal|date news;at true|false null|true a=b;true C0001:1;true"
).split()
RANGES = "1--- 46--1202 10--20 1--2 2024-11--2025-01 1.5--2.5 --5 1-2-3 10/20 3:2 5..9 1,2;3,4 7-Eleven".split()
SENTENCES = (
    "the European Union select committee",
    "credit union select account",
    "System (32 bit)",
    "the system (which is new)",
    "select a seat on the map where the stage is",
    "drop the table by the window",
    "order by phone",
    "a table, or 1 chair",
    "O'Neil and D'Angelo's",
    "Rock 'n' Roll -- the '70s",
    "5' 10\" or 6'",
    "it's 50% off; hurry & order",
    "C++ or C#; which?",
    "AC/DC - Back in Black (Live)",
    "update your profile, set a picture",
    "insert coin into slot",
    "having fun? group by group",
    "sleep 8 hours a night",
    "if (a < b) and c > d",
    '{"theme": "dark", "cols": [1, 2]}',
    "~/projects & /tmp ideas",
    "john@x.example; jane@x.example",
    "Mon, 30 Nov 2026 10:00:00 GMT; path=/",
    "text/html; charset=utf-8, */*; q=0.1",
    "#1 -- best of the best",
    "<3 you",
    "a -> b -> c",
    "[draft] invoice #12 / 'overdue'",
    "x = y; y = z",
    "let's go; where to?",
)
MARKUP = (
    '<p style="color:red">Hi <strong>you</strong> &amp; co</p>',
    '<div dir="ltr">See <a href="https://x.example/a?b=1&amp;c=2" target="_blank">this</a></div>',
    '<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ" alt="x">',
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><p>Hi</p></html>',
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><p class="MsoNormal">Hi<o:p></o:p></p></html>',
    '<table border="1"><tbody><tr><td>&nbsp;a</td></tr></tbody></table>',
    "List<String> x = new ArrayList<>();",
    "John <john@x.example>",
)
VALUES = (*LISTS, *RANGES, *SENTENCES, *MARKUP)

COMMANDS = (
    "127.0.0.1;date",
    "1.1.1.1|env",
    "notes.txt|sort",
    "'; who",
    ";history",
    "host.example|id",
    "a;whoami",
    "8.8.8.8;set",
)
"""The same words where they follow what a program takes, so that the table above is no licence."""

HOST = ("Host", "shop.example")


def requests(value: str) -> list[Request]:
    form = urlencode({"f": value}).encode()
    return [
        Request(method="GET", target="/items?" + form.decode(), headers=(HOST,)),
        Request(method="GET", target="/items", headers=(HOST, ("Cookie", "f=" + quote(value, safe="")))),
        posted(form, "application/x-www-form-urlencoded"),
        posted(json.dumps({"f": value, "n": 1}).encode(), "application/json"),
    ]


def posted(body: bytes, kind: str) -> Request:
    headers = (HOST, ("Content-Type", kind), ("Content-Length", str(len(body))))
    return Request(method="POST", target="/items", headers=headers, body=body)


@pytest.mark.parametrize("value", VALUES)
def test_an_ordinary_value_passes_everywhere(engine: Engine, value: str) -> None:
    for request in requests(value):
        decision = engine.inspect(request).decision
        assert decision.action != "block", [(match.rule, match.origin) for match in decision.matches]


@pytest.mark.parametrize("value", COMMANDS)
def test_the_same_words_as_commands_do_not(engine: Engine, value: str) -> None:
    for request in requests(value):
        assert engine.inspect(request).decision.action == "block"
