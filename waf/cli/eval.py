"""`waf eval`: what the classifier finds, what it flags wrongly, and what it costs, on labelled texts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from waf import shipped
from waf.cli.eval_rows import Row, rows
from waf.cli.output import print_json, table
from waf.errors import InputError, Problem

MODELS: Final = "classifiers/models/text"
TEST_SET: Final = "classifiers/data/test"
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("eval", short_help="Measure the classifier on labelled texts.")
@click.option("--data", "paths", multiple=True, type=_FILE, metavar="FILE",
              help="Labelled texts, a JSON object a line; the project's own test set if left out.")  # fmt: skip
@click.option("--models", type=_FOLDER, help="A folder of models; those that ship if left out.")
@click.option("--evaded", default=None, type=click.IntRange(0, 10_000), help="Attacks to try every disguise on.")
@click.option("--compare", "others", multiple=True, metavar="CMD",
              help="libinjection, or a command: {\"text\", \"surface\"} a line in, {\"score\"} a line out.")  # fmt: skip
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a picture (PNG).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def evaluate(
    paths: tuple[Path, ...],
    models: Path | None,
    evaded: int | None,
    others: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> int:
    """Runs labelled texts through the gate and the deep stage, at the thresholds that the models came with.

    A line is {"text": …, "label": …} with label benign, harmful_request, injection, jailbreak or indirect_injection, and
    optionally surface (system, user, tool_result, document, tool_args, field), lang, source and carrier. Shares stand with
    their 95% intervals.
    """
    found = rows(paths or _test_set())
    report = _measure(found, models, evaded, others, plot)
    if as_json:
        print_json(report)
    else:
        _show(report)
    return 0


def _test_set() -> list[Path]:
    """The test set stands beside the sources only."""
    folder = shipped.root() / TEST_SET
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InputError(
            [Problem(str(folder), 0, 0, "there is no test set in this installation", "name one: --data FILE")]
        )
    return files


def _measure(
    found: list[Row], models: Path | None, evaded: int | None, others: tuple[str, ...], plot: Path | None
) -> dict[str, Any]:
    import numpy as np

    from waf.classify.cascade import load
    from waf.classify.offline import score
    from waf.cli import eval_report
    from waf.cli.eval_compare import scores

    cascade = load(models or shipped.path(MODELS))
    attack = np.array([row.attack for row in found])
    with _progress("texts", len(found)) as tick:
        scored = score(cascade, [row.text for row in found], eval_report.surfaces_of(found), tick)
    report: dict[str, Any] = {
        "models": cascade.version,
        "thresholds": dict(cascade.thresholds),
        "summary": eval_report.summary(cascade, found, scored),
        "groups": eval_report.groups(found, eval_report.over(cascade, found, scored.highest)),
        "others": {name: eval_report.ranking(scores(name, found), attack) for name in others},
    }
    with _progress("disguises", 21) as tick:
        count = eval_report.EVADED if evaded is None else evaded
        report["evasions"] = eval_report.evasions(cascade, found, count, tick) if count else {}
    report["latency_us"] = eval_report.latency(cascade)
    if plot is not None:
        from waf.cli.eval_plot import draw

        if not draw(scored.highest, attack, report, plot):
            raise InputError([Problem(str(plot), 0, 0, "needs matplotlib", "pip install 'mlwaf[bench]'")])
    return report


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal; it is told how many are done."""
    with click.progressbar(length=total, label=what, file=sys.stderr) as bar:

        def tick(done: int) -> None:
            bar.update(done - bar.pos)

        yield tick


def _show(report: dict[str, Any]) -> None:
    summary = report["summary"]
    click.echo(f"models {report['models']}, {summary['rows']} texts\n")
    measures = [
        ("recall at the thresholds", _share(summary["recall"])),
        ("false positives at the thresholds", _share(summary["false_positives"])),
        ("benign texts that the deep stage reads", _share(summary["to_deep"])),
        ("recall at 1% false positives", _share(summary["recall_at_1pct"])),
        ("recall at 0.5% false positives", _share(summary["recall_at_0.5pct"])),
        ("AUROC", _plain(summary["auroc"])),
        ("expected calibration error", _plain(summary["calibration_error"])),
    ]
    table(("measure", "value"), measures)
    for name, values in report["groups"].items():
        click.echo()
        lines = [(value, _share(cells["recall"]), _share(cells["false_positives"])) for value, cells in values.items()]
        table((name, "recall", "false positives"), lines)
    if report["evasions"]:
        click.echo()
        table(("disguise", "recall"), [(name, _share(value)) for name, value in report["evasions"].items()])
    if report["others"]:
        click.echo()
        keys = ("recall_at_1pct", "recall_at_0.5pct")
        ranked = [(name, *(_share(found[key]) for key in keys), _plain(found["auroc"])) for name, found in _all(report)]
        table(("detector", "recall at 1%", "recall at 0.5%", "AUROC"), ranked)
    click.echo()
    sizes = list(next(iter(report["latency_us"].values())))
    costs = [(name, *(str(cells[size]) for size in sizes)) for name, cells in report["latency_us"].items()]
    table(("µs of one core a text", *sizes), costs, right=frozenset(sizes))


def _all(report: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("waf", report["summary"]), *report["others"].items()]


def _share(value: dict[str, Any]) -> str:
    if value["share"] is None:
        return "-"
    return f"{value['share']:6.1%}  [{value['low']:.1%}, {value['high']:.1%}]  {value['hits']}/{value['of']}"


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
