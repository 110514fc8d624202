"""Source files in many languages: the sentence stands in a comment, a docstring, a string or a log message."""

from __future__ import annotations

import json
import re
from functools import cache

from classifiers.corpus.carriers_bank import BANKS
from classifiers.corpus.carriers_draw import Draw, Make

COMMENT = {
    **dict.fromkeys(("python", "ruby", "bash", "yaml", "dockerfile", "r"), ("# ", "")),
    **dict.fromkeys(
        ("javascript", "typescript", "java", "go", "rust", "c", "cpp", "csharp", "php", "kotlin", "swift"), ("// ", "")
    ),
    **dict.fromkeys(("sql", "lua"), ("-- ", "")),
    "html": ("<!-- ", " -->"),
}
BLOCK = {
    **dict.fromkeys(
        ("javascript", "typescript", "java", "c", "cpp", "csharp", "php", "kotlin", "swift", "go", "rust"), True
    )
}
STRING = {
    "python": "HELP = {}",
    "javascript": "const message = {};",
    "typescript": "export const NOTE = {} as const;",
    "java": "    private static final String NOTE = {};",
    "go": "const note = {}",
    "rust": "const NOTE: &str = {};",
    "c": "static const char *note = {};",
    "cpp": "constexpr auto kNote = {};",
    "csharp": "private const string Note = {};",
    "ruby": "NOTE = {}",
    "php": "$note = {};",
    "bash": "echo {}",
    "kotlin": "const val NOTE = {}",
    "swift": "let note = {}",
    "lua": "local note = {}",
    "r": "message({})",
    "yaml": "x-note: {}",
}


@cache
def snippets() -> dict[str, list[str]]:
    """The hand-written snippets by language; a line `@@` is where a comment may stand."""
    out: dict[str, list[str]] = {}
    for block in re.split("^=== ", (BANKS / "snippets.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        language, _, body = block.partition("\n")
        out.setdefault(language, []).append(body.rstrip("\n"))
    return out


def _filled(d: Draw, body: str) -> str:
    facts = {"{Word}": d.fresh("{word}").title()}
    for slot, value in facts.items():
        body = body.replace(slot, value)
    return d.fresh(body)


def comment(d: Draw, language: str, insert: str, indent: str = "") -> str:
    """The insert as a comment in this language: one line, several, or a block."""
    if language in BLOCK and d.flip(0.35):
        lines = insert.split("\n")
        return f"{indent}/*\n" + "\n".join(f"{indent} * {line}" for line in lines) + f"\n{indent} */"
    if language == "python" and d.flip(0.25):
        return f'{indent}"""{insert}"""'
    before, after = COMMENT[language]
    return "\n".join(f"{indent}{before}{line}{after}" for line in insert.split("\n"))


def code(d: Draw, insert: str) -> str:
    """One or several functions, sometimes as a diff or as the answer of a file tool."""
    language = d.choice(sorted(snippets()))
    bodies = [_filled(d, d.rng.choice(snippets()[language])) for _ in range(d.rng.randint(1, 2) + d.bulk * 2)]
    where = d.rng.randrange(len(bodies))
    as_string = language in STRING and d.flip(0.15)
    at_mark = d.flip(0.6)
    for index, body in enumerate(bodies):
        lines = []
        for line in body.split("\n"):
            if line.strip() != "@@":
                lines.append(line)
                continue
            indent = line[: len(line) - len(line.lstrip())]
            if index == where and at_mark and not as_string:
                lines.append(comment(d, language, insert, indent))
            elif index != where and d.flip(0.4):
                lines.append(comment(d, language, d.fresh(d.rng.choice(d.bank["note"])), indent))
        bodies[index] = "\n".join(lines)
    if as_string:
        bodies = d.place(bodies, STRING[language].format(json.dumps(insert, ensure_ascii=False)))
    elif not at_mark:
        bodies = d.place(bodies, comment(d, language, insert))
    text = "\n\n".join(bodies)
    shape = d.rng.random()
    if shape < 0.12:
        name = f"src/{d.fact('word')}.{language[:2]}"
        return (
            f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -{d.fact('n')},4 +{d.fact('n')},9 @@\n"
            + "\n".join("+" + line for line in text.split("\n"))
        )
    if shape < 0.24:
        return json.dumps({"path": f"{d.fact('path')}.{language[:2]}", "content": text}, ensure_ascii=False)
    if shape < 0.32:
        return f"```{language}\n{text}\n```"
    return text


CODE: dict[str, Make] = {"code": code}
