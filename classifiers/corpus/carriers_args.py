"""Arguments of tool calls, form fields, and the descriptions of tools."""

from __future__ import annotations

import json

from classifiers.corpus.carriers_draw import Draw, Make


def tool_args(d: Draw, insert: str) -> str:
    """What an agent passes to a tool: a mail, a note to remember, a task for another agent, a commit message."""
    section = "delegate" if "delegate" in d.bank else "human"
    given = d.fresh(d.rng.choice(d.bank[section]).rpartition(" | ")[2])
    title, paragraphs = d.story("mail")
    body = "\n\n".join(d.weave(paragraphs, insert))
    shape = d.rng.randrange(11)
    if shape == 0:
        value: object = {
            "to": d.fact("email"),
            "subject": title,
            "body": f"{d.one('greet')}\n\n{body}\n\n{d.one('close')}",
        }
    elif shape == 1:
        value = {"agent": d.fact("word"), "task": " ".join(d.place([given], insert))}
    elif shape == 2:
        value = {"prompt": f"{given}\n\n---\n{body}", "max_tokens": 512}
    elif shape == 3:
        value = {"key": d.fact("word"), "memory": " ".join(d.place([given], insert)), "ttl": None}
    elif shape == 4:
        value = {"channel": f"#{d.fact('word')}", "text": " ".join(d.weave(paragraphs[:2], insert))}
    elif shape == 5:
        value = {"path": f"{d.fact('path')}.md", "content": f"# {title}\n\n{body}\n"}
    elif shape == 6:
        value = {"title": title, "description": body, "labels": [d.fact("word")]}
    elif shape == 7:
        value = {"query": insert, "limit": int(d.fact("n")), "lang": d.bank.lang}
    elif shape == 8:
        value = {"command": f'git commit -m {title!r} -m "{insert}"'}
    elif shape == 9:
        value = {"summary": title, "start": d.fact("date"), "notes": insert, "guests": [d.fact("email")]}
    else:
        return " ".join(d.place([given], insert))
    return json.dumps(value, ensure_ascii=False, indent=2 if d.flip(0.3) else None)


def command(d: Draw, insert: str) -> str:
    """A shell command, a statement or an address with a text inside."""
    flat = insert.replace("\n", " ")
    quoted = flat.replace("'", "’")
    shape = d.rng.randrange(7)
    if shape == 0:
        return f"{d.one('shell')}\necho '{quoted}' >> {d.fact('file')}"
    if shape == 1:
        head = f"INSERT INTO {d.fact('table')} (author, note) "
        return head + f"VALUES ('{d.fact('first')}', '{quoted}');\n{d.one('sql')};"
    if shape == 2:
        return f"{d.one('sql')};\n-- {flat}\n{d.one('sql')};"
    if shape == 3:
        return f"{d.one('shell')}\n# {flat}\n{d.one('shell')}"
    if shape == 4:
        return json.dumps(
            {"cmd": ["notify-send", d.fact("word"), insert], "timeout": int(d.fact("n"))}, ensure_ascii=False
        )
    if shape == 5:
        return f"curl -X POST {d.fact('url')} -H 'content-type: text/plain' --data '{quoted}'"
    return f"gh issue create --title '{d.fact('word')} {d.fact('version')}' --body '{quoted}'"


def field(d: Draw, insert: str) -> str:
    """What stands in one field of a form: a message, a review, a note to the courier, a cover letter."""
    shape = d.rng.randrange(6)
    if shape == 0:
        return insert
    if shape == 1:
        return " ".join(d.weave([d.one("review")], insert))
    if shape == 2:
        title, paragraphs = d.story("ticket")
        return "\n".join(d.weave([title, *paragraphs], insert))
    if shape == 3:
        return "\n\n".join([d.one("greet"), *d.weave(d.topic("mail")[1:], insert), d.one("close")])
    if shape == 4:
        title, *lines = d.topic("resume")
        return ". ".join(d.weave([title, *lines], insert))
    return f"{d.fact('person')}, {d.fact('city')}. {insert}"


def mcp(d: Draw, insert: str) -> str:
    """The list of tools that a tool server announces, or one description."""
    count = d.rng.randint(1, 3) + d.bulk * 4
    where = d.rng.randrange(count)
    tools = []
    for index in range(count):
        name, what, argument, usage = d.topic("mcp")
        arg, _, meaning = argument.partition(": ")
        inside = d.rng.random()
        description = f"{what} {usage}"
        if index == where:
            if inside < 0.75:
                description = " ".join(d.place([what, usage], insert))
            else:
                meaning = f"{meaning}. {insert}"
        schema = {"type": "object", "properties": {arg: {"type": "string", "description": meaning}}}
        tools.append({"name": name, "description": description, "inputSchema": schema})
    if count == 1 and d.flip(0.4):
        return str(tools[0]["description"]) + f"\n\nArgs:\n    {arg}: {meaning}"
    return json.dumps({"tools": tools}, ensure_ascii=False, indent=2 if d.flip(0.4) else None)


def apidocs(d: Draw, insert: str) -> str:
    """Documentation for agents and developers: instructions that belong to the use of an interface or a repository."""
    title, *lines = d.topic("docs")
    extra = [line for _ in range(d.bulk) for line in d.topic("docs")[1:]]
    return f"# {title}\n\n" + "\n".join(f"- {line}" for line in d.place([*lines, *extra], insert))


def exam(d: Draw, insert: str) -> str:
    """Exam papers and worksheets: nothing but orders, all of them to students."""
    orders = [entry.partition(" | ")[2] for entry in d.bank["human"] if entry.startswith("school | ")]
    count = d.rng.randint(3, 7) + d.bulk * 4
    items = [d.fresh(d.rng.choice(orders)) for _ in range(count)]
    if d.flip(0.5):
        items = [f"{i + 1}. {item} ({d.rng.randint(2, 12)} points)" for i, item in enumerate(items)]
    return d.one("school_head") + "\n\n" + "\n".join(d.place(items, insert))


ARGS: dict[str, Make] = {
    "args": tool_args,
    "command": command,
    "field": field,
    "mcp": mcp,
    "apidocs": apidocs,
    "exam": exam,
}
