"""What the batcher and the models agree on: surfaces, windows, stages, and the two stages that make a cascade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SURFACES: Final = ("system", "user", "tool_result", "document", "tool_args", "field")
"""Where a text stood. A model is given the index."""
LABELS: Final = ("injection", "jailbreak")
"""What the two probabilities are of; an indirect injection is an injection."""
SHORT: Final = 250
LONG: Final = 4_000
"""Characters up to which a text is short, and from which on it is long. The deep stage may see more short texts, since it reads
them at once, and more long ones, since reading a few places of theirs adds little to what they cost anyway."""
SYSTEM, USER, TOOL_RESULT, DOCUMENT, TOOL_ARGS, FIELD = range(6)


class Windows(NamedTuple):
    """A text as a model reads it."""

    ids: list[npt.NDArray[np.int32]]
    """Model positions of each window, one-dimensional; windows overlap."""
    over_budget: bool
    """The text had more windows than the stage's budget, and the last ones are missing."""


class Stage(Protocol):
    """A model with everything that it needs to read a text. The batcher does not tell one from another."""

    @property
    def sha256(self) -> str:
        """Of the model's file."""

    @property
    def positions(self) -> int:
        """Longest window."""

    def windows(self, text: str) -> Windows:
        """Pure and cheap; cut by model positions, never by characters, and only up to the stage's budget of windows."""

    def all_windows(self, texts: Sequence[str]) -> list[Windows]:
        """`windows` of each, which may be cheaper together."""

    def score(self, ids: Sequence[npt.NDArray[np.int32]], surfaces: Sequence[int]) -> npt.NDArray[np.float32]:
        """Calibrated probabilities of injection and of a jailbreak, [n, 2]. Pads by itself; may run in any thread.

        Raises ModelError when the model fails.
        """


@dataclass(frozen=True)
class Cascade:
    """A cheap stage for every text, and a dear one for the texts of which the first is not sure."""

    gate: Stage
    deep: Stage | None
    """None: the gate decides alone."""
    bands: Mapping[str, tuple[float, float]]
    """By surface: a probability of the gate's in [low, high] sends the text to the deep stage."""
    thresholds: Mapping[str, float]
    """By surface: the probability from which on a text counts as an attack."""
    version: str
    wide: Mapping[str, float] = field(default_factory=dict)
    """By surface: the beginning of the band for short and for long texts, where it is another one."""
    long: Mapping[str, float] = field(default_factory=dict)
    """The same for long texts alone, where it differs from that: what stands around an order thins out the gate's opinion."""
    gate_run: int = 32_768
    """Positions of one run of the gate, padding included: larger runs gain nothing and take memory."""
    deep_run: int = 32_768
    """The same of the deep stage."""
    deep_windows: int = 32
    """Windows of one block that the deep stage reads at most."""

    def band(self, surface: str, characters: int) -> tuple[float, float]:
        """The probabilities of the gate's that send a text of that length to the deep stage."""
        low, high = self.bands[surface]
        if characters > LONG and surface in self.long:
            return self.long[surface], high
        return (low if SHORT < characters <= LONG else self.wide.get(surface, low)), high
