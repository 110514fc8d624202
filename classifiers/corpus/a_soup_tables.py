"""Scraps from which a_jailbreak puts together suffixes like those that optimisers find; none is copied from one."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import tables

SOUP: Final = tables(r"""
== soup
{bit}{sep}{bit}{sep}{bit}{sep}{bit}{sep}{bit}{sep}{bit}
{bit}{sep}{bit}{sep}{bit}{sep}{bit}{sep}{bit}{sep}{bit}{sep}{bit}{sep}{bit}
{bit}{sep}{word2}{sep}{bit}{sep}{word2} {word2}{sep}{bit}{sep}{bit}{sep}{word2}{sep}{bit}
{word2} {word2}{bit} {word2}{sep}{bit}{word2} {word2}{sep}{bit} {word2}{bit}{word2}
== sep
[ | ]
[  | ]
[ |]
[ |  ]
[ | ].
;
[ | ]--
::
[ | ]/
[ | ]~
== bit
)}]
\\"{
](
=>{{
##
(++
}};
<|
$$
"|
??
!--
`}}
[[
@[
%>
&&(
*/
\\n
'');
-->{
::=
{word2}(
{word2}]
\\{word2}
<{word2}>
{word2}=
"{word2}
_{word2}
${word2}
{word2}();
#{word2}
== word2
{stem}{tail}
{stem}{tail}
{stem}
{stem} {stem}
{tail}
== stem
format
sure
reverse
begin
kleiner
voici
également
заново
please
tutorial
interface
give
opposite
Einleitung
steps
nullable
that
paragraph
danke
inner
ejemplo
answer
sarcasm
vice
print
Wiki
restored
teh
parameter
scene
novelty
json
sir
two
map
полный
いいえ
Kürze
also
undo
repeat
honest
thus
LaTeX
subset
reply
avec
lambda
until
Прежде
bağlam
słowo
frente
Lösung
titolo
compute
describing
manual
harness
gently
octave
plural
mosaic
quasi
render
teacher
urgent
== tail
Title
Now
Of
Here
OK
Wise
Man
The
ly
Below
f
By
Fold
Reduce
List
Then
ify
ation
Two
_x
Text
er
0
Ex
ness
ish
ables
.get
->next
""")
