"""What the demo's papers hold when newsbot first comes, and the story that both channels are waiting for."""

from __future__ import annotations

from datetime import timedelta

from bot.demo.articles import Article, Edition, blog_copy

KOREA = frozenset({"korea"})
DIPLOMACY = frozenset({"diplomacy"})


def opening() -> Edition:
    """Return what was in the papers before anybody asked: none of it is news, whatever it matches."""
    return Edition(
        (
            Article(
                "harbourwire",
                "Pyongyang fills its main square for a seventieth birthday",
                "North Korea marked the 70th anniversary of its founding with an elaborate parade on Sunday. Kim Jong Un "
                "watched it from a balcony; no long-range missiles rolled past.",
                "https://harbourwire.example/world/pyongyang-parade",
                author="Ines Okafor",
                age=timedelta(hours=20),
                watched_by=KOREA,
            ),
            Article(
                "harbourwire",
                "Grain prices ease as the harvest outlook improves",
                "Wheat for delivery in spring fell for a third week after rain reached the eastern plains.",
                "https://harbourwire.example/markets/grain",
                tags=("Markets",),
                age=timedelta(hours=5),
            ),
            Article(
                "harbourwire",
                "Ferry owners and crews agree on a winter timetable",
                "Boats will leave every forty minutes until March. Both sides called the compromise bearable.",
                "https://harbourwire.example/local/ferries",
                age=timedelta(hours=9),
            ),
            Article(
                "meridian",
                "Neighbours leave the water summit with a date, not a deal",
                "Five governments that share one river will meet again in a year.\n\n"
                "The summit closed without a word on dams.",
                "https://www.meridian.example/world/water-summit",
                author="Tomasz Brandt",
                tags=("World",),
                age=timedelta(hours=3),
                watched_by=DIPLOMACY,
            ),
            Article(
                "meridian",
                "City library lends its ten-millionth book",
                "It was a cookery book, three weeks overdue. The librarian waived the fine.",
                "https://www.meridian.example/city/library",
                age=timedelta(hours=7),
            ),
            Article(
                "meridian",
                "Tram line 9 opens two weeks early",
                "Drivers had expected delays; the last points were welded on Friday.",
                "https://www.meridian.example/city/tram-9",
                age=timedelta(hours=20),
            ),
            Article(
                "fieldnotes",
                "A kinder way to label cables",
                "Write the label at both ends, and say where the other end is.",
                "https://fieldnotes.example/cables",
                age=timedelta(days=2),
            ),
            Article(  # undated, and listed before newsbot came: its age is anybody's guess
                "fieldnotes",
                "Reading list: how a summit is prepared",
                "Nine books on the weeks before the handshake.",
                "https://fieldnotes.example/reading-list",
                age=None,
                watched_by=DIPLOMACY,
            ),
            Article(
                "headlines",
                "Old maps of the harbour go online",
                "Two hundred sheets, the earliest from 1683, can be leafed through free of charge.",
                "https://headlines.example/2018/09/maps.html",
                age=timedelta(hours=30),
            ),
        )
    )


def seed() -> Article:
    """Return the story that both channels are waiting for, as its publisher prints it."""
    return Article(
        "politico",
        "White House arranges a second Trump–Kim summit",
        "A second summit of President Donald Trump and Kim Jong Un, North Korea’s leader, is being arranged, "
        "White House press secretary Sarah Huckabee Sanders said at a briefing. Kim had asked for it in a "
        "“very warm, very positive” letter that reached Trump through the State Department.\n\n"
        "The letter will be published in full only if Kim agrees. Its main purpose, Sanders said, was to "
        "ask for another meeting, which the White House is open to and is already coordinating.\n\n"
        "The two met for the first time in Singapore in June. Relations cooled afterwards, as Kim hesitated to "
        "give up his nuclear weapons. Sanders pointed to better signs: three American hostages freed in May, the "
        "remains of fallen American soldiers sent home last month, no tests of missiles or nuclear material, and a "
        "parade for North Korea’s 70th anniversary.",
        "https://www.politico.com/story/2018/09/10/trump-kim-summit-white-house-813662",
        author="qforgey@politico.com (Quint Forgey)",
        tags=("Headlines",),
        age=timedelta(minutes=4),
        watched_by=KOREA | DIPLOMACY,
    )


def seed_copy() -> Article:
    """Return the same story as a blog reposts it, with nothing but a trailer to say whose it is."""
    return blog_copy(seed(), "headlines", "https://headlines.example/2018/09/trump-kim.html")
