"""The settings table, and that what is published from it is current and complete."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waf.config import documentation, load, read, schema, units
from waf.config.table import ROOT, Spec, _kind
from waf.config.texts import CHECKS, ON_DISK

REPOSITORY = Path(__file__).parents[2]
SPECS = [spec for spec in ROOT.walk() if spec.path]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.path)
def test_every_setting_is_documented(spec: Spec) -> None:
    assert spec.doc.endswith("."), "one sentence"
    assert len(spec.doc) > 5
    page = documentation()
    if spec.members:
        assert f"## `{spec.path}`" in page
    else:
        assert re.search(rf"\| `{re.escape(spec.name)}` \| .+ \| .+ \| {re.escape(spec.doc)} \|", page)


@pytest.mark.parametrize("spec", [s for s in SPECS if not s.members], ids=lambda spec: spec.path)
def test_every_default_is_within_its_own_bounds(spec: Spec) -> None:
    if spec.kind in ("integer", "number"):
        assert spec.low is not None
        assert spec.high is not None
        assert spec.low <= spec.default <= spec.high
        assert spec.unit in ("", "bytes", "seconds")
    elif spec.kind == "choice":
        assert spec.default in spec.choices
    elif spec.unit:
        assert spec.unit in CHECKS


def test_every_check_is_used() -> None:
    assert {spec.unit for spec in SPECS} - {"", "bytes", "seconds"} == set(CHECKS)
    assert set(CHECKS) > ON_DISK


def test_the_page_in_docs_is_current() -> None:
    assert (REPOSITORY / "docs/configuration.md").read_text() == documentation(), "waf check-config --docs"


def test_the_schema_in_docs_is_current() -> None:
    assert json.loads((REPOSITORY / "docs/waf.schema.json").read_text()) == schema(), "waf check-config --schema"


def test_the_example_is_valid_and_nothing_in_it_is_odd() -> None:
    loaded = read(str(REPOSITORY / "examples/waf.yaml"), environ={})
    assert loaded.warnings == ()
    assert loaded.config.routes[0].mode == "off"


def test_the_example_with_callers_is_valid_too() -> None:
    loaded = read(str(REPOSITORY / "examples/identity.yaml"), environ={"WAF_KEY_PEPPER": "p" * 32})
    assert loaded.warnings == ()
    assert loaded.config.identity.asked


def test_the_schema_knows_every_setting() -> None:
    assert _paths(schema()) == {spec.path.replace("[]", "") for spec in SPECS}


def _paths(node: dict[str, Any], path: str = "") -> set[str]:
    found: set[str] = set()
    for name, member in node.get("properties", node.get("items", {}).get("properties", {})).items():
        here = f"{path}.{name}".lstrip(".")
        found |= {here} | _paths(member, here)
    return found


def test_the_schema_bounds_and_spells_numbers() -> None:
    body = schema()["properties"]["limits"]["properties"]["body"]
    assert body["default"] == 8 << 20
    assert body["anyOf"][0] == {"type": "integer", "minimum": 1024, "maximum": 1 << 30}
    assert re.search(body["anyOf"][1]["pattern"], "8MiB")
    assert not re.search(body["anyOf"][1]["pattern"], "8 apples")
    assert re.search(body["anyOf"][2]["pattern"], "${env:LIMIT}")


def test_a_type_no_file_could_fill_is_refused() -> None:
    with pytest.raises(TypeError, match="a setting cannot be"):
        _kind(Optional[int])  # noqa: UP045


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (8 << 20, "bytes", "8MiB"), (8190, "bytes", "8190"), (1 << 30, "bytes", "1GiB"), (0, "bytes", "0"),
        (0.5, "seconds", "500ms"), (90.0, "seconds", "90s"), (600.0, "seconds", "10m"), (86_400, "seconds", "24h"),
        (0.0001, "seconds", "100us"), (0.0, "seconds", "0"), (0.00000015, "seconds", "1.5e-07"),
        (200_000, "", "200000"), (0.25, "", "0.25"),
    ],
)  # fmt: skip
def test_units_are_shown_as_people_write_them(value: float, unit: str, shown: str) -> None:
    assert units.show(value, unit) == shown


@given(st.integers(1, 1 << 40))
def test_a_shown_size_reads_back(value: int) -> None:
    shown = units.show(value, "bytes")
    assert (units.size(shown) or int(shown)) == value


@given(st.integers(1, 10**9))
def test_a_shown_time_reads_back(microseconds: int) -> None:
    assert units.duration(units.show(microseconds / 1e6, "seconds")) == microseconds / 1e6


@pytest.mark.parametrize("text", ["", "8", "MiB", "8 mib", "-1KiB", "1e3KiB", "8MiB ", "٣KiB", "9" * 20 + "B"])
def test_what_is_no_size(text: str) -> None:
    assert units.size(text) is None


def test_every_number_can_be_set_to_its_bounds() -> None:
    for spec in SPECS:
        if spec.kind in ("integer", "number") and "[" not in spec.path:
            for bound in (spec.low, spec.high):
                assert load(None, {spec.path: int(bound) if spec.kind == "integer" else bound})  # type: ignore[arg-type]
