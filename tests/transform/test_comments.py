"""Comments of SQL, where they nest and where they do not."""

from __future__ import annotations

import pytest

from waf.transform import TRANSFORMS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("union/**/select", "union select"),
        ("union/*a/*b*/c*/select", "union  select"),
        ("union/*a/**/b c*/select", "union b  select"),
        ("union/*a/*b*/ select 1 -- */", "union  select 1 --  "),
        ("1 /* and so on", "1  "),
        ("a */ b", "a   b"),
        ("x" * 20 + "*/", "x" * 4 + " "),
        ("2 * 3 / 4", "2 * 3 / 4"),
        ("", ""),
    ],
)
def test_sql_comments(text: str, expected: str) -> None:
    assert TRANSFORMS["sql_comments"].apply(text) == expected
