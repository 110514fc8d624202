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
@click.option(
    "--model",
    type=click.Choice(["text", "web", "all"]),
    default="text",
    show_default=True,
    help="Prompts, web attacks, or both.",
)
@click.option("--data", "folder", type=_FOLDER, help="The corpus of prompts: a folder with train/*.jsonl.")
@click.option("--extra", type=_FOLDER, help="A folder of shared data; only rows under permissive licences train.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where the models go.")
@click.option("--quick", is_flag=True, help="A tiny run that shows that everything works; its models are of no use.")
def train(model: str, folder: Path | None, extra: Path | None, out: Path, quick: bool) -> int:
    """Trains the gate and the deep stage, calibrates them on texts that trained nothing, and writes manifest.json and the
    files that it names; of the web-attack head, manifest.json and head.onnx. Needs the extra `train`. Seeds are fixed;
    an interrupted training of the text classifier goes on from its last checkpoint.
    """
    if model != "web" and folder is None:
        raise click.UsageError("--data is needed for the text classifier", click.get_current_context())
    with_text, with_web = out / "text" if model == "all" else out, out / "web" if model == "all" else out
    try:
        if model != "web":
            _program().run(folder, extra, with_text, quick=quick, say=_say)
            click.echo(f"{with_text}: manifest.json and what it names; waf eval --models {with_text} measures them")
        if model != "text":
            _program("web_run").run(extra, with_web, quick=quick, say=_say)
            click.echo(f"{with_web}: manifest.json, head.onnx; benchmarks/web_head.py measures them")
    except ModuleNotFoundError as error:
        raise _lacking(error.name or str(error)) from error
    except ValueError as error:
        raise InputError(
            [Problem(str(folder or extra), 0, 0, str(error), "one JSON object a line: text, label, source")]
        ) from error
    return 0


def _say(line: str) -> None:
    click.echo(line, err=True)


def _program(name: str = "run") -> Any:
    """The training programs lie beside the package, and nothing else needs them or what they import."""
    sys.path.insert(0, str(shipped.path("classifiers/train").parent.parent))
    try:
        return importlib.import_module(f"classifiers.train.{name}")
    except ModuleNotFoundError as error:
        raise _lacking(error.name or str(error)) from error
    finally:
        del sys.path[0]


def _lacking(name: str) -> InputError:
    return InputError([Problem("waf train", 0, 0, f"needs the package {name}", "pip install 'mlwaf[train]'")])
