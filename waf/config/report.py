"""Where in the file a complaint about a setting belongs."""

from __future__ import annotations

from waf.config.build import Builder
from waf.config.substitute import refers
from waf.config.texts import Complaint
from waf.source import Node


class Reporter:
    """Finds the place of a setting: its own, or that of the nearest section around it that is present."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def error(self, path: str, message: str, hint: str = "") -> None:
        self._builder.complain(self.node(path), path, Complaint(message, hint))

    def warn(self, path: str, message: str, hint: str = "") -> None:
        self._builder.complain(self.node(path), path, Complaint(message, hint), warning=True)

    def node(self, path: str) -> Node:
        places = self._builder.places
        while path not in places:
            path = path.rpartition(".")[0]
        return places[path]

    def check_secret(self, path: str, value: str) -> None:
        """Warns where a secret is written into the file instead of referred to."""
        raw = self.node(path).value
        if value and isinstance(raw, str) and not refers(raw):
            self.warn(path, "the secret stands in the file", "use ${env:NAME} or ${file:PATH}")
