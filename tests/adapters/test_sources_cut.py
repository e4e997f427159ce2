"""Documents that list more items than are read: the first are read, and it is said that there are more."""

from __future__ import annotations

import json

import pytest

from bot.sources.reading import read_feed
from bot.sources.survey import MAX_ITEMS

URL = "https://x.example/feed"


def rss(number: int) -> bytes:
    items = "".join(f"<item><title>T {n}</title><guid>{n}</guid></item>" for n in range(number))
    return f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>'.encode()


def broken_rss(number: int) -> bytes:
    return rss(number).replace(b"</channel></rss>", b"</chanel>")


def jsonfeed(number: int) -> bytes:
    items = [{"id": str(n), "title": f"T {n}"} for n in range(number)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


@pytest.mark.parametrize("document", [rss, broken_rss, jsonfeed])
def test_items_that_are_left_out_are_noted(document):
    whole = read_feed(document(MAX_ITEMS), "", URL, frozenset())
    assert (len(whole.listed), whole.cut) == (MAX_ITEMS, False)
    cut = read_feed(document(MAX_ITEMS + 1), "", URL, frozenset())
    assert (len(cut.listed), cut.cut) == (MAX_ITEMS, True)


def test_it_is_noted_too_when_nothing_is_new():
    known = frozenset(read_feed(rss(MAX_ITEMS), "", URL, frozenset()).listed)
    again = read_feed(rss(MAX_ITEMS + 1), "", URL, known)
    assert (again.entries, again.cut) == ((), True)
