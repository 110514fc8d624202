"""The state of one request while rules run over it. Everything rules can read or write is here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Literal

from waf.crs import LoggedRule
from waf.rules.seclang.spec import Variable

Items = list[tuple[str, str]]
"""Key and value of each member of a collection, in the order of the request."""
Engine = Literal["On", "DetectionOnly", "Off"]
Opens = Callable[[str, str], dict[str, tuple[str, str]]]
"""(collection, key) → its variables, as `Transaction.stores` holds them; what is set in there stays."""
Removed = tuple[Callable[[int, tuple[str, ...], str], bool], Variable]
"""Which rules (id, tags, message) lose which target."""


class Transaction:
    """`scalars` has one text by variable name, `maps` the named values of a collection, `stores` what rules have set."""

    __slots__ = (
        "allow",
        "blocked_by",
        "blocking",
        "body",
        "engine",
        "force_body",
        "jump",
        "logged",
        "maps",
        "matched",
        "matched_var",
        "matched_var_name",
        "matched_vars",
        "memo",
        "named",
        "opens",
        "phase",
        "processor",
        "removed_ids",
        "removed_messages",
        "removed_tags",
        "removed_targets",
        "response_body",
        "scalars",
        "skip",
        "status",
        "stores",
        "tx",
        "views",
        "would_status",
    )

    def __init__(self, engine: Engine, opens: Opens | None = None) -> None:
        """`opens`: where collections are kept from request to request; without it they last as long as the transaction."""
        self.opens = opens
        self.scalars: dict[str, str] = {}
        self.maps: dict[str, Items] = {}
        self.tx: dict[str, tuple[str, str]] = {}
        """TX by lower-case name: the name as first written, and the value."""
        self.stores: dict[str, dict[str, tuple[str, str]]] = {"TX": self.tx}
        self.matched_vars: Items = []
        self.matched_var = self.matched_var_name = ""
        self.memo: defaultdict[int, dict[str, str]] = defaultdict(dict)
        """By number of a transformation chain: what it made of which values."""
        self.views: dict[int, Items] = {}
        """What selections of collections hold, for one phase, by their number; `named` by collection and lower-case key."""
        self.named: dict[str, dict[str, Items]] = {}
        self.engine: str = engine
        self.phase = 0
        self.processor = ""
        self.body = True
        self.force_body = False
        self.response_body = True
        self.jump = ""
        self.skip = 0
        self.allow = ""
        self.removed_ids: list[tuple[int, int]] = []
        self.removed_tags: set[str] = set()
        self.removed_messages: set[str] = set()
        self.removed_targets: list[Removed] = []
        self.matched: list[int] = []
        self.logged: list[LoggedRule] = []
        self.blocking = engine == "On"
        self.status = self.would_status = self.blocked_by = 0

    def set(self, collection: str, name: str, value: str) -> None:
        """Stores a value; a name that is there already keeps its spelling."""
        store = self.tx if collection == "TX" else self.stores.setdefault(collection, {})
        lower = name.lower()
        known = store.get(lower)
        store[lower] = (name if known is None else known[0], value)

    def open(self, collection: str, key: str) -> None:
        """`initcol`: from now on the collection is that of the key."""
        if self.opens is not None and collection != "TX":
            self.stores[collection] = self.opens(collection, key)

    def get(self, collection: str, name: str) -> str:
        """The value of a stored variable, empty when there is none."""
        found = self.stores.get(collection, {}).get(name.lower())
        return "" if found is None else found[1]

    def forget_matches(self) -> None:
        """What a rule that does not match does to MATCHED_VAR and its like."""
        self.matched_vars.clear()
        self.matched_var = self.matched_var_name = ""

    def by_name(self, collection: str) -> dict[str, Items]:
        """The items of a collection by their lower-case keys, made once a phase."""
        found = self.named.get(collection)
        if found is None:
            found = self.named[collection] = {}
            for item in self.maps.get(collection, ()):
                found.setdefault(item[0].lower(), []).append(item)
        return found

    def number(self, name: str) -> int:
        """A variable of TX as a whole number, 0 when it is none."""
        text = self.get("TX", name)
        return int(text) if text.lstrip("-").isdigit() and len(text) < 16 else 0
