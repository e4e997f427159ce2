"""The feeds that web pages offer."""

from __future__ import annotations

import time

import pytest

from bot.domain.discovery import MOST, Offer, feeds_on_page

PAGE = "https://news.example/world/"


def offers(markup: str, content_type: str = "text/html; charset=utf-8") -> list[Offer]:
    return list(feeds_on_page(markup.encode(), content_type, PAGE))


def test_declared_feeds_are_offered_with_their_titles_and_whole_addresses():
    found = offers(
        """<HTML><head><link rel="stylesheet" href="/x.css"><link rel="alternate" hreflang="de" href="/de">
        <link rel="alternate" type="application/rss+xml" title="World &amp; Asia" href="/rss?a=1&amp;b=2">
        <LINK REL='Alternate feed' HREF='atom.xml' TYPE='application/atom+xml; charset=utf-8'>
        <link rel=alternate type=application/feed+json href=//other.example/feed.json></head>
        <a href="/rss/all">all</a>"""
    )
    assert found == [
        Offer("https://news.example/rss?a=1&b=2", "World & Asia"),
        Offer("https://news.example/world/atom.xml"),
        Offer("https://other.example/feed.json"),
    ]


def test_each_address_is_offered_once_and_not_too_many_of_them():
    link = '<link rel="alternate" type="application/rss+xml" href="/{}">'
    found = offers("".join(link.format(n // 2) for n in range(40)))
    assert [one.url for one in found] == [f"https://news.example/{n}" for n in range(MOST)]


def test_a_page_that_declares_none_offers_the_links_that_look_like_feeds():
    found = offers(
        '<base href="/en/"><a href="about">About the feed</a><a class="b" href="rss.xml"> Our  feed </a>'
        '<a href="https://news.example/index.rdf">x</a><a href="/newsfeeding">no</a>'
        '<a href="mailto:rss@news.example">mail</a>'
    )
    assert found == [
        Offer("https://news.example/en/rss.xml", "Our feed"),
        Offer("https://news.example/index.rdf", "x"),
    ]


def test_a_base_that_is_no_address_changes_nothing():
    assert offers('<base href="javascript:1"><base><a href="feed/">x</a>')[0].url == f"{PAGE}feed/"


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        ("é".encode("latin-1"), "text/html; charset=ISO-8859-1", "é"),
        (b'<meta charset="windows-1251">\xe9', "text/html", "й"),
        ("é".encode(), "text/html; charset=no-such", "é"),
        ("é".encode(), "text/html; charset=euc-no-such", "é"),
        ("é".encode(), "text/html; charset=punycode", "é"),
        ("é".encode(), "", "é"),
    ],
)
def test_titles_are_read_in_the_charset_of_the_page(body, content_type, title):
    tag = b'<link rel="alternate" type="text/xml" href="/f" title="'
    meta, letter = (body[:-1], body[-1:]) if body.startswith(b"<") else (b"", body)
    [found] = feeds_on_page(meta + tag + letter + b'">', content_type, PAGE)
    assert found.title == title


@pytest.mark.parametrize(
    "hostile",
    [
        "<link " * 90_000,
        "<a " + "x=" * 250_000,
        "<link" + " " * 500_000,
        '<a href="' * 60_000,
        "<a a=" * 100_000,
    ],
)
def test_a_hostile_page_costs_little(hostile):
    begun = time.process_time()
    assert offers(hostile) == []
    assert time.process_time() - begun < 5
