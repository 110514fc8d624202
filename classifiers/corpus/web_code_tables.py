"""Lines of programs, pages and queries, by language: what people paste into forms. N is a number, W a word."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import lines

PROGRAMS: Final = {
    "c": lines(r"""
#include <stdio.h>
#include <stdlib.h>
#include <W.h>
#include <string.h>
#define W N
int main(int argc, char *argv[]) {
int W[N] = {0};
char *W = malloc(N * sizeof(char));
for (int i = 0; i < N; i++) {
printf("%d %s\n", W, W);
if (W == NULL) return -1;
while (*W != '\0') { W++; }
W->W = W->W->W;
return W % N;
struct W { int W; char W[N]; };
switch (W) { case 'W': break; default: W(); }
scanf("%d", &W);
W += W[i] * W[j];
}
/* W W W */
// W the W
"""),
    "java": lines(r"""
import java.util.*;
import java.io.File;
public class W {
private final List<String> W = new ArrayList<>();
public W(String W, int W) { this.W = W; this.W = W; }
public int getW() { return W; }
for (String w : W) { System.out.println(w); }
Map<String, Integer> W = new HashMap<>();
Scanner W = new Scanner(System.in);
@Override public String toString() { return "W"; }
if (W.equals("W") && W.length() > N) {
throw new IllegalArgumentException("W W");
return W.stream().filter(x -> x > N).map(W::W).collect(Collectors.toList());
class Node { int data; Node next; Node(int d) { data = d; } }
while (W != null) { W = W.next; }
@RequestMapping(value = "/W", method = RequestMethod.GET)
System.out.println("W: " + W);
}
"""),
    "csharp": lines(r"""
using System;
using System.Collections.Generic;
namespace W
public class W
{
public string W { get; set; }
public int W { get; private set; }
var W = W.Where(w => w.W > N).OrderBy(w => w.W).ToList();
Console.WriteLine($"W: {W}");
string W = Console.ReadLine();
foreach (var w in W) { W.Add(w); }
await W.SaveChangesAsync();
}
"""),
    "javascript": lines(r"""
const W = require('W');
import W, { useState } from 'W';
let W = document.getElementById("W");
document.querySelectorAll('.W').forEach(w => w.remove());
$(document).ready(function(){
$("#W").hide();
$('.W').click(function() { $(this).toggleClass('W'); });
W.addEventListener('click', function(event) {
alert("W W!");
alert('What is your W?');
console.log("W", W);
if (confirm("W?")) { W.submit(); }
for (let i = 0; i < W.length; i++) {
const W = W.map(w => w.W).filter(Boolean).join(", ");
setTimeout(() => W(), N000);
fetch('/api/W').then(res => res.json()).then(data => console.log(data));
return W ? W : null;
let re = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
var W = prompt("W the W:");
window.location.href = "/W";
document.cookie = "W=W; path=/";
element.innerHTML = "<b>" + W + "</b>";
export default function W({ W }) { return <div className="W">{W}</div>; }
app.get('/W/:id', (req, res) => { res.send(req.params.id); });
async function W() { const r = await axios.get(W); return r.data; }
W.prototype.W = function() { return this.W; };
});
}
"""),
    "python": lines(r"""
import os
import sys, re, time
from W import W
def W(W, W=None):
class W(W):
for W in range(N):
if W is not None and W != "W":
print("W W")
print(f"W: {W:.2f}")
return [w for w in W if w % N == 0]
W = {"W": N, "W": [N, N]}
with open("W.txt") as f: W = f.read()
W = input("Enter the W: ")
W['W'] = W.groupby('W').mean()
df = pd.read_csv("W.csv")
W = np.array([[N, N], [N, N]])
model.add(Dense(N, activation='relu'))
try:
except Exception as e: print(e)
result = eval(W)
os.system("clear")
subprocess.run(["W", "-W"], check=True)
random.shuffle(W)
W = sorted(W, key=lambda w: w[1], reverse=True)
self.W = W
soup.find_all('W', class_='W')
re.sub(r'[^a-z]+', ' ', W)
time.sleep(N)
if __name__ == "__main__":
"""),
    "sql": lines(r"""
SELECT *
SELECT W, W
SELECT DISTINCT W
SELECT COUNT(*) AS W
SELECT W, SUM(W) as W_sum
FROM W
FROM W AS w
INNER JOIN W ON W.W = W.W
LEFT JOIN W USING (W)
WHERE W > N
WHERE W = 'W'
WHERE W LIKE 'W%'
WHERE W BETWEEN N AND N
AND W IN (N, N, N)
OR W IS NULL
GROUP BY W
HAVING COUNT(*) > N
ORDER BY W DESC
LIMIT N;
UPDATE W SET W = N WHERE W = 'W';
SET W = N;
INSERT INTO W (W, W) VALUES ('W', N);
DELETE FROM W WHERE W = N;
CREATE TABLE W (id INT PRIMARY KEY, W VARCHAR(N));
ALTER TABLE W DROP COLUMN W;
UNION SELECT W FROM W;
CASE WHEN W > N THEN 'W' ELSE 'W' END
SELECT name FROM W WHERE W = (SELECT MAX(W) FROM W);
"""),
    "page": lines(r"""
<!DOCTYPE html>
<html>
<html lang="en">
<head>
<title>W W</title>
<meta charset="UTF-8">
<link rel="stylesheet" href="W.css">
<style> body { background-color: W; } </style>
</head>
<body>
<h1>W W</h1>
<form action="#" method="post">
<form>
<label for="W">W:</label><br>
<input type="text" id="W" name="W"><br>
<input type="password" placeholder="W" name="W"/>
<input type="submit" value="W">
<button onclick="W()">W W</button>
<button type="button" onclick="alert('W W!')">W</button>
<script src="W.js"></script>
<script src="https://cdn.W.com/W.min.js"></script>
<script>
function W() { document.getElementById("W").innerHTML = "W"; }
</script>
<table><tr><th>W</th><td>N</td></tr></table>
<ul><li>W</li><li>W</li></ul>
<a href="W.html">W</a>
<img src="W.jpg" alt="W">
<div class="W" id="W">
</div>
</body>
</html>
"""),
    "shell": lines(r"""
#!/bin/bash
cd /W/W && ls -l
for f in *.W; do mv "$f" "W_$f"; done
if [ $# -lt N ]; then echo "usage: $0 W"; exit 1; fi
echo "W $W" >> W.log
grep -r "W" . | sort | uniq
tar -czf W.tar.gz W/
W=$(date +%Y-%m-%d)
chmod +x W.sh
while read -r w; do echo "$w"; done < W.txt
ps aux | grep W
find . -name "*.W" -type f
export W="W"
rm -f W.tmp
"""),
    "ruby": lines(r"""
require 'W'
def W(W)
W.each { |w| puts w }
puts "W #{W}"
end
class W < W
attr_accessor :W, :W
W = { W: N, "W" => N }
<% @W.each do |w| %><li><%= w.W %></li><% end %>
"""),
    "php": lines(r"""
<?php
$W = "W";
echo "W: " . $W;
function W($W) {
foreach ($W as $w => $W) {
if (isset($W['W'])) {
return $W;
}
?>
"""),
}
