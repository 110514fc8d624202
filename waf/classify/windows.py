"""Windows over a text's model positions: overlapping, and capped with a flag, never silently."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from waf.classify.types import Windows


def slide(ids: npt.NDArray[np.int32], *, positions: int, step: int, budget: int) -> Windows:
    """Windows of at most `positions`, one every `step`, the last one ending where the text ends."""
    size = len(ids)
    if size <= positions:
        return Windows([ids], over_budget=False)
    starts = [*range(0, size - positions, step), size - positions]
    return Windows([ids[start : start + positions] for start in starts[:budget]], over_budget=len(starts) > budget)
