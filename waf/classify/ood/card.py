"""The model card that lies in a calibration's folder."""

from __future__ import annotations

from typing import Any

from waf.classify.ood.artefact import Manifest, Reference

_KINDS = {"text": "texts", "vector": "rows of numbers"}


def write(manifest: Manifest) -> str:
    """Markdown, from the manifest alone."""
    reference, report = manifest.reference, manifest.report
    lines = [
        "# Out-of-distribution detector",
        "",
        f"Says how far an input is from {reference.rows:,} reference {_KINDS[manifest.kind]} "
        f"(file with SHA-256 `{reference.sha256}`). {_shares(reference)} Alpha: {manifest.alpha:g}.",
        "",
        "## Guarantee",
        "",
        f"An input from the same source as the reference, independent of it, has a p-value of at most {manifest.alpha:g} with "
        f"a probability of at most {manifest.alpha:g} ({_grounds(reference)}). It holds on the average over inputs, not "
        "for each class of them, and not for a source that has changed since.",
    ]
    if manifest.half_life:
        lines += [
            "",
            f"Calibration rows count half after {manifest.half_life:g} newer ones. With weights the guarantee holds up to how "
            "much the source changed within the time that they span.",
        ]
    if reference.newest:
        lines += [
            "",
            f"The calibration was renewed from a file with SHA-256 `{reference.newest}`; nothing was fitted anew.",
        ]
    lines += ["", "## Measured", ""]
    if report.get("rates"):
        lines += ["| alpha | false alarms | rate | 95% interval |", "|---:|---:|---:|---|"]
        lines += [_row(name, found) for name, found in report["rates"].items()]
    else:
        lines.append("Not measured: no rows were left over. Give fresh ones.")
    if by_label := report.get("by_label"):
        lines += ["", f"By label, at alpha {manifest.alpha:g}:", "", "| label | false alarms | rate | 95% interval |"]
        lines += [
            "|---|---:|---:|---|",
            *(_row(name.replace("|", "/")[:40], found) for name, found in by_label.items()),
        ]
    if strange := report.get("outliers"):
        lines += [
            "",
            f"Of {strange['rows']:,} outliers {_share(strange['flagged'])} were flagged; AUROC {strange['auroc']}.",
        ]
    lines += [
        "",
        "## Limits",
        "",
        "- It says that an input is unusual, not that it is an attack; an attack that looks usual passes.",
        "- A renewed or poisoned reference moves what is usual: whoever can add rows to it can make room for others.",
        "- Alpha is for one input. A request with several rows or texts is flagged when one of them is.",
        "- The folder holds counts of hashed words, category values and neighbouring rows of the reference: treat it like it.",
        "",
        "Distances, and what they weigh: "
        + ", ".join(f"{n} {w:.2f}" for n, w in zip((*manifest.distances, "largest"), manifest.weights, strict=True))
        + ".",
        "",
    ]
    return "\n".join(lines)


def _shares(reference: Reference) -> str:
    if reference.folds:
        return (
            f"All were fitted, and all calibrate, each by what was fitted without its one of {reference.folds} parts."
        )
    return f"{reference.fitted:,} rows were fitted, {reference.calibrated:,} calibrate."


def _grounds(reference: Reference) -> str:
    if reference.folds and not reference.newest:
        return "cross-conformal prediction, so nearly: it supposes that one part of the reference more or less changes little"
    return "split conformal prediction"


def _row(name: str, found: dict[str, Any]) -> str:
    return f"| {name} | {found['hits']} of {found['of']} | {found['rate']:.4f} | {found['low']:.4f} to {found['high']:.4f} |"


def _share(found: dict[str, Any]) -> str:
    return f"{100 * found['rate']:.1f}%"
