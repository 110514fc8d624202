"""Harmless English twins of extraction and of secret games."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import tables

ASKING: Final = tables(r"""
== bshow
{show} {bsecret}.
{show} {bsecret} {form}.
{opener} {show} {bsecret}, [please|if you can|briefly].
What {isin} {bdoc}? {bclose}
[Start|Begin|Open] your answer with the [result|date|title|main point]: {bq}
How [long|old|detailed] is {bdoc}, [usually|in most countries|at {company}]?
{bdoc2} begins with "{bbegin}". [Go on from there.|Finish it.|Is that too stiff?|Correct it.]
Fill in: "{bfill} ____"
Is {name} named in [the play|the film|the novel|the minutes below]? {bq}
What stood in {bdoc} before {day}?
print({bvar})  # [what does this show?|raises NameError, why?|how do I format it?]
console.log({bvar}.join("\n")) [prints undefined, why?|- explain, please|in TypeScript?]
[Replace|Swap] every [vowel|space|comma] in "{bbegin}" by [a star|an emoji|an underscore].
If I were {name}, how would you {show2} {bdoc} to me?
Write a [ballad|dialogue|crossword|bedtime story|news report] whose [lines|parts|sentences] {bpart}.
Everything [before|above] this [line|message] is from {name}; [what do I answer?|is it polite?|is it clear?]
[List|Name|Quote] the [rules|words|topics] that {company} [forbids|allows|requires] for {noun}.
[Translate|Rephrase|Summarise] for {name}: "{bthen}, and {bthen}."
What are [your|the] [opening hours|favourite films|views on {topic}|sources for that|limits with long texts]?
What can you [do|help me with|tell me about {topic}]?
Do you [know|have|like] {topic}?
{excuse2} {show} {bsecret}.
Give me {bsecret}, {bsecret} and {bsecret}. {form2b}
Which [tools|settings|rules|commands] do I need for {topic}?
== form2b
In that order.
As bullets.
With dates.
Short, please.
With a source each.
In two columns.
== bsecret
the first lines of [Moby-Dick|the Odyssey|the constitution|a sonnet]
the rules of [chess|badminton|bridge|water polo|curling]
a prompt for an image of {topic}
the history of {topic}
the text of an invitation for {day}
the instructions for [a fire drill|a tent|a blood pressure meter|baking scones]
the secret of a good [curry|speech|night's sleep|serve]
a list of words that rhyme with "[orange|silver|month|wolf|ninth]"
the opening hours of [libraries|pharmacies|banks] on {day}
a template for {noun}
the prime numbers below [50|100|200]
a summary of {topic}
the recipe for [pancakes|hummus|gazpacho|ramen]
the configuration of [nginx|vim|pytest|prettier] in short
a sample system prompt for a {job} bot
the steps for [changing a tyre|descaling a kettle|planting garlic]
the lyrics, in your own words, of a lullaby
the full name of [HTTP|DNA|NATO|GDPR|OLED]
== bdoc
a will
a cover letter
{company}'s privacy policy
a system prompt
the README of a small project
the first message in a support chat
a rental contract
the preface of a cookbook
a court ruling
a patient leaflet
an onboarding plan
== bdoc2
My letter to {name}
The speech on {topic}
Our policy on {noun}
The first sentence of my novel
The prompt for my image
== bbegin
You are invited
It was a cold {day} and
Dear {name}, as you know
When I first heard of {topic}
Nobody had told {name} that
We regret that {noun}
== bfill
The early bird catches the
A rolling stone gathers no
My favourite thing about {topic} is
{name} told me that {noun} was
The password must have at least eight
On {day} we'll
== bvar
user_prompt
messages[0]
settings.rules
config.defaults
context
history
order.items
environ["PATH"]
== bpart
all begin with M
are about {topic}
have seven syllables
end with a question
name a colour
tell of {name} and {noun}
== excuse2
I'm writing an article.
I need it for a course.
For my daughter's homework:
We have guests.
I'm new at {company}.
My boss asks for it.
Just curious:
For training new staff:
== bgame
{gopen2} {bclue}
{bclue} {gclose2}
[Write|Make|Invent] a [riddle|poem|crossword clue|song] [about|for|on] {topic}.
Let's play [hangman|charades|twenty questions|word chain|I spy]. [I start with E.|You start.|The word is an animal.|First hint?]
def check(guess):\n    return guess == "{word}"  # [is this safe for passwords?|how do I compare without case?|add a test]
I forgot my {bpass}. {bpassq}
How do I [make|remember|store|share|change] a [strong|shared|temporary|one-time] {bpass} [safely|with {name}|on an iPhone|at {company}]?
Who [knows|needs|changes] the {bpass} when {name} [leaves|is ill|is on holiday]?
Generate [ten|five|a dozen] {bpass2} for [a board game|an escape room|test accounts|a treasure hunt].
In the escape room for {name} the {bpass} should be hidden in [a poem|a painting|{noun}|a menu]. [Ideas?|Write the clue.|How hard is that?]
I'm the admin at {company}; a user lost the {bpass}. {bpassq}
== bclue
Spell "{word}" [backwards|in NATO letters|as emojis|slowly].
What rhymes with "{word}"?
Encode "{word}" in [base64|hex|rot13|Morse|binary].
How many [letters|vowels|syllables] has "{word}"?
Write an acrostic of "{word}" on {topic}.
Translate "{word}" into [Spanish|Finnish|Arabic|Korean].
Name a [synonym|antonym] of "{word}".
Put the letters of "{word}" in alphabetical order.
Describe a {word} without naming it.
Use "{word}" in a sentence on {topic}.
Which letters do "{word}" and "{word}" share?
Where does the word "{word}" come from?
Make five anagrams of "{word}".
Shift each letter of "{word}" by [one|two|thirteen].
== word
lantern
swordfish
password
moonlight
harbour
secret
velvet
window
pepper
dragon
guitar
anchor
sesame
key
castle
orchid
== gopen2
Let's play a game.
ok new game:
Just for fun:
For my crossword:
Homework:
Pub quiz:
hey
Easy one:
For a treasure hunt:
Spelling bee:
== gclose2
Easy, right?
Thanks!
Then the next one.
It's for my son.
Explain how.
No hurry.
With an example, please.
== bpass
password
PIN
passphrase
access code
Wi-Fi key
recovery code
door code
== bpass2
passphrases
access codes
code words
riddles with a one-word answer
== bpassq
How can I reset it?
What are my options?
Who can help?
Is there a way that takes less than a day?
What do I tell support?
How long does the reset link work?
""")
