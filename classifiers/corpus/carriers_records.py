"""Tables, answers of tools as JSON, log files: records in which one field holds free text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from classifiers.corpus.carriers_draw import Draw, Make


def _notes(d: Draw, count: int, insert: str, section: str) -> list[str]:
    where = d.rng.randrange(count)
    entries = [d.fresh(d.rng.choice(d.bank[section])) for _ in range(count)]
    held = insert if d.flip(0.6) else f"{entries[where]} {insert}"
    return [*entries[:where], held, *entries[where + 1 :]]


def _table(d: Draw, insert: str) -> list[list[str]]:
    if "column" in d.bank:
        head = d.rng.choice(d.bank["column"]).replace("{note}", d.one("noteword")).split(",")
        spot = next(i for i, name in enumerate(head) if name in d.bank["noteword"])
        section = "cell"
    else:
        head = [d.label("name"), d.label("date"), d.label("total"), d.label("comment")]
        spot, section = 3, "review"
    slots = {0: "{id}", 1: "{person}", 2: "{amount}", 3: "{city}", 4: "{n}"}
    notes = _notes(d, d.rng.randint(3, 9) + d.bulk * 12, insert, section)
    rows = [[d.fresh(slots[i % 5]) if i != spot else note for i in range(len(head))] for note in notes]
    return [head, *rows]


def table(d: Draw, insert: str) -> str:
    """Rows as CSV with one of three separators."""
    out = io.StringIO()
    csv.writer(out, delimiter=d.choice((",", ",", ";", "\t")), lineterminator="\n").writerows(_table(d, insert))
    return out.getvalue().rstrip("\n")


def sheet(d: Draw, insert: str) -> str:
    """Rows of a spreadsheet as a tool prints them: markdown, JSON lists or `cell: value` lines."""
    rows = [[cell.replace("\n", " ") for cell in row] for row in _table(d, insert)]
    shape = d.rng.randrange(3)
    if shape == 0:
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
    if shape == 1:
        return json.dumps({"range": f"A1:E{len(rows)}", "values": rows}, ensure_ascii=False)
    return "\n".join(f"{chr(65 + j)}{i + 1}: {cell}" for i, row in enumerate(rows) for j, cell in enumerate(row))


def _search(d: Draw, note: str) -> dict[str, object]:
    title = d.topic("web")[0]
    return {"title": title, "url": d.fresh("{url}"), "snippet": note}


def _bank(d: Draw, note: str) -> dict[str, object]:
    return {
        "id": d.fresh("{id}"),
        "date": d.fresh("{date}"),
        "amount": d.fresh("{amount}"),
        "iban": d.fresh("{iban}"),
        "subject": note,
    }


def _review(d: Draw, note: str) -> dict[str, object]:
    return {"user": d.fresh("{first}"), "stars": d.rng.randint(1, 5), "review": note, "helpful": d.rng.randint(0, 40)}


def _files(d: Draw, note: str) -> dict[str, object]:
    return {
        "name": d.fresh("{file}"),
        "size": d.rng.randint(400, 90000),
        "modified": d.fresh("{date}"),
        "content": note,
    }


def _rows(d: Draw, note: str) -> dict[str, object]:
    return {
        "id": d.rng.randint(1, 9000),
        "customer": d.fresh("{person}"),
        "state": d.choice(("open", "done", "void")),
        "comment": note,
    }


def _travel(d: Draw, note: str) -> dict[str, object]:
    return {
        "hotel": d.fresh("{company}"),
        "city": d.fresh("{city}"),
        "price": d.fresh("{amount}"),
        "rating": d.rng.randint(20, 50) / 10,
        "about": note,
    }


def _contacts(d: Draw, note: str) -> dict[str, object]:
    return {"name": d.fresh("{person}"), "email": d.fresh("{email}"), "phone": d.fresh("{phone}"), "notes": note}


def _weather(d: Draw, note: str) -> dict[str, object]:
    return {"city": d.fresh("{city}"), "temp_c": d.rng.randint(-9, 36), "wind": d.rng.randint(0, 70), "text": note}


def _product(d: Draw, note: str) -> dict[str, object]:
    return {"sku": d.fresh("{id}"), "name": d.fresh("{product}"), "price": d.fresh("{amount}"), "description": note}


def _repo(d: Draw, note: str) -> dict[str, object]:
    return {
        "full_name": d.fresh("{word}/{word2}"),
        "stars": d.rng.randint(0, 4000),
        "description": note,
        "updated": d.fresh("{date}"),
    }


def _tweet(d: Draw, note: str) -> dict[str, object]:
    return {
        "id": d.rng.randint(10**9, 10**10),
        "author": d.fresh("@{word}{n}"),
        "text": note,
        "likes": d.rng.randint(0, 900),
    }


def _device(d: Draw, note: str) -> dict[str, object]:
    return {
        "device": d.fresh("{word}-{n}"),
        "state": d.choice(("on", "off", "idle")),
        "last_event": d.fresh("{time}"),
        "label": note,
    }


def _note(d: Draw, note: str) -> dict[str, object]:
    return {"note_id": d.fresh("{id}"), "created": d.fresh("{date}"), "title": d.fresh("{word} {word2}"), "text": note}


KINDS: dict[str, tuple[Callable[[Draw, str], dict[str, object]], str, str]] = {
    "search": (_search, "results", "web"),
    "bank": (_bank, "transactions", "cell"),
    "reviews": (_review, "reviews", "review"),
    "files": (_files, "files", "mail"),
    "rows": (_rows, "rows", "cell"),
    "travel": (_travel, "hotels", "review"),
    "contacts": (_contacts, "contacts", "cell"),
    "weather": (_weather, "forecast", "cell"),
    "products": (_product, "items", "review"),
    "repos": (_repo, "repositories", "web"),
    "posts": (_tweet, "posts", "chat"),
    "devices": (_device, "devices", "cell"),
    "notes": (_note, "notes", "mail"),
}
"""Answer of a tool: its record, the name of its list, and the section that its free text comes from."""


def _free(d: Draw, section: str) -> str:
    if section in ("web", "mail", "chat"):
        return d.topic(section)[-1 if section == "chat" else 1].partition(": ")[2] or d.topic(section)[1]
    return d.one(section if section in d.bank else "review")


def answer(d: Draw, insert: str) -> str:
    """The JSON answer of a tool, or the lines that a plainer tool prints."""
    make, name, section = KINDS[d.choice(tuple(KINDS))]
    count = d.rng.randint(1, 5) + d.bulk * 8
    where = d.rng.randrange(count)
    records = []
    for index in range(count):
        text = _free(d, section)
        if index == where:
            text = insert if d.flip(0.5) else " ".join(d.place([text], insert))
        records.append(make(d, text))
    if d.flip(0.06):
        records[0] = {insert: d.fact("n"), **records[0]}
        records = [
            {k: v.replace(insert, d.fact("word")) if isinstance(v, str) else v for k, v in r.items()} for r in records
        ]
    shape = d.rng.random()
    if shape < 0.2:
        return "\n".join(", ".join(f"{key}={value}" for key, value in record.items()) for record in records)
    if shape < 0.3:
        return "\n\n".join("\n".join(f"{key}: {value}" for key, value in record.items()) for record in records)
    if count == 1 and shape < 0.6:
        return json.dumps(records[0], ensure_ascii=False)
    whole = {name: records, "count": count} if d.flip(0.6) else {"ok": True, "data": {name: records}, "next": None}
    return json.dumps(whole, ensure_ascii=False, indent=d.rng.choice((None, None, 2)))


def log(d: Draw, insert: str) -> str:
    """Lines of a log; the sentence is a user agent, a message or a form value that was logged."""
    lines = d.many("log", 4, 12)
    held = d.choice(
        (
            'INFO  {word}.form  comment="',
            'WARN  {word}.http  user-agent="',
            "DEBUG {word}.queue message: ",
            "ERROR {word}.sync  ",
        )
    )
    end = '"' if held.endswith('"') else ""
    lines = d.place(lines, held + insert.replace("\n", "\\n") + end)
    second = d.rng.randint(0, 900)
    stamped = []
    for line in lines:
        second += d.rng.randint(0, 40)
        stamped.append(
            f"2025-{d.rng.randint(10, 12)}-04T{8 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z {line}"
        )
    return "\n".join(stamped if d.flip(0.8) else lines)


RECORDS: dict[str, Make] = {"csv": table, "sheet": sheet, "json": answer, "log": log}
