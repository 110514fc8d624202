"""Transforms: what a value looks like after one layer of encoding or disguise is taken off.

A rule names a list of them; the compiler chains them. `TRANSFORMS` are one to one, `DECODERS` give any number of views.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from waf.transform import (
    comments,
    confusables,
    embedded,
    encodings,
    escapes,
    html,
    invisible,
    letters,
    normal,
    paths,
    sql,
    url,
    whitespace,
)
from waf.transform.base import Decoder, Transform

__all__ = ["DECODERS", "TRANSFORMS", "Decoder", "Transform"]


def _same(text: str) -> str:
    return text


TRANSFORMS: Final[Mapping[str, Transform]] = MappingProxyType(
    {
        transform.name: transform
        for transform in (
            Transform("none", _same, "The value as it is; useful to say so."),
            *url.TRANSFORMS,
            *html.TRANSFORMS,
            *escapes.TRANSFORMS,
            *encodings.TRANSFORMS,
            *whitespace.TRANSFORMS,
            *comments.TRANSFORMS,
            *paths.TRANSFORMS,
            *normal.TRANSFORMS,
            *invisible.TRANSFORMS,
            *confusables.TRANSFORMS,
            *letters.TRANSFORMS,
            *sql.TRANSFORMS,
        )
    }
)
"""Every transform by the name that rules use."""

DECODERS: Final[Mapping[str, Decoder]] = MappingProxyType({decoder.name: decoder for decoder in embedded.DECODERS})
"""Every decoder by the name that rules use."""
