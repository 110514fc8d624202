"""`waf rules convert`: somebody's own SecLang rules as a rule file, and what of them has to be done by hand."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

import click

from waf.cli.lazy import FINE, FOUND
from waf.cli.output import plural, print_json
from waf.files import put
from waf.rules.convert import Conversion, Options
from waf.rules.convert import convert as convert_file

_PACK: Final = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_WORD: Final = re.compile(r"[a-z0-9_-]{1,32}")


@click.command("convert")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Where to; without it, stdout.")
@click.option("--ids", "first", type=click.IntRange(1, 10**9 - 1), metavar="FIRST",
              help="Number the rules from FIRST on; without it, they keep their ids.")  # fmt: skip
@click.option("--pack", help="The pack's name; without it, the file's name.")
@click.option("--attack", default="custom", show_default=True, metavar="NAME",
              help="The NAME of attack.NAME for rules whose tags do not say.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
def convert(file: Path, out: Path | None, first: int | None, pack: str | None, attack: str, as_json: bool) -> int:
    """Reads FILE, a .conf in ModSecurity's language, with what it includes. Each rule is converted whole or not at all; one that
    is not stands as a comment with the reason where it was, and on stderr. Exits with 1 when there are such.
    """
    pack = pack or re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_") or "converted"
    if not _PACK.fullmatch(pack):
        raise click.BadParameter(
            "write words of small letters and digits with dots between, like web.own", param_hint="--pack"
        )
    if not _WORD.fullmatch(attack):
        raise click.BadParameter("write one word in small letters, like sqli", param_hint="--attack")
    done = convert_file(file, Options(pack=pack, first_id=first or 0, category=attack))
    if out is not None:
        _write(out, done.text)
    elif not as_json:
        click.echo(done.text, nl=False)
    if as_json:
        print_json(_report(done, out))
    else:
        for note in done.notes:
            click.echo(str(note), err=True)
        click.echo(_summary(done), err=True)
    return FOUND if any(note.lost for note in done.notes) else FINE


def _report(done: Conversion, out: Path | None) -> dict[str, Any]:
    report: dict[str, Any] = {
        "rules": sum(entry.original > 0 for entry in done.entries),
        "converted": {str(old): new for old, new in done.converted.items()},
        "without_tests": done.without_tests,
        "notes": [
            {
                "file": note.place.file,
                "line": note.place.line,
                "rule": note.rule or None,
                "code": note.code,
                "message": note.message,
                "converted": not note.lost,
            }
            for note in done.notes
        ],
    }
    return report if out is not None else {**report, "yaml": done.text}


def _summary(done: Conversion) -> str:
    total, converted = sum(entry.original > 0 for entry in done.entries), len(done.converted)
    lost = Counter(note.code for note in done.notes if note.lost)
    reasons = f" ({', '.join(f'{code} {count}' for code, count in lost.most_common())})" if lost else ""
    missing = len(done.without_tests)
    tests = f"; {plural(missing, 'rule')} without a test of each kind, which waf lint asks for" if missing else ""
    return f"{converted} of {plural(total, 'rule')} converted{reasons}{tests}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, text.encode())
