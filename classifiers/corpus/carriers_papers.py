"""Papers: extracted PDF text, resumes, invoices, contracts, medical notes, recipes."""

from __future__ import annotations

import textwrap

from classifiers.corpus.carriers_draw import Draw, Make, capped


def pdf(d: Draw, insert: str) -> str:
    """Text extracted from a PDF: hard line breaks, page numbers, running heads, a footnote."""
    section = d.choice(("web", "legal", "medical", "wiki") if "legal" in d.bank else ("web", "mail"))
    title, paragraphs = d.story(section)
    width = d.rng.choice((48, 64, 80))
    lines: list[str] = []
    for index, paragraph in enumerate(d.weave(capped(paragraphs), insert)):
        wide = width if all(ord(c) < 0x3000 for c in paragraph) else 10**6
        lines += [*textwrap.wrap(paragraph, wide, break_long_words=False, break_on_hyphens=False), ""]
        if index % 3 == 1:
            lines += [f"{d.label('page')} {index // 3 + 1}", f"{title}   {d.fact('date')}", ""]
    head = [title.upper() if d.bank.lang == "en" else title, d.fact("company"), ""]
    foot = [f"1 {d.fact('url')}"] if d.flip(0.3) else []
    return "\n".join(head + lines + foot)


def resume(d: Draw, insert: str) -> str:
    """A curriculum vitae with one or several posts; the insert is in a section, the footer or between the lines."""
    words = (
        ("Profile", "Experience", "Education", "Skills")
        if d.bank.lang == "en"
        else (d.label("name"), "CV", d.label("notes"), d.label("page"))
    )
    head = f"{d.fact('person')}\n{d.fact('city')} · {d.fact('email')} · {d.fact('phone')}"
    blocks = []
    for _ in range(d.rng.randint(1, 3) + d.bulk):
        title, *lines = d.topic("resume")
        blocks.append(
            f"{title}, {d.fresh('{company}')}, 20{d.rng.randint(10, 18)}–20{d.rng.randint(19, 25)}\n"
            + "\n".join(f"• {line}" for line in lines)
        )
    where = d.rng.randrange(4)
    if where == 0:
        blocks = d.place(blocks, f"{words[3]}: {insert}")
    elif where == 1:
        blocks = d.place(blocks, insert)
    elif where == 2:
        spot = d.rng.randrange(len(blocks))
        blocks[spot] += f"\n• {insert}"
    else:
        blocks.append(f"-- \n{insert}")
    return f"{head}\n\n{words[1]}\n\n" + "\n\n".join(blocks)


def invoice(d: Draw, insert: str) -> str:
    """An invoice with items, terms and a note."""
    items = d.topic("invoice")
    for _ in range(d.bulk):
        items += [d.fresh(item) for item in d.topic("invoice")]
    lines = [f"{i + 1}  {item:<44} {d.fresh('{amount}')}" for i, item in enumerate(items)]
    head = f"{d.fact('company')}\n{d.fact('city')}\n\nInvoice {d.fact('id')}\nDate: {d.fact('date')}"
    head += f"\nTo: {d.fact('person')}, {d.fact('city2')}"
    total = f"Total: {d.fact('amount')}"
    terms = f"IBAN {d.fact('iban')}\nPayable within {d.fact('n')} days."
    blocks = d.place(["\n".join(lines), total, terms], d.choice(("", "", "Note: ", "Remarks: ")) + insert)
    return head + "\n\n" + "\n\n".join(blocks)


def legal(d: Draw, insert: str) -> str:
    """A contract or judgment in numbered clauses."""
    title, paragraphs = d.story("legal")
    clauses = d.weave(paragraphs, insert)
    mark = d.choice(("§ {}", "{}.", "Article {}"))
    return title + "\n\n" + "\n\n".join(f"{mark.format(i + 1)} {clause}" for i, clause in enumerate(clauses))


def medical(d: Draw, insert: str) -> str:
    """A short clinical text with a head line."""
    title, paragraphs = d.story("medical")
    head = f"{title}\nPatient: {d.fact('person')} | {d.fact('id')} | {d.fact('date')}"
    return head + "\n\n" + d.choice(("\n", " ", "\n\n")).join(d.weave(paragraphs, insert))


def recipe(d: Draw, insert: str) -> str:
    """Ingredients and steps, all of them orders to a human cook."""
    title, ingredients, *steps = d.topic("recipe")
    for _ in range(d.bulk):
        steps += d.topic("recipe")[2:]
    more = [entry.partition(" | ")[2] for entry in d.bank["human"] if entry.startswith("cook | ")]
    steps = d.place([*steps, *(d.fresh(d.rng.choice(more)) for _ in range(d.rng.randint(0, 2)))], insert)
    if d.flip(0.5):
        steps = [f"{i + 1}. {step}" for i, step in enumerate(steps)]
    return f"{title}\n\n{ingredients}\n\n" + "\n".join(steps)


PAPERS: dict[str, Make] = {
    "pdf": pdf,
    "resume": resume,
    "invoice": invoice,
    "legal": legal,
    "medical": medical,
    "recipe": recipe,
}
