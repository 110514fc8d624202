"""Parts of harmless values. N is a number, W a word, Q a person's name and S a sentence."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import lines

WORDS: Final = """
garden table river order select union summer market travel photo kitchen report invoice member school engine silver window bottle paper
orange winter script image object button event update delete insert create drop group having where like limit null sleep admin user password
login token session cookie header query string value index column row database server client request response upload download account profile
settings search result product price shop basket delivery address city country language english german spanish french music video camera
phone laptop charger battery leather cotton wool shoe jacket dress vintage modern classic black white blue green small large medium camino
zapatos precio tienda compra nombre apellido ciudad calle usuario vino queso jamon aceite azucar leche playa montana sol luna casa perro
haus garten schrank lampe stuhl fahrrad bahn strasse winter sommer preis kaufen maison jardin velo prix acheter fromage pain exec shell bash
python java system process memory thread kernel driver module package version release branch commit merge alert confirm prompt eval function
""".split()
NAMES: Final = """
O'Brien O'Connor D'Angelo D'Souza O'Neill L'Hôpital Müller Jürgen García Núñez Fernández-López Anne-Marie Jean-Luc Ngũgĩ Łukasz Søren Zoë
Null Union Select Van-der-Berg McDonald N'Golo Ta'Rhonda Mary-Kate O’Hara Øystein Ólafur Smith Johnson Patel Kim Nguyen Ivanov Иван Мария
李雷 佐藤 محمد Aoife Siobhán Da'Quan Dell'Acqua Sant'Anna Dall'Oglio St.John Mbeki-O'Grady Alice Bob Carol François Hélène Núria Begoña
""".split()
STREETS: Final = lines("""
N O'Connell St.
Rue de l'Église N
C/ Mayor, N
Avda. de la Constitución N
N St. John's Rd
Carrer d'Aragó, N
pl. pintor salvador soria, N
P.O. Box N
Hauptstraße N/1
N-W Union Street
Via dell'Orso N
N Select Drive & 5th
Unit #N, Block C, Drop Lane
""")
SEARCHES: Final = lines("""
W "W W"
W -W +W
site:W.example W filetype:pdf
W AND W OR W NOT W
(W OR W) AND W
W & W
W's W N"
N" W W (black/white)
W; W; W
W/W/W
C# vs F# vs C++
W: W | W
how to select from a table where W is null
what is union all in sql
W && W || W
W <3 W
50% off W
W (W) [W]
"W or W"
W*
W~2 W^4
title:W author:"Q"
price:[N TO N]
created:>=2024-01-01 status:open
label:"good first issue" is:open -label:W
what does ../ mean in a path
alert box in javascript
drop table runner W
order by phone W
sleep tracker N
1=1 meaning
like or love? W
select committee report N
W where to buy or rent
W=W
W,W,W
W@W
#W @W
W--W
cat /W food
is "or 1=1" dangerous
exec summary; W
rock & roll; blues
what's W'
N' x N' shed
W UNION station
AT&T; W
etc/W
user=W group=W
insert coin; update W
W like 'W'
""")
PRODUCTS: Final = lines("""
W W N" x N" (pack of N)
W & W - W/W, size N-N
"W" W by Q; N pcs.
W <W> edition #N
W's W (N' cable)
W W, N.5" HDD + N" SSD
N x W @ $N each
W/W/W 1/4" - 1/2" ribbon
W W – N% off!
L'W d'W, N ml
W (W; W) *new*
Camiseta niño/a "W" talla N
Schraube M N x N (DIN N/A)
W v2.N: W & W
Union Jack W, select W
Rock 'n' W
DROP-leaf table, W
Sleep(well) W N
""")
PROSE: Final = lines("""
I'd like to select W from the list and update my order, or drop it if it's too late.
It's 50% off, isn't it? "Really" cheap; I'd say.
Please insert the W into the table where it's marked, and delete the old one.
The union selected Q as its leader; members can't and won't strike.
Use the <b> tag for bold and <i> for italics; don't use <font>.
My script doesn't alert() any more after the update (version 2.N).
When I type O'W the form says "syntax error near W'".
If a > b and b > c then a > c; 1 = 1 always.
You can't have your W and eat it; either W or W.
See http://W.example/W?id=N&x=N#W for details (page N).
Love it!!! <3 <3 :-) ;-) >:( \\o/
Does anyone know what "SELECT * FROM W" does?
Our admin said: "drop by table N, or order by phone".
He said 'or' when he meant 'and'; that's the W.
It costs $N--$N (incl. 19% VAT), order # N/N.
What's the difference between & and && in bash?
The file is in /etc/W on Linux and C:\\W\\W on Windows.
Add `export PATH=$PATH:~/bin` to your .bashrc; then run `source ~/.bashrc`.
I read about SQL injection (like ' or 1=1) in the news, are you safe?
Our docs mention <script> tags, but the editor strips them.
Dear Q, thanks for W; please see below -- regards, Q
Die Größe "N" ist ausverkauft; gibt's die auch in 'N'?
¿Cuánto cuesta el W? ¡Es "muy" caro; más de N€!
C'est l'W d'aujourd'hui; qu'est-ce que c'est? N%...
1) W; 2) W; 3) W & W
Try {{ name }} or ${name} as a placeholder in the mail template.
Hello {{first_name}}, your order {{order_id}} has shipped.
The price is {price} and the date {date}.
Ich hab's versucht -- ohne Erfolg; W=N, W=N.
The function f(x) = x^2 + 2x - N; f(N) > 0 or f(N) < 0.
Between 1 and N people like it; having W is null and void.
Group by age, order by name, limit N per page, where possible.
Wait for it; delay 0:0:N between songs.
On error: load the page again; on click: focus the field.
e.g. W/W, i.e. 'W' (or "W"); cf. §N
import W from the csv; cast int to char; convert (N) rows
""")
CURIOUS: Final = lines("""
'tis the season; W
rock 'n' roll
"
W"
W'
(W
'W'
;)
<W
W>
W=
--
-- W
#W
*W*
_W_
**W**: W
~W~
W; W
W & W
W | W
W/W
W\\W
$N
$W
%W%
{W}
[W]
<W@W.example>
W+W=W
x < y && y > z
a=b&c=d
N=N
N+N
N*N
N>N
1/2" W
W(N)
W()
W.W(W)
W->W
W::W
W => W
W := N
!W
@W
@Q: W
^W
`W`
W...W
W, 'W' or 'W'
Q's
Q's W's W
"W" and "W"
(W) or (W)
N or N
N and N
W or W=W
N, N; N
select
select W
union
union of W and W
drop W
insert W here
update W set
delete W
order by W
where W=W?
from W where W
like W%
null
NULL
None
undefined
NaN
true or false
exec W
sleep(W)
alert
on W
onW=W
javascript
javascript: the good parts
script
<br>
<b>W</b>
&amp;
&W;
&nbsp;W&nbsp;
W&lt;W
N&deg;
${W}
{{W}}
{{ W.W }}
{% W %}
<%W%>
#{W}
{W: N}
{"W": "W"}
["W", "W"]
W[]
W[N]
W[W]
W.W.W
../W
./W
/W/W
~/W
C:\\W
W.php?W=W
W.asp
W.sh
cat W
ls W
id W
echo "W"
ping W
who am I
curl W
W@W:~$ W
$ W --W
> W
>> W
2>&1
W | grep W
W && W
W; exit
(W) W; W:N
W^N
W~N
\\W
\\\\W
\\n
W\\nW
%20
W%20W
W+W
N%
100%W
=W
=SUM(A1:A9)
=N+N
-N
+N
@N
'N
N'N"
N° N
§N
W?
W!
W: W
W;W;W
W|W|W
W,W
*
**
?
???
%
_
:W:
:-)
/W W
/W
@@W
##W
// W
/* W */
<!-- W -->
W <W>
<<W>>
[[W]]
[W](W)
![W](W.png)
http://W
W://W
mailto:W@W.example
ftp://W.example/W
localhost:N
127.0.0.1
10.0.0.N
192.168.N.N:N
::1
W-W_W.W
W' W' W
it''s W
W''
''
""
``
()
[]
{}
<>
' '
' W '
W ' W
W " W
user's
users'
N'
N"
N''
N' N"
1'000'000
O'W
d'W
l'W
""")
HTML: Final = lines("""
<p>S</p>
<p class="W">S</p>
<h2 id="W-W">S</h2>
<ul><li>W</li><li>S</li></ul>
<a href="https://W.example/W?id=N&amp;p=N" target="_blank" rel="noopener">W</a>
<a href="/W/W#W">S</a>
<img src="/img/W.jpg" alt="W W" width="N" height="N">
<img class="alignnone size-full" src="https://cdn.W.example/W.png" alt="" />
<div style="text-align:center; color: #333"><b>S</b></div>
<table border="1"><tr><td>W</td><td>N</td></tr></table>
<blockquote>S</blockquote>
<br/>
<span style="font-weight: bold;">W</span> S
<pre><code>W = N;</code></pre>
<p>S<br>W <em>W</em> &amp; <strong>W</strong></p>
<figure><img src="W.webp" alt="W"><figcaption>S</figcaption></figure>
<iframe width="560" height="315" src="https://video.W.example/embed/W" title="W" allowfullscreen></iframe>
<!-- wp:paragraph --><p>S</p><!-- /wp:paragraph -->
<!-- wp:image {"id":N,"sizeSlug":"large"} --><figure class="wp-block-image"><img src="W.jpg" alt=""/></figure><!-- /wp:image -->
<sup id="cite_ref-N"><a href="#cite_note-N">[N]</a></sup>
<li class="W"><a href="/wiki/W_(W)" title="W (W)">W</a></li>
<h1>W &mdash; W</h1>&nbsp;
<font color="red">W</font>
<div class="row"><div class="col-md-6">S</div></div>
<video controls><source src="/W.mp4" type="video/mp4"></video>
<details><summary>W</summary>S</details>
<hr class="W" /><p>&nbsp;</p>
<td align="right">N,N &euro;</td>
<button type="submit" class="btn btn-primary">W</button>
<label for="W">W</label><input type="text" id="W" name="W" value="W">
<svg width="16" height="16" viewBox="0 0 16 16"><path d="M8 N L N 8 Z"/></svg>
<p dir="rtl">S</p>
<meta name="description" content="S">
<link rel="stylesheet" href="/css/W.css?v=N">
<style>.W { margin: 0 auto; color: #NNN; }</style>
[W]S[/W] [gallery ids="N,N"]
## W\\n\\nS\\n\\n* W\\n* [W](https://W.example)
<form action="/W" method="post"><select name="W"><option value="N">W</option></select></form>
""")
CODE: Final = lines(r"""
def W(x):\n    return [y for y in x if y > N]
for i in range(N):\n    print(i * "W")
const W = (a, b) => a + b;
if (a && b || !c) { return W[N]; }
document.getElementById('W').value = 'W';
document.querySelector("#W").addEventListener("click", () => { W(N); });
$('#W').on('click', function(e){ e.preventDefault(); });
console.log(`W: ${W}`);
var W = {"W": N, 'W': "W"};
import os, sys\nprint(os.path.join("W", "W"))
try:\n    W()\nexcept ValueError as e:\n    print(f"{e!r}")
public static void main(String[] args) { System.out.println("W"); }
#include <stdio.h>\nint main(void) { printf("W %d\n", N); return 0; }
fn main() { println!("{}", W::<u32>()); }
package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("W") }
<div id="app">{{ message }}</div>
<ul>{% for item in W %}<li>{{ item.W }}</li>{% endfor %}</ul>
<button onclick="W()">W</button>
<input type="text" onchange="update(this.value)">
<%= link_to "W", W_path(@W) %>
<?php echo $W; ?>
<?php foreach ($W as $W) { print $W; } ?>
$W = array('W' => N, 'W' => "W");
git commit -m "fix: W's W (#N)" && git push origin W
docker run -p N:N -v $(pwd):/W W/W:latest
pip install W==1.N && python -m W --W N
npm run build && npm test -- --watch
SELECT W, COUNT(*) FROM W GROUP BY W;
curl -X POST -H 'Content-Type: application/json' -d '{"W": N}' http://localhost:N/W
for f in *.W; do echo "$f"; done
ls -la | grep W | wc -l
cat W.txt | sort | uniq -c > W.out
sudo apt-get update && sudo apt-get install W
export W=${W:-N}; echo $W
awk '{print $1}' W.log
sed -i 's/W/W/g' W.txt
@app.route("/W/<int:id>", methods=["GET"])\ndef W(id): ...
@media (max-width: Npx) { .W { display: none; } }
let W = W?.W ?? N;
x = W[1:N] + W[-1]
int[] a = {1, 2, N}; a[0]++;
a <- c(1, 2, N); mean(a)
W |> filter(W > N) |> summarise(m = mean(W))
Traceback (most recent call last):\n  File "W.py", line N, in <module>\n    W()\nTypeError: 'NoneType' object is not callable
java.lang.NullPointerException: W\n\tat com.W.W(W.java:N)
Uncaught TypeError: Cannot read properties of undefined (reading 'W')
W: command not found; exit N
{"type": "object", "properties": {"W": {"type": "string", "pattern": "^[a-z]+$"}}}
apiVersion: v1\nkind: Pod\nmetadata:\n  name: W
[W]\nW = "N"\nW = ["W", "W"]
location /W { proxy_pass http://127.0.0.1:N; }
RewriteRule ^W/(.*)$ /index.php?p=$1 [L,QSA]
0 N * * * /usr/bin/W --W >/dev/null 2>&1
- run: echo "::set-output name=W::${{ steps.W.outputs.W }}"
useEffect(() => { fetch(`/api/W/${id}`).then(r => r.json()).then(setW); }, [id]);
window.location.href = '/W?id=' + encodeURIComponent(W);
\frac{W}{N} + \sum_{i=1}^{N} x_i \leq \alpha
public class W<T extends Comparable<T>> implements W { private T W; }
std::vector<int> v{1, 2, N}; for (auto& x : v) std::cout << x << '\n';
if [ -f "$W" ]; then rm "$W"; fi
Get-ChildItem -Path C:\W | Where-Object { $_.Length -gt N }
function W(a) { alert("Thanks, " + a + "!"); }
echo "<p>" . htmlspecialchars($W) . "</p>";
SELECT * FROM W WHERE id = ?
cursor.execute("SELECT W FROM W WHERE W = %s", (W,))
db.W.find({W: {$gt: N}}).sort({W: -1})
<T>(x: T): x is NonNullable<T> => x != null
""")
SQL: Final = lines("""
SELECT W FROM W
SELECT W, W FROM W WHERE W = 'W'
SELECT count(*) FROM W WHERE W > N
SELECT T1.W FROM W AS T1 JOIN W AS T2 ON T1.id = T2.W_id ORDER BY T2.W DESC LIMIT N
SELECT DISTINCT W FROM W WHERE W LIKE '%W%' AND W BETWEEN N AND N
SELECT avg(W), max(W) FROM W GROUP BY W HAVING count(*) > N
SELECT W FROM W WHERE W IN (SELECT W FROM W WHERE W = N)
SELECT W FROM W EXCEPT SELECT W FROM W
SELECT W FROM W INTERSECT SELECT W FROM W WHERE W < N
INSERT INTO W (W, W) VALUES ('W', N)
UPDATE W SET W = N WHERE id = N
DELETE FROM W WHERE W < '2024-01-01'
CREATE TABLE W (id INTEGER PRIMARY KEY, W TEXT NOT NULL)
CREATE INDEX W_idx ON W (W)
ALTER TABLE W ADD COLUMN W VARCHAR(N)
WITH W AS (SELECT W FROM W) SELECT sum(W) FROM W
SELECT date_trunc('month', W) AS m, sum(W) FROM W GROUP BY 1 ORDER BY 1
SELECT W FROM W WHERE W IS NOT NULL AND (W = 'W' OR W = 'W')
""")
FILTERS: Final = lines(r"""
"W-W-W"
"W"
'W'
"N-W"
W eq 'W' and W gt N
contains(W,'W') or startswith(W,'Q')
(W eq N) and not (W eq null)
W,W($select=W,W;$expand=W)
W desc, W asc
{!tag=W}W:(N OR N)
W:W AND W:[N TO *]
W==W;W=gt=N,W=in=(W,W)
W:"W W" -W:W
W[W][eq]=W&W[W][gte]=N
{"W":{"gte":N,"lte":N},"W":"W"}
{"where":{"W":"W"},"order":["W ASC"],"limit":N}
//*[@id="W"]/div[N]/span
/html/body/div[N]/W
div#W > ul.W li:nth-child(N)
div > p:first-child
default-src 'self'; script-src 'self' https://W.example 'nonce-N'; img-src * data:
http://www.W.example/N/N/W
http://schemas.W.example/W/W#
urn:W:W:W:N
http://localhost:N/W/W
https://W.example/?W={W}&W={{W}}&W=[W]
~/W/W?W=W
/W/W?W=N#W
W/W/W; W/W; W/W
W/W; and/or; N/N; w/o W
Q said "W" and left (W).
(W) "W W" -- W
<https://W.example/N|#N> by @W :W: `W W && W W`
<@W> W: `W --W`
if W == W: print('W') else: print('W')
import W; print(W.W())
Error: "W W" (code N).
W: 'W W' -- W. Error: W
javascript:void(0);
https://W.example/W?W=N&W=W
W=W&W=%20W&W=W
c0rrect'W--W;#N
W$N!W#
()W<>|N
%Y-%m-%d %H:%M:%S
%%W%%
=SUM(AN:BN)*IF(CN>0,1,0)
(N+N)*N/N
$.W.W[N].W
W.W[*].W | [?W=='W']
.W[] | select(.W > N)
{{W}}, {W}: [W]
Hello {{W}}, your W is {{W}}.
""")
REGEXES: Final = lines(r"""
^[a-z0-9]+(?:-[a-z0-9]+)*$
^\d{N}-\d{4}$
(?i)W|W
[^@\s]+@[^@\s]+\.[a-z]{2,}
^/W/(\d+)/?$
\bW\b.*\bW\b
(?<W>\w+)=(?<v>[^;]*)
s/W/W/g
^(?!W).*$
.*\.(?:jpg|png|W)$
W(?:W|W)*W+?
^\s*#.*|^\s*$
/^W[a-f0-9]{N}$/i
%W%d-%s
*.W.{js,ts}
W-*/**/W
""")
STYLES: Final = lines("""
color: #NNN; margin: 0 auto
.W > .W:hover { color: red; }
body { font-family: "Helvetica Neue", Arial, sans-serif; font-size: Npx }
background: url(/img/W.png) no-repeat 0 0
width: calc(100% - Npx)
@import url("W.css");
.W::after { content: "\\201C"; }
transform: translate(-50%, -N%) rotate(Ndeg)
grid-template-columns: repeat(auto-fill, minmax(Npx, 1fr))
#W { display: none !important }
linear-gradient(to right, #fff 0%, #NNN 100%)
--W-color: var(--W, #NNN);
""")
LOGS: Final = lines("""
2024-05-N 12:N:07,N ERROR [W] W.W: S
[W] (pid N) W=W; W="W W"; took Nms
10.0.0.N - - [N/May/2024:10:00:00 +0000] "GET /W?id=N HTTP/1.1" 200 N "-" "Mozilla/5.0 (W)"
level=info msg="W W" W=N err=<nil>
W[N]: Connection from 10.0.0.N port N: W
Exception in thread "main" W.W.WException: S
WARN  W - can't open '/var/W/W.W': No such file (N)
{"level":"error","ts":N.N,"caller":"W/W.go:N","msg":"S"}
<N>1 2024-05-01T00:00:00Z W W N - - S
"W","N","Q","S"
W;N;Q;W;"S"
Subject: Re: W\\nFrom: Q <W@W.example>\\n\\n> S\\n\\nS
id,W,W\\nN,W,"S"\\nN,W,'W'
event: W\\ndata: {"W": N}
W=N&W=W%20W&W=W
key: "W"\\nvalue: 'W'\\nlist:\\n  - W\\n  - N
""")
BROWSERS: Final = lines("""
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/N.0.N.0 Safari/537.36
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.N Safari/605.1.15
Mozilla/5.0 (X11; Linux x86_64; rv:N.0) Gecko/20100101 Firefox/N.0
Mozilla/5.0 (iPhone; CPU iPhone OS 17_N like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148
Mozilla/5.0 (Linux; Android 13; SM-G99N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/N.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/N.0.0;]
Mozilla/5.0 (compatible; W-bot/2.N; +http://www.W.example/bot.html)
Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET CLR 2.0.N; .NET4.0C; .NET4.0E)
curl/7.N.0
python-requests/2.N.0
okhttp/4.N.0
Dalvik/2.1.0 (Linux; U; Android 9; W Build/PPR1.N)
W/1.N (W; W N; rv:N) W/N
OpenAI/Python 1.N.0
Opera/9.80 (Windows NT 6.1; U; es-ES) Presto/2.9.181 Version/12.N
Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.9.0.N) Gecko/2009N Firefox/3.0.N (.NET CLR 3.5.N)
"Chromium";v="N", "Not?A_Brand";v="8", "W";v="N"
text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8
multipart/form-data; boundary=----WebKitFormBoundaryQx7N
W=N; path=/; expires=Mon, N May 2024 10:00:00 GMT
attachment; filename="W (N).pdf"; filename*=UTF-8''W%20W.pdf
for=10.0.0.N;proto=https;by=203.0.113.N
Basic realm="W W", charset="UTF-8"
""")
PATHS: Final = lines("""
W/W/N
W-W/W.html
wp-content/themes/W/style.css
wp-includes/js/jquery/jquery.min.js
api/v1/W/N/W
_next/static/chunks/W-N.js
W/W;jsessionid=N-N
static/??/W.css,/W.js
W/W(N)/W
@W/W
~W/W
W/W%20W.pdf
W/%D0%BC%D0%B0%D0%BC%D0%B0
v1/models/W:predict
W/W,N,N,N.html
content/dam/W/W-N-N.jpg
W/+W
W/!/W
W.php
admin/W
index.php/W/W
.well-known/W
W/$W
W/W=N
odata/W('N')
W/'W'
W/W&W
files/W/etc/W.conf
W/select/W
W/union-W/
W/W--W/N
W//W
en-US/docs/W/W::W
W/W@2x.png
wiki/W_(W)
wiki/W's_W
W/[W]/W
W/{W}
cgi-bin/W
W.git/info/refs
_layouts/W/W.aspx
W/W.W.W.js.map
etc/W/W/W/W.html
etc/clientlibs/W/W.css
bin/W/W.json
bin/W.swf
usr/W/W.png
var/W/W/W.jpg
tmp/W/W.gif
proc/W
W/etc/W/W/W-W.svg
swf/W.swf
W;W=N;W=W;W=N.N
W/W;W=N;W=W?
W-INF/W.W
home/W/W
W/passwd/W
W/boot/W.js
opt/W/W
W/config/W.json
W/admin/W.php
W/shell/W
W/system32-W
lib/W/W.so
W/..W
W/...
https://www.W.example/W
""")
