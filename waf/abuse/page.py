"""The page that a browser gets instead of an answer: it does the work and asks again. Nothing in it comes from a client."""

from __future__ import annotations

from typing import Final

from waf.abuse.challenge import COOKIE, Challenge

POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)
"""Content-Security-Policy of the page, which loads nothing."""

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>One moment</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em}progress{width:100%}</style>
</head><body><h1>One moment</h1>
<p>There were unusual requests from your side. Your browser is doing a small calculation; the page then loads by itself.</p>
<progress id="p" max="1" value="0"></progress><noscript><p>This needs JavaScript.</p></noscript>
<p id="s"></p>
<script>
"use strict";
const text = "__TEXT__", work = __WORK__n, name = "__COOKIE__", encoder = new TextEncoder();
const space = 1n << 64n, bar = document.getElementById("p"), say = document.getElementById("s");
async function solve() {
  for (let number = 0; ; number += 256) {
    const tries = Array.from({length: 256}, (_, i) => crypto.subtle.digest("SHA-256", encoder.encode(text + ":" + (number + i))));
    const found = (await Promise.all(tries)).findIndex(d => new DataView(d).getBigUint64(0) * work < space);
    if (found >= 0) return number + found;
    bar.value = 1 - Math.exp(-(number + 256) / Number(work));
  }
}
if (!window.isSecureContext) say.textContent = "Please use https.";
else solve().then(number => {
  document.cookie = name + "=" + text + ":" + number + "; path=/; max-age=60; secure; samesite=strict";
  location.reload();
});
</script></body></html>
"""


def page(challenge: Challenge) -> bytes:
    """HTML. A challenge's text is base64 and its work a number, so that neither needs escaping."""
    filled = _PAGE.replace("__TEXT__", challenge.text).replace("__WORK__", str(challenge.work))
    return filled.replace("__COOKIE__", COOKIE).encode()
