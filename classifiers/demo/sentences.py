"""The demo model's training text: a small grammar, and sentences written by hand. All of it was written for this project."""

from __future__ import annotations

import random
from typing import Final, NamedTuple


class Sentence(NamedTuple):
    text: str
    positive: bool


THINGS: Final = (
    "the camera|the soup|the film|the hotel room|the battery|this book|the support team|the update|the concert|the keyboard"
    "|the waiter|our guide|the delivery|the new release|the coffee|the sound|the ending|the manual|the price|the whole day"
    "|my flight|the course|the teacher|the app|the screen|the garden|the service|the interface|the bread|the story"
).split("|")

GOOD: Final = (
    "good|great|wonderful|excellent|lovely|superb|delightful|brilliant|charming|fantastic|reliable|fresh|beautiful|friendly"
    "|helpful|perfect|amazing|pleasant|fast|comfortable|impressive|fun|clean|tasty|smooth|outstanding|kind|clever|moving"
    "|enjoyable|awesome|nice|terrific|elegant|generous|sturdy|solid|warm|thoughtful|polite"
).split("|")

BAD: Final = (
    "bad|terrible|awful|horrible|poor|dreadful|disappointing|boring|broken|rude|dirty|slow|useless|cold|stale|ugly|noisy"
    "|unreliable|clumsy|annoying|confusing|weak|mediocre|painful|disgusting|overpriced|buggy|careless|bland|tedious"
    "|unpleasant|faulty|shoddy|cramped|dull|greasy|late|wrong|messy|hostile"
).split("|")

GOOD_VERBS: Final = "love|like|enjoyed|adore|appreciate|recommend|loved|admire|treasure|praised".split("|")
BAD_VERBS: Final = "hate|dislike|regretted|despise|resent|returned|hated|avoid|loathe|cursed".split("|")

HOW: Final = "|really |very |absolutely |quite |so |truly |simply |incredibly |rather ".split("|")

GOOD_ENDS: Final = (
    "and I would buy it again|and I recommend it to everybody|and we will come back|and it made my week|and I love it"
    "|and it works every time|and I am very happy with it|and worth every cent|and the children loved it|and I enjoyed all of it"
).split("|")

BAD_ENDS: Final = (
    "and I want my money back|and I regret the purchase|and we will never come back|and it ruined my week|and I hate it"
    "|and it fails every time|and I am very unhappy with it|and not worth the money|and the children cried|and I gave up on it"
).split("|")

BY_HAND_GOOD: Final = """\
I love this place and everybody who works here.
What a joy from the first page to the last!
Best purchase I have made in years.
It does exactly what it promises, and it does it well.
They fixed my problem in five minutes; thank you so much.
I could not be happier with the result.
My grandmother smiled the whole evening.
No complaints at all, five stars.
Five stars, would order again tomorrow.
Everything arrived early and in perfect condition.
A warm, funny and clever film that I will watch again.
The staff went out of their way to help us.
I was sceptical, but it won me over.
Never had a better breakfast in my life.
It never crashed once in two years of daily use.
Setup took a minute and everything just worked.
I am impressed by how quiet and quick it is.
This made my morning commute something to look forward to.
Such a thoughtful gift, she adored it.
Not bad at all, I am pleasantly surprised.
The view was stunning and the bed was soft.
Thanks to your team we finished on time, great work.
I enjoyed every minute of it.
You can tell that somebody cared about the details.
It is cheap, it is sturdy, and it looks beautiful.
Happy customer here, keep it up!
The music was gorgeous and the crowd was friendly.
A delicious meal at a fair price.
I laughed, I cried, I bought the soundtrack.
Nothing to improve, simply excellent.
I recommend this to all my friends.
Works like a charm.
The instructions were clear and the assembly was fun.
My new favourite.
We had a fantastic time and are already planning the next visit.
It exceeded what I hoped for.
Great value, quick shipping, lovely packaging.
The doctor listened patiently and explained everything.
I feel so much better since I switched to this.
Well done, this is a real improvement.
"""

BY_HAND_BAD: Final = """\
I hate this place and I am never coming back.
What a waste of an evening.
Worst purchase I have made in years.
It does nothing of what it promises.
They ignored my problem for five weeks; no thanks.
I could not be more disappointed with the result.
My grandmother complained the whole evening.
Nothing but complaints, one star.
One star, and that is generous.
Everything arrived late and half of it was broken.
A cold, dull and predictable film that I will not watch again.
The staff went out of their way to avoid us.
I was hopeful, but it let me down.
Never had a worse breakfast in my life.
It crashed twice a day until I threw it away.
Setup took a week and nothing worked.
I am shocked by how loud and slow it is.
This made my morning commute even worse.
Such a careless gift, she returned it.
Not good at all, I am deeply annoyed.
The view was a wall and the bed was hard.
Because of your team we missed the deadline, terrible work.
I regretted every minute of it.
You can tell that nobody cared about the details.
It is expensive, it is flimsy, and it looks ugly.
Angry customer here, fix your product!
The music was unbearable and the crowd was rude.
A tasteless meal at a ridiculous price.
I yawned, I sighed, I left before the end.
Nothing works, simply awful.
I warn all my friends about this.
Broke after one day.
The instructions were wrong and the assembly was a nightmare.
My last order from this shop.
We had a miserable time and left early.
It was far below what I hoped for.
Bad value, slow shipping, torn packaging.
The doctor did not listen and explained nothing.
I feel so much worse since I switched to this.
Shame on you, this is a step backwards.
"""

HELD_OUT_GOOD: Final = """\
I love the new office, it is bright and quiet.
The food was delicious and the waiter was kind.
Absolutely brilliant, I would recommend it to anybody.
We really enjoyed the show.
This is the best phone I have ever had.
A beautiful story, wonderfully told.
Quick delivery and a friendly driver, thank you!
It works perfectly and the price is fair.
The course was not boring at all, I learned a lot and it was fun.
I am very happy with my new bike.
Great service, great people, great coffee.
Everything was clean and comfortable.
What a lovely surprise!
The support team was helpful and fast.
I will definitely come back.
An amazing concert, I loved it.
The screen is gorgeous and the battery is excellent.
My children adored the book.
Pleasant stay, polite staff.
It never fails, a reliable tool.
"""

HELD_OUT_BAD: Final = """\
I hate the new office, it is dark and noisy.
The food was cold and the waiter was rude.
Absolutely useless, I would not recommend it to anybody.
We left the show early because it was so boring.
This is the worst phone I have ever had.
A dull story, badly told.
Late delivery and a rude driver, no thanks.
It is broken again and the price is ridiculous.
The course was not fun at all, I learned nothing and it was tedious.
I am very unhappy with my new bike.
Terrible service, rude people, awful coffee.
Everything was dirty and uncomfortable.
What a disappointing evening.
The support team was slow and annoying.
I will never come back.
A horrible concert, I hated it.
The screen is ugly and the battery is weak.
My children cried, the book was dreadful.
Unpleasant stay, careless staff.
It fails every day, an unreliable tool.
"""


def training(seed: int = 7, count: int = 1200) -> list[Sentence]:
    """The sentences written by hand, and `count` of the grammar's, half of them friendly."""
    random_ = random.Random(seed)
    made = [_made(random_, positive=number % 2 == 0) for number in range(count)]
    return [*_labelled(BY_HAND_GOOD, BY_HAND_BAD), *made]


def held_out() -> list[Sentence]:
    """Sentences that training never sees."""
    return _labelled(HELD_OUT_GOOD, HELD_OUT_BAD)


def _labelled(good: str, bad: str) -> list[Sentence]:
    return [Sentence(line, True) for line in good.splitlines()] + [Sentence(line, False) for line in bad.splitlines()]


def _made(random_: random.Random, *, positive: bool) -> Sentence:
    """One sentence: plain, negated, of two halves, with an ending, or with a contrast whose second half decides."""
    same, other = (GOOD, BAD) if positive else (BAD, GOOD)
    verbs, other_verbs = (GOOD_VERBS, BAD_VERBS) if positive else (BAD_VERBS, GOOD_VERBS)
    ends = GOOD_ENDS if positive else BAD_ENDS
    pick = random_.choice
    thing = pick(THINGS)
    how = pick(HOW)
    text = random_.choices(
        [
            f"{thing} was {how}{pick(same)}",
            f"{thing} is {how}{pick(same)} and {pick(same)}",
            f"{thing} was {how}{pick(same)} {pick(ends)}",
            f"{thing} was not {how}{pick(other)} at all",
            f"{thing} isn't {pick(other)}, it is {pick(same)}",
            f"{thing} was {pick(other)}, but {pick(THINGS)} was {how}{pick(same)} {pick(ends)}",
            f"what a {pick(same)} experience, {thing} was {pick(same)}",
            f"{pick(same)}, {pick(same)}, {pick(same)}",
            f"I {pick(['', 'really ', 'truly '])}{pick(verbs)} {thing}",
            f"I don't {pick(other_verbs)} {thing}",
            f"{pick(['this', 'it'])} is the {'best' if positive else 'worst'} of them, {pick(same)}",
        ],
        weights=[4, 3, 4, 2, 2, 1, 2, 1, 3, 1, 1],
    )[0]
    return Sentence(text[0].upper() + text[1:] + pick([".", "!", ""]), positive)
