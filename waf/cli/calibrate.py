"""`waf calibrate`: learns what a route's usual inputs look like, and measures how often it is wrong about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from waf.cli.options import load_config
from waf.cli.output import print_json
from waf.errors import InputError, Problem

if TYPE_CHECKING:
    from waf.classify.ood.artefact import Manifest

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("calibrate", short_help="Learn what a route's usual inputs look like.")
@click.option("--route", required=True, metavar="NAME", help="The route, by its name in the configuration.")
@click.option("--reference", required=True, type=_FILE, help="Usual inputs: .jsonl, .csv, .npz, or recorded traffic.")
@click.option("--config", "-c", metavar="FILE", help="Configuration file with the route; needed for recorded traffic.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder; else the route's `ood.artefact`, else ood/NAME.",
)
@click.option("--alpha", type=click.FloatRange(1e-6, 0.5), help="Share of usual inputs that may be flagged [0.01].")
@click.option(
    "--fresh", type=_FILE, help="More usual inputs, to measure on; else some of the reference are kept for it."
)
@click.option("--outliers", type=_FILE, help="Inputs that should be flagged, to see whether they are.")
@click.option("--renew", is_flag=True, help="Keep what was fitted and calibrate on these rows, oldest first.")
@click.option("--half-life", type=click.FloatRange(0), default=0.0, metavar="ROWS", help="Newer rows count more.")
@click.option("--kind", type=click.Choice(["auto", "text", "rows"]), default="auto", help="Of recorded inputs.")
@click.option(
    "--label", default="", metavar="NAME", help="Member or column with a row's label; else y, class or label."
)
@click.option("--seed", type=int, default=0, help="Of the split into rows that fit and rows that calibrate.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
def calibrate(
    route: str,
    reference: Path,
    config: str | None,
    out: Path | None,
    alpha: float | None,
    fresh: Path | None,
    outliers: Path | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Fits on a part of the reference and calibrates on another; of few rows all do both in turn. Writes ood.json, score.onnx
    and CARD.md (for texts counts.npy, too). Rows are {"text": …}, {"features": {…} or […]} or {"tensor": […]}, one JSON
    object a line.
    """
    from waf.classify.ood.calibrate import TooFewRows, renew
    from waf.classify.ood.calibrate import calibrate as make
    from waf.cli.calibrate_rows import read
    from waf.parse.paths import steps
    from waf.routes import RouteTable

    loaded = load_config(config, {}).config
    settings = next((one for one in loaded.routes if one.name == route), None)
    if settings is None and config is not None:
        known = ", ".join(one.name for one in loaded.routes) or "none"
        raise InputError([Problem(config, 0, 0, f"has no route {route!r}", f"routes are: {known}")])
    folder = out or Path((settings.ood.artefact if settings else "") or f"ood/{route}")
    paths = tuple(map(steps, settings.ood.input)) if settings else ()
    table = RouteTable(loaded)

    def rows(path: Path, part: Any) -> Any:
        return read(path, part, kind=options["kind"], label=options["label"], table=table, route=route, paths=paths)

    given = rows(reference, "reference")
    try:
        if options["renew"]:
            manifest = renew(folder, given, alpha=alpha or 0.0, half_life=options["half_life"])
        else:
            manifest = make(
                given,
                folder,
                alpha=alpha or (settings.ood.alpha if settings else 0.0) or 0.01,
                seed=options["seed"],
                half_life=options["half_life"],
                fresh=rows(fresh, "fresh") if fresh else None,
                outliers=rows(outliers, "outliers") if outliers else None,
            )
    except TooFewRows as error:
        raise InputError([Problem(str(reference), 0, 0, str(error))]) from None
    except ValueError as error:
        raise InputError([Problem(str(reference), 0, 0, str(error), "rows of one make")]) from error
    if as_json:
        print_json({"folder": str(folder), "alpha": manifest.alpha, "kind": manifest.kind, **manifest.report})
    else:
        _show(folder, manifest)
    return 0


def _show(folder: Path, manifest: Manifest) -> None:
    reference, report = manifest.reference, manifest.report
    each = f"{reference.fitted:,} fitted, {reference.calibrated:,} calibrate"
    click.echo(
        f"{reference.rows:,} rows: {'all fit and calibrate in turn' if reference.folds else each}; alpha {manifest.alpha:g}"
    )
    for name, found in report.get("rates", {}).items():
        click.echo(f"  alpha {name}: {_rate(found)} of fresh usual inputs flagged")
    if "rates" not in report:
        click.echo("  not measured: no rows were left over; give --fresh FILE")
    for name, found in report.get("by_label", {}).items():
        click.echo(f"  label {name!r}: {_rate(found)}")
    if strange := report.get("outliers"):
        click.echo(f"  outliers: {_rate(strange['flagged'])} flagged, AUROC {strange['auroc']}")
    if renewed := report.get("renewed"):
        click.echo(f"  before: {_rate(renewed['rate_before'])} of these rows were flagged")
    click.echo(f"{folder}: ood.json, score.onnx, CARD.md; name the folder in the route's `ood.artefact`")


def _rate(found: dict[str, Any]) -> str:
    share = f"{100 * found['rate']:.2f}%"
    return f"{share} ({found['hits']} of {found['of']}, 95% interval {100 * found['low']:.2f}% to {100 * found['high']:.2f}%)"
