"""What programs write into fields, bodies and headers. N is a number, W a word, Q a person's name and S a sentence."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import lines

PIECES: Final = lines(r"""
{"csp-report":{"document-uri":"https://W.example/W","blocked-uri":"https://W.example/W.js","violated-directive":"script-src 'self' 'unsafe-inline'"}}
{"csp-report":{"blocked-uri":"inline","script-sample":"(function(){var a=document.createElement('script');a.src='"}}
(function(){var W=document.createElement('W');W.src='
(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'W':
var _W=_W||[];_W.push(['_W','W-N']);
window.W=window.W||[];function W(){W.push(arguments);}
!function(e){function t(r){if(n[r])return n[r].exports;var o=n[r]={i:r,l:!1
default-src 'none'; img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; report-uri /W
script-src 'nonce-W' 'strict-dynamic' https: 'unsafe-eval'; object-src 'none'; base-uri 'self'
max-age=N; includeSubDomains; preload
Root=1-N-W;Parent=W;Sampled=0
00-W-W-01
W=W;W=W;W="W, W";W=N
traceparent=00-W-W-00; W@W=W;N
Sentry sentry_version=7, sentry_client=W/N.N.N, sentry_key=W
Digest username="Q", realm="W W", nonce="W", uri="/W", qop=auth, nc=0000000N, cnonce="W"
Signature keyId="W",algorithm="rsa-sha256",headers="(request-target) host date",signature="W=="
attachment; filename="W W (N).pdf"; filename*=UTF-8''W%20W%20%28N%29.pdf
form-data; name="W[]"; filename="W's W.png"
multipart/mixed; boundary="W_N_=W"; charset=utf-8
<https://W.example/W?page=N>; rel="next", <https://W.example/W?page=N>; rel="last"
</W/W.css>; rel=preload; as=style
W <W@W.example>, "Q" <W.W@W.example>
=?utf-8?Q?W_=C3=A9_W?= <W@W.example>
from W.example (W.example. [10.N.N.N]) by W.example with ESMTPS id W for <W@W.example>; Mon, N May 2024 10:00:00 +0000
urn:ietf:params:xml:ns:W
urn:W:W:W;W=N
http://schemas.xmlsoap.org/soap/envelope/
http://www.w3.org/2001/XMLSchema-instance
http://localhost:3000/callback
http://localhost:8080/W/W
https://W.W.svc.cluster.local:N/W
arn:aws:W:eu-west-1:N:W/W*
projects/W/locations/W/W/W:W
/subscriptions/W-N/resourceGroups/W/providers/W.W/W/W
pkg:npm/%40W/W@N.N.N
docker.io/W/W:N.N@sha256:W
s3://W/W/W=N/W.parquet
gs://W-W/W/*.csv
git@W.example:W/W.git
ssh://git@W.example:N/W/W.git
postgresql://W:W@W:5432/W?sslmode=require
redis://:W@W:6379/0
jdbc:postgresql://W:5432/W?currentSchema=W
amqp://W:W@W/%2f
mongodb+srv://W:W@W.W.example/W?retryWrites=true&w=majority
magnet:?xt=urn:btih:W&dn=W+W&tr=udp%3A%2F%2FW.example%3AN
otpauth://totp/W:W@W.example?secret=W&issuer=W
geo:N.N,N.N?q=W+W
sms:+N?body=W%20W
whatsapp://send?text=W%20https%3A%2F%2FW.example%2FW
intent://W/#Intent;scheme=W;package=com.W;end
data:image/svg+xml;utf8,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 N N"><path d="M0 0h24v24H0z"/></svg>
data:text/plain;charset=utf-8,W%20W
data:application/json;base64,eyJW
blob:https://W.example/W-N-W
about:blank#W
chrome-extension://W/W.html
javascript:void(0)
javascript:void(0);
filters:quality(N):format(webp):fill(fff,1)/https://W.example/W.jpg
w_N,h_N,c_fill,g_auto,f_auto,q_auto:W/vN/W
rs:fit:N:N:0/g:sm/plain/https://W.example/W.png@webp
unsafe/fit-in/NxN/filters:strip_exif()/W/W.jpg
https://x.example/?gclid={gclid}&kw={keyword}
https://W.example/W?utm_source={{site_source_name}}&utm_term={keyword}&W=[CLICK_ID]
https://W.example/W;ord=[timestamp]?;dc_rdid=;tag_for_child_directed_treatment=
//W.example/W?cb=%%CACHEBUSTER%%&u=${W}
$(POD_IP)
$(W)/$(W)
${W}
${W:-W}
${{ secrets.W }}
${{ W.W == 'W' && W.W || 'W' }}
{{ .Values.W.W | default "W" | quote }}
{{#if W}}{{W}}{{else}}W{{/if}}
{{#each W}}<li>{{this.W}}</li>{{/each}}
{{ W.W|date:"Y-m-d" }}
{% if W == "W" %}W{% else %}W{% endif %}
{% for W in W %}{{ W.W }}{% endfor %}
<%= W.W %>
Hi {{first_name|default:"W"}}, S
Dear %recipient.W%, S
*|FNAME|*, S *|UNSUB|*
[% W %] [[W]] <<W>>
{$W.W} {W}{/W}
@W.W @(W) @{ var W = N; }
<p style="text-align:center">Hi &amp; W</p>
{"elements":[{"id":"W","elType":"widget","settings":{"editor":"<p style=\"text-align:center\">W &amp; W<\/p>"}}]}
{"blocks":[{"type":"paragraph","data":{"text":"S <b>W<\/b> &nbsp;"}}],"version":"N.N"}
{"ops":[{"insert":"S"},{"attributes":{"bold":true},"insert":"W\n"}]}
{"html":"<div class=\"W\"><a href=\"https://W.example\">W<\/a><\/div>","css":".W{color:#fff}"}
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html><body style="margin:0"><table width="100%"><tr><td>S</td></tr></table></body></html>
<html><head><style type="text/css">.W{mso-line-height-rule:exactly}</style><!--[if mso]><xml><o:W/></xml><![endif]--></head><body>S</body></html>
<table cellpadding="0" cellspacing="0" border="0" style="width:Npx"><tr><td align="center"><a href="https://W.example/W?id=N" style="color:#fff">W</a><img src="https://W.example/W.gif" width="1" height="1"></td></tr></table>
<a href="mailto:W@W.example?subject=W%20W">W</a>
<p>S <code>W W/W | grep -i W</code> &nbsp;<em>select count(*) from W where W='W'</em></p>
<p>S</p>\n<pre><code class="language-bash">sudo W W &amp;&amp; W --W</code></pre>
<p>S <a href="/W" onclick="W(N);return false;">W</a></p>
<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_W" Version="2.0" IssueInstant="2024-01-01T00:00:00Z" Destination="https://W.example/W"><saml:Issuer>https://W.example</saml:Issuer></samlp:AuthnRequest>
<samlp:Response ID="_W" InResponseTo="_W"><saml:Assertion><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">W@W.example</saml:NameID></saml:Assertion></samlp:Response>
<saml:Attribute Name="W"><saml:AttributeValue>W</saml:AttributeValue></saml:Attribute>
<ds:SignatureValue>W==</ds:SignatureValue><ds:X509Certificate>MIIDW</ds:X509Certificate>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><W xmlns="urn:W"><W>N</W></W></soap:Body></soap:Envelope>
<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>W</title><item><link>https://W.example/W</link><description><![CDATA[S]]></description></item></channel></rss>
<?xml version="1.0"?><methodCall><methodName>W.W</methodName><params><param><value><string>W</string></value></param></params></methodCall>
<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:W/></D:prop></D:propfind>
<W:W xmlns:W="urn:W" W="N"><W:W>S</W:W></W:W>
<svg xmlns="http://www.w3.org/2000/svg" width="N" height="N"><g fill="#W"><circle cx="N" cy="N" r="N"/></g><text x="N">W</text></svg>
<gpx version="1.1"><trk><trkpt lat="N.N" lon="N.N"><ele>N</ele></trkpt></trk></gpx>
<Placemark><name>W</name><Point><coordinates>N.N,N.N,0</coordinates></Point></Placemark>
<speak>S <break time="Nms"/> <prosody rate="slow">W</prosody></speak>
<W ref="N"/> <W>W &lt; N</W>
BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:W W\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR
BEGIN:VCARD\nN:Q;;;\nTEL;TYPE=cell:+N\nEND:VCARD
-----BEGIN CERTIFICATE-----\nMIIDW/W+W\nW==\n-----END CERTIFICATE-----
-----BEGIN PUBLIC KEY-----\nW/W\n-----END PUBLIC KEY-----
ssh-ed25519 AAAAC3W/W W@W
$2b$N$W/W.W
$argon2id$v=19$m=N,t=N,p=N$W$W
{SSHA}W/W==
v=spf1 include:W.example ~all
v=DKIM1; k=rsa; p=MIGfW/W+W
diff --git a/W/W.py b/W/W.py\n--- a/W/W.py\n+++ b/W/W.py\n@@ -N,N +N,N @@ def W():\n-    W = N\n+    W = "W"
@@ -N,N +N,N @@\n-W\n+W's W
Traceback (most recent call last):\n  File "/W/W.py", line N, in W\n    W(W)\nKeyError: 'W'
at W.W (/W/node_modules/W/W.js:N:N)
    at async Promise.all (index N)\n    at W (https://W.example/W.js:N:N)
java.sql.SQLException: W 'W' doesn't exist\n\tat com.W.W.W(W.java:N)
panic: runtime error: index out of range [N] with length N\n\ngoroutine N [running]:
Error: ENOENT: no such file or directory, open '/W/W/W.json'
You have an error in your W syntax near 'W' at line N
W: line N: syntax error near unexpected token `W'
W@W:~/W$ cat W.txt | grep W | wc -l\nN
$ W --W=W W && W -W\n> W\nW: N
PS C:\\W> Get-W -W 'W' | Select-Object W
root@W:/# W W
FROM W:N\nRUN apt-get update && apt-get install -y W \\\n && rm -rf /var/lib/apt/lists/*\nCMD ["W", "-W"]
W: W.c\n\t$(CC) -o $@ $<
apiVersion: apps/v1\nkind: Deployment\nspec:\n  containers:\n  - name: W\n    command: ["sh", "-c", "W --W $(W)"]
W:\n  - W: "{{ W }}"\n    when: W == 'W' and not W
[W]\nW=W;W\n# W\nW = "W N"
"W","Q","N","S"
W;W;W\nN;"W, W";N
W\tN\tW\nW\tN\tW
| W | W |\n|---|---|\n| N | `W` |
## W\n\n- [ ] S\n- [x] **W** `W`
[W](https://W.example "W") and ![W](/W.png)
[b]W[/b] [url=https://W.example]W[/url] [quote="Q"]S[/quote]
''W'' '''W''' [[W|W]] {{W|W=N}} <ref name="W" />
h2. W\n{code:java}W();{code}\n* W
> S\n\nS
On Mon, Q wrote:\n> S\n> S\n\nS
{"jsonrpc":"2.0","method":"W.W","params":["W",N],"id":N}
[{"op":"replace","path":"/W/N","value":"W"}]
{"@context":"https://schema.org","@type":"W","name":"Q","url":"https://W.example"}
{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[N.N,N.N]}}]}
{"id":"abc","created":N}
{"id":N,"W":"W"}
{"operationName":"W","variables":{"id":"W","first":N},"query":"query W($id: ID!) { W(id: $id) { id W { W } } }"}
query W($W: String!, $N: Int = N) { W(W: $W, first: N) { edges { node { id ... on W { W } } } } }
mutation { W(input: {W: "W", W: N}) { W { id } errors { message } } }
[[["W","[\"W\",null,N,[[\"W\"]]]",null,"generic"]]]
!1m18!1m12!1m3!1dN.N!2dN.N!3dN.N!2m3!1fN!2fN
)]}',\n[["W",N]]
W(W).W("W", {W: N});
W.W.W("W", function(W){ return W.W; });
W_W({"W":"W","W":[N,N]})
for(;;);{"W":N}
0|W|N|{"W":["W",N]}
42["W",{"W":"W"}]
N::W:{"name":"W","args":[{"W":N}]}
a:N:{s:N:"W";s:N:"W";s:N:"W";a:0:{}}
W|s:N:"W";W|i:N;W|b:1;
(W:W,W:!(W,W),W:'W W')
_g=(filters:!(),refreshInterval:(pause:!t,value:N),time:(from:now-Nm,to:now))
columns[0][data]=W&columns[0][search][value]=&order[0][dir]=asc&search[regex]=false
__EVENTTARGET=&__VIEWSTATE=%2FwEPDwULW&__EVENTVALIDATION=W%2FW%3D
/wEPDwULLTE2W/W+W==
v1:W==:W:N
W.W.W-W_W
W~W!W*W
utmcsr=(direct)|utmccn=(direct)|utmcmd=(none)
GA1.1.N.N
1---W-N-W; W=W%7CW
OptanonConsent=isGpcEnabled=0&datestamp=Mon+Jan+01&groups=C0001:1,C0002:0
CPW.W.W_W-W.YAAAAAAAAAAA
#W/W?W=W&W
#!/W/W
~abc
a||b&&c
or N W
W W --W=W -W "W W"
print(f"W: {W!r}"); W()
>>> W(N)\nW
>>> W("W")\n'W'
    >>> W([N, N]) == W
assert W(N) == "W"
while true; do W; done
W=$(W -W) && echo "$W"
W | W -W 'W' > W.txt 2>&1
<script src="https://W.example/W.js" async></script><div id="W"></div>
<script>window.W = {"W": "W"};</script>
<iframe src="https://W.example/embed/W?W=N" width="N" height="N" frameborder="0" allowfullscreen></iframe>
<img src="W.png" alt="W" onload="W(this)">
<button onclick="W('W')">W</button>
document.querySelector('W').W = 'W'
new Date(N).toISOString()
const {W, W} = await W(`${W}/W?id=${W}`);
import os; print(os.environ["W"])
W = {k: v for k, v in W.items() if v}
echo json_encode(["W" => $W]);
SELECT 'W' AS W, N FROM W;
W's "W" & <W> 100% W; W = N / N (W) #N @W \\W\\W {W} [W] ~W~ ^W^ `W`
""")
