"""The Prometheus metrics: their names, labels and accumulators.

Every accumulator is a plain dict or list that a custom collector reads at scrape time, because feeding
prometheus_client's own objects takes a lock per bucket and more time than a request's whole parse. They are written on
the event loop's thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from waf.model import Match
from waf.record.counter import OTHER, Counter
from waf.record.histogram import PROBABILITY, SIZES, SLOW_SECONDS, Histogram

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
"""Content-Type of `Metrics.render()`: the format that scrapers of every age read."""

MAX_STAGES: Final = 32


class Metrics(Collector):
    """Everything that is counted, in a registry of its own.

    Durations are given in seconds, except where a parameter's name ends in `_us`.
    """

    def __init__(self) -> None:
        self._requests = Counter("route", "action", "mode")
        self._matches = Counter("rule", "mode")
        self._rule_seconds = Counter("rule")
        self._unscored = Counter("reason")
        self._limited = Counter("kind")
        self._callers = Counter("kind", "result")
        self._keys_fetched = Counter("result")
        self._reloads = Counter("result")
        self._alone = Counter("reason")
        self._shared_queries = Counter("result")
        self._state_seconds = Histogram()
        self.state_up = False
        """Whether the state that is shared can be reached; False as well where none is."""
        self._stages: dict[str, Histogram] = {}
        self._overhead = Histogram()
        self._upstream = Histogram(SLOW_SECONDS)
        self._ml_scores: dict[str, Histogram] = {}
        self._batch_size = Histogram(SIZES)
        self._ml_queue = Histogram()
        self._ml_runs: dict[str, Histogram] = {}
        self._ml_cache = Counter("result")
        self._ood_inputs = Counter("route", "result")
        self._ood_drift: dict[str, float] = {}
        self._loop_stall = Histogram()
        self.inflight = 0
        """Requests being handled now; the edge adds and subtracts."""
        self.extraction_risk: Callable[[], float] = lambda: 0.0
        """Asked at scrape time: highest risk of model extraction among current callers, 0 to 1."""
        self.events_dropped: Callable[[], int] = lambda: 0
        """Asked at scrape time; the event sink counts on a thread of its own."""
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    # ------------------------------------------------------------------ feeding

    def request(self, route: str, action: str, mode: str, matches: Iterable[Match] = ()) -> None:
        """One finished request and the rules that matched on it."""
        self._requests.add((route, action, mode))
        for match in matches:
            self._matches.add((str(match.rule), match.mode))

    def timings(self, stage_us: Mapping[str, float], overhead_us: float, upstream_us: float) -> None:
        """Where one request's time went; `upstream_us` is 0 when it was not forwarded."""
        stages = self._stages
        for stage, spent in stage_us.items():
            (stages.get(stage) or self._stage(stage)).observe(spent * 1e-6)
        self._overhead.observe(overhead_us * 1e-6)
        if upstream_us:
            self._upstream.observe(upstream_us * 1e-6)

    def rule_seconds(self, rule: int, seconds: float) -> None:
        self._rule_seconds.add((str(rule),), seconds)

    def ml_score(self, model: str, probability: float) -> None:
        histogram = self._ml_scores.get(model)
        if histogram is None:
            histogram = self._ml_scores[model] = Histogram(PROBABILITY)
        histogram.observe(probability)

    def ml_batch(self, model: str, size: int, queue_seconds: float, run_seconds: float) -> None:
        """One batch sent to a model: how many segments, how long the first of them had waited, and what the run took."""
        self._batch_size.observe(size)
        self._ml_queue.observe(queue_seconds)
        histogram = self._ml_runs.get(model)
        if histogram is None:
            histogram = self._ml_runs[model] = Histogram()
        histogram.observe(run_seconds)

    def ml_cache(self, result: str, count: int) -> None:
        """Segments whose score was remembered (`hit`), under way already (`shared`), or neither (`miss`)."""
        self._ml_cache.add((result,), count)

    def ood_inputs(self, route: str, result: str, count: int) -> None:
        """Texts or rows that were compared with a route's reference: `usual`, `flagged`, or `missing` where they were not."""
        if count:
            self._ood_inputs.add((route, result), count)

    def ood_drift(self, route: str, evidence: float) -> None:
        """How surely the last window of a route's inputs differs from its reference."""
        self._ood_drift[route] = evidence

    def unscored(self, reason: str) -> None:
        """Something that should have been scored was not."""
        self._unscored.add((reason,))

    def limited(self, kind: str) -> None:
        """A request was turned away by a limit."""
        self._limited.add((kind,))

    def caller(self, kind: str, result: str) -> None:
        """Somebody was asked who they are: how they proved it, and `ok` or the code of the refusal."""
        self._callers.add((kind, result))

    def keys_fetched(self, result: str) -> None:
        """The keys of a token issuer were fetched: `ok` or `failed`."""
        self._keys_fetched.add((result,))

    def alone(self, reason: str) -> None:
        """A request was counted by this process alone although state is shared: `away`, or `slow` when it waited in vain."""
        self._alone.add((reason,))

    def shared_queries(self, result: str, count: int) -> None:
        """Queries that firewalls show each other: `shown` and `lost` of this one's, `seen` and `passed` of others'."""
        if count:
            self._shared_queries.add((result,), count)

    def state_seconds(self, seconds: float) -> None:
        """One round trip to the state that is shared."""
        self._state_seconds.observe(seconds)

    def reload(self, result: str) -> None:
        """A reload ended: `ok` or `failed`."""
        self._reloads.add((result,))

    def loop_stall(self, seconds: float) -> None:
        """How late the event loop woke its watchdog."""
        self._loop_stall.observe(seconds)

    def _stage(self, name: str) -> Histogram:
        """The histogram of a stage that is seen for the first time."""
        name = name if len(self._stages) < MAX_STAGES else OTHER
        return self._stages.setdefault(name, Histogram())

    # ------------------------------------------------------------------ reading

    def render(self) -> bytes:
        """The text exposition, to be sent with `CONTENT_TYPE`."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        yield _counter(
            "waf_requests_total", "Requests by route, what was done with them, and the route's mode.", self._requests
        )
        yield _histograms("waf_stage_seconds", "Time in one stage of the firewall.", "stage", self._stages)
        yield _histogram("waf_overhead_seconds", "Time of a request outside the upstream.", self._overhead)
        yield _counter("waf_rule_matches_total", "Requests a rule matched on, by the rule's mode.", self._matches)
        yield _counter(
            "waf_rule_seconds_total", "Time spent evaluating a rule, where that is measured.", self._rule_seconds
        )
        yield _histograms("waf_ml_score", "Calibrated scores a model gave.", "model", self._ml_scores)
        yield _histogram("waf_ml_batch_size", "Segments in one run of a model.", self._batch_size)
        yield _histogram("waf_ml_queue_seconds", "Time a segment waited for its model.", self._ml_queue)
        yield _histograms("waf_ml_run_seconds", "Time of one run of a model.", "model", self._ml_runs)
        yield _counter("waf_ml_cache_total", "Segments by what was known of their score.", self._ml_cache)
        yield _counter("waf_ood_inputs_total", "Inputs compared with a route's reference.", self._ood_inputs)
        drift = GaugeMetricFamily(
            "waf_ood_drift", "Evidence of drift, -log10 of its p-value in the last window.", labels=("route",)
        )
        for route, evidence in self._ood_drift.items():
            drift.add_metric((route,), evidence)
        yield drift
        yield _counter("waf_unscored_total", "Segments that should have been scored and were not.", self._unscored)
        yield _counter("waf_limited_total", "Requests turned away by a limit or an override.", self._limited)
        yield _counter("waf_callers_total", "Callers that were asked who they are, and the result.", self._callers)
        yield _counter("waf_issuer_keys_total", "Fetches of token issuers' keys.", self._keys_fetched)
        yield GaugeMetricFamily("waf_state_up", "Whether the shared state can be reached.", float(self.state_up))
        yield _histogram("waf_state_seconds", "Round trips to the shared state.", self._state_seconds)
        yield _counter("waf_state_alone_total", "Requests counted by this process alone meanwhile.", self._alone)
        yield _counter("waf_shared_queries_total", "Queries that firewalls show each other.", self._shared_queries)
        yield GaugeMetricFamily(
            "waf_extraction_risk", "Highest risk of model extraction among current callers.", self.extraction_risk()
        )
        yield _histogram("waf_upstream_seconds", "Time the upstream took.", self._upstream)
        yield GaugeMetricFamily("waf_inflight", "Requests being handled now.", self.inflight)
        yield _counter("waf_reloads_total", "Reloads of rules and configuration.", self._reloads)
        yield _histogram(
            "waf_loop_stall_seconds", "How late the event loop was when it should have woken.", self._loop_stall
        )
        yield CounterMetricFamily(
            "waf_events_dropped_total",
            "Events lost because their destination was slow or broken.",
            self.events_dropped(),
        )


def _counter(name: str, doc: str, counts: Counter) -> Metric:
    family = CounterMetricFamily(name, doc, labels=counts.labels)
    for values, count in counts.items():
        family.add_metric(values, count)
    return family


def _histogram(name: str, doc: str, histogram: Histogram) -> Metric:
    family = HistogramMetricFamily(name, doc, labels=())
    family.add_metric((), buckets=histogram.buckets(), sum_value=histogram.sum)
    return family


def _histograms(name: str, doc: str, label: str, by_label: Mapping[str, Histogram]) -> Metric:
    family = HistogramMetricFamily(name, doc, labels=(label,))
    for value, histogram in by_label.items():
        family.add_metric((value,), buckets=histogram.buckets(), sum_value=histogram.sum)
    return family
