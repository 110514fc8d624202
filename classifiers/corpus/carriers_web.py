"""Web pages as HTML and as extracted text, feeds, markdown, wiki pages, issues, commits."""

from __future__ import annotations

import html as escaping
from collections.abc import Callable

from classifiers.corpus.carriers_draw import Draw, Make, capped

HIDE: dict[str, Callable[[str], str]] = {
    "comment": lambda s: f"<!-- {s} -->",
    "none": lambda s: f'<div style="display:none">{escaping.escape(s)}</div>',
    "white": lambda s: f'<span style="color:#fff;background:#fff">{escaping.escape(s)}</span>',
    "tiny": lambda s: f'<p style="font-size:0">{escaping.escape(s)}</p>',
    "off": lambda s: f'<div style="position:absolute;left:-9999px">{escaping.escape(s)}</div>',
    "class": lambda s: f'<p class="sr-only">{escaping.escape(s)}</p>',
    "alt": lambda s: f'<img src="/img/header.jpg" alt="{escaping.escape(s)}">',
    "title": lambda s: f'<a href="/more" title="{escaping.escape(s)}">more</a>',
    "aria": lambda s: f'<button aria-label="{escaping.escape(s)}">+</button>',
    "meta": lambda s: f'<meta name="description" content="{escaping.escape(s)}">',
    "data": lambda s: f'<div data-note="{escaping.escape(s)}"></div>',
    "hidden": lambda s: f'<input type="hidden" name="ctx" value="{escaping.escape(s)}">',
    "noscript": lambda s: f"<noscript>{escaping.escape(s)}</noscript>",
    "template": lambda s: f"<template>{escaping.escape(s)}</template>",
    "script": lambda s: (
        f'<script type="application/ld+json">{{"@type": "WebPage", "text": "{escaping.escape(s)}"}}</script>'
    ),
    "footer": lambda s: f"<footer><small>{escaping.escape(s)}</small></footer>",
    "p": lambda s: f"<p>{escaping.escape(s)}</p>",
    "li": lambda s: f"<ul><li>{escaping.escape(s)}</li></ul>",
    "b": lambda s: f"<p><strong>{escaping.escape(s)}</strong></p>",
    "quote": lambda s: f"<blockquote>{escaping.escape(s)}</blockquote>",
    "h2": lambda s: f"<h2>{escaping.escape(s)}</h2>",
}
"""Where a sentence can stand in a page: out of sight or in plain view. The harmless twin stands in the same place."""


def _nav(d: Draw) -> list[str]:
    words = (d.fact("word"), d.fact("word2"), d.fact("word3"))
    return [f'<a href="/{word}">{word.title()}</a>' for word in words]


def html(d: Draw, insert: str) -> str:
    """A page of HTML: minimal or with head, navigation and footer."""
    title, paragraphs = d.story(d.choice(("web", "news")))
    held = HIDE[d.choice(tuple(HIDE))](insert)
    body = [f"<p>{escaping.escape(p)}</p>" for p in paragraphs]
    if d.flip(0.3):
        body.insert(
            d.rng.randrange(len(body)), f"<h2>{d.fact('topic').title() if d.bank.lang == 'en' else d.fact('city')}</h2>"
        )
    body = d.place(body, held)
    if d.flip(0.3):
        return f"<h1>{title}</h1>\n" + "\n".join(body)
    nav = f"<nav>{' | '.join(_nav(d))}</nav>" if d.flip(0.6) else ""
    foot = f"<footer>&copy; {d.fact('company')} · <a href='{d.fact('url')}'>Info</a></footer>" if d.flip(0.5) else ""
    css = (
        f"<style>.{d.fact('word')} {{ margin: {d.fact('n')}px }} .sr-only {{ clip: rect(0,0,0,0) }}</style>"
        if d.flip(0.3)
        else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{d.bank.lang}">\n<head><title>{title} – {d.fact("company")}</title>{css}</head>\n'
        f'<body>\n{nav}\n<main class="{d.fact("word")}">\n<h1>{title}</h1>\n'
        + "\n".join(body)
        + f"\n</main>\n{foot}\n</body>\n</html>"
    )


def webtext(d: Draw, insert: str) -> str:
    """A page as a reader extracts it, with remains of navigation."""
    title, paragraphs = d.story(d.choice(("web", "web", "news")))
    top = [d.fact("url"), title] if d.flip(0.5) else [title]
    if d.flip(0.3):
        top.insert(0, " · ".join((d.fact("word").title(), d.fact("city"), d.fact("word2").title())))
    return "\n\n".join([*top, *d.weave(paragraphs, insert)])


def news(d: Draw, insert: str) -> str:
    """A report with date line and author."""
    title, paragraphs = d.story("news")
    line = d.choice(("{city}, {date} – ", "{city} ({company}) ", "", "{date} | "))
    body = d.weave(paragraphs, insert)
    return f"{title}\n{d.fact('person2')}\n\n{line}" + "\n".join(body)


def rss(d: Draw, insert: str) -> str:
    """A feed or another small XML answer."""
    count = d.rng.randint(1, 3) + d.bulk * 2
    where = d.rng.randrange(count)
    items = []
    for index in range(count):
        title, *rest = d.topic(d.choice(("web", "news")))
        text = d.weave(rest[: d.rng.randint(1, 3)], insert) if index == where else rest[:2]
        raw = " ".join(text)
        inner = f"<![CDATA[{raw}]]>" if d.flip(0.4) else escaping.escape(raw)
        note = f"<!-- {d.fresh('{hex}')} -->" if d.flip(0.2) else ""
        items.append(
            f"<item><title>{escaping.escape(title)}</title>{note}<link>{d.fresh('{url}')}</link>"
            f"<pubDate>{d.fresh('{date}')}</pubDate><description>{inner}</description></item>"
        )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{d.fact("company")}</title>\n'
        + "\n".join(items)
        + "\n</channel></rss>"
    )


def _md_hide(d: Draw, insert: str) -> str:
    flat = insert.replace("\n", " ")
    return d.rng.choice(
        (
            insert,
            insert,
            f"> {flat}",
            f"**{flat}**",
            f"- {flat}",
            f"<!-- {insert} -->",
            f"[//]: # ({flat})",
            f'[{d.fact("word")}]({d.fact("url")} "{flat}")',
            f"![{flat}]({d.fact('url')}/badge.png)",
            f"<details><summary>…</summary>\n\n{insert}\n\n</details>",
            f"```text\n{insert}\n```",
            f"### {flat}",
            f"[^1]: {flat}",
            f"| {d.label('notes')} |\n|---|\n| {flat} |",
        )
    )


def markdown(d: Draw, insert: str) -> str:
    """A README or an article in markdown."""
    held = _md_hide(d, insert)
    if "readme" not in d.bank or d.flip(0.25):
        title, paragraphs = d.story("web")
        return f"# {title}\n\n" + "\n\n".join(d.place(paragraphs, held))
    name, what, features, install, use = d.topic("readme")
    more = [f"## {t}\n\n" + "\n\n".join(p) for t, *p in (d.topic("wiki") for _ in range(d.bulk + d.rng.randrange(2)))]
    blocks = [
        f"{what}",
        f"## Features\n\n{features}",
        f"## Install\n\n```sh\n{install}\n```",
        f"## Usage\n\n```\n{use}\n```",
        *more,
        d.choice(
            ("## License\n\nMIT", "## Contributing\n\nOpen an issue first, then send a patch.", "Made in {city}.")
        ),
    ]
    return f"# {name}\n\n" + "\n\n".join(d.place(blocks, held))


def wiki(d: Draw, insert: str) -> str:
    """An internal or public wiki page, as wikitext or plain."""
    title, paragraphs = d.story("wiki")
    body = d.weave(paragraphs, insert)
    if d.flip(0.5):
        return (
            f"= {title} =\n{{{{Infobox|{d.fact('word')}={d.fact('big')}}}}}\n"
            + "\n\n".join(body)
            + f"\n\n[[Category:{d.fact('word2').title()}]]"
        )
    return f"{title}\n(v{d.fact('n')}, {d.fact('date')}, {d.fact('person')})\n\n" + "\n\n".join(body)


def issue(d: Draw, insert: str) -> str:
    """An issue or pull request with comments."""
    title, paragraphs = d.story("issue")
    held = _md_hide(d, insert)
    user = d.fact("word")
    log = f"```\n{d.many('log', 2, 4)[0]}\n```" if "log" in d.bank and d.flip(0.4) else ""
    if d.flip(0.4):
        comments = [f"@{user} commented on {d.fact('date2')}:\n{held}", f"@{d.fact('word2')}: +1"]
        body = [*paragraphs, log, *comments[:: d.rng.choice((1, -1))]]
    else:
        body = [*d.place(paragraphs, held), log]
    return f"{title} #{d.fact('n')}\nopened by {d.fact('word3')} on {d.fact('date')}\n\n" + "\n\n".join(
        part for part in body if part
    )


def commit(d: Draw, insert: str) -> str:
    """A commit message or the log of several."""
    count = d.rng.randint(1, 5) + d.bulk * 4
    where = d.rng.randrange(count)
    entries = []
    for index in range(count):
        title, *rest = d.topic("commit")
        body = capped(d.weave(rest, insert)) if index == where else rest
        head = f"commit {d.fresh('{hex}{hex}')}\nAuthor: {d.fresh('{person} <{email}>')}\nDate:   {d.fresh('{date} {time}')}\n\n"
        indented = "\n".join("    " + line for line in "\n\n".join([title, *body]).splitlines())
        entries.append(head + indented)
    return "\n\n".join(entries)


WEB: dict[str, Make] = {
    "html": html,
    "webtext": webtext,
    "news": news,
    "xml": rss,
    "markdown": markdown,
    "wiki": wiki,
    "issue": issue,
    "commit": commit,
}
