"""What rules do, as text, request and the lines that are logged: for our engine and for libmodsecurity alike."""

from __future__ import annotations

from typing import Any, NamedTuple

FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
JSON = (("Content-Type", "application/json"),)
XML = (("Content-Type", "text/xml"),)
PARTS = (("Content-Type", "multipart/form-data; boundary=X"),)
SHOW = "msg:'%{MATCHED_VAR_NAME}=%{MATCHED_VAR}'"
HEAD = 'Content-Disposition: form-data; name="'


class Case(NamedTuple):
    name: str
    rules: str
    request: dict[str, Any]
    logged: list[tuple[int, str]]


def body(*parts: tuple[str, str], last: str = "--X--\r\n") -> bytes:
    """A multipart body of (header lines, content)."""
    return ("".join(f"--X\r\n{head}\r\n\r\n{data}\r\n" for head, data in parts) + last).encode()


def shown(variable: str, *, phase: int = 2) -> str:
    """A rule for each variable that logs what it holds, in the order of their names."""
    names = variable.split()
    return "\n".join(
        f'SecRule {name} "@unconditionalMatch" "id:{number},phase:{phase},pass,log,{SHOW}"'
        for number, name in enumerate(names, 1)
    )


CASES = [
    Case(
        "target",
        shown(
            "REQUEST_URI REQUEST_URI_RAW REQUEST_FILENAME REQUEST_BASENAME QUERY_STRING REQUEST_LINE REQUEST_PROTOCOL"
        ),
        {"target": "/a%20b/c.php?x=1&y=%41#frag"},
        [
            (1, "REQUEST_URI=/a b/c.php?x=1&y=A"),
            (2, "REQUEST_URI_RAW=/a%20b/c.php?x=1&y=%41#frag"),
            (3, "REQUEST_FILENAME=/a b/c.php"),
            (4, "REQUEST_BASENAME=c.php"),
            (5, "QUERY_STRING=x=1&y=%41"),
            (6, "REQUEST_LINE=GET /a%20b/c.php?x=1&y=%41#frag HTTP/1.1"),
            (7, "REQUEST_PROTOCOL=HTTP/1.1"),
        ],
    ),
    Case(
        "whole address",
        shown("REQUEST_URI REQUEST_FILENAME"),
        {"target": "http://h.test/p/q?x"},
        [(1, "REQUEST_URI=/p/q?x"), (2, "REQUEST_FILENAME=http://h.test/p/q")],
    ),
    Case(
        "encoded question mark",
        shown("REQUEST_FILENAME QUERY_STRING"),
        {"target": "/a%3fb?z"},
        [(1, "REQUEST_FILENAME=/a?b"), (2, "QUERY_STRING=z")],
    ),
    Case(
        "empty arguments",
        shown("&ARGS ARGS:a ARGS:b"),
        {"target": "/?a&&b=1&"},
        [(1, "ARGS=3"), (2, "ARGS:a="), (3, "ARGS:b=1")],
    ),
    Case(
        "arguments decode once",
        shown("ARGS:q ARGS_NAMES"),
        {"target": "/?q=%2541+%zz"},
        [(1, "ARGS:q=%41 %zz"), (2, "ARGS_NAMES:q=q")],
    ),
    Case(
        "cookies",
        shown("REQUEST_COOKIES:a REQUEST_COOKIES:c &REQUEST_COOKIES"),
        {"headers": (("Cookie", " a = b ;; c;=x; d=e=f "),)},
        [(2, "REQUEST_COOKIES:c="), (3, "REQUEST_COOKIES=3")],
    ),
    Case(
        "header names keep case, selectors do not",
        shown("REQUEST_HEADERS:x-yz REQUEST_HEADERS_NAMES"),
        {"headers": (("X-Yz", "1"),)},
        [(1, "REQUEST_HEADERS:X-Yz=1"), (2, "REQUEST_HEADERS_NAMES:X-Yz=X-Yz")],
    ),
    Case(
        "form",
        shown("ARGS ARGS_POST:b REQUEST_BODY REQBODY_PROCESSOR REQUEST_BODY_LENGTH"),
        {"headers": FORM, "body": b"b=%41"},
        [
            (1, "ARGS:b=A"),
            (2, "ARGS_POST:b=A"),
            (3, "REQUEST_BODY=b=%41"),
            (4, "REQBODY_PROCESSOR=URLENCODED"),
            (5, "REQUEST_BODY_LENGTH=5"),
        ],
    ),
    Case(
        "json",
        shown(
            "ARGS:json.a.b.array_0 ARGS:json.a.b.array_1.c ARGS:json.a.d ARGS:json.a.f ARGS:json.empty-key &ARGS REQBODY_ERROR"
        ),
        {"headers": JSON, "body": b'{"a":{"b":[1,{"c":null}],"d":true,"f":1.50},"":"x"}'},
        [
            (1, "ARGS:json.a.b.array_0=1"),
            (2, "ARGS:json.a.b.array_1.c="),
            (3, "ARGS:json.a.d=true"),
            (4, "ARGS:json.a.f=1.50"),
            (5, "ARGS:json.empty-key=x"),
            (6, "ARGS=5"),
            (7, "REQBODY_ERROR=0"),
        ],
    ),
    Case("json text alone", shown("ARGS"), {"headers": JSON, "body": b'"s"'}, [(1, "ARGS:json=s")]),
    Case("json name twice", shown("&ARGS:json.a"), {"headers": JSON, "body": b'{"a":1,"a":2}'}, [(1, "ARGS:json.a=2")]),
    Case("broken json", shown("REQBODY_ERROR"), {"headers": JSON, "body": b'{"a":'}, [(1, "REQBODY_ERROR=1")]),
    Case(
        "xml",
        shown("XML:/* REQBODY_ERROR"),
        {"headers": XML, "body": b'<a x="1"><b>t1 &amp;</b> mid <c y="2">t2<![CDATA[<d>]]></c><!-- n --></a>'},
        [(1, "XML:/*=t1 & mid t2<d>"), (2, "REQBODY_ERROR=0")],
    ),
    Case(
        "multipart",
        shown(
            "ARGS:a FILES:f FILES_NAMES FILES_SIZES:f FILES_COMBINED_SIZE MULTIPART_PART_HEADERS:a MULTIPART_STRICT_ERROR REQBODY_ERROR"
        ),
        {
            "headers": PARTS,
            "body": body((HEAD + 'a"', "v1"), (HEAD + 'f"; filename="x.txt"\r\nContent-Type: text/plain', "data")),
        },
        [
            (1, "ARGS:a=v1"),
            (2, "FILES:f=x.txt"),
            (3, "FILES_NAMES:f=f"),
            (4, "FILES_SIZES:f=4"),
            (5, "FILES_COMBINED_SIZE=4"),
            (6, f'MULTIPART_PART_HEADERS:a={HEAD}a"'),
            (7, "MULTIPART_STRICT_ERROR=0"),
            (8, "REQBODY_ERROR=0"),
        ],
    ),
    Case(
        "multipart without its end",
        shown("&ARGS REQBODY_ERROR"),
        {"headers": PARTS, "body": body((HEAD + 'a"', "v"), last="")},
        [(1, "ARGS=0"), (2, "REQBODY_ERROR=1")],
    ),
    Case(
        "multipart flags",
        shown("MULTIPART_LF_LINE MULTIPART_STRICT_ERROR MULTIPART_INVALID_QUOTING ARGS"),
        {"headers": PARTS, "body": b"--X\nContent-Disposition: form-data; name='a'\n\nv\n--X--\n"},
        [
            (1, "MULTIPART_LF_LINE=1"),
            (2, "MULTIPART_STRICT_ERROR=1"),
            (3, "MULTIPART_INVALID_QUOTING=1"),
            (4, "ARGS:a=v"),
        ],
    ),
    Case(
        "selectors by pattern",
        'SecRule ARGS:/^FOO/|!ARGS:/9$/ "@rx ." "id:1,phase:2,log,' + SHOW + '"',
        {"target": "/?foox=1&foo9=2&bar=3"},
        [(1, "ARGS:foox=1")],
    ),
    Case(
        "exclusion by name", 'SecRule ARGS|!ARGS:FOO "@rx ." "id:1,phase:2,log,' + SHOW + '"', {"target": "/?foo=1"}, []
    ),
    Case(
        "captures",
        'SecRule ARGS:x "@rx (a)(b)?(c)" "id:1,phase:2,log,capture,msg:\'%{TX.0}|%{TX.1}|%{TX.2}|%{TX.3}\'"',
        {"target": "/?x=zac"},
        [(1, "ac|a||c")],
    ),
    Case(
        "captures stay",
        'SecRule ARGS:x "@rx (a)(b)" "id:1,phase:2,nolog,capture,pass"\nSecRule ARGS:x "@rx (a)" "id:2,phase:2,log,capture,msg:\'%{TX.0},%{TX.2}\'"',
        {"target": "/?x=ab"},
        [(2, "a,b")],
    ),
    Case(
        "capture of pm",
        'SecRule ARGS:x "@pm FOO bar" "id:1,phase:2,log,capture,msg:\'%{TX.0}\'"',
        {"target": "/?x=xfoo"},
        [(1, "FOO")],
    ),
    Case(
        "setvar",
        "SecAction \"id:1,phase:1,nolog,pass,setvar:tx.Foo=1,setvar:tx.n=+2,setvar:tx.n=-5,setvar:tx.bare,setvar:tx.g=x,setvar:!tx.g,setvar:'tx.m_%{REQUEST_METHOD}=y'\"\n"
        "SecAction \"id:2,phase:1,pass,log,msg:'%{tx.foo} %{tx.n} %{tx.bare} %{tx.g} %{tx.m_get}'\"",
        {},
        [(2, "1 -3 1  y")],
    ),
    Case(
        "setvar once a match",
        'SecRule ARGS "@rx x" "id:1,phase:2,nolog,pass,setvar:tx.s=+5"\nSecRule TX:s "@eq 10" "id:2,phase:2,log,msg:\'%{tx.s}\'"',
        {"target": "/?a=x&b=x&c=y"},
        [(2, "10")],
    ),
    Case(
        "chain",
        'SecRule ARGS "@rx x" "id:1,phase:2,log,chain,capture,setvar:tx.a=+1,msg:\'%{TX.0} %{tx.a} %{tx.b}\'"\nSecRule MATCHED_VARS "@rx 1$" "t:none,setvar:tx.b=+1"',
        {"target": "/?p=x1&q=x2&r=y"},
        [(1, "x 2 1")],
    ),
    Case(
        "chain that breaks still sets the first link's",
        'SecRule ARGS "@rx x" "id:1,phase:2,log,chain,setvar:tx.a=+1"\nSecRule ARGS "@rx nothing" "setvar:tx.b=1"\nSecAction "id:2,phase:2,pass,log,msg:\'%{tx.a}%{tx.b}\'"',
        {"target": "/?p=x"},
        [(2, "1")],
    ),
    Case(
        "skipAfter",
        'SecAction "id:1,phase:1,pass,nolog,skipAfter:END"\nSecAction "id:2,phase:1,pass,log,msg:\'no\'"\nSecAction "id:3,phase:2,pass,log,msg:\'other phase\'"\nSecMarker "END"\nSecAction "id:4,phase:1,pass,log,msg:\'yes\'"',
        {},
        [(4, "yes"), (3, "other phase")],
    ),
    Case(
        "skip",
        'SecAction "id:1,phase:1,pass,nolog,skip:1"\nSecAction "id:2,phase:1,pass,log,msg:\'no\'"\nSecAction "id:3,phase:1,pass,log,msg:\'yes\'"',
        {},
        [(3, "yes")],
    ),
    Case(
        "ruleRemoveById",
        'SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveById=3-4"\nSecRule ARGS "@rx ." "id:3,phase:2,pass,log,msg:\'a\'"\nSecRule ARGS "@rx ." "id:5,phase:2,pass,log,msg:\'b\'"',
        {"target": "/?a=1"},
        [(5, "b")],
    ),
    Case(
        "ruleRemoveByTag",
        'SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveByTag=t1"\nSecRule ARGS "@rx ." "id:3,phase:2,pass,log,msg:\'a\',tag:t1"\nSecRule ARGS "@rx ." "id:5,phase:2,pass,log,msg:\'b\',tag:t2"',
        {"target": "/?a=1"},
        [(5, "b")],
    ),
    Case(
        "ruleRemoveTargetById",
        'SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveTargetById=3;ARGS:a"\nSecRule ARGS "@rx ." "id:3,phase:2,pass,log,'
        + SHOW
        + '"',
        {"target": "/?a=1&b=2"},
        [(3, "ARGS:b=2")],
    ),
    Case(
        "ruleRemoveTargetByTag",
        'SecAction "id:1,phase:1,pass,nolog,ctl:ruleRemoveTargetByTag=t;ARGS:a"\nSecRule ARGS "@rx ." "id:3,phase:2,pass,log,tag:t,'
        + SHOW
        + '"\nSecRule ARGS "@rx ." "id:4,phase:2,pass,log,tag:u,'
        + SHOW
        + '"',
        {"target": "/?a=1"},
        [(4, "ARGS:a=1")],
    ),
    Case(
        "forced processor",
        'SecAction "id:1,phase:1,pass,nolog,ctl:requestBodyProcessor=URLENCODED"\n'
        + shown("ARGS").replace("id:1", "id:2"),
        {"headers": (("Content-Type", "text/plain"),), "body": b"a=1"},
        [(2, "ARGS:a=1")],
    ),
    Case(
        "engine off from the next phase on",
        "SecAction \"id:1,phase:1,pass,log,msg:'a',ctl:ruleEngine=Off\"\nSecAction \"id:2,phase:1,pass,log,msg:'b'\"\nSecAction \"id:3,phase:2,pass,log,msg:'c'\"",
        {},
        [(1, "a"), (2, "b")],
    ),
    Case(
        "macros in an operator",
        'SecAction "id:1,phase:1,pass,nolog,setvar:\'tx.list=GET POST\',setvar:tx.n=3"\nSecRule REQUEST_METHOD "@within %{tx.list}" "id:2,phase:1,pass,log,msg:\'in\'"\nSecRule &ARGS "@lt %{tx.n}" "id:3,phase:1,pass,log,msg:\'few\'"',
        {},
        [(2, "in"), (3, "few")],
    ),
    Case(
        "transformations after none",
        'SecDefaultAction "phase:2,pass,log,t:lowercase"\nSecRule ARGS "@streq a" "id:1,phase:2,pass,log,msg:\'x\'"\nSecRule ARGS "@streq A" "id:2,phase:2,pass,log,msg:\'y\',t:none"',
        {"target": "/?x=A"},
        [(1, "x"), (2, "y")],
    ),
    Case(
        "block is the default action",
        'SecDefaultAction "phase:2,pass,log"\nSecRule ARGS "@rx ." "id:1,phase:2,block,msg:\'x\'"',
        {"target": "/?x=A"},
        [(1, "x")],
    ),
    Case(
        "removed and updated rules",
        'SecRule ARGS "@rx ." "id:1,phase:2,pass,log,msg:\'x\'"\nSecRule ARGS "@rx ." "id:2,phase:2,pass,log,msg:\'y\',tag:t"\nSecRule ARGS "@rx ." "id:3,phase:2,pass,log,'
        + SHOW
        + '"\n'
        'SecRuleRemoveById 1\nSecRuleRemoveByTag t\nSecRuleUpdateTargetById 3 "!ARGS:a"',
        {"target": "/?a=1&b=2"},
        [(3, "ARGS:b=2")],
    ),
]
