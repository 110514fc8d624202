"""Every member of an event and every metric is documented, and nothing that does not exist is."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from waf.record.event import Event, Hashed, RuleMatch
from waf.record.event_ml import Ml, OodMl, SurfaceMl, SurfaceWeb
from waf.record.metrics import Metrics

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def events() -> str:
    return (DOCS / "events.md").read_text()


def test_members_of_events(events: str) -> None:
    assert re.findall(r"^\| `(\w+)` \|", events, re.MULTILINE) == [
        field.name for field in msgspec.structs.fields(Event)
    ]


@pytest.mark.parametrize(
    "field",
    [
        field.name
        for struct in (RuleMatch, Hashed, Ml, OodMl, SurfaceMl, SurfaceWeb)
        for field in msgspec.structs.fields(struct)
    ],
)
def test_members_inside(field: str, events: str) -> None:
    assert f"`{field}`" in events or f'"{field}":' in events


def test_the_example_is_an_event(events: str) -> None:
    example = re.search(r"```json\n(.*?)```", events, re.DOTALL)
    assert example
    event = msgspec.json.decode(example.group(1), type=Event)
    assert event.rules[0].value == Hashed("9fa38bea532c8bec", 54)
    assert set(msgspec.json.decode(example.group(1))) <= {field.name for field in msgspec.structs.fields(Event)}


def test_metrics() -> None:
    families = list(text_string_to_metric_families(Metrics().render().decode()))
    exposed = {
        (f"{family.name}_total" if family.type == "counter" else family.name, family.type)
        for family in families
        if family.name.startswith("waf_")
    }
    assert set(re.findall(r"^\| `(\w+)` \| (\w+) \|", (DOCS / "metrics.md").read_text(), re.MULTILINE)) == exposed
