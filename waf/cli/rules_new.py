"""`waf rules new`: a rule to begin with. It loads, it passes its tests, and `waf lint --strict` has nothing to say about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from waf import source
from waf.cli import scaffold
from waf.errors import InputError, Problem
from waf.files import put
from waf.model import Severity
from waf.rules import pack_files
from waf.rules.fieldref import parse_field
from waf.rules.load import load_pack
from waf.rules.ruleset import SHIPPED
from waf.rules.spec import PackSpec

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WORD: Final = re.compile(r"[a-z0-9_-]{1,32}")
_REFERENCE: Final = re.compile(r"[!-~]{1,120}")
_LONGEST: Final = 120


@click.command("new")
@click.argument("name")
@click.option("--file", "path", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="The rule file; a new one is begun, in one that is there the rule goes to the end.")  # fmt: skip
@click.option("--text", help="What to look for; without it, the name with blanks for its dashes.")
@click.option("--field", default="request.args", show_default=True, help="Where to look.")
@click.option("--title", help="What it finds, in one line.")
@click.option("--severity", type=click.Choice([s.value for s in Severity]), default="warning", show_default=True,
              help="How bad a match is; the score follows from it.")  # fmt: skip
@click.option("--attack", help="The NAME of its tag attack.NAME; without it, the last word of the pack's name.")
@click.option("--reference", default="CWE-20", show_default=True, help="What it is about: CWE, CVE, an address.")
@click.option("--pack", help="The pack's name, of a new file; without it, the file's name.")
def new(
    name: str, path: Path, pack: str | None, attack: str | None, text: str | None, title: str | None, **more: str
) -> None:
    """Writes a rule called NAME, with the next free id and with six tests that pass, into a file. Then make it yours: change
    the condition and the tests, run `waf test --watch`, and `waf lint --strict` at the end.
    """
    _check(name, _SLUG, "NAME", "small letters, digits and dashes, like internal-host")
    found = load_pack(path) if path.exists() else None
    if found is not None and pack is not None and pack != found.name:
        raise click.BadParameter(f"{path} is the pack {found.name}", param_hint="--pack")
    pack = found.name if found else pack or re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "own"
    wanted = scaffold.Wanted(
        name=name,
        title=title or f"{name.replace('-', ' ').capitalize()} in a value",
        text=(text or name.replace("-", " ")).lower(),
        attack=attack or pack.split(".")[-1],
        **more,
    )
    _check_values(wanted)
    taken = set(_ids(path))
    number = scaffold.next_id({rule.id for rule in found.rules} if found else (), taken)
    try:
        content = _content(path, found, pack, number, wanted)
    except ValueError as error:
        click.echo(scaffold.rule(number, wanted))
        raise InputError([Problem(str(path), 0, 0, str(error), "put the rule in by hand")]) from None
    _write(path, content)
    click.echo(f"{path}: rule {number} {name} in pack {pack}")
    click.echo(f"next: waf test {path} --watch")


def _check(value: str, pattern: re.Pattern[str], where: str, right: str) -> None:
    if not pattern.fullmatch(value):
        raise click.BadParameter(f"write {right}", param_hint=where)


def _check_values(wanted: scaffold.Wanted) -> None:
    _check(
        wanted.text,
        scaffold.TEXT,
        "--text",
        "4 to 80 letters, digits, blanks and . _ / -; anything else can be changed later",
    )
    _check(wanted.attack, _WORD, "--attack", "one word in small letters, like sqli")
    _check(wanted.reference, _REFERENCE, "--reference", "an identifier or an address without blanks")
    if not wanted.title.isprintable() or len(wanted.title) > _LONGEST:
        raise click.BadParameter(f"one line of at most {_LONGEST} characters", param_hint="--title")
    try:
        ref = parse_field(wanted.field)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--field") from None
    if ref.spec.kind != "text":
        raise click.BadParameter(
            f"{ref} is a {ref.spec.kind}: begin with a field that holds text", param_hint="--field"
        )


def _ids(path: Path) -> Iterator[int]:
    """Ids of the shipped rules and of all that stand in the file's folder; what cannot be read there is passed over. An id is
    taken whether its rule is right or not, so nothing is compiled."""
    for file in [*pack_files(SHIPPED), *sorted(path.parent.glob("*.y*ml"))]:
        try:
            content = source.load(file.read_bytes(), str(file)).plain()
        except (InputError, OSError):
            continue
        rules = content.get("rules") if isinstance(content, dict) else None
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, dict) and isinstance(number := rule.get("id"), int):
                yield number


def _content(path: Path, found: PackSpec | None, pack: str, number: int, wanted: scaffold.Wanted) -> str:
    if found is None:
        return scaffold.header(pack) + scaffold.rule(number, wanted)
    return scaffold.appended(path.read_bytes().decode("utf-8-sig"), found, number, wanted)


def _write(path: Path, content: str) -> None:
    """Beside the file first, which is only replaced by what loads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(content.encode())
        load_pack(beside, shown_as=str(path))
        put(path, content.encode())
    finally:
        beside.unlink(missing_ok=True)
