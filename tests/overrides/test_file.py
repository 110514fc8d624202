"""The file: what is read, what is refused and where, and how it is replaced."""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waf.cli.overrides_schema import overrides_schema
from waf.errors import ConfigError
from waf.overrides import file as module
from waf.overrides.entry import Entry
from waf.overrides.file import read_entries, write_entries

ENTRY: dict[str, Any] = {
    "id": "abcdefgh",
    "action": "deny",
    "match": {"key": "abcdefghijkl"},
    "who": "ann",
    "why": "credential stuffing",
    "at": "2026-11-30T07:00:00Z",
    "until": "2026-12-01T07:00:00Z",
}
YAML = """\
schema: waf-overrides/v1
entries:
  - id: abcdefgh
    action: limit
    match: {address: 192.0.2.0/24, model: gpt-*}
    limit: {requests: 10, window: 60}
    who: ann   # on call
    why: the campaign of the night
    at: 2026-11-30T07:00:00Z
    until: 2026-12-01T07:00:00+01:00
"""


def saved(folder: Path, *entries: dict[str, Any], **more: Any) -> str:
    path = folder / "overrides.json"
    path.write_text(json.dumps({"schema": "waf-overrides/v1", "entries": entries, **more}, indent=1))
    return str(path)


def test_json_and_yaml(tmp_path: Path) -> None:
    (found,) = read_entries(saved(tmp_path, ENTRY))
    assert (found.match.key, found.until.isoformat()) == ("abcdefghijkl", "2026-12-01T07:00:00+00:00")
    path = tmp_path / "overrides.yaml"
    path.write_text(YAML)
    (found,) = read_entries(str(path))
    assert found.limit is not None
    assert (str(found.match), str(found.limit), found.why) == (
        "address=192.0.2.0/24 model=gpt-*",
        "10 in 60 s",
        "the campaign of the night",
    )
    path.write_text("schema: waf-overrides/v1\nentries:\n")
    assert read_entries(str(path)) == ()


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        ({"id": "SHORT"}, 5, "`id` is not an id"),
        ({"action": "drop"}, 6, "Invalid enum value 'drop'"),
        ({"match": {}}, 7, "names nobody, which would be everybody"),
        ({"match": {"key": "waf_abcdefghijkl_" + "x" * 43}}, 8, "never the key itself"),
        ({"match": {"address": "192.0.2.1/24"}}, 8, "bits set past its prefix"),
        ({"match": {"address": "nowhere"}}, 8, "is not an address or a network"),
        ({"match": {"address": "0.0.0.0/0"}}, 8, "is wider than /8"),
        ({"match": {"address": "2000::/3"}}, 8, "is wider than /16"),
        ({"match": {"subject": "a\u202eb"}}, 8, "is not a name"),
        ({"match": {"tenant": "x" * 257}}, 8, "is not a name"),
        ({"match": {"model": "gpt 4"}}, 8, "is not a pattern of model names"),
        ({"match": {"user": "x"}}, 7, "unknown field `user`"),
        ({"action": "allow", "match": {"model": "gpt-*"}}, 8, "has no meaning with allow"),
        ({"action": "limit"}, 4, "`limit` is missing"),
        ({"limit": {"requests": 1, "window": 60}}, 14, "has no meaning with deny"),
        ({"action": "limit", "limit": {"requests": 0, "window": 60}}, 15, "is not from 1 to 1,000,000"),
        ({"action": "limit", "limit": {"requests": 1, "window": 0.5}}, 16, "is not from 1 to 86,400 seconds"),
        ({"action": "limit", "limit": {"requests": 1}}, 14, "missing required field `window`"),
        ({"who": " "}, 10, "`who` is not one line of text"),
        ({"why": "two\nlines"}, 11, "`why` is not one line of text"),
        ({"until": "2026-11-30T07:00:00Z"}, 13, "is not after `at`"),
        ({"until": "2028-11-30T07:00:00Z"}, 13, "more than 366 days"),
        ({"until": "2026-12-01T07:00:00"}, 13, "timezone"),
        ({"until": "tomorrow"}, 13, "Invalid RFC3339"),
        ({"extra": 1}, 4, "unknown field `extra`"),
    ],
)
def test_what_is_wrong_and_where(change: dict[str, Any], line: int, message: str, tmp_path: Path) -> None:
    path = saved(tmp_path, {**ENTRY, **change})
    with pytest.raises(ConfigError) as caught:
        read_entries(path)
    assert message in str(caught.value)
    assert caught.value.problems[0].line == line, str(caught.value)
    assert "x" * 43 not in str(caught.value)


def test_everything_that_is_wrong_is_said(tmp_path: Path) -> None:
    path = saved(tmp_path, {**ENTRY, "id": "1"}, {**ENTRY, "who": ""}, ENTRY, [], version=2)
    with pytest.raises(ConfigError) as caught:
        read_entries(path)
    assert len(caught.value.problems) == 4
    with pytest.raises(ConfigError, match="the same id"):
        read_entries(saved(tmp_path, ENTRY, ENTRY))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a file of overrides"),
        ("[]", "is not a file of overrides"),
        ("{", "YAML syntax"),
        ("entries: []", "the schema is another one, or is missing"),
        ("schema: waf-overrides/v2", "the schema is another one, or is missing"),
        ("schema: waf-overrides/v1\nentries: {}", "is not a list"),
        ("schema: waf-overrides/v1\nentries: &a [*a]", "an anchor is not supported"),
        ("\xff", "not valid UTF-8"),
    ],
)
def test_what_is_no_such_file(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "overrides.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=message):
        read_entries(str(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="waf deny add"):
        read_entries(str(tmp_path / "none"))
    assert read_entries(str(tmp_path / "none"), missing=True) == ()
    with pytest.raises(ConfigError, match="cannot be read"):
        read_entries(str(tmp_path), missing=True)


def test_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 2)
    monkeypatch.setattr(module, "MAX_MODELS", 1)
    entries = [{**ENTRY, "id": f"abcdefg{c}", "match": {"model": "x"}} for c in "abc"]
    with pytest.raises(ConfigError, match="more than 2 entries"):
        read_entries(saved(tmp_path, *entries))
    with pytest.raises(ConfigError, match="more than 1 entries about models"):
        write_entries(str(tmp_path / "new"), msgspec.convert(entries[:2], list[Entry]))
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(module, "MAX_FILE", 10)
    with pytest.raises(ConfigError, match="larger than 10 bytes"):
        read_entries(saved(tmp_path))


def test_a_file_is_replaced_in_one_step_and_its_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / "overrides.json"
    entry = msgspec.convert(ENTRY, Entry)
    write_entries(str(path), [entry])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    before = os.stat(path).st_ino
    write_entries(str(path), [])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.stat().st_ino != before
    assert [p.name for p in tmp_path.iterdir()] == ["overrides.json"]


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_any_json_is_read_or_refused(value: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        data = json.dumps({"schema": "waf-overrides/v1", "entries": value}).encode()
        patch.setattr(Path, "open", lambda *_: _Bytes(data))
        with suppress(ConfigError):
            assert read_entries("f") == ()


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self.read = lambda size: data

    def __enter__(self) -> _Bytes:
        return self

    def __exit__(self, *_: object) -> None: ...


def test_the_schema_takes_what_the_firewall_takes() -> None:
    schema = overrides_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = {"schema": "waf-overrides/v1", "entries": [ENTRY]}
    assert validator.is_valid(good)
    assert validator.is_valid({**good, "entries": [{**ENTRY, "action": "challenge"}]})
    for change in ({"action": "drop"}, {"match": {}}, {"limit": {}}, {"extra": 1}, {"who": ""}, {"id": "x"}):
        assert not validator.is_valid({**good, "entries": [{**ENTRY, **change}]}), change
