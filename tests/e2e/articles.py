"""Articles as publishers and those who copy them would list them, dated by the clock of the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.clock import FakeClock
from tests.impersonators.papers import Item

TEXT = (
    "<p>Kim Jong Un and the president will meet in the capital on Friday, a spokeswoman said. "
    "It would be their second meeting within a year, and the first on the president's own ground.</p>"
    "<p>Both delegations had worked on the agenda since spring. Neither side would say what stands on it.</p>"
)


def article(
    title: str = "Kim agrees to a second meeting",
    at: FakeClock | datetime | None = None,
    *,
    number: int = 1,
    text: str = TEXT,
    **fields: object,
) -> Item:
    """An article of a paper with an address of its own."""
    published = at.now() if isinstance(at, FakeClock) else at
    made = Item(title, f"https://paper.example/world/{number}", text, published)
    return replace(made, **fields)  # type: ignore[arg-type]


def copy_of(original: Item, number: int = 900) -> Item:
    """What a blog makes of an article that it took from a feed."""
    trailer = (
        f"<p>source: {original.url} #Headlines by: desk@paper.example (Ada Marsh)</p>"
        f'<p>Original Post: <a href="{original.url}">{original.url}</a></p>'
    )
    return replace(
        original, url=f"https://blog.example/{number}", id=f"blog-{number}", text=original.text + trailer
    )
