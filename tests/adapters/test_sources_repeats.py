"""Ids that several items of a document have are noted, whatever of it is read."""

from __future__ import annotations

import json

import pytest

from bot.sources.reading import read_feed
from bot.sources.repeats import FEW

URL = "https://x.example/feed"


def rss(*items: tuple[str, str], guid: str = "<guid>{}</guid>") -> bytes:
    listed = "".join(f"<item><title>{title}</title>{guid.format(id)}</item>" for id, title in items)
    return f'<rss version="2.0"><channel><title>F</title>{listed}</channel></rss>'.encode()


def cdata(*items: tuple[str, str]) -> bytes:
    return rss(*items, guid='<guid isPermaLink="false"><![CDATA[{}]]></guid>')


def atom(*items: tuple[str, str]) -> bytes:
    listed = "".join(f"<entry><title>{title}</title><id>{id}</id></entry>" for id, title in items)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>{listed}</feed>'.encode()


def jsonfeed(*items: tuple[str, str]) -> bytes:
    listed = [{"id": id, "title": title} for id, title in items]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": listed}).encode()


@pytest.mark.parametrize("document", [rss, cdata, atom, jsonfeed])
def test_an_id_that_known_items_have_too_is_noted(document):
    old = document(("front", "One"), ("front", "Two"))
    known = frozenset(read_feed(old, "", URL, frozenset()).listed)
    parsed = read_feed(document(("front", "Two"), ("front", "Three"), ("four", "Four")), "", URL, known)
    assert [entry.title for entry in parsed.entries] == ["Three", "Four"]
    assert parsed.repeated == ("front",)


def test_an_id_that_only_new_items_have_is_noted_however_many_there_are():
    items = [(str(n // 2), f"Title {n}") for n in range(2 * FEW)]
    parsed = read_feed(rss(*items), "", URL, frozenset())
    assert parsed.repeated == tuple(str(n) for n in range(FEW))


def test_an_id_that_is_the_link_as_well_is_no_repetition():
    body = rss(("https://x.example/1", "One"), guid="<link>{0}</link><guid>{0}</guid>")
    assert read_feed(body, "", URL, frozenset()).repeated == ()


def test_an_id_with_an_ampersand_is_found_as_it_is_written():
    old = rss(("a?b&amp;c", "One"))
    known = frozenset(read_feed(old, "", URL, frozenset()).listed)
    assert read_feed(rss(("a?b&amp;c", "One"), ("a?b&amp;c", "Two")), "", URL, known).repeated == ("a?b&c",)
