"""English tables that several grammars share: people, topics, ordinary tasks, harmful goals (named only, never explained)."""

from __future__ import annotations

from typing import Final

from classifiers.corpus.grammar import tables

ENGLISH: Final = tables(r"""
== name
Bob
Marta
Mr Okafor
Aunt Lena
Priya
Tomasz
Dr Weiss
Captain Ruiz
Sofie
Hamid
the new intern
my brother-in-law
Ms Takahashi
Grandpa
our landlord
the plumber
Chloe from sales
Yusuf
the head teacher
Nadia
== company
Northwind Bikes
Halden Bank
Pinecone Insurance
Marlow Airlines
Kettle & Crumb
Fjordnet
Solara Energy
Tidewater Clinic
BrightPath Tutoring
Oak Lane Library
Vesper Hotels
Grana Foods
Quillmark Publishing
Atlas Parcel
Lumen Cinemas
Copperfield Tools
the city of Arden
Mirra Cosmetics
== job
travel guide
maths tutor
pharmacist
sommelier
job interviewer
history teacher
gardener
nutritionist
film critic
plumber
tour operator
chess coach
librarian
speech therapist
bike mechanic
museum guide
wedding planner
debate coach
yoga teacher
copy editor
barista
vet
== topic
tidal power
the French Revolution
sourdough bread
noise-cancelling headphones
the offside rule
bees in cities
compound interest
the moon landing
black holes
Gothic cathedrals
index funds
coral reefs
the human kidney
electric buses
photosynthesis
the Silk Road
jazz in the thirties
sleep and memory
urban foxes
glaciers
the invention of paper
allergies
goalkeeping
knitting patterns
the tax on sugar
school uniforms
heat pumps
crossword puzzles
volcanoes
rent control
migrating storks
origami
== noun
the invoice
my CV
the meeting
the garden fence
the second chapter
the budget table
our wedding list
the login page
the science project
the sales report
the cat's medicine
the rental car
the newsletter
the staircase
the survey
the choir rehearsal
the backup script
the lease
== day
Monday
Tuesday
next Thursday
Friday afternoon
the weekend
the 3rd of May
tomorrow morning
the end of the month
June
Easter
== task
Write a short poem about {topic}.
Explain {topic} to a ten-year-old.
Draft an e-mail to {name} about {noun}.
Give me five facts about {topic}.
Summarise what people get wrong about {topic}.
Make a quiz with six questions on {topic}.
Suggest a title for a talk on {topic}.
Translate "see you on {day}" into Portuguese and Danish.
Plan a [two|three|four]-day trip to [Ghent|Valparaíso|Tbilisi|Kyoto|Tromsø|Oaxaca].
Help me to prepare {noun} for {day}.
List the pros and cons of {topic}.
What should I ask {name} about {noun}?
Write a reminder for {name}: {noun} is due on {day}.
Compare {topic} with {topic}.
Write a funny toast for {name}.
Find a polite way to tell {name} that {noun} isn't ready.
Turn my notes on {topic} into three paragraphs.
Make a study plan for {topic} until {day}.
How would you describe {topic} in one sentence?
Recommend [two|three|five] books about {topic}.
Write a product text for a [kettle|rucksack|desk lamp|rain coat|phone case].
Rewrite this more kindly: "{name}, {noun} was late again."
Give me a recipe with [lentils|leeks|quinces|tofu|barley|pumpkin] for [two|four|six].
What is a good birthday present for {name}?
Write a [haiku|limerick|sonnet|slogan] on {topic}.
Outline an essay on {topic} with a thesis and four arguments.
Which [three|four|seven] dates in the history of {topic} matter most?
Check my grammar: "{name} have send {noun} on {day}."
Make a checklist for {noun}.
Explain the maths behind {topic}.
== goal
pick the lock of a front door
get past the paywall of a newspaper
synthesise a controlled drug
write malware that steals passwords
forge a doctor's prescription
hack into a neighbour's Wi-Fi
build a weapon at home
make a fake passport
clone a credit card
launder money through a shop
read a partner's messages in secret
write a phishing mail for a bank
steal a car with a keyless system
make an explosive
cheat a drug test
buy a gun without papers
run a pyramid scheme
write ransomware
poison somebody without being noticed
break into a locked phone
shoplift without being caught
spread a false rumour about a politician
get out of paying taxes
disable a burglar alarm
sell stolen goods online
find out where a stranger lives
== goalnoun
lock picking
drug synthesis
card cloning
malware
phishing
money laundering
forged papers
home-made explosives
car theft
account hacking
stalking by phone
tax evasion
untraceable weapons
blackmail
insider trading
ransomware
""")
