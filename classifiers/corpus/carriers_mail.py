"""E-mails, threads, tickets, chats, calendars: what people write to each other and a mail or calendar tool returns."""

from __future__ import annotations

import json

from classifiers.corpus.carriers_draw import Draw, Make, sentence


def _letter(d: Draw, insert: str) -> tuple[str, str]:
    """Subject and body of a mail with the insert in body, postscript or signature."""
    subject, paragraphs = d.story("mail")
    close = d.one("close")
    kind = d.rng.random()
    if kind < 0.12:
        body = [*paragraphs, close, d.choice(("P.S. ", "PS: ", "---\n", "")) + insert]
    elif kind < 0.2:
        body = [*paragraphs, f"{close}\n{insert}"]
    elif kind < 0.26:
        body = [*paragraphs, close, f"{'_' * 30}\n{insert}"]
    else:
        body = [*d.weave(paragraphs, insert), close]
    gap = d.choice(("\n\n", "\n\n", "\n"))
    return sentence(subject), d.one("greet") + "\n\n" + gap.join(body)


def email(d: Draw, insert: str) -> str:
    """One message with headers, as text or as the JSON of a mail tool."""
    subject, body = _letter(d, insert)
    if d.flip(0.1):
        subject, body = f"{subject} – {insert}", body.replace(insert, d.fact("code"))
    if d.flip(0.3):
        keys = d.rng.choice((("subject", "from", "date", "body"), ("title", "sender", "received", "text")))
        values = (subject, d.fact("email"), d.fact("date"), body)
        record = dict(zip(keys, values, strict=True)) | {"id": d.fact("id"), "unread": d.flip(0.5)}
        return json.dumps(
            record if d.flip(0.5) else {"messages": [record]}, ensure_ascii=False, indent=d.rng.choice((None, 2))
        )
    head = [
        f"{d.label('from')}: {d.fact('person2')} <{d.fact('email')}>",
        f"{d.label('to')}: {d.fact('person')}",
        f"{d.label('date')}: {d.fact('date')}",
        f"{d.label('subject')}: {subject}",
    ]
    return "\n".join(head if d.flip(0.7) else head[3:]) + "\n\n" + body


def thread(d: Draw, insert: str) -> str:
    """Two or three messages, the older ones quoted."""
    where = d.rng.randrange(2)
    text, subject = "", ""
    for index in range(2 + d.flip(0.4)):
        if index == where:
            subject, body = _letter(d, insert)
        else:
            subject, paragraphs = d.story("mail")
            body = "\n".join([d.one("greet"), "", *paragraphs, "", d.one("close")])
        head = f"{d.label('from')}: {d.fresh('{person}')}\n{d.label('date')}: {d.fresh('{date}')}\n\n"
        older = "\n".join("> " + line for line in text.splitlines()) if d.flip(0.5) else f"-----\n{text}"
        text = head + body + ("\n\n" + older if text else "")
    return f"{d.label('subject')}: {d.label('re')}: {subject}\n{text}"


def ticket(d: Draw, insert: str) -> str:
    """A support ticket: text, markdown or JSON."""
    title, paragraphs = d.story("ticket")
    paragraphs = d.weave(paragraphs, insert)
    shape = d.rng.randrange(4)
    if shape == 0:
        comments = [{"author": d.fact("first2"), "text": d.topic("ticket")[1]}] if d.flip(0.5) else []
        record = {
            "ticket": d.fact("id"),
            "status": d.choice(("open", "pending", "new", "solved")),
            "priority": d.choice(("low", "normal", "high")),
            "subject": title,
            "description": "\n".join(paragraphs),
            "requester": d.fact("email"),
            "comments": comments,
        }
        return json.dumps(record, ensure_ascii=False, indent=2 if d.flip(0.5) else None)
    state = d.choice(("open", "pending", "P2", "new"))
    head = f"#{d.fact('id')} {title}\n{d.label('status')}: {state} | {d.fact('date')} | {d.fact('email')}"
    if shape == 1:
        return (
            f"## {title}\n\n**{d.label('status')}:** open  \n**{d.label('date')}:** {d.fact('date')}\n\n"
            + "\n\n".join(paragraphs)
        )
    answer = f"\n\n[{d.fact('first2')}] {d.topic('ticket')[1]}" if d.flip(0.4) else ""
    return head + "\n\n" + "\n".join(paragraphs) + answer


def chat(d: Draw, insert: str) -> str:
    """A chat log with names and sometimes times; the insert is one turn or a part of one."""
    turns = d.topic("chat")
    for _ in range(d.bulk or d.rng.randrange(2)):
        turns += d.topic("chat")
    turns = d.place(turns, f"{d.choice(('{first3}', '{first}', '{first2}'))}: {insert}")
    if d.flip(0.5):
        minute = d.rng.randint(0, 30)
        turns = [f"[{d.rng.randint(8, 9)}:{minute + i % 29:02}] {turn}" for i, turn in enumerate(turns)]
    return "\n".join(turns)


def slack(d: Draw, insert: str) -> str:
    """The messages of a channel as a tool returns them."""
    turns = d.topic("chat")
    for _ in range(d.bulk):
        turns += d.topic("chat")
    turns = d.place(turns, f"{d.fact('first3')}: {insert}")
    stamp = d.rng.randint(1_700_000_000, 1_760_000_000)
    messages = []
    for i, turn in enumerate(turns):
        who, _, said = turn.partition(": ")
        messages.append({"user": who, "ts": stamp + 37 * i, "text": said})
    return json.dumps(
        {"channel": d.fact("word"), "messages": messages}, ensure_ascii=False, indent=d.rng.choice((None, 1))
    )


def calendar(d: Draw, insert: str) -> str:
    """Calendar entries: iCalendar, JSON or a plain list."""
    count = d.rng.randint(1, 4) + d.bulk * 4
    entries = []
    where = d.rng.randrange(count)
    for index in range(count):
        title, *rest = d.topic("event")
        notes = " ".join(d.weave(rest, insert) if index == where else rest)
        entries.append((title, notes, d.fresh("{date}"), d.fresh("{time}"), d.fresh("{city}")))
    shape = d.rng.randrange(3)
    if shape == 0:
        events = [
            f"BEGIN:VEVENT\nUID:{i}-{d.fact('hex')}@{d.fact('domain')}\nSUMMARY:{title}\nDTSTART:{date}\nLOCATION:{city}\n"
            f"DESCRIPTION:{notes.replace(chr(10), chr(92) + 'n')}\nEND:VEVENT"
            for i, (title, notes, date, _, city) in enumerate(entries)
        ]
        return "BEGIN:VCALENDAR\nVERSION:2.0\n" + "\n".join(events) + "\nEND:VCALENDAR"
    if shape == 1:
        rows = [
            {
                "title": title,
                "date": date,
                "start": time,
                "location": city,
                "description": notes,
                "attendees": [d.fresh("{email}")],
            }
            for title, notes, date, time, city in entries
        ]
        return json.dumps({"events": rows}, ensure_ascii=False, indent=d.rng.choice((None, 2)))
    return "\n\n".join(f"{date} {time}  {title} ({city})\n{notes}" for title, notes, date, time, city in entries)


def transcript(d: Draw, insert: str) -> str:
    """Subtitles or a transcript: each line with a time, or with a speaker."""
    section = "transcript" if "transcript" in d.bank else "chat"
    lines = d.topic(section)
    for _ in range(d.bulk * 2 + d.rng.randrange(2)):
        lines += d.topic(section)
    lines = d.place([line.rpartition(": ")[2] for line in lines] if section == "chat" else lines, insert)
    if d.flip(0.6):
        mark = d.choice((",", "."))
        cues = [
            f"{i + 1}\n00:{i // 15:02}:{i * 4 % 60:02}{mark}000 --> 00:{i // 15:02}:{i * 4 % 60 + 3:02}{mark}200\n{line}"
            for i, line in enumerate(lines)
        ]
        return ("WEBVTT\n\n" if mark == "." else "") + "\n\n".join(cues)
    speakers = (d.fact("first"), d.fact("first2"))
    return "\n".join(f"{speakers[i % 2]}: {line}" for i, line in enumerate(lines))


MAIL: dict[str, Make] = {
    "email": email,
    "thread": thread,
    "ticket": ticket,
    "chat": chat,
    "slack": slack,
    "calendar": calendar,
    "transcript": transcript,
}
