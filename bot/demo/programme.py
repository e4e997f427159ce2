"""What the demo's papers print while newsbot reads them, and in which order; all of it was written for the demo.

What an article is there for stands beside it. `summit` is matched as a whole word; no article holds only its plural,
which is for the query language to decide.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.demo.articles import PAPERS, Article, Edition
from bot.demo.stories import DIPLOMACY, KOREA, seed, seed_copy


def _remains(typo: bool) -> Article:
    return Article(
        "harbourwire",
        "Fallen soldiers’ remains are flown home from North Korea",
        f"A transport plane {'tok' if typo else 'took'} 55 cases from Wonsan to an American air base. The handover "
        "was one of Kim Jong-un’s promises in Singapore.",
        "https://harbourwire.example/world/remains",
        author="Ines Okafor",
        tags=("World", "Korea"),
        age=timedelta(minutes=11),
        watched_by=KOREA,  # with a hyphen and a possessive
    )


def _vienna(resumed: bool) -> Article:
    more = "\n\nUpdate: both sides will try again at a summit in May, the host said." if resumed else ""
    return Article(
        "harbourwire",
        "Talks in Vienna break off early",
        f"Delegates left by a side door and took no questions.{more}",
        "https://harbourwire.example/world/vienna",
        author="Ruth Adeyemi",
        tags=("World",),
        age=timedelta(minutes=25),
        watched_by=DIPLOMACY if resumed else frozenset(),
    )


def _seating_plan() -> Article:
    return Article(
        "meridian",
        "G7 SUMMIT: who sits beside whom, and why",
        "Protocol officers drew the table eleven times. The order is by years in office, then by name.",
        "https://www.meridian.example/world/seating",
        author="By Tomasz Brandt",
        tags=("World",),
        watched_by=DIPLOMACY,  # in capitals, in the headline alone
    )


def live() -> tuple[Edition, ...]:
    """Return what is printed while newsbot reads, in order."""
    return (
        Edition(
            (
                Article(
                    "meridian",
                    "Heavy rain delays the marathon by an hour",
                    "Runners waited in the museum, which opened early for them.",
                    "https://www.meridian.example/city/marathon",
                ),
                _remains(typo=True),
            )
        ),
        Edition(
            (
                Article(  # a summit all the same: whoever watches one word gets every sense of it
                    "fieldnotes",
                    "What a failed summit bid teaches about turning back",
                    "Forty metres below the top, Mara Lindqvist looked at her watch and went down. Her notes are worth "
                    "reading before any winter tour.",
                    "https://fieldnotes.example/turning-back",
                    author="Mara Lindqvist",
                    tags=("Mountains",),
                    watched_by=DIPLOMACY,
                ),
                Article(  # neither word is “summit”
                    "meridian",
                    "A consummate evening at the opera",
                    "The tenor, an amateur summiteer in his free time, never looked down.",
                    "https://www.meridian.example/arts/opera",
                    tags=("Arts",),
                ),
                _vienna(resumed=False),
            )
        ),
        Edition((seed_copy(),)),
        Edition(
            (seed(),), after_reading=True
        ),  # the copy has come first, and still the link is the original's
        Edition(
            (
                Article(
                    "meridian",
                    "Summit first, details later: ministers pick Geneva",
                    "The hall is booked & paid for; the agenda isn’t written. “We’ll fill it in on the train,” one "
                    "delegate said.",
                    "https://www.meridian.example/world/geneva",
                    title_html="<em>Summit</em> first, details later: ministers pick&nbsp;Geneva",
                    author="Dalia Weiss",
                    tags=("World",),
                    age=timedelta(minutes=1),
                    watched_by=DIPLOMACY,
                ),
                Article(
                    "fieldnotes",
                    "Cheaper storage for home archives",
                    "Two used disks and a paper list beat one new one without.",
                    "https://fieldnotes.example/storage",
                ),
            )
        ),
        Edition(
            (
                Article(  # Kim ends the headline, Jong Un opens the text: that is no phrase
                    "harbourwire",
                    "Violin prize goes to sixteen-year-old Hana Kim",
                    "Jong Un-sik, who chairs the jury, spoke of an unusually quiet hall.",
                    "https://harbourwire.example/arts/violin",
                    tags=("Arts",),
                ),
                _seating_plan(),
            )
        ),
        Edition(
            (
                Article(  # listed today, but four days old
                    "harbourwire",
                    "From the archive: how the first summit was prepared",
                    "Two advance teams, one island and very many bottles of water.",
                    "https://harbourwire.example/archive/first-summit",
                    age=timedelta(days=4),
                    watched_by=DIPLOMACY,
                ),
                Article(  # with spaces that do not break a line, and another language around the name
                    "meridian",
                    "Une lettre « très chaleureuse » à la Maison-Blanche",
                    "Kim\u00a0Jong-un y demande une nouvelle rencontre, a déclaré la porte-parole.",
                    "https://www.meridian.example/fr/lettre",
                    author="Hélène Fournier",
                    tags=("Monde",),
                    watched_by=KOREA,
                ),
            )
        ),
        Edition(
            (
                Article(
                    "fieldnotes",
                    "金正恩委員長の書簡、米国務省が大統領に伝達",
                    "金正恩（Kim Jong Un）委員長は書簡で二度目の会談を求めた。報道官は「とても温かい内容」と述べた。",
                    "https://fieldnotes.example/ja/letter",
                    author="森田あかり",
                    tags=("国際",),
                    watched_by=KOREA,
                ),
                replace(  # reposted under the original's own address, with the reposter's mark on it
                    _seating_plan(),
                    paper="headlines",
                    id="tag:headlines.example,2018:seating",
                    link=f"{_seating_plan().link}?utm_source=headlines&utm_medium=rss",
                    copy_of=_seating_plan().key,
                    points_to=_seating_plan().link,
                ),
            )
        ),
        Edition(
            (
                _remains(typo=False),  # an edit of what has alerted: silence
                _vienna(resumed=True),  # an edit that matches for the first time: an alert, marked
            ),
            after_reading=True,
        ),
        Edition(
            (
                Article(  # undated: as old as the moment it is first seen
                    "fieldnotes",
                    "Organisers publish the summit programme",
                    "Doors open at eight; the plenary is at ten.",
                    "https://fieldnotes.example/programme",
                    age=None,
                    watched_by=DIPLOMACY,
                ),
                Article(
                    "harbourwire",
                    "State Department hands over a letter from Pyongyang",
                    "Kim Jong Un asks for another summit in it, officials said. They would not say where.",
                    "https://harbourwire.example/world/letter",
                    author="Ruth Adeyemi",
                    tags=("World",),
                    age=timedelta(seconds=40),
                    watched_by=KOREA | DIPLOMACY,
                ),
                Article(
                    "meridian",
                    "Bakers put up the price of rye bread",
                    "Flour costs a fifth more than in spring.",
                    "https://www.meridian.example/city/bread",
                ),
            )
        ),
    )


_PLACES = ("Geneva", "Oslo", "Hanoi", "Vienna", "Singapore", "Helsinki", "Doha")
_SUBJECTS = (
    ("The {place} summit, seen from the kitchen", "Chef number {n} counts plates: four hundred, twice a day.", DIPLOMACY),
    ("{place} closes its old post office", "Letter {n} in the farewell series went to a lighthouse.", frozenset[str]()),
    ("Kim Jong Un’s train is said to pass {place}", "Timetable watcher {n} wrote down the time.", KOREA),
    ("A quiet week for the markets of {place}", "Trader {n} read a novel.", frozenset[str]()),
    ("Who was at the {place} talks", "Kim Jong Un sent word: guest list {n} of the summit is final.", KOREA | DIPLOMACY),
)  # fmt: skip


def later() -> Iterator[Edition]:
    """Yield what is printed after the programme, one article at a time, without end."""
    papers = itertools.cycle(("harbourwire", "meridian", "fieldnotes"))
    for n, (title, text, watched_by) in enumerate(itertools.cycle(_SUBJECTS), 1):
        paper = next(papers)
        yield Edition(
            (
                Article(
                    paper,
                    title.format(place=_PLACES[n % len(_PLACES)]),
                    text.format(n=n),
                    f"{PAPERS[paper].home}later/{n}",
                    age=timedelta(0),
                    watched_by=watched_by,
                ),
            )
        )
