"""Text to make requests from: sentences and programs of our own with blanks to fill, or the texts of a folder."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

_WHO = "Maren Tobias Adaeze Ravi Linnea Kofi Hana Mateus Noor Edith Jarek Sunniva Paolo Wanjiru Imre Dalia".split()
_WHERE = "Bergen Tartu Porto Lusaka Sapporo Leipzig Cork Trieste Utrecht Halifax Busan Graz Accra Turku".split()
_WHAT = (
    "the harvest report|the ferry timetable|our hiring plan|the library budget|a grant proposal|the kitchen inventory|"
    "the choir programme|the insulation survey|a museum label|the repair manual|the field notes|the tenancy agreement"
).split("|")
_SENTENCES = (
    "{who} sent {what} from {where} on Tuesday, and {n} of us have read it twice without finding the total.",
    "Could you make the second paragraph shorter and keep the part where {who} thanks the neighbours in {where}?",
    "We counted {n} visitors before noon, which is more than {where} had in the whole of last February.",
    "My aunt in {where} grows beans on the balcony; she says {n} litres of water a week are plenty.",
    "When {what} is finished, please list what changed, who asked for it, and whether anybody objected.",
    "The bus to {where} leaves every {n} minutes, but nobody told {who} that it skips the harbour on Sundays.",
    "I would rather not promise a date, since {what} still depends on two people who are on holiday.",
    "It rained for {n} days, the cellar in {where} stayed dry, and {who} was visibly relieved.",
    "Explain it the way you would to a patient friend who has never seen {what} before.",
    "There are {n} open questions; the first three can wait, the rest need an answer from {who} this week.",
    "In {where} we tried both versions, and people liked the plain one better, although it looks a bit old-fashioned.",
    "{who} thinks {what} should start with the summary; I'd put the photographs first and the numbers at the end.",
    "If the price goes above {n} euros we will ask the supplier in {where} for another offer.",
    "The old recipe asks for {n} grams of flour, yet everyone who baked it in {where} used a little more.",
    'Someone wrote "good enough, ship it" in the margin of {what}, and {who} is still wondering who that was.',
    "Translate the note for {who} into simple words, and leave the names of the streets in {where} as they are.",
    "After {n} rehearsals the second verse finally works, mostly because {who} stopped counting out loud.",
    "What would be a fair way to divide {what} between four people, one of whom only joined in {where}?",
    "The meeting took {n} minutes longer than planned; {what} was item two, and item three never came.",
    "Please compare the two drafts, say which one is kinder to the reader, and quote one line from each.",
)
_PROGRAMS = """
def {v}_by_day(rows, limit={n}):
    totals = {{}}
    for row in rows:
        if not row['{v}']:
            continue
        totals.setdefault(row['day'], []).append(row['{v}'])
    return {{day: sum(x) / len(x) for day, x in totals.items()}}
=====
SELECT {v}.id, {v}.label, COUNT(*) AS seen
FROM {v}
LEFT JOIN visits ON visits.{v}_id = {v}.id
WHERE visits.day >= DATE '2024-01-{d:02d}' AND {v}.state <> 'closed'
GROUP BY {v}.id, {v}.label
ORDER BY seen DESC
LIMIT {n};
=====
#!/bin/bash
set -eu
for f in backup/{v}-*.tar.gz; do
  size=$(stat -c %s "$f")
  if [ "$size" -lt {n}000 ]; then
    echo "small: $f" >> {v}.log
  fi
done
rsync -a --delete backup/ store:/srv/{v}/
=====
<section class="{v}">
  <h2>Stock of {v}</h2>
  <ul id="list-{n}"></ul>
  <script>
    fetch("/{v}?page={d}")
      .then((r) => r.json())
      .then((all) => all.forEach((x) => add(x.name, x.count > {n})));
  </script>
</section>
=====
Traceback (most recent call last):
  File "app/{v}.py", line {n}, in load
    return parse(open(path).read())
  File "app/{v}.py", line {d}, in parse
    value = int(cell)
ValueError: invalid literal for int() with base 10: '{v}'
=====
package main

import "fmt"

func {v}Total(items []int) (sum int) {{
	for i, x := range items {{
		if x%{d} == 0 {{
			fmt.Printf("%d: %d\\n", i, x)
		}}
		sum += x
	}}
	return sum
}}
=====
services:
  {v}:
    image: registry.example/{v}:{d}.{n}
    environment:
      LIMIT: "{n}"
    ports: ["80{d:02d}:8000"]
    healthcheck:
      test: [CMD, curl, -f, http://localhost:8000/ready]
""".split("=====")
_VARIABLES = "orders parcels tickets readings invoices sensors books boats grades meters trips samples".split()


@dataclass(frozen=True, slots=True)
class Material:
    """Where words come from. Empty tuples mean: our own, above."""

    texts: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    def prose(self, rng: random.Random, size: int) -> str:
        """About `size` bytes of ordinary text, cut at a word."""
        return _fill(rng, size, " ", (lambda r: r.choice(self.texts)) if self.texts else _sentence)

    def code(self, rng: random.Random, size: int) -> str:
        """About `size` bytes of programs, queries, scripts and tracebacks."""
        return _fill(rng, size, "\n\n", (lambda r: r.choice(self.programs)) if self.programs else _program)


def from_folder(folder: Path) -> Material:
    """The benign texts of every `prompts_*benign*.jsonl` in `folder`: one JSON object a line with `text` and `label`.

    Raises OSError when the folder cannot be read, ValueError when it holds no such text.
    """
    texts: list[str] = []
    programs: list[str] = []
    for path in sorted(folder.glob("prompts_*benign*.jsonl")):
        for line in path.read_bytes().splitlines():
            row = msgspec.json.decode(line)
            if row.get("label") == "benign" and row.get("text", "").strip():
                (programs if _CODE.search(row["text"]) else texts).append(row["text"])
    if not texts or not programs:
        raise ValueError(f"{folder}: no benign prose and code in prompts_*benign*.jsonl (rows with text and label)")
    return Material(tuple(texts), tuple(programs))


_CODE = re.compile(
    r"^\s*(def |class |import |#include|SELECT |func |for .*:$|if .*:$|\$ |<\w+>)|[;{]\n|Traceback|\bSELECT .* FROM ",
    re.MULTILINE,
)


def _sentence(rng: random.Random) -> str:
    blanks = {"who": rng.choice(_WHO), "where": rng.choice(_WHERE), "what": rng.choice(_WHAT), "n": rng.randint(3, 97)}
    return rng.choice(_SENTENCES).format(**blanks)


def _program(rng: random.Random) -> str:
    return rng.choice(_PROGRAMS).format(v=rng.choice(_VARIABLES), n=rng.randint(10, 99), d=rng.randint(1, 28))


def _fill(rng: random.Random, size: int, separator: str, piece: Callable[[random.Random], str]) -> str:
    pieces: list[str] = []
    length = 0
    while length < size:
        text = piece(rng).strip()
        pieces.append(text)
        length += len(text.encode("utf-8", "replace")) + len(separator)
    cut = separator.join(pieces).encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
    return cut.rsplit(" ", 1)[0]
