"""`waf train`: rebuilds the classifier's models from the corpus."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import click

from waf import shipped
from waf.errors import InputError, Problem

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("train", short_help="Rebuild the classifier's models from the corpus.")
@click.option("--data", "folder", required=True, type=_FOLDER, help="The corpus: a folder with train/*.jsonl.")
@click.option("--extra", type=_FOLDER, help="A folder of shared data; only rows under permissive licences train.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where the models go.")
@click.option("--quick", is_flag=True, help="A tiny run that shows that everything works; its models are of no use.")
def train(folder: Path, extra: Path | None, out: Path, quick: bool) -> int:
    """Trains the gate and the deep stage, calibrates them on texts that trained nothing, and writes manifest.json
    and the files that it names. Needs the extra `train`. Seeds are fixed; an interrupted training goes on from its last epoch.
    """
    run = _program()
    try:
        run.run(folder, extra, out, quick=quick, say=lambda line: click.echo(line, err=True))
    except ModuleNotFoundError as error:
        raise _lacking(error.name or str(error)) from error
    except ValueError as error:
        raise InputError(
            [Problem(str(folder), 0, 0, str(error), "one JSON object a line: text, label, source")]
        ) from error
    click.echo(f"{out}: manifest.json and what it names; waf eval --models {out} measures them")
    return 0


def _program() -> Any:
    """The training programs lie beside the package, and nothing else needs them or what they import."""
    sys.path.insert(0, str(shipped.path("classifiers/train").parent.parent))
    try:
        return importlib.import_module("classifiers.train.run")
    except ModuleNotFoundError as error:
        raise _lacking(error.name or str(error)) from error
    finally:
        del sys.path[0]


def _lacking(name: str) -> InputError:
    return InputError([Problem("waf train", 0, 0, f"needs the package {name}", "pip install 'mlwaf[train]'")])
