"""Parts of ordinary values by shape: separators, brackets, words that query languages and shells have too, queries that
applications send. N is a number, W a word, Q a person's name and S a sentence."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import lines

SEPARATORS: Final = (
    *", , , ; ; | | / / : & - -- _ . .. = + * ~ # @ ! ? > < -> => >> \\ % ^ $ ' \" ` && || :: // /* ## %% $$ ~~ ++ **".split(),
    "\\", "\\", "\\", " / ", "\t", "&&", "||", "--", "..", "%", " ", "\n", "\t", "\r\n", " · ", " – ", "…", "、", " | ", " / ",
)  # fmt: skip
PAIRS: Final = (
    ("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("'", "'"), ('"', '"'), ("`", "`"), ("*", "*"), ("**", "**"), ("_", "_"), ("{{", "}}"), ("{{ ", " }}"),
    ("${", "}"), ("$(", ")"), ("#{", "}"), ("%", "%"), ("%%", "%%"), ("[[", "]]"), ("<<", ">>"), ("{%", "%}"), ("<%=", "%>"), ("/*", "*/"), ("<!-- ", " -->"), ("@", ""),
    ("$", ""), ("~", ""), ("#", ""), ("!", ""), ("-", ""), ("--", ""), ("// ", ""), ("# ", ""), ("-- ", ""), ("> ", ""), (">>> ", ""), ("$ ", ""), ("/", ""), ("./", ""), ("~/", ""),
    ("", ";"), ("", "'"), ("", '"'), ("", "%"), ("", "="), ("", "()"), ("", "[]"), ("", "?"), ("", " \\"), ("|", "|"), ("«", "»"), ("„", "“"), ("“", "”"), ("^", "$"), (".*", ".*"),
    ("<b>", "</b>"), ("<i>", "</i>"), ("<p>", "</p>"), ("<br>", ""), ("&lt;", "&gt;"), ("\\", ""), ("\\(", "\\)"), ("\\\"", "\\\""), ("__", "__"), ("//", ""), ("&", ""), ("+", ""), ("=", ""),
)  # fmt: skip
KEYWORDS: Final = """
select union where from order by group having like between and or not in is null limit insert update delete drop table create exec execute
into values set join on case when then else end sleep wait delay cast convert count sum max min user database version schema admin root
password login cat ls id ping net type copy echo curl wget find grep sort head tail more less touch make man who env time sh bash python perl ruby node php system
kill top free alert script onclick style src href img body form input eval function return import export require include file http data expression
prompt confirm open window document print load save read write format test true false entity constructor prototype element document class module runtime process template config request self object method base64 decode encode lower upper system
string char ascii substring mid version information tables columns benchmark host internal metadata local location redirect header domain cookie doctype public
server command shell execute procedure analyse filter resource input output stream wrapper expect secret token key users dump outfile load_file
xor div mod using all any exists distinct as desc asc offset fetch
""".split()
TALK: Final = lines("""
W or N W
N or W W
'W' or 'W'
"W" or "W"
'W' and 'W', 'W'
"W W" AND "W" NOT "W"
either 'W' or 'Q'
Q's or Q's
the W or the W?
W or W = W
N and N make N
N or more W
N=N or N?
is N = N or W?
select a W from the W
select all W where W is W
select W (W, W) from W
please select one: W, W or W
order W by W or by W
group W by W, having W
the union of W and W selects W
drop W; take W
drop me a line at W@W.example
insert W into the W
update: W set to N
delete W from W or W
create a table for W (N W)
like W, like W
between W and W
between N and N%
W is not null and W is void
limit N per W
if W then W else W
case W: when W, then W
W, W in (W, W)
cast of W: Q, Q & Q
count (W) of W
sleep N hours
ping W about W
net W W
id N
cat W or W W
type W to W
echo of W
python W.py
src=W
style=W
script: W W
on W: W
alert: W!
W (S)
Q: S
>> S
- S
* S
"S"
'S'
W - S
S -- Q
S (W/W)
S; S
N. S
S & S
# S
S | W
[W] S
S = S
customers (id, W, W_date)
W (W, W) VALUES
what does W do in W?
how do I W a 'W' in W?
why is W < W?
W: what is it? where from? how much?
the '90s W
rock 'n' W
W 'n' W
the dogs' W
N' N"
5'N" W
W's, Q's and W's
don't W; don't W
c'est l'W d'W
l'W n'est pas W
dell'W all'W
aujourd'hui l'W -- d'W
W's #N W
W: W, Entity, W, W, W
a W constructor in W
the W entity of W
*@W.example
*@W.com
W-*/_search
W*/W
10.0.0.0/8
192.168.N.0/24
sleep(N) W
base64 decode W==
e|---0--1| B|--/5\\--|
(){x}<>|`$1
$$W$$
Error: no such file or directory, open '/W/W/../W/.env'
try `docker run --rm -v /:/W W cat /W/W`
cat /var/log/W.log | tail -n N
C:\\Program Files\\W\\bin\\W.exe /c W
/maven2/org/W/W/W-core/2.N.1/W-core-2.N.1.pom
N;0;1;0;N;W=;19,0,0;W"W"W>d"W"{"%"eB:"n~9"#xK
""")
ASKED: Final = lines(r"""
project = W AND status = "W W" ORDER BY created DESC
assignee = currentUser() AND resolution = Unresolved
sprint in openSprints() OR labels in (W, W)
W:W AND (W:"W W" OR W:N*) AND NOT W:W
level:error AND service:W AND @duration:>N
@W:(W OR W) -@W:W
index=W sourcetype=W | stats count by W | sort -count
sum(rate(W_total{job="W"}[5m])) by (W) > N
histogram_quantile(0.9, sum by (le) (rate(W_bucket[1m])))
{app="W", env=~"W|W"} |= "W" != "W" | json
SELECT ?W WHERE { ?W a W:W ; W:W "W" . FILTER(?W > N) }
MATCH (a:W)-[:W]->(b:W) WHERE a.W = 'W' RETURN b LIMIT N
W | where W > N and W == "W" | project W, W | take N
db.W.find({ W: { $in: ["W", "W"] }, W: { $gte: N } }).sort({ W: -1 })
{"query":{"bool":{"must":[{"match":{"W":"W W"}},{"range":{"W":{"gte":N}}}]}},"size":N}
{"query":{"query_string":{"query":"W:W AND W:[N TO N]"}}}
{"aggs":{"W":{"terms":{"field":"W.keyword"}}},"sort":[{"W":"desc"}]}
{"price":{"$lt":N},"W":{"$in":["W","W"]}}
{"filter":{"W":{"eq":"W"},"W":{"contains":"W"}}}
filter[W]=W&filter[W][gte]=N&sort=-W
W=eq.W&W=gte.N&select=id,W,W(W)&order=W.desc
id,W,owner(W),W(W,W)
id,name,owner(name)
fields=W,W{W,W}
W/any(w: w/W eq 'W') and W ne null
substringof('W',W) eq true or W le N
$filter=W eq 'W' and contains(W,'Q')&$top=N&$orderby=W desc
concat(W, ' ', W)
concat(first, ' ', last)
upper(W) || '-' || W
coalesce(W, 'W', N)
round(W / N * 100, 2)
date_trunc('W', W) >= now() - interval 'N days'
sum(W) over (partition by W order by W)
if(W > N, "W", "W")
IF(A1>N,"W",B2)
=VLOOKUP(A2,W!A:C,N,FALSE)
=IFERROR(INDEX(W!B:B,MATCH(A1,W!A:A,0)),"")
=COUNTIF(W,">N")
case when W = 'W' then N else N end
select W, count(*) from W group by W
select id, W from W where W > now() - interval 'N days' -- W W
select id, W from W\nunion all\nselect id, W from W_old
select W from W where W in (select W from W)
with W as (select * from W) select * from W limit N
select * from W left join W using (W) where W is null
SELECT W, W FROM W WHERE W ILIKE '%W%' ORDER BY W OFFSET N LIMIT N
DELETE FROM W WHERE W LIKE 'W%';
UPDATE W SET W = 'W' WHERE id IN (N, N);
INSERT INTO W VALUES (N, 'W'), (N, 'W');
a || b && c
if (a || b) && c
(W || W) && !W
W && W ? W : W
W > N && W < N || W == "W"
W != null && W.W != ''
not (W and W) or W
W and (W or not W)
W XOR W
x <= N || y >= N
!W || W.length > N
(x) => x.W === 'W' && x.W
\frac{W}{N} \le \sqrt{x^2} \And \int_0^1 f(x)\,dx
\sum_{i=1}^{k} i = \frac{k(k+1)}{2}; a<b>c
f(x) = N x^2 - N x + N, x \in [N, N]
E = mc^2; a^2 + b^2 = c^2
p(W | W) = p(W, W) / p(W)
1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4?! Nf6+ O-O
C=CC(=O)Oc1ccccc1C(=O)O
[H]O[H]; Fe2(SO4)3 -> 2 Fe^3+ + 3 SO4^2-
POINT(N.N N.N)
POLYGON((N N, N N, N N, N N))
N.N,-N.N;N.N,-N.N
50°N'N.N"N 7°N'N.N"E
>=N.N,<N
^N.N.N || ~N.N
W@>=N.N.N <N
W[W]>=N.N ; python_version < "3.N"
HEAD~N..HEAD
origin/W...W~N
refs/heads/W:refs/heads/W
W/**/*.{js,ts}
!W/W/*
*.W;*.W
?W=*&W=*
^/W/(\d+)(?:/|$)
(?i)^W[-_ ]?N$
[^,]+,\s*(W|W)
s/^\s+//; s/\s+$//
.W > W + W ~ W:not(.W)::after
a[href^="https://"]:hover
#W .W:nth-child(2n+1)
//div[@class="W" and contains(text(), "W")]/a[N]
/W/W[@W='W']/text()
$..W[?(@.W < N)].W
.[] | select(.W == "W") | {W, W}
W[*].{W: W, W: W} | [0]
*/N * * * MON-FRI
0 0 1,15 * *
FREQ=WEEKLY;BYDAY=MO,WE;COUNT=N;UNTIL=20260101T000000Z
P1Y2M10DT2H30M
R/2024-01-01T00:00:00Z/PT1H
%Y-%m-%dT%H:%M:%S%z
yyyy-MM-dd'T'HH:mm:ss.SSS'Z'
{0} of {1}: {2,number,#.##}
{count, plural, =0 {no W} one {# W} other {# W}}
%s: %d W (%5.2f%%)
%1$s W %2$s
$1$W$W./W
U+00N; \u00N; &#N;
0xN 0xN 0xN; 0b0101
rgb(N N N / N%); hsl(N, N%, N%)
M N,N L N,N C N N, N N, N N Z
translate(N,N) scale(N)
N x N x N cm; N kg
W*W*W; N*N=N
a:b:c:d
W;q=0.N, W/*;q=0.N
""")
