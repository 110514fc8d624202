"""docs/reference.md is what docs/reference.py makes of the tables."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import click

from waf.cli import main
from waf.cli.lazy import LazyGroup

DOCS = Path(__file__).parent.parent / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current() -> None:
    made: str = generator().reference()
    assert (DOCS / "reference.md").read_text() == made, "python docs/reference.py makes it anew"


def commands(group: LazyGroup, name: str) -> set[str]:
    context = click.Context(group)
    found = {word: group.get_command(context, word) for word in group.list_commands(context)}
    return {
        full
        for word, command in found.items()
        for full in (commands(command, f"{name} {word}") if isinstance(command, LazyGroup) else {f"{name} {word}"})
    }


def test_every_command_has_its_chapter_there_and_is_described_in_words() -> None:
    named = commands(main, "waf")
    assert set(re.findall(r"^### (waf .+)$", (DOCS / "reference.md").read_text(), re.MULTILINE)) == named
    prose = (DOCS / "cli.md").read_text()
    assert {name for name in named if f"`{name}`" not in prose and f"`{name} " not in prose} == set()


def test_every_option_says_what_it_means() -> None:
    assert "|  |\n" not in (DOCS / "reference.md").read_text().split("## Fields")[0]


def test_every_option_that_is_named_in_prose_exists() -> None:
    known = set(re.findall(r"--[a-z][a-z-]*", (DOCS / "reference.md").read_text()))
    for page in ("cli.md", "ci.md", "editor.md", "tutorial.md", "rules.md"):
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", (DOCS / page).read_text()))
        assert named - known - {"--help", "--version", "--data-raw"} == set(), page
