from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from waf.record.counter import MAX_SERIES, Counter
from waf.record.histogram import Histogram
from waf.record.metrics import MAX_STAGES, Metrics

CONTRACT = """
`waf_requests_total{route,action,mode}` · `waf_stage_seconds{stage}` · `waf_overhead_seconds` ·
`waf_rule_matches_total{rule,mode}` · `waf_rule_seconds_total{rule}` · `waf_ml_score{model}` · `waf_ml_batch_size` ·
`waf_ml_queue_seconds` · `waf_unscored_total{reason}` · `waf_limited_total{kind}` · `waf_extraction_risk` ·
`waf_upstream_seconds` · `waf_inflight` · `waf_reloads_total{result}` · `waf_loop_stall_seconds`
"""
"""The names and labels that dashboards rely on."""

OURS = {
    "waf_events_dropped_total": (),
    "waf_ml_run_seconds": ("model",),
    "waf_ml_cache_total": ("result",),
    "waf_ood_inputs_total": ("result", "route"),
    "waf_ood_drift": ("route",),
    "waf_callers_total": ("kind", "result"),
    "waf_issuer_keys_total": ("result",),
    "waf_state_up": (),
    "waf_state_seconds": (),
    "waf_state_alone_total": ("reason",),
    "waf_shared_queries_total": ("result",),
}
"""What is exposed on top."""


def everything(match: Callable[..., Any]) -> Metrics:
    """Metrics in which each name has at least one sample."""
    metrics = Metrics()
    metrics.request("chat", "block", "enforce", [match(rule=7), match(rule=8, mode="monitor")])
    metrics.timings({"parse": 120.0}, 300.0, 2000.0)
    metrics.rule_seconds(7, 0.25)
    metrics.ml_score("gate", 0.93)
    metrics.ml_score("gate", 0.2)
    metrics.ml_batch("gate", 3, 0.002, 0.004)
    metrics.ml_cache("hit", 2)
    metrics.ood_inputs("fraud", "flagged", 2)
    metrics.ood_drift("fraud", 4.5)
    metrics.unscored("queue_full")
    metrics.limited("rate")
    metrics.caller("key", "ok")
    metrics.keys_fetched("failed")
    metrics.alone("away")
    metrics.shared_queries("seen", 3)
    metrics.shared_queries("lost", 0)
    metrics.state_seconds(0.0002)
    metrics.reload("ok")
    metrics.loop_stall(0.0001)
    return metrics


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }


def test_names_and_labels_are_the_contract_s(match: Callable[..., Any]) -> None:
    contract = {
        name: tuple(sorted(labels.split(","))) if labels else ()
        for name, labels in re.findall(r"`(waf_\w+)(?:{([\w,]+)})?`", CONTRACT)
    }
    exposed: dict[str, tuple[str, ...]] = {}
    for family in text_string_to_metric_families(everything(match).render().decode()):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        exposed[name] = tuple(sorted(set(family.samples[0].labels) - {"le"}))
    ours = {name: labels for name, labels in exposed.items() if name.startswith("waf_")}
    assert len(contract) == 15
    assert ours == contract | OURS
    assert exposed.keys() - ours.keys() >= {
        "process_resident_memory_bytes",
        "process_cpu_seconds_total",
        "process_open_fds",
    }


def test_families_are_there_before_the_first_request() -> None:
    families = {family.name for family in text_string_to_metric_families(Metrics().render().decode())}
    assert {"waf_requests", "waf_inflight", "waf_overhead_seconds", "waf_ml_score"} <= families


@pytest.mark.parametrize(
    ("name", "labels", "value"),
    [
        ("waf_requests_total", (("action", "block"), ("mode", "enforce"), ("route", "chat")), 1),
        ("waf_rule_matches_total", (("mode", "monitor"), ("rule", "8")), 1),
        ("waf_stage_seconds_sum", (("stage", "parse"),), 120e-6),
        ("waf_stage_seconds_bucket", (("le", "0.0001"), ("stage", "parse")), 0),
        ("waf_stage_seconds_bucket", (("le", "0.0002"), ("stage", "parse")), 1),
        ("waf_stage_seconds_bucket", (("le", "+Inf"), ("stage", "parse")), 1),
        ("waf_overhead_seconds_sum", (), 300e-6),
        ("waf_upstream_seconds_count", (), 1),
        ("waf_rule_seconds_total", (("rule", "7"),), 0.25),
        ("waf_ml_score_bucket", (("le", "0.9"), ("model", "gate")), 1),
        ("waf_ml_batch_size_sum", (), 3),
        ("waf_ml_run_seconds_sum", (("model", "gate"),), 0.004),
        ("waf_ml_cache_total", (("result", "hit"),), 2),
        ("waf_ood_inputs_total", (("result", "flagged"), ("route", "fraud")), 2),
        ("waf_ood_drift", (("route", "fraud"),), 4.5),
        ("waf_reloads_total", (("result", "ok"),), 1),
        ("waf_shared_queries_total", (("result", "seen"),), 3),
    ],
)
def test_values(name: str, labels: tuple[tuple[str, str], ...], value: float, match: Callable[..., Any]) -> None:
    assert samples(everything(match))[(name, labels)] == pytest.approx(value)


def test_gauges_and_what_is_asked_at_scrape_time() -> None:
    metrics = Metrics()
    metrics.inflight += 2
    metrics.extraction_risk = lambda: 0.5
    metrics.events_dropped = lambda: 9
    seen = samples(metrics)
    assert (seen["waf_inflight", ()], seen["waf_extraction_risk", ()], seen["waf_events_dropped_total", ()]) == (
        2,
        0.5,
        9,
    )


def test_a_request_that_was_not_forwarded_took_no_upstream_time() -> None:
    metrics = Metrics()
    metrics.timings({}, 100.0, 0.0)
    assert samples(metrics)["waf_upstream_seconds_count", ()] == 0


@pytest.mark.parametrize("evil", ['a"b', "a\nb", "a\\b", 'x"} 1\nforged_total 99\n', "\u2028", "ü"])
def test_label_values_cannot_forge_samples(evil: str) -> None:
    metrics = Metrics()
    metrics.request(evil, "allow", "enforce")
    seen = samples(metrics)
    assert seen["waf_requests_total", (("action", "allow"), ("mode", "enforce"), ("route", evil))] == 1
    assert all(not name.startswith("forged") for name, _ in seen)


def test_labels_cannot_grow_without_end() -> None:
    counter = Counter("route", "mode")
    for number in range(MAX_SERIES + 50):
        counter.add((str(number), "enforce"))
    counter.add(("0", "enforce"))
    assert len(counter) == MAX_SERIES + 1
    assert counter["other", "other"] == 50
    assert counter["0", "enforce"] == 2


def test_nor_can_stages() -> None:
    metrics = Metrics()
    metrics.timings({f"stage{number}": 10.0 for number in range(100)}, 0.0, 0.0)
    counts = {labels: value for (name, labels), value in samples(metrics).items() if name == "waf_stage_seconds_count"}
    assert len(counts) == MAX_STAGES + 1
    assert counts[(("stage", "other"),)] == 100 - MAX_STAGES


@pytest.mark.parametrize(("value", "bucket"), [(0.0, 0), (1.0, 0), (1.5, 1), (2.0, 1), (2.1, 2)])
def test_a_bound_belongs_to_its_bucket(value: float, bucket: int) -> None:
    histogram = Histogram((1.0, 2.0))
    histogram.observe(value)
    assert histogram.counts.index(1) == bucket
    assert histogram.buckets()[-1] == ("+Inf", 1.0)
    assert histogram.sum == value
