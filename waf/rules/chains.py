"""Transform chains, interned: chains that begin alike share their beginning, and an unchanged value keeps its identity.

After the argument cache of Coraza and ModSecurity, with two differences: nothing is keyed by a name, and the steps of all
chains that look at one bucket are laid out once, parents first, so that a request only walks down a list.
"""

from __future__ import annotations

from collections.abc import Callable

from waf.transform import DECODERS, TRANSFORMS

Views = str | list[str]
"""A text, or several when a decoder found more in it."""
Step = Callable[[Views], Views]


def known(name: str) -> bool:
    """Whether a transform of this name exists."""
    return name == "none" or name in TRANSFORMS or name in DECODERS


def names() -> list[str]:
    """Every transform a chain may name."""
    return sorted({"none", *TRANSFORMS, *DECODERS})


def _single(apply: Callable[[str], str]) -> Step:
    def step(views: Views) -> Views:
        if type(views) is str:
            return apply(views)
        return [apply(view) for view in views]

    return step


def _decoder(apply: Callable[[str], list[str]]) -> Step:
    def step(views: Views) -> Views:
        texts = [views] if type(views) is str else list(views)
        more = [decoded for text in texts for decoded in apply(text)]
        return [*texts, *more] if more else views

    return step


def _step(name: str) -> Step:
    decoder = DECODERS.get(name)
    return _decoder(decoder.apply) if decoder is not None else _single(TRANSFORMS[name].apply)


def unhinted(name: str) -> tuple[frozenset[str], Step | None]:
    """Literals without which a text's step may be done in another, cheaper way, and that way; nothing for most transforms."""
    decoder = DECODERS.get(name)
    return (decoder.hints, _decoder(decoder.unhinted)) if decoder is not None else (frozenset(), None)


class ChainTable:
    """All steps that some set of chains needs, each prefix once. Step 0 is the raw value."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, str, Step]] = [(0, "none", lambda views: views)]
        """(index of the parent, transform, what to do to the parent's views); parents come before their children."""
        self._index: dict[tuple[str, ...], int] = {(): 0}

    def intern(self, chain: tuple[str, ...]) -> int:
        """Index of the step whose output is the chain's; the same chain always gets the same one."""
        chain = tuple(name for name in chain if name != "none")
        found = self._index.get(chain)
        if found is None:
            parent = self.intern(chain[:-1])
            found = self._index[chain] = len(self.steps)
            self.steps.append((parent, chain[-1], _step(chain[-1])))
        return found

    def compose(self, index: int) -> Step:
        """One step that runs the whole chain from the raw value."""
        path: list[Step] = []
        while index:
            parent, _, step = self.steps[index]
            path.append(step)
            index = parent
        path.reverse()

        def run(views: Views) -> Views:
            for step in path:
                views = step(views)
            return views

        return run
