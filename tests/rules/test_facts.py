"""What lies beside the shipped packs is what would be found out, and is only used if it was."""

import msgspec
import pytest

from waf import shipped
from waf.rules import facts as module
from waf.rules.facts import FILE, alternatives, analysed, facts, loaded, made, made_by, patterns
from waf.rules.operators import OPERATORS, Context

KINDS = {
    "nothing is known": r"[a-z]+",
    "a literal": r"(?i)ignore all",
    "one that leads": r"\bsystem\s{1,4}prompt\b",
    "another one that leads": r"\bswitch\s+flipper\b",
    "several sets": r"(?i)(?:drop|alter)\s+(?:table|view)[^;]{0,40};",
    "signs beyond ASCII": r"[\x{4e00}-\x{9fff}]\x{3000}über",
    "blanks and digits": r"\d{4} - \d{4}",
    "not read": r"\pL{2,}",
    "a quote and a backslash": r"['\"]\\x41",
}


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A file of facts of the test's own, missing at first."""
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(shipped, "root", lambda: tmp_path)
    module._known.cache_clear()
    yield tmp_path / FILE
    module._known.cache_clear()


def test_the_shipped_file_is_about_the_shipped_patterns_and_made_by_this_code():
    known = loaded(shipped.path(FILE).read_bytes())
    every = sorted(set(patterns()))
    assert known.keys() == {module._digest(pattern) for pattern in every}, "python rules/facts.py"
    for digest, entry in loaded(made(every[::24])).items():
        assert bytes(known[digest]) == bytes(entry), "python rules/facts.py"


@pytest.mark.parametrize("pattern", KINDS.values(), ids=KINDS)
def test_written_and_read_they_are_what_they_were(file, pattern):
    assert facts(pattern) == analysed(pattern)
    file.write_bytes(made(KINDS.values()))
    module._known.cache_clear()
    assert module._digest(pattern) in module._known()
    assert facts(pattern) == analysed(pattern)


def test_the_kinds_are_what_they_say():
    found = {name: analysed(pattern) for name, pattern in KINDS.items()}
    assert found["nothing is known"].needed is None
    assert found["one that leads"].needed.lead.texts == found["one that leads"].needed.texts
    assert any(f.needed and f.needed.lead and f.needed.lead.texts != f.needed.texts for f in found.values())
    assert any(f.needed and f.needed.also for f in found.values())
    assert any(f.specials and "\x80" in f.specials for f in found.values())
    assert any(f.signs for f in found.values())


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"",
        lambda raw: raw[:-20],
        lambda raw: b"\xff" + raw,
        lambda raw: raw.replace(made_by().encode(), b"0" * 24),
        lambda raw: raw.replace(b'["ignore all"]', b'["ignore all", ""]'),
        lambda raw: raw.replace(b'["ignore all"]', b'"ignore all"'),
        lambda raw: raw.replace(b'["ignore all"]', b"[]"),
    ],
    ids=["empty", "cut off", "no UTF-8", "other code", "an empty text", "no list", "no texts"],
)
def test_a_file_that_is_none_or_of_other_code_counts_as_missing(change):
    raw = made(KINDS.values())
    assert loaded(raw)
    assert change(raw) != raw
    assert loaded(change(raw)) == {}


def test_a_file_that_is_too_large_counts_as_missing(file, monkeypatch):
    file.write_bytes(made(KINDS.values()))
    monkeypatch.setattr(module, "_LARGEST", 100)
    assert module._known() == {}


def test_without_sources_nothing_is_known_of_the_code(tmp_path, monkeypatch):
    made_by.cache_clear()
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "shipped.py"))
    assert made_by() == ""
    made_by.cache_clear()


def test_an_operator_is_the_same_with_the_file_and_without(file):
    pattern = r"(?i)drop\s+qqtable|select [0-9]{1,3} fromqq"
    apart = OPERATORS["re2"].make(pattern, Context())
    file.write_bytes(made(alternatives(pattern)))
    module._known.cache_clear()
    from waf.rules.operators.pattern import _compiled

    _compiled.cache_clear()
    again = OPERATORS["re2"].make(pattern, Context())
    assert again is not apart
    for one, other in zip(apart.parts, again.parts, strict=True):
        shown = [msgspec.structs.replace(part, test=None, at=None) for part in (one, other)]
        assert shown[0] == shown[1]
