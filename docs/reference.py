"""Makes docs/reference.md from the tables that the program itself uses: commands, fields, operators, transforms, tags.

python docs/reference.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from waf.cli import main
from waf.cli.lazy import LazyGroup
from waf.fields import FIELDS
from waf.model import SCORES
from waf.rules.catalogues import CATALOGUES
from waf.rules.operators import OPERATORS
from waf.transform import DECODERS, TRANSFORMS

PAGE = Path(__file__).with_name("reference.md")
_ARGUMENTS = {"files": "FILE…", "paths": "PATH…", "selectors": "SELECTOR…"}


def reference() -> str:
    """The page."""
    lines = [
        "# Reference",
        "",
        "Made by [docs/reference.py](reference.py) from the program's own tables; a test keeps it current. What the words mean",
        "and how to use them: [cli.md](cli.md), [rules.md](rules.md), [transforms.md](transforms.md).",
        "",
        "## Commands",
        *_group(main, "waf"),
        "",
        "## Severities and scores",
        "",
        *_table(("severity", "score"), [(f"`{severity.value}`", str(score)) for severity, score in SCORES.items()]),
        "",
        "## Fields",
        "",
        *_table(("field", "type", "phase", "selector", "holds"), [
            (f"`{name}`", "name" if spec.names else spec.kind, spec.phase, spec.selector.replace("none", ""), spec.doc)
            for name, spec in FIELDS.items()
        ]),
        "",
        "## Operators",
        "",
        *_table(("operator", "takes", "on", "holds when"), [
            (f"`{name}`", spec.argument, ", ".join(sorted(spec.kinds)), spec.doc) for name, spec in OPERATORS.items()
        ]),
        "",
        "## Transforms",
        "",
        *_table(("transform", "gives", "what it does"), [
            *((f"`{name}`", "one value", transform.doc) for name, transform in TRANSFORMS.items()),
            *((f"`{name}`", "several views", decoder.doc) for name, decoder in DECODERS.items()),
        ]),
        "",
        "## Tags of public lists",
        "",
        "`waf rules coverage` counts rules by them, and `waf lint` warns about one that names nothing.",
        "",
        *_table(("list", "short name", "a tag", "items"), [
            (catalogue.title, f"`{catalogue.name}`", f"`{catalogue.example}`", ", ".join(catalogue.items))
            for catalogue in CATALOGUES
        ]),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _table(headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |"
    yield "|" + "---|" * len(headers)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _group(group: LazyGroup, name: str) -> Iterator[str]:
    context = click.Context(group, info_name=name)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        if isinstance(command, LazyGroup):
            yield from _group(command, f"{name} {word}")
        elif command is not None:
            yield from _command(command, f"{name} {word}")


def _command(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    words = [name, *(_argument(p, context) for p in command.params if isinstance(p, click.Argument))]
    yield from ("", f"### {name}", "", f"    {' '.join(words)}", "")
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    yield from _table(("option", "means"), [(f"`{_written(option)}`", _meaning(option)) for option in options])


def _written(option: click.Option) -> str:
    """As it is typed. Not as click prints it, because its versions differ."""
    names = ", ".join(sorted(option.opts, key=lambda name: name.startswith("--")))
    if option.is_flag:
        return names
    return f"{names} {option.metavar or _kind(option.type)}"


def _kind(kind: click.ParamType) -> str:
    if isinstance(kind, click.Choice):
        return "|".join(map(str, kind.choices))
    if isinstance(kind, click.Path | click.File):
        return "PATH"
    return "N" if isinstance(kind, click.types.IntParamType | click.types.FloatParamType) else "TEXT"


def _meaning(option: click.Option) -> str:
    default = f" Default: {option.default}." if option.show_default else ""
    more = " Repeat it for several." if option.multiple and "repeat" not in (option.help or "") else ""
    return f"{option.help or ''}{default}{more}"


def _argument(parameter: click.Argument, context: click.Context) -> str:
    word = parameter.metavar or _ARGUMENTS.get(parameter.name or "", (parameter.name or "").upper())
    return word if parameter.required or word.startswith("[") else f"[{word}]"


if __name__ == "__main__":
    PAGE.write_text(reference())
