"""Text as a tree: what belongs to what, drawn with lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
import msgspec


class Branch(msgspec.Struct):
    """A line, and what hangs below it."""

    text: str
    below: list[Branch] = []

    def add(self, text: str) -> Branch:
        """Hangs a line below this one, and gives it."""
        branch = Branch(text)
        self.below.append(branch)
        return branch


def drawn(branch: Branch) -> Iterator[str]:
    """The lines of a tree, its root first and at the margin."""
    yield branch.text
    yield from _below(branch.below, "")


def _below(branches: Sequence[Branch], margin: str) -> Iterator[str]:
    for number, branch in enumerate(branches, 1):
        last = number == len(branches)
        yield f"{_dim(margin + ('└─' if last else '├─'))} {branch.text}"
        yield from _below(branch.below, margin + ("   " if last else "│  "))


def _dim(text: str) -> str:
    return click.style(text, dim=True)


def show(*branches: Branch) -> None:
    """Trees on stdout, a blank line before each."""
    for branch in branches:
        click.echo()
        for line in drawn(branch):
            click.echo(line)
