"""Test files → `TestFile`. The old spellings that files still use (`stage:`, `stop_magic`, `log_contains`) are understood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from waf.errors import InputError, Problem
from waf.files import head
from waf.ftw.check import pattern_problem
from waf.ftw.reader import MAX_ID, Reader
from waf.ftw.request import to_bytes
from waf.ftw.template import TemplateError, expand
from waf.ftw.values import Expected, Headers, Input, Stage, Test, TestFile
from waf.source import MAX_BYTES, Node, load

MAX_FILES: Final = 20_000

_FILE: Final = ("meta", "rule_id", "template", "tests")
_META: Final = ("author", "enabled", "name", "description", "version", "tags")
_TEST: Final = (
    "test_id", "id", "test_title", "desc", "description", "stages", "tags", "payload", "template", "output",
)  # fmt: skip
_TEMPLATE: Final = (
    "dest_addr", "port", "protocol", "uri", "version", "method", "headers", "data", "autocomplete_headers", "stop_magic",
    "save_cookie",
)  # fmt: skip
_STAGE: Final = ("description", "input", "output", "stage")
_INPUT: Final = (
    "dest_addr", "port", "protocol", "uri", "uris", "follow_redirect", "version", "method", "headers",
    "ordered_headers", "data", "encoded_data", "save_cookie", "stop_magic", "autocomplete_headers",
    "encoded_request", "raw_request", "response", "virtual_host_mode",
)  # fmt: skip
_RESPONSE: Final = ("headers", "status", "body", "encoded_body", "log_message")
_OUTPUT: Final = (
    "status", "response_contains", "log_contains", "no_log_contains", "log", "expect_error", "retry_once", "isolated",
)  # fmt: skip
_LOG: Final = ("expect_ids", "no_expect_ids", "match_regex", "no_match_regex")
_TITLE: Final = re.compile(r"([0-9]{1,9})-([0-9]{1,9})", re.ASCII)


def load_suite(place: Path) -> list[TestFile]:
    """Every test file of a folder and the folders in it, or one file. Raises InputError with all that is wrong in any."""
    if place.is_dir():
        paths = sorted(path for path in place.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())
    else:
        paths = [place]
    if not paths:
        raise InputError([Problem(str(place), 0, 0, "there is no test file here", "test files end in .yaml")])
    if len(paths) > MAX_FILES:
        raise InputError([Problem(str(place), 0, 0, f"more than {MAX_FILES:,} test files")])
    return load_files(paths)


def load_files(paths: Iterable[Path]) -> list[TestFile]:
    files: list[TestFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(read_file(head(path, MAX_BYTES), str(path)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return files


def read_file(text: str | bytes, file: str) -> TestFile:
    """One file. Raises InputError."""
    node = load(text, file)
    reader = Reader()
    found = reader.mapping(node, "a test file", _FILE)
    if "meta" in found:
        reader.mapping(found["meta"], "`meta`", _META)
    rule = reader.number(found.get("rule_id"), "`rule_id`", 1, MAX_ID) or _rule_of(file)
    template = reader.mapping(found["template"], "`template`", _TEMPLATE) if "template" in found else {}
    tests = [
        _test(reader, item, rule, place, template)
        for place, item in enumerate(reader.items(found.get("tests"), "`tests`"), 1)
    ]
    if any(not test.rule_id for test in tests):
        reader.complain(node, "a test file needs `rule_id`", "or a number in its name, or titles like `920100-1`")
    if reader.problems:
        raise InputError(sorted(reader.problems))
    return TestFile(file, rule, tuple(tests))


def _rule_of(file: str) -> int:
    """Files without `rule_id` are named after their rule."""
    found = re.search(r"[0-9]{1,9}", Path(file).name, re.ASCII)
    return int(found[0]) if found else 0


def _test(reader: Reader, node: Node, rule: int, place: int, template: dict[str, Node]) -> Test:
    found = reader.mapping(node, "a test", _TEST)
    title = _TITLE.fullmatch(reader.text(found.get("test_title"), "`test_title`"))
    given = found.get("test_id", found.get("id"))
    number = reader.number(given, "`test_id`", 0, MAX_ID) or (int(title[2]) if title else place)
    stages = [_stage(reader, stage) for stage in reader.items(found.get("stages"), "`stages`")]
    if not stages and "payload" in found:
        stages = [_payload(reader, found, template)]
    elif not stages:
        reader.complain(node, "a test needs a stage", "or a `payload`")
    rule = int(title[1]) if title and not rule else rule
    return Test(rule, number, tuple(stages), node.file, node.line)


def _payload(reader: Reader, found: dict[str, Node], template: dict[str, Node]) -> Stage:
    """The short form of version 3: a text, put where the file's request, or the test's own, has `{{.Payload}}`."""
    own = reader.mapping(found["template"], "`template`", _TEMPLATE) if "template" in found else {}
    merged = {**template, **own}
    if "headers" in merged:
        merged["ordered_headers"] = merged.pop("headers")
    given = _input(reader, merged)
    values = {"Payload": reader.text(found["payload"], "`payload`")}
    try:
        given = replace(
            given,
            uris=tuple([expand(uri, values) for uri in given.uris]),
            headers=tuple([(name, expand(value, values)) for name, value in given.headers]),
            data=None,
            encoded_data=None if given.data is None else to_bytes(expand(given.data, values)),
        )
    except TemplateError as error:
        reader.complain(found["payload"], str(error))
    return Stage(given, read_output(reader, found["output"]) if "output" in found else Expected())


def _stage(reader: Reader, node: Node) -> Stage:
    found = reader.mapping(node, "a stage", _STAGE)
    if "stage" in found:
        found = reader.mapping(found["stage"], "a stage", ("description", "input", "output"))
    for key in ("input", "output"):
        if key not in found:
            reader.complain(node, f"a stage needs `{key}`")
    sent = read_input(reader, found["input"]) if "input" in found else Input()
    return Stage(sent, read_output(reader, found["output"]) if "output" in found else Expected())


def read_input(reader: Reader, node: Node) -> Input:
    found = reader.mapping(node, "`input`", _INPUT)
    bodies = [key for key in ("data", "encoded_data", "encoded_request", "raw_request") if key in found]
    if len(bodies) > 1:
        reader.complain(node, f"`{bodies[0]}` and `{bodies[1]}` exclude each other", key=bodies[1])
    reader.flag(found.get("virtual_host_mode"), "`virtual_host_mode`")
    if "response" in found:
        reader.mapping(found["response"], "`response`", _RESPONSE)
    return _input(reader, found)


def _input(reader: Reader, found: dict[str, Node]) -> Input:
    default = Input()
    uris = reader.each(found.get("uris"), "`uris`", reader.text)
    auto = reader.flag(found.get("autocomplete_headers"), "`autocomplete_headers`")
    stop = reader.flag(found.get("stop_magic"), "`stop_magic`")
    encoded = reader.base64(found.get("encoded_request"), "`encoded_request`")
    if "raw_request" in found:
        encoded = to_bytes(reader.text(found["raw_request"], "`raw_request`"))
    return Input(
        dest_addr=reader.text(found.get("dest_addr"), "`dest_addr`", default.dest_addr),
        port=reader.number(found.get("port"), "`port`", 0, 65_535, default.port),
        protocol=reader.text(found.get("protocol"), "`protocol`", default.protocol),
        method=reader.text(found.get("method"), "`method`", default.method),
        uris=uris or (reader.text(found.get("uri"), "`uri`", "/"),),
        version=reader.text(found.get("version"), "`version`", default.version),
        headers=_headers(reader, found),
        data=reader.text(found["data"], "`data`") if "data" in found else None,
        encoded_data=reader.base64(found.get("encoded_data"), "`encoded_data`"),
        autocomplete=(not stop if auto is None and stop is not None else auto is not False),
        save_cookie=bool(reader.flag(found.get("save_cookie"), "`save_cookie`")),
        follow_redirect=bool(reader.flag(found.get("follow_redirect"), "`follow_redirect`")),
        encoded_request=encoded,
    )


def _headers(reader: Reader, found: dict[str, Node]) -> Headers:
    """go-ftw sorts a mapping's names by their bytes; a list keeps its order and may repeat a name."""
    listed: list[tuple[str, str]] = []
    for item in reader.items(found.get("ordered_headers"), "`ordered_headers`"):
        pair = reader.mapping(item, "an ordered header", ("name", "value"), required=("name", "value"))
        name, value = reader.text(pair.get("name"), "`name`"), reader.text(pair.get("value"), "`value`")
        listed.append((name, value))
    node = found.get("headers")
    if node is None or listed:
        return tuple(listed)
    if not isinstance(node.value, dict):
        reader.complain(node, "`headers` must be a mapping", "a list of names and values is `ordered_headers`")
        return ()
    pairs = [(name, reader.text(value, f"the header `{name}`")) for name, value in node.value.items()]
    return tuple(sorted(pairs, key=lambda pair: pair[0].encode("utf-8", "surrogatepass")))


def read_output(reader: Reader, node: Node) -> Expected:
    found = reader.mapping(node, "`output`", _OUTPUT)
    log = reader.mapping(found["log"], "`log`", _LOG) if "log" in found else {}
    pattern = reader.text(log.get("match_regex"), "`match_regex`")
    no_pattern = reader.text(log.get("no_match_regex"), "`no_match_regex`")
    ids = reader.each(log.get("expect_ids"), "`expect_ids`", reader.rule_id)
    no_ids = reader.each(log.get("no_expect_ids"), "`no_expect_ids`", reader.rule_id)
    if not ids and not pattern:
        pattern = reader.text(found.get("log_contains"), "`log_contains`")
    if not no_ids and not no_pattern:
        no_pattern = reader.text(found.get("no_log_contains"), "`no_log_contains`")
    isolated = bool(reader.flag(found.get("isolated"), "`isolated`"))
    if isolated and len(ids) != 1:
        reader.complain(node, "`isolated` needs exactly one id in `expect_ids`", key="isolated")
    for text in (pattern, no_pattern):
        if text and (wrong := pattern_problem(text)):
            reader.complain(node, wrong, key="log")
    return Expected(
        status=reader.statuses(found.get("status")),
        response_contains=reader.text(found.get("response_contains"), "`response_contains`"),
        expect_ids=ids,
        no_expect_ids=no_ids,
        match_regex=pattern,
        no_match_regex=no_pattern,
        expect_error=reader.flag(found.get("expect_error"), "`expect_error`"),
        retry_once=bool(reader.flag(found.get("retry_once"), "`retry_once`")),
        isolated=isolated,
    )
