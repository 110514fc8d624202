"""Sentences for long pasted texts (a_long): minutes, articles, contracts, stories, manuals, chats."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import tables

LONG: Final = tables(r"""
== minutes
{name} opened the meeting at [nine|half past two|six] and welcomed {name}.
The minutes of the [previous|last] meeting were [approved|read out|corrected in two places].
{name} reported on {noun}: [it's on time|it is late by a week|the money is spent|two offers came in].
It was decided that {noun} be [postponed|finished|handed over] by {day}.
{name} asked whether {topic} should be on the agenda. [It was agreed.|The question was left open.|Nobody objected.]
The [instructions|rules|guidelines] for {noun} will be rewritten by {name} until {day}.
[Three|Four|Nine] members voted for it, [one|two|none] against.
{name} reminded everybody to [ignore|delete|keep] the old list and to use the one sent on {day}.
The cost of {noun} rose from [120|340|900] to [150|410|1,150] euros.
Under "any other business" {name} mentioned {topic}.
The keys are with {name}; the code was changed and is not to be passed on.
{name} thanked {company} for the [room|coffee|projector|discount].
It was noted that last year's policy on {noun} no longer applies.
Action: {name} writes to {company} about {noun}, by {day}.
The next meeting takes place on {day}, [in the small hall|online|at {company}].
A short discussion on {topic} followed, in which {name} and {name} disagreed politely.
== article
{topic_c} has long been [misunderstood|underrated|taken for granted].
Few people know that {topic} once [cost lives|made headlines|was a matter for kings].
According to {name}, who has studied {topic} for [ten|twenty] years, [the truth is simpler|much is still unknown|numbers mislead].
In [1887|1923|1956|1974|1998] a [law|fire|book|strike] changed how we see {topic}.
Critics [say|hold|object] that {topic} [costs too much|helps the wrong people|is only a fashion].
A visit to {company} shows what [is meant|that looks like].
"We had to forget everything we had learned," says {name}, [smiling|shrugging|and pours more tea].
What does that have to do with {topic}? More than one would think.
The figures for [Denmark|Ghana|Chile|Vietnam] tell another story.
Until {day}, at least, nothing will change.
In the end {topic} is a question of [patience|money|taste|luck].
Some experts advise to ignore the [headlines|averages|early reports] and to look at {topic} instead.
The rules are [strict|vague|older than the town], and hardly anyone follows them.
It began with {topic} and ended in [court|a museum|the kitchen].
Whoever wants to learn more about {topic} should [start young|read slowly|ask {name}].
Compared with {topic}, the effect is [small|large|hard to measure].
== contract
The [tenant|buyer|client|licensee] shall [pay|notify|reimburse] the other party within [7|14|30] days.
Any previous agreement on {noun} is hereby [superseded|cancelled|replaced].
{company} is not liable for [delays|damage|loss of data] caused by [weather|strikes|third parties].
The parties shall keep the content of this agreement confidential.
Instructions of the [landlord|provider|seller] concerning {noun} must be followed.
Notice must be given in writing by {day}.
Should a provision be void, the remaining provisions stay in force.
{company} may change the rules of use with [two|four|six] weeks' notice.
The [deposit|fee|price] amounts to [300|750|1,200] euros and is due on {day}.
Subletting, copying and [resale|transfer] are forbidden without consent.
Disputes are settled by the courts of [Arden|Marlow|Halden].
The client confirms having read the instructions for {noun}.
Access codes must not be disclosed to third parties.
In case of doubt the [German|English|French] version prevails.
This clause overrides clause [4|7|11].
== tale
{name} had not slept since {day}.
The door was [open|locked|painted green], and behind it somebody was humming.
"[Forget it|Never|Tell me everything|You don't have to obey him]," said {name}.
On the table lay {noun}, wet from the rain.
Nobody in the village spoke of {topic} any more.
{name} counted the steps: [eleven|forty|ninety-nine].
The old instructions were written on the back of a photograph.
There was a rule in that house: no questions after supper.
"I was told to ignore the bell," {name} whispered, "and I did."
It smelled of [smoke|oranges|wet dogs|printer's ink].
Outside a [tram|storm|donkey] went by.
{name} took the key, thought better of it, and put it back.
In the drawer there were [letters|buttons|three teeth], and a map of {company}.
Then the lights went out.
"Who gave the order?" - "The order was a joke," said {name}.
By {day} the snow had gone, and so had {name}.
The secret was that there had never been a secret.
== manual
Before first use [rinse|charge|unfold|unlock] the device.
Read all instructions and keep them for later.
Press [A|B|reset|the red button] for [three|five|ten] seconds until the light blinks.
Do not [cover|open|override] the safety switch.
If error E[1|4|17] appears, ignore it once; if it comes back, call {company}.
Set the [timer|language|mode] with the arrow keys.
The default password is printed on the label; change it at once.
To restore the factory settings, hold [A and B|reset] while switching on. All earlier settings are erased.
Clean the filter every [two|six] weeks.
System messages are shown in the upper line.
Developer mode is for service staff only.
The previous version of this manual (before {day}) is void.
Store [dry|upright|below 30 degrees].
Children may use it only when [{name}|an adult] is present.
For spare parts see the list on page [12|40|77].
You must follow the local rules when you dispose of it.
== chat
{name}: {bq}
{name}: [ok|sure|no idea|lol|wait|+1|same here]
{name}: can somebody look at {noun}?
{name}: ignore my last message, [wrong channel|typo|I found it]
{name}: who changed {noun}? it's [gone|twice as long|in Comic Sans]
{name}: {task}
{name}: [brb|lunch|back|on the phone]
{name}: the new rule is that we [tag {name}|write tests|don't ship on Fridays]
{name}: did {company} answer?
{name}: yes, they said {day}
{name}: I'd forget about {topic} for now
{name}: [sent|fixed|merged|printed], please check
{name}: who has the password for the [router|projector|blog]?
{name}: dm me
{name}: let's decide on {day}
{name}: {topic}, again? [really|no thanks|yes please]
== topic_c
Tidal power
Sourdough
The offside rule
Compound interest
The Silk Road
Photosynthesis
Rent control
The school uniform
Jazz
The glacier
The heat pump
Sleep
The crossword
== lead
[Summarise|Shorten|Sum up] the following [in five bullets|in 80 words|for {name}].
[Translate|Rewrite] this in [simple English|French|a friendlier tone].
Which [tasks|dates|names|risks] are in this text?
What does {name} want, according to this?
[Proofread|Edit] this, please:
Make [minutes|a table|a timeline|a quiz] of it:
tl;dr?
Here is a text. Answer: {bq}
Is anything in here [illegal|unclear|wrong|unfair]?
Turn it into [a letter|slides|a poem|questions for a test].
Who is responsible for {noun}?
I've pasted it all, sorry for the length. What's the main point?
""")
