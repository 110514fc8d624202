"""`waf demo`: everything in one process, nothing needed."""

from __future__ import annotations

import sys

import click

from waf.cli import streams
from waf.record import oplog


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, help="Port of the firewall; 0, the default, takes a free one."
)
def demo(port: int) -> None:
    """A small model server with the firewall before it.

    The server answers sentiment over ONNX and an OpenAI-shaped echo; the firewall has its default policy. Both listen on
    127.0.0.1 only. Needs no file and no network. Ctrl-C ends it.
    """
    from waf.demo.run import run

    oplog.configure("warning")
    run(port, click.echo, colour=sys.stdout.isatty() and not streams.colourless())
